package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which fields of datastores, connections and computes hold a secret. */
public final class SecretFields {
  /** Of {@code credentials}, what is no secret; all else there is one, known to us or not. */
  private static final Set<String> OPEN =
      Set.of(
          "type",
          "tenant_id",
          "client_id",
          "authority_url",
          "resource_url",
          "resource_id",
          "thumbprint",
          "username",
          "access_key_id");

  private static final String SHOWN = "***";

  private SecretFields() {}

  /**
   * Whether a field holds a secret.
   *
   * @param path the names from the document's top to it
   */
  public static boolean isSecret(List<String> path) {
    return switch (path.size()) {
      case 1 -> path.getFirst().equals("api_key");
      case 2 ->
          switch (path.getFirst()) {
            case "credentials" -> !OPEN.contains(path.getLast());
            case "ssh_settings" -> path.getLast().equals("admin_password");
            default -> false;
          };
      default -> false;
    };
  }

  /**
   * A document for messages to quote: of a secret only the form is left.
   *
   * @param kept whether a secret that is there as nothing counts as one that was told before
   */
  static Mapping masked(Mapping document, boolean kept) {
    return (Mapping) masked(document, List.of(), kept);
  }

  /**
   * Problems of a text that could not be read as YAML, without what they quote of it where it may
   * hold a secret: then nobody knows which part is one.
   */
  static List<Problem> unquoted(List<Problem> problems, Path file) {
    return problems.isEmpty() || !maySpeakOfSecrets(file)
        ? problems
        : problems.stream()
            .map(it -> it.code() == ErrorCode.YAML_SYNTAX ? unquoted(it) : it)
            .toList();
  }

  private static Problem unquoted(Problem it) {
    return new Problem(
        it.code(),
        it.severity(),
        unquoted(it.message()),
        it.where(),
        it.fix().map(SecretFields::unquoted));
  }

  private static String unquoted(String text) {
    return text.replaceAll("'[^']*'", "'" + SHOWN + "'");
  }

  private static boolean maySpeakOfSecrets(Path file) {
    try {
      var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return text.contains("credentials")
          || text.contains("api_key")
          || text.contains("admin_password");
    } catch (IOException e) {
      return false; // then nothing of it was read
    }
  }

  private static YamlNode masked(YamlNode node, List<String> path, boolean kept) {
    return switch (node) {
      case Scalar scalar ->
          isSecret(path) || path.equals(List.of("credentials")) ? masked(scalar, kept) : scalar;
      case Sequence sequence -> sequence;
      case Mapping(var where, List<Entry> entries) ->
          path.size() > 1
              ? node
              : new Mapping(
                  where,
                  entries.stream()
                      .map(it -> new Entry(it.key(), masked(it.value(), below(path, it), kept)))
                      .toList());
    };
  }

  private static Scalar masked(Scalar scalar, boolean kept) {
    return switch (scalar.value()) {
      case Value.Null _ -> kept ? shown(scalar, new Value.Text(SHOWN)) : scalar;
      case Value.Text(String text) ->
          text.isBlank() ? scalar : shown(scalar, new Value.Text(SHOWN));
      case Value.Bool _, Value.Int _, Value.Real _, Value.Timestamp _ ->
          shown(scalar, scalar.value());
    };
  }

  private static Scalar shown(Scalar scalar, Value value) {
    return new Scalar(scalar.where(), SHOWN, value);
  }

  private static List<String> below(List<String> path, Entry entry) {
    var longer = new ArrayList<>(path);
    longer.add(entry.key().text());
    return longer;
  }
}
