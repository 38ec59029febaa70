package io.headrace.registry;

import io.headrace.asset.StoredPath;
import io.headrace.json.ValueJson;
import io.headrace.spec.Value;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest;
import io.headrace.store.FolderManifest.FileEntry;
import io.headrace.tracking.Metric;
import io.headrace.tracking.Run;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two versions side by side. */
public final class ModelComparison {
  private final Tracking tracking;
  private final ObjectStore objects;

  public ModelComparison(Tracking tracking, ObjectStore objects) {
    this.tracking = tracking;
    this.objects = objects;
  }

  /**
   * What there is of both, and what differs: {@code models}, {@code same_bytes}, {@code files}, and
   * for tags, params and metrics each key whose values differ with both of them.
   */
  public Value.Table of(ModelVersion first, ModelVersion second) throws IOException {
    Optional<Run> run = run(first);
    Optional<Run> other = run(second);
    boolean same = !first.facts().path().isEmpty() && digest(first).equals(digest(second));
    return Outbox.data(
        "models", new Value.Items(List.of(summary(first), summary(second))),
        "same_bytes", new Value.Flag(same),
        "files", files(first, second),
        "tags", differences(first.tags(), second.tags()),
        "params",
            differences(
                run.map(Run::params).orElse(Map.of()), other.map(Run::params).orElse(Map.of())),
        "metrics", differences(metrics(run), metrics(other)));
  }

  private static String digest(ModelVersion it) {
    return StoredPath.parse(it.facts().path()).map(path -> path.digest().hex()).orElse("");
  }

  private static Value summary(ModelVersion it) {
    Map<String, Value> fields = new LinkedHashMap<>();
    fields.put("name", new Value.Text(it.name()));
    fields.put("version", new Value.Text(it.assetVersion()));
    fields.put("digest", Outbox.told(digest(it)));
    fields.put("bytes", new Value.Whole(BigInteger.valueOf(it.facts().bytes())));
    fields.put("format", Outbox.told(it.facts().format()));
    fields.put(
        "signature",
        it.facts().signature().isEmpty()
            ? new Value.Nothing()
            : ValueJson.read(it.facts().signature()));
    fields.put("run_id", Outbox.told(it.runId().orElse("")));
    fields.put("aliases", texts(it.aliases()));
    fields.put("findings", texts(it.facts().findings()));
    return new Value.Table(fields);
  }

  private static Value texts(List<String> texts) {
    return new Value.Items(texts.stream().<Value>map(Value.Text::new).toList());
  }

  private Value files(ModelVersion first, ModelVersion second) throws IOException {
    Map<String, FileEntry> before = files(first);
    Map<String, FileEntry> after = files(second);
    List<String> added = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (String path : keys(before, after)) {
      FileEntry old = before.get(path);
      FileEntry now = after.get(path);
      if (old == null) {
        added.add(path);
      } else if (now == null) {
        removed.add(path);
      } else if (!old.digest().equals(now.digest())) {
        changed.add(path);
      }
    }
    return Outbox.data("added", texts(added), "removed", texts(removed), "changed", texts(changed));
  }

  private static <T> Set<String> keys(Map<String, T> first, Map<String, T> second) {
    Set<String> keys = new TreeSet<>(first.keySet());
    keys.addAll(second.keySet());
    return keys;
  }

  private Map<String, FileEntry> files(ModelVersion it) throws IOException {
    Map<String, FileEntry> files = new TreeMap<>();
    Optional<StoredPath> path = StoredPath.parse(it.facts().path());
    if (path.isPresent() && path.get().folder()) {
      FolderManifest.read(objects, path.get().digest())
          .files()
          .forEach(file -> files.put(file.path(), file));
    } else if (path.isPresent()) {
      files.put(path.get().name(), new FileEntry(path.get().name(), path.get().digest(), 0, false));
    }
    return files;
  }

  private Optional<Run> run(ModelVersion it) {
    String id = it.runId().orElse("");
    try {
      return id.isEmpty() ? Optional.empty() : Optional.of(tracking.runs().get(id));
    } catch (TrackingException e) {
      return Optional.empty(); // another server's run
    }
  }

  private static Map<String, String> metrics(Optional<Run> run) {
    Map<String, String> metrics = new TreeMap<>();
    for (Metric metric : run.map(Run::metrics).orElse(List.of())) {
      metrics.put(metric.key(), Double.toString(metric.value()));
    }
    return metrics;
  }

  private static Value differences(Map<String, String> first, Map<String, String> second) {
    Map<String, Value> differing = new LinkedHashMap<>();
    for (String key : keys(first, second)) {
      Optional<String> before = Optional.ofNullable(first.get(key));
      Optional<String> after = Optional.ofNullable(second.get(key));
      if (!before.equals(after)) {
        differing.put(key, new Value.Items(List.of(value(before), value(after))));
      }
    }
    return new Value.Table(differing);
  }

  private static Value value(Optional<String> text) {
    return text.isPresent() ? new Value.Text(text.get()) : new Value.Nothing();
  }
}
