package io.headrace.asset;

import io.headrace.spec.Value;
import java.util.Map;
import java.util.Optional;

/**
 * What is to become an asset.
 *
 * @param version empty: the next whole number
 * @param body all that makes it what it is; local files are {@link StoredPath}s already
 * @param told what may change later
 */
public record Draft(
    AssetKind kind, String name, Optional<String> version, Value.Table body, Told told) {
  Draft withBody(Value.Table other) {
    return new Draft(kind, name, version, other, told);
  }

  /** What is said of an asset without changing what it is. Each is absent when nothing was said. */
  public record Told(
      Optional<String> description,
      Optional<Map<String, Value>> tags,
      Optional<Map<String, Value>> properties) {
    public static final Told NOTHING =
        new Told(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
