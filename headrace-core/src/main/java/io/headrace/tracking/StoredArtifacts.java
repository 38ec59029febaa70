package io.headrace.tracking;

import io.headrace.name.Digest;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes of the object store as artifacts by their digest: a folder at {@code
 * .stored/folder/DIGEST/…}, one file as the only one of a folder at {@code
 * .stored/file/DIGEST/NAME/NAME}. What is there never changes, and nothing can be put there.
 */
public final class StoredArtifacts {
  private static final String ROOT = ".stored";
  private static final String BEFORE = "mlflow-artifacts:/" + ROOT + "/";

  private final ObjectStore objects;
  private final EngineArtifacts folders;

  StoredArtifacts(ObjectStore objects, EngineArtifacts folders) {
    this.objects = objects;
    this.folders = folders;
  }

  public static String folderUri(Digest manifest) {
    return BEFORE + "folder/" + manifest.hex();
  }

  /** The folder that holds one file of that name. */
  public static String fileUri(Digest file, String name) {
    return BEFORE + "file/" + file.hex() + "/" + name;
  }

  /** Whether a URI is one of these. */
  public static boolean isStored(String uri) {
    return uri.startsWith(BEFORE);
  }

  static boolean holds(ArtifactPath path) {
    return !path.isRoot() && path.parts().getFirst().equals(ROOT);
  }

  static void refuse(ArtifactPath path) {
    if (holds(path)) {
      throw TrackingException.invalid("Invalid path: what is stored by its digest never changes");
    }
  }

  private static Optional<Digest> digest(ArtifactPath path) {
    return path.parts().size() > 2 && Digest.isDigest(path.parts().get(2))
        ? Optional.of(new Digest(path.parts().get(2)))
        : Optional.empty();
  }

  private static ArtifactPath within(ArtifactPath path) {
    return new ArtifactPath(path.parts().subList(3, path.parts().size()));
  }

  /** What is directly in a folder; the list of all digests is nobody's to see. */
  List<Artifacts.Entry> list(ArtifactPath path) throws IOException {
    Optional<Digest> digest = digest(path);
    if (digest.isEmpty() || !isHere(digest.get())) {
      return List.of();
    }
    return switch (path.parts().get(1)) {
      case "folder" -> folders.list(digest.get(), within(path));
      case "file" ->
          path.parts().size() == 4
              ? List.of(new Artifacts.Entry(path.name(), false, objects.size(digest.get())))
              : List.of();
      default -> List.of();
    };
  }

  private boolean isHere(Digest digest) throws IOException {
    return objects.size(digest) >= 0;
  }

  /** Adds the files below a folder, by their paths from there. */
  void collect(ArtifactPath path, Map<String, FolderManifest.Entry> files) throws IOException {
    Optional<Digest> digest = digest(path);
    if (digest.isEmpty() || !isHere(digest.get())) {
      return;
    }
    if (path.parts().get(1).equals("folder")) {
      folders.collect(digest.get(), within(path), files);
    } else if (path.parts().size() == 4) {
      files.put(
          path.name(),
          new FolderManifest.FileEntry(
              path.name(), digest.get(), objects.size(digest.get()), false));
    }
  }

  Artifacts.Content find(ArtifactPath path) throws IOException {
    Optional<Digest> digest = digest(path);
    if (digest.isEmpty() || !isHere(digest.get())) {
      throw missing(path);
    }
    boolean isFile =
        path.parts().get(1).equals("file")
            && path.parts().size() == 5
            && path.parts().get(3).equals(path.name());
    if (isFile) {
      return new Artifacts.Content(digest.get(), objects.size(digest.get()));
    }
    if (!path.parts().get(1).equals("folder")) {
      throw missing(path);
    }
    return folders.find(digest.get(), within(path)).orElseThrow(() -> missing(path));
  }

  private static TrackingException missing(ArtifactPath path) {
    return TrackingException.notFound("No such artifact: '" + path + "'");
  }
}
