package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest.FileEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Set;

/** Brings objects from one store to another, by digest: what is there already is not sent. */
public final class Transfer {
  private Transfer() {}

  /** Brings a folder: its files, and then the list that names them. */
  public static void folder(ObjectStore from, ObjectStore to, Digest manifest) throws IOException {
    Set<Digest> files = new LinkedHashSet<>();
    for (FileEntry file : FolderManifest.read(from, manifest).files()) {
      files.add(file.digest());
    }
    for (Digest missing : to.missing(files)) {
      object(from, to, missing);
    }
    object(from, to, manifest);
  }

  /**
   * Brings one object.
   *
   * @throws io.headrace.problem.ProblemException OBJECT_DAMAGED when its bytes have changed
   */
  public static void object(ObjectStore from, ObjectStore to, Digest digest) throws IOException {
    if (to.missing(Set.of(digest)).isEmpty()) {
      return;
    }
    Digest arrived;
    try (InputStream bytes = from.open(digest)) {
      arrived = to.put(bytes);
    }
    if (!arrived.equals(digest)) {
      throw Problem.of(ErrorCode.OBJECT_DAMAGED, "object " + digest + ": its bytes have changed")
          .fix("run 'headrace fsck --repair' in the workspace it comes from")
          .asException();
    }
  }
}
