package io.headrace.cli;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.store.ObjectCopy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headrace backup}. */
@Command(
    name = "backup",
    header = "Copy the workspace's records, objects and secrets into a folder, while it is in use.",
    description = {
      "",
      "The copy is of one moment: all that was acknowledged before the command began is in it.",
      "Into a folder that has a backup already, only new objects are copied. When it is cut off,",
      "the folder still holds the backup before.",
      "",
      "Exit code 0 when all is copied, 3 when objects of the workspace are damaged.",
      ""
    })
final class BackupCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "Where the backup is, or shall be.")
  @Nullable Path folder;

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  BackupCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    var backup = BackupFolder.of(context, folder);
    try (var wiring = context.wiring()) {
      check(wiring.workspace(), backup);
      try {
        Files.createDirectories(backup.root());
      } catch (IOException e) {
        throw DiskProblem.writing(backup.root(), e);
      }
      try (var channel =
              FileChannel.open(backup.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var lock = channel.tryLock()) {
        return written(wiring, backup, lock);
      }
    }
  }

  private int written(Wiring wiring, BackupFolder backup, @Nullable FileLock lock)
      throws IOException {
    if (lock == null) {
      throw Problem.of(
              ErrorCode.WORKSPACE, "another backup into " + backup.root() + " is under way")
          .asException();
    }
    backup.clear();
    // Records first: what they name is in the store by then.
    wiring.snapshot(backup.comingRecords());
    var report = ObjectCopy.of(wiring.objects(), new FileObjectStore(backup.objects()));
    BackupFolder.copySmallFiles(wiring.workspace().root(), backup.root());
    backup.commit();
    tell(backup, report);
    return report.damaged().isEmpty()
        ? CommandLineProgram.DONE
        : CommandLineProgram.PLATFORM_FAILED;
  }

  private static void check(Workspace workspace, BackupFolder backup) throws IOException {
    if (backup.root().startsWith(workspace.root())) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, backup.root() + " is in the workspace itself")
          .fix("choose a folder elsewhere, best on another disk")
          .asException();
    }
    if (!backup.mayTakeBackup()) {
      throw Problem.of(
              ErrorCode.BAD_ARGUMENT, backup.root() + " has other files in it, and no backup")
          .fix("choose a new folder, or one that an earlier backup went to")
          .asException();
    }
  }

  private void tell(BackupFolder backup, ObjectCopy.Report report) {
    if (!output.forPeople()) {
      output.print(
          context.out(),
          JsonText.of(json -> {
            json.text("folder", backup.root().toString());
            json.number("objects_copied", report.copied());
            json.number("bytes_copied", report.bytes());
            json.number("objects_present", report.present());
            json.texts("damaged", report.damaged().stream().map(it -> it.hex()).toList());
          }));
      return;
    }
    report
        .damaged()
        .forEach(
            it -> context.err().println("headrace: object " + it + " is damaged, and not copied"));
    if (!report.damaged().isEmpty()) {
      context.err().println("  `headrace fsck --repair` names what depends on it, and mends it");
    }
    context
        .out()
        .printf(
            "%s: %,d objects copied (%,d bytes), %,d there already%n",
            backup.root(), report.copied(), report.bytes(), report.present());
    context.out().println("restore it with: headrace restore " + backup.root());
  }
}
