package io.headrace.cli;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.store.Fsck;
import io.headrace.store.ObjectCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headrace restore}. */
@Command(
    name = "restore",
    header = "Make a workspace from a backup.",
    description = {
      "",
      "The workspace (--workspace DIR) must have no records yet. When it is cut off, start it again:",
      "what is copied stays. Afterwards everything that the records name is looked for and read.",
      "Runs that were under way when the backup was made can be resumed.",
      "",
      "Exit code 0 when all is whole, else 3.",
      ""
    })
final class RestoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "Where the backup is.")
  @Nullable Path folder;

  private final Context context;

  RestoreCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    var backup = BackupFolder.of(context, folder);
    if (!Files.isRegularFile(backup.records())) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, backup.root() + " holds no finished backup")
          .fix("name the folder that was given to `headrace backup`")
          .asException();
    }
    var workspace = context.workspace();
    if (Files.exists(workspace.records())) {
      throw Problem.of(
              ErrorCode.BAD_ARGUMENT, "the workspace " + workspace.root() + " has records already")
          .fix("name another with --workspace DIR")
          .asException();
    }
    var copied =
        ObjectCopy.of(
            new FileObjectStore(backup.objects()), new FileObjectStore(workspace.objects()));
    BackupFolder.copySmallFiles(backup.root(), workspace.root());
    backup.copyRecords(workspace);
    try (var wiring = context.wiring()) {
      var report = Fsck.check(wiring.objects(), wiring.dependents(), wiring.sources(), false);
      report.findings().forEach(it -> context.err().println("headrace: " + it.problem()));
      context
          .out()
          .printf(
              "%s: %,d objects (%,d bytes) restored, %s%n",
              workspace.root(),
              copied.copied() + copied.present(),
              report.bytes(),
              report.findings().isEmpty() ? "all whole" : report.findings().size() + " not whole");
      return report.findings().isEmpty()
          ? CommandLineProgram.DONE
          : CommandLineProgram.PLATFORM_FAILED;
    }
  }
}
