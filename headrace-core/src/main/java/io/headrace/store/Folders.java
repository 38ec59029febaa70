package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest.FileEntry;
import io.headrace.store.FolderManifest.FolderEntry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Reads folders of the object store back: what they hold, one file, or all to disk. Thread-safe.
 */
public final class Folders {
  private final ObjectStore store;

  public Folders(ObjectStore store) {
    this.store = store;
  }

  /**
   * What a folder holds.
   *
   * @throws io.headrace.problem.ProblemException OBJECT_MISSING or OBJECT_DAMAGED
   */
  public FolderManifest list(Digest manifest) throws IOException {
    return FolderManifest.read(store, manifest);
  }

  /** One file of a folder, to be closed by the caller; empty when the folder has no such file. */
  public Optional<InputStream> open(Digest manifest, String path) throws IOException {
    var file = list(manifest).file(path);
    return file.isPresent() ? Optional.of(store.open(file.get().digest())) : Optional.empty();
  }

  /**
   * Writes a folder's files below {@code target}, as ordinary files of the user; files that are
   * there already are replaced, whole or not at all.
   *
   * @param target made when it is not there; links in it that lead out of it are refused
   * @throws io.headrace.problem.ProblemException OBJECT_MISSING, OBJECT_DAMAGED, UNSAFE_PATH or
   *     DISK
   */
  public void download(Digest manifest, Path target) {
    try {
      var folder = list(manifest);
      Files.createDirectories(target);
      for (var entry : folder.entries()) {
        var path = SafePath.resolveWithin(target, entry.path());
        switch (entry) {
          case FileEntry file -> {
            makeParent(path);
            write(file.digest(), path, file.executable());
          }
          case FolderEntry _ -> Files.createDirectories(path);
        }
      }
    } catch (FileNotFoundException e) {
      throw missing(e);
    } catch (IOException e) {
      throw DiskProblem.writing(target, e);
    }
  }

  /**
   * Writes one object to a file, replacing what is there, whole or not at all.
   *
   * @throws io.headrace.problem.ProblemException OBJECT_MISSING, OBJECT_DAMAGED or DISK
   */
  public void downloadFile(Digest digest, Path target) {
    try {
      makeParent(target);
      write(digest, target, false);
    } catch (FileNotFoundException e) {
      throw missing(e);
    } catch (IOException e) {
      throw DiskProblem.writing(target, e);
    }
  }

  private static void makeParent(Path file) throws IOException {
    var parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
  }

  private void write(Digest digest, Path file, boolean executable) throws IOException {
    var part = file.resolveSibling(".headrace-part-" + digest.brief());
    try {
      Digest written;
      try (var bytes = store.open(digest);
          var hashed = new java.security.DigestInputStream(bytes, Digest.sha256())) {
        Files.copy(hashed, part, StandardCopyOption.REPLACE_EXISTING);
        written = Digest.of(hashed.getMessageDigest().digest());
      }
      if (!written.equals(digest)) {
        throw Problem.of(
                ErrorCode.OBJECT_DAMAGED,
                "object " + digest + " no longer has the bytes it was stored with")
            .fix("run 'headrace fsck --repair', then run again: what is missing is made anew")
            .asException();
      }
      if (executable) {
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static RuntimeException missing(FileNotFoundException cause) {
    return Problem.of(ErrorCode.OBJECT_MISSING, String.valueOf(cause.getMessage()))
        .fix("run again: what is missing is made anew; 'headrace fsck' names all that is missing")
        .asException(cause);
  }
}
