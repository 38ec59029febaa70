package io.headrace.tracking;

import io.headrace.name.Digest;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files that the engine took in when a step ended, read from their folder's manifest. */
final class EngineArtifacts {
  private final ObjectStore objects;

  EngineArtifacts(ObjectStore objects) {
    this.objects = objects;
  }

  /** What is directly in a folder, by name. */
  List<Artifacts.Entry> list(Digest manifest, ArtifactPath folder) throws IOException {
    String prefix = folder.isRoot() ? "" : folder + "/";
    Map<String, Artifacts.Entry> entries = new TreeMap<>();
    for (FolderManifest.Entry entry : FolderManifest.read(objects, manifest).entries()) {
      if (entry.path().startsWith(prefix)) {
        String rest = entry.path().substring(prefix.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        long size = slash < 0 && entry instanceof FolderManifest.FileEntry file ? file.size() : 0;
        boolean isFolder = slash >= 0 || entry instanceof FolderManifest.FolderEntry;
        entries.putIfAbsent(name, new Artifacts.Entry(name, isFolder, size));
      }
    }
    return new ArrayList<>(entries.values());
  }

  /** Adds the files below a folder, by their paths from there; what is there already stays. */
  void collect(Digest manifest, ArtifactPath folder, Map<String, FolderManifest.Entry> files)
      throws IOException {
    String prefix = folder.isRoot() ? "" : folder + "/";
    for (FolderManifest.FileEntry file : FolderManifest.read(objects, manifest).files()) {
      if (file.path().startsWith(prefix)) {
        String path = file.path().substring(prefix.length());
        files.putIfAbsent(
            path,
            new FolderManifest.FileEntry(path, file.digest(), file.size(), file.executable()));
      }
    }
  }

  Optional<Artifacts.Content> find(Digest manifest, ArtifactPath file) throws IOException {
    return FolderManifest.read(objects, manifest)
        .file(file.toString())
        .map(entry -> new Artifacts.Content(entry.digest(), entry.size()));
  }
}
