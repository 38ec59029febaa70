package io.headrace.yaml;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.yaml.YamlNode.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Explicit tags, such as {@code !!str 12}. */
final class Tags {
  static final String MAP = "tag:yaml.org,2002:map";
  static final String SEQUENCE = "tag:yaml.org,2002:seq";
  static final String MERGE = "tag:yaml.org,2002:merge";

  private static final String PREFIX = "tag:yaml.org,2002:";

  private Tags() {}

  /**
   * What a scalar with a tag means.
   *
   * @throws io.headrace.problem.ProblemException without a place, when the tag is not known or the
   *     text does not fit it
   */
  static Value value(String tag, String text) {
    var value =
        switch (tag) {
          case PREFIX + "str" -> new Value.Text(text);
          case PREFIX + "int" -> Scalars.integer(text);
          case PREFIX + "float" -> real(text);
          case PREFIX + "bool" -> Scalars.bool(text);
          case PREFIX + "null" -> Scalars.NULL;
          case PREFIX + "binary" -> binary(text);
          case PREFIX + "timestamp" -> Scalars.isTimestamp(text) ? new Value.Timestamp(text) : null;
          default -> throw unknown(tag).asException();
        };
    if (value == null) {
      throw Problem.of(
              ErrorCode.YAML_SYNTAX, "'" + TreeBuilder.shortened(text) + "' is no " + shown(tag))
          .fix("correct the value, or leave out the tag")
          .asException();
    }
    return value;
  }

  private static @Nullable Value real(String text) {
    var real = Scalars.real(text);
    if (real != null) {
      return real;
    }
    var integer = Scalars.integer(text);
    return integer == null ? null : new Value.Real(integer.value().doubleValue());
  }

  /** Base64 of a UTF-8 text: other bytes have no place in a job. */
  private static @Nullable Value binary(String text) {
    try {
      var bytes = Base64.getDecoder().decode(withoutBlanks(text));
      var decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return new Value.Text(decoded.toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }

  private static String withoutBlanks(String text) {
    var kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > ' ') {
        kept.append(text.charAt(i));
      }
    }
    return kept.toString();
  }

  static Problem unknown(String tag) {
    return Problem.of(ErrorCode.YAML_SYNTAX, "the tag '" + shown(tag) + "' is not supported here")
        .fix(
            "leave it out; write quotes around the value if it begins with '!' (known:"
                + " !!str, !!int, !!float, !!bool, !!null, !!binary, !!timestamp, !!map, !!seq)");
  }

  private static String shown(String tag) {
    return TreeBuilder.shortened(
        tag.startsWith(PREFIX) ? "!!" + tag.substring(PREFIX.length()) : tag);
  }
}
