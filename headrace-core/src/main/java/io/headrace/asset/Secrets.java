package io.headrace.asset;

import io.headrace.job.SecretFields;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The secrets of a document, apart from it: where one stood, the document has nothing ({@code
 * null}). As text it names the fields alone.
 */
final class Secrets {
  static final Secrets NONE = new Secrets(Map.of());

  private final Map<List<String>, Value> values;

  private Secrets(Map<List<String>, Value> values) {
    this.values = values;
  }

  /** A body without its secrets, and these. */
  record Parted(Value.Table body, Secrets secrets) {}

  /** Whether things of a kind may have secrets. */
  static boolean mayHave(AssetKind kind) {
    return switch (kind) {
      case COMPUTE, DATASTORE, CONNECTION -> true;
      case DATA, MODEL, ENVIRONMENT, COMPONENT, SCHEDULE -> false;
    };
  }

  /**
   * Takes the secrets out of a body. A secret that is there as nothing is left as it was: {@code
   * show} writes it so.
   */
  static Parted part(AssetKind kind, Value.Table body) {
    var values = new LinkedHashMap<List<String>, Value>();
    return mayHave(kind)
        ? new Parted((Value.Table) without(body, List.of(), values), new Secrets(values))
        : new Parted(body, NONE);
  }

  private static Value without(Value value, List<String> path, Map<List<String>, Value> secrets) {
    if (SecretFields.isSecret(path)) {
      secrets.put(path, value);
      return new Value.Nothing();
    }
    if (!(value instanceof Value.Table(var entries))) {
      return value;
    }
    var open = new LinkedHashMap<String, Value>();
    entries.forEach((name, it) -> open.put(name, without(it, below(path, name), secrets)));
    return new Value.Table(open);
  }

  private static List<String> below(List<String> path, String name) {
    var longer = new java.util.ArrayList<>(path);
    longer.add(name);
    return List.copyOf(longer);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * These, with those of before where nothing was said.
   *
   * @throws io.headrace.problem.ProblemException MISSING_FIELD when nothing was known before
   */
  Secrets over(Secrets before) {
    var all = new LinkedHashMap<List<String>, Value>();
    values.forEach((path, value) -> {
      var known = value instanceof Value.Nothing ? before.values.get(path) : value;
      if (known == null) {
        throw Problem.of(
                ErrorCode.MISSING_FIELD,
                String.join(".", path) + " has no value, and none is kept from before")
            .fix("write the secret: show does not print it")
            .asException();
      }
      all.put(path, known);
    });
    return new Secrets(all);
  }

  /** A body with these in place. */
  Value.Table into(Value.Table body) {
    return (Value.Table) into(body, List.of());
  }

  private Value into(Value value, List<String> path) {
    var secret = values.get(path);
    if (secret != null) {
      return secret;
    }
    if (!(value instanceof Value.Table(var entries))) {
      return value;
    }
    var whole = new LinkedHashMap<String, Value>();
    entries.forEach((name, it) -> whole.put(name, into(it, below(path, name))));
    return new Value.Table(whole);
  }

  /** As a document of nothing else, to be kept. */
  Value.Table kept() {
    var top = new LinkedHashMap<String, Value>();
    values.forEach((path, value) -> {
      if (path.size() == 1) {
        top.put(path.getFirst(), value);
        return;
      }
      var within = new LinkedHashMap<String, Value>();
      if (top.get(path.getFirst()) instanceof Value.Table(var entries)) {
        within.putAll(entries);
      }
      within.put(path.getLast(), value);
      top.put(path.getFirst(), new Value.Table(within));
    });
    return new Value.Table(top);
  }

  static Secrets of(Value.Table kept) {
    var values = new LinkedHashMap<List<String>, Value>();
    var _ = without(kept, List.of(), values);
    return new Secrets(values);
  }

  boolean isSame(Secrets other) {
    return other.values.equals(values);
  }

  @Override
  public String toString() {
    return "secrets " + values.keySet();
  }
}
