package io.headrace.registry;

import io.headrace.asset.StoredPath;
import io.headrace.json.ValueJson;
import io.headrace.name.Digest;
import io.headrace.problem.ProblemException;
import io.headrace.registry.ModelVersion.Facts;
import io.headrace.spec.Value;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest;
import io.headrace.store.FolderManifest.FileEntry;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.Artifacts;
import io.headrace.tracking.StoredArtifacts;
import io.headrace.tracking.TrackingException;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at a model's files when it is registered: which bytes, what kind of model, what to fear.
 */
final class ModelInspector {
  private static final int MOST_MLMODEL = 1024 * 1024;
  private static final int MOST_FINDINGS = 50;
  private static final int MOST_MESSAGE = 1_000;

  private final Artifacts artifacts;
  private final ObjectStore objects;
  private final ModelScanner scanner;

  ModelInspector(Artifacts artifacts, ObjectStore objects, ModelScanner scanner) {
    this.artifacts = artifacts;
    this.objects = objects;
    this.scanner = scanner;
  }

  /** Takes in what is at a location, if it is one of ours; what it holds then does not change. */
  Facts inspect(String location) throws IOException {
    Optional<StoredPath> path = taken(location);
    return path.isPresent()
        ? inspectStored(path.get().uri())
        : new Facts(true, "", 0, "", "", List.of());
  }

  private Optional<StoredPath> taken(String location) throws IOException {
    Optional<ArtifactPath> place = place(location);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    String name = place.get().isRoot() ? "model" : place.get().name();
    FolderManifest folder = artifacts.snapshot(place.get());
    if (folder.fileCount() > 0) {
      return Optional.of(new StoredPath(folder.put(objects), name, true));
    }
    try {
      return Optional.of(new StoredPath(artifacts.find(place.get()).digest(), name, false));
    } catch (TrackingException e) {
      return Optional.empty(); // nothing is there (yet)
    }
  }

  private static Optional<ArtifactPath> place(String location) {
    try {
      return Artifacts.placeOf(location);
    } catch (TrackingException e) {
      return Optional.empty();
    }
  }

  /** Looks at bytes of the object store. */
  Facts inspectStored(String path) throws IOException {
    StoredPath stored = StoredPath.parse(path).orElseThrow();
    List<FileEntry> files =
        stored.folder()
            ? FolderManifest.read(objects, stored.digest()).files()
            : List.of(
                new FileEntry(
                    stored.name(), stored.digest(), objects.size(stored.digest()), false));
    List<String> findings = new ArrayList<>();
    Description description = new Description("custom", "");
    for (FileEntry file : files) {
      try (InputStream bytes = objects.open(file.digest())) {
        for (String finding : scanner.scan(file.path(), bytes)) {
          if (findings.size() < MOST_FINDINGS) {
            findings.add(finding.replace('\n', ' '));
          }
        }
      }
      if (file.path().equals("MLmodel") && file.size() <= MOST_MLMODEL) {
        description = describe(file.digest());
      }
    }
    return new Facts(
        true,
        path,
        files.stream().mapToLong(FileEntry::size).sum(),
        description.format,
        description.signature,
        findings);
  }

  /** What an MLmodel file says. */
  private record Description(String format, String signature) {}

  private Description describe(Digest mlmodel) throws IOException {
    String text;
    try (InputStream bytes = objects.open(mlmodel)) {
      text = new String(bytes.readNBytes(MOST_MLMODEL), StandardCharsets.UTF_8);
    }
    try {
      if (YamlReader.read(text, "MLmodel") instanceof YamlNode.Mapping mapping) {
        return new Description(flavors(mapping), signature(mapping));
      }
    } catch (ProblemException e) {
      return new Description("custom", "");
    }
    return new Description("custom", "");
  }

  private static String flavors(YamlNode.Mapping mapping) {
    List<String> flavors = new ArrayList<>();
    if (mapping.get("flavors").orElse(null) instanceof YamlNode.Mapping named) {
      named.entries().forEach(entry -> flavors.add(Quoting.plain(entry.key().text())));
    }
    return flavors.isEmpty() ? "custom" : String.join(", ", flavors);
  }

  private static String signature(YamlNode.Mapping mapping) {
    Map<String, Value> parts = new LinkedHashMap<>();
    if (mapping.get("signature").orElse(null) instanceof YamlNode.Mapping named) {
      for (YamlNode.Entry entry : named.entries()) {
        if (entry.value() instanceof YamlNode.Scalar scalar
            && !(scalar.value() instanceof YamlNode.Value.Null)) {
          parts.put(entry.key().text(), part(scalar.text()));
        }
      }
    }
    return parts.isEmpty() ? "" : ValueJson.compact(new Value.Table(parts));
  }

  /** MLflow writes each part as JSON within a text. */
  private static Value part(String text) {
    try {
      return ValueJson.read(text);
    } catch (ProblemException e) {
      return new Value.Text(text);
    }
  }

  /** What a version's status says of the findings. */
  static String message(Facts facts) {
    if (facts.findings().isEmpty()) {
      return "";
    }
    String all = "Look before you load: " + String.join("; ", facts.findings());
    return all.length() <= MOST_MESSAGE ? all : all.substring(0, MOST_MESSAGE - 1) + "…";
  }

  /** Whether the place that was registered still holds what it held then, as far as we can see. */
  boolean unchanged(ModelVersion it) throws IOException {
    if (it.facts().path().isEmpty() || StoredArtifacts.isStored(it.location())) {
      return true;
    }
    Optional<StoredPath> registered = StoredPath.parse(it.facts().path());
    return registered.isEmpty()
        || taken(it.location())
            .map(now -> now.digest().equals(registered.get().digest()))
            .orElse(false);
  }

  /** Where the bytes are that a version was registered with. */
  String frozen(ModelVersion it) {
    return StoredPath.parse(it.facts().path()).map(ModelInspector::uri).orElse(it.location());
  }

  /** Where clients find bytes of the object store. */
  static String uri(StoredPath path) {
    return path.folder()
        ? StoredArtifacts.folderUri(path.digest())
        : StoredArtifacts.fileUri(path.digest(), path.name());
  }
}
