package io.headrace.asset;

import io.headrace.spec.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One version of a named thing, or the thing itself where there are no versions.
 *
 * @param version empty where there are none
 * @param body all that makes it what it is
 * @param labels the names that point at this version, without {@code latest}
 * @param archived hidden from lists; references still find it
 * @param job the run whose output it is
 */
public record Asset(
    AssetKind kind,
    String name,
    String version,
    Value.Table body,
    String description,
    Map<String, Value> tags,
    Map<String, Value> properties,
    List<String> labels,
    boolean archived,
    Instant created,
    Instant modified,
    String createdBy,
    Optional<String> job) {

  /** A field of the body, as text; empty when it is not there or is no single value. */
  public String text(String field) {
    return switch (body.entries().get(field)) {
      case Value.Text(String text) -> text;
      case Value.Whole(var number) -> number.toString();
      case null -> "";
      case Value.Real _, Value.Flag _, Value.Nothing _, Value.Items _, Value.Table _ -> "";
    };
  }

  /** The bytes of data or of a model, when they are in the object store. */
  public Optional<StoredPath> stored() {
    return StoredPath.parse(text("path"));
  }

  /** The same with these labels. */
  Asset labels(List<String> others) {
    return new Asset(
        kind,
        name,
        version,
        body,
        description,
        tags,
        properties,
        others,
        archived,
        created,
        modified,
        createdBy,
        job);
  }

  /** {@code name:version}, or the name. */
  public String title() {
    return version.isEmpty() ? name : name + ":" + version;
  }
}
