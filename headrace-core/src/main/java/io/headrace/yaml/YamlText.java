package io.headrace.yaml;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** From bytes to characters that YAML allows. */
final class YamlText {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private YamlText() {}

  /** UTF-8, or UTF-16 when a byte order mark says so. */
  static String decode(byte[] bytes, String file) {
    if (startsWith(bytes, 0xFF, 0xFE)) {
      return decode(bytes, StandardCharsets.UTF_16LE, "UTF-16", file);
    }
    if (startsWith(bytes, 0xFE, 0xFF)) {
      return decode(bytes, StandardCharsets.UTF_16BE, "UTF-16", file);
    }
    return decode(bytes, StandardCharsets.UTF_8, "UTF-8", file);
  }

  private static boolean startsWith(byte[] bytes, int first, int second) {
    return bytes.length >= 2 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
  }

  private static String decode(byte[] bytes, Charset charset, String name, String file) {
    var decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length + 1);
    var result = decoder.decode(in, out, true);
    out.flip();
    var text = out.toString();
    if (result.isError()) {
      throw Problem.of(
              ErrorCode.YAML_SYNTAX,
              "the bytes from here on are not %s (0x%02X)"
                  .formatted(name, bytes[in.position()] & 0xFF))
          .at(placeAfter(text, file))
          .fix("save the file as UTF-8")
          .asException();
    }
    return text;
  }

  /** The text without its byte order mark, if YAML allows each of its characters. */
  static String checked(String text, String file) {
    int start = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t') {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if ((c < 0xA0 && c != 0x85) || Character.isSurrogate(c) || c > 0xFFFD) {
        throw notAllowed(c, placeAfter(text.substring(start, i), file)).asException();
      }
    }
    return start == 0 ? text : text.substring(start);
  }

  private static Problem notAllowed(char c, Where where) {
    var problem =
        Problem.of(
                ErrorCode.YAML_SYNTAX,
                "the character U+%04X is not allowed in YAML".formatted((int) c))
            .at(where);
    return c == 0
        ? problem.fix("is this a YAML file? If it was saved as UTF-16, save it as UTF-8")
        : problem.fix(
            "remove it, or write it as an escape such as \"\\x%02X\" between double quotes"
                .formatted((int) c));
  }

  private static Where placeAfter(String before, String file) {
    int line = 1;
    int lineStart = !before.isEmpty() && before.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
    for (int i = 0; i < before.length(); i++) {
      char c = before.charAt(i);
      boolean pair = c == '\r' && i + 1 < before.length() && before.charAt(i + 1) == '\n';
      if (c == '\n' || (c == '\r' && !pair)) {
        line++;
        lineStart = i + 1;
      }
    }
    return new Where(file, line, before.codePointCount(lineStart, before.length()) + 1);
  }
}
