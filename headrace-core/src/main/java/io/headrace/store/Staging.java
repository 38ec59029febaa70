package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Visible;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest.FileEntry;
import io.headrace.store.FolderManifest.FolderEntry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives bytes of the object store to steps, and looks afterwards whether a step left them alone.
 * Thread-safe.
 *
 * <p>An input is read-only and shares its bytes with the object where the file system allows it. A
 * step that makes such a file writable and writes to it writes to the object. That shows: a given
 * file's modification time is {@link ObjectStore#SEALED}, a write changes it. {@link #changes} then
 * takes the damaged object out of the store, and puts it in again from where it came if that still
 * has the bytes. Folders stay writable, since a name that is added or removed touches no object and
 * a user must be able to delete them.
 *
 * <p>A step that also forges the modification time is found by {@link Fsck} only.
 */
public final class Staging {
  /** Fewer files than this are not worth threads. */
  private static final int FEW = 64;

  private static final int NAMES_SHOWN = 3;

  /** A size that is not known. */
  private static final long UNKNOWN = -1;

  private final ObjectStore store;
  private final Sources sources;

  /**
   * Staging from a store.
   *
   * @param sources where a damaged object may be had again
   */
  public Staging(ObjectStore store, Sources sources) {
    this.store = store;
    this.sources = sources;
  }

  /**
   * Gives a file, read-only.
   *
   * @param target not there yet; folders above it are made
   * @throws ProblemException OBJECT_MISSING, OBJECT_DAMAGED or DISK
   */
  public void giveFile(Digest digest, Path target) {
    guarded(
        target,
        () -> {
          var folder = target.getParent();
          if (folder != null) {
            Files.createDirectories(folder);
          }
          store.give(digest, target, false);
        });
  }

  /**
   * Gives a folder: its files read-only.
   *
   * @param target not there yet, or an empty folder
   * @throws ProblemException OBJECT_MISSING, OBJECT_DAMAGED or DISK
   */
  public void giveFolder(Digest manifest, Path target) {
    guarded(
        target,
        () -> {
          var folder = FolderManifest.read(store, manifest);
          makeFolders(folder, target);
          var files = folder.files();
          Parallel.each(
              files,
              files.size() < FEW ? 1 : Parallel.CORES,
              file ->
                  store.give(
                      file.digest(), SafePath.resolve(target, file.path()), file.executable()));
        });
  }

  /**
   * Gives a folder as fresh copies that the step may change.
   *
   * @param target not there yet, or an empty folder
   * @throws ProblemException OBJECT_MISSING, OBJECT_DAMAGED or DISK
   */
  public void giveCode(Digest manifest, Path target) {
    guarded(
        target,
        () -> {
          var folder = FolderManifest.read(store, manifest);
          var files = folder.files();
          checkWhole(files);
          makeFolders(folder, target);
          Parallel.each(
              files,
              files.size() < FEW ? 1 : Parallel.CORES,
              file -> copy(file, SafePath.resolve(target, file.path())));
        });
  }

  private void checkWhole(List<FileEntry> files) throws IOException {
    var digests = new HashSet<Digest>();
    files.forEach(file -> digests.add(file.digest()));
    for (var missing : store.missing(digests)) {
      throw missing(missing);
    }
  }

  private void copy(FileEntry file, Path target) throws IOException {
    try (var bytes = store.open(file.digest())) {
      Files.copy(bytes, target);
    }
    if (file.executable()) {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void makeFolders(FolderManifest folder, Path target) throws IOException {
    Files.createDirectories(target);
    var made = new HashSet<String>();
    for (var entry : folder.entries()) {
      switch (entry) {
        case FileEntry file -> {
          int slash = file.path().lastIndexOf('/');
          if (slash > 0) {
            makeFolder(target, file.path().substring(0, slash), made);
          }
        }
        case FolderEntry empty -> makeFolder(target, empty.path(), made);
      }
    }
  }

  private static void makeFolder(Path target, String name, Set<String> made) throws IOException {
    if (made.add(name)) {
      Files.createDirectories(SafePath.resolve(target, name));
    }
  }

  /**
   * After a step: which of its inputs it changed or removed. The store is whole again when this
   * returns, or lacks what was damaged. Costs a stat a file, and the reading of what was changed.
   *
   * @return an INPUT_CHANGED problem for each input that was changed
   */
  public List<Problem> changes(List<Given> given) {
    var problems = new ArrayList<Problem>();
    for (var input : given) {
      var names = changed(input);
      if (!names.isEmpty()) {
        problems.add(inputChanged(input.input(), names));
      }
    }
    return problems;
  }

  /**
   * The files of one input that are no longer as given, as paths within it (its own name when it is
   * a file). Mends the store as {@link #changes} does.
   */
  public List<String> changed(Given given) {
    var names = new ArrayList<String>();
    guarded(
        given.path(),
        () -> {
          if (!given.folder()) {
            if (isChanged(given.digest(), UNKNOWN, given.path())) {
              names.add(String.valueOf(given.path().getFileName()));
            }
            return;
          }
          for (var file : FolderManifest.read(store, given.digest()).files()) {
            if (isChanged(
                file.digest(), file.size(), SafePath.resolve(given.path(), file.path()))) {
              names.add(file.path());
            }
          }
        });
    return names;
  }

  private boolean isChanged(Digest digest, long size, Path file) throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return true;
    }
    boolean sealed = now.isRegularFile() && now.lastModifiedTime().equals(ObjectStore.SEALED);
    if (sealed && (size == UNKNOWN || size == now.size())) {
      return false;
    }
    new Mending(store, sources).mend(digest);
    // Touched, but with the bytes that it was given with: no harm done.
    return !now.isRegularFile() || !Contents.hash(file).digest().equals(digest);
  }

  private static Problem inputChanged(String input, List<String> names) {
    var shown = names.stream().limit(NAMES_SHOWN).map(Visible::text).toList();
    var more = names.size() - shown.size();
    return Problem.of(
            ErrorCode.INPUT_CHANGED,
            "the step changed its input '"
                + input
                + "': "
                + String.join(", ", shown)
                + (more > 0 ? " and " + more + " more" : ""))
        .fix("inputs are read-only: write to an output, or copy the file before changing it");
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void guarded(Path target, Work work) {
    try {
      work.run();
    } catch (FileNotFoundException e) {
      throw Problem.of(ErrorCode.OBJECT_MISSING, String.valueOf(e.getMessage()))
          .fix("run again: what is missing is made anew; 'headrace fsck' names all that is missing")
          .asException(e);
    } catch (IOException e) {
      throw DiskProblem.writing(target, e);
    }
  }

  private static ProblemException missing(Digest digest) {
    return Problem.of(
            ErrorCode.OBJECT_MISSING, "object " + digest + " is not in the store, or is damaged")
        .fix("run again: what is missing is made anew; 'headrace fsck' names all that is missing")
        .asException();
  }
}
