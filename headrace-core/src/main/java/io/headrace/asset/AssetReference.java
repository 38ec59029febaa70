package io.headrace.asset;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A name as documents give it: {@code azureml:N:V}, {@code azureml:N@label}, {@code azureml:N},
 * {@code azureml://registries/R/models/N/versions/V} (or {@code labels/L}), and the long form of a
 * workspace's resource; any of them without {@code azureml:} too.
 *
 * @param plural the kind when the form says it: {@code models}; else empty
 */
public record AssetReference(String plural, String name, Wanted wanted) {
  /** Which version. */
  public sealed interface Wanted {
    record Version(String version) implements Wanted {}

    record Label(String label) implements Wanted {}

    /** None was said: the newest. */
    record Newest() implements Wanted {}
  }

  private static final List<String> PLURALS =
      Arrays.stream(AssetKind.values()).map(AssetKind::plural).toList();

  /** Empty when it is something else, such as a URI of a datastore or of a job's output. */
  public static Optional<AssetReference> parse(String text) {
    String rest = text.strip();
    if (rest.startsWith("azureml:") && !rest.startsWith("azureml://")) {
      rest = rest.substring("azureml:".length());
    }
    if (rest.startsWith("azureml://") || rest.startsWith("/")) {
      return path(rest);
    }
    if (rest.isEmpty() || rest.contains("/")) {
      return Optional.empty();
    }
    int at = rest.lastIndexOf('@');
    if (at > 0) {
      return Optional.of(
          new AssetReference("", rest.substring(0, at), new Wanted.Label(rest.substring(at + 1))));
    }
    int colon = rest.indexOf(':');
    if (colon > 0) {
      return Optional.of(
          new AssetReference(
              "", rest.substring(0, colon), new Wanted.Version(rest.substring(colon + 1))));
    }
    return Optional.of(new AssetReference("", rest, new Wanted.Newest()));
  }

  private static Optional<AssetReference> path(String text) {
    var parts = Arrays.asList(text.replaceFirst("^azureml:", "").split("/"));
    for (int i = 0; i + 1 < parts.size(); i++) {
      if (PLURALS.contains(parts.get(i))) {
        return Optional.of(new AssetReference(parts.get(i), parts.get(i + 1), wanted(parts, i)));
      }
    }
    return Optional.empty();
  }

  private static Wanted wanted(List<String> parts, int kind) {
    if (parts.size() <= kind + 3) {
      return new Wanted.Newest();
    }
    String value = parts.get(kind + 3);
    return parts.get(kind + 2).equals("labels")
        ? new Wanted.Label(value)
        : new Wanted.Version(value);
  }

  /** Whether it may mean a thing of this kind. */
  public boolean mayBe(AssetKind kind) {
    return plural.isEmpty() || plural.equals(kind.plural());
  }
}
