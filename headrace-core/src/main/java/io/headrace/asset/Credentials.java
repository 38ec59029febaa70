package io.headrace.asset;

import io.headrace.json.ValueJson;
import io.headrace.spec.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What opens a datastore or a connection, by the names of the document's fields: {@code
 * account_key}, {@code sas_token}, {@code username}, {@code password}, {@code type}. As text it
 * names the fields alone, so that no message or log can hold a secret by mistake.
 */
public final class Credentials {
  private final Map<String, String> fields;

  private Credentials(Map<String, String> fields) {
    this.fields = fields;
  }

  /** From a body with its secrets in place: all single values under {@code credentials}. */
  static Credentials of(Value.Table body) {
    var fields = new LinkedHashMap<String, String>();
    if (body.entries().get("credentials") instanceof Value.Table(var entries)) {
      entries.forEach((name, value) -> single(value).ifPresent(it -> fields.put(name, it)));
    }
    Optional.ofNullable(body.entries().get("api_key"))
        .flatMap(Credentials::single)
        .ifPresent(it -> fields.put("api_key", it));
    return new Credentials(fields);
  }

  private static Optional<String> single(Value value) {
    return switch (value) {
      case Value.Text(String text) -> Optional.of(text);
      case Value.Whole _, Value.Real _, Value.Flag _ -> Optional.of(ValueJson.compact(value));
      case Value.Nothing _, Value.Items _, Value.Table _ -> Optional.empty();
    };
  }

  /** One field; empty when it was not given. */
  public Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  @Override
  public String toString() {
    return "credentials with " + fields.keySet();
  }
}
