package io.headrace.store;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * File names as text and back, the same in every locale. A name on disk is bytes; Java decodes them
 * by the locale, and under {@code LC_ALL=C} loses what is not ASCII. A file URI keeps the bytes.
 */
final class FileNames {
  private static final boolean NATIVE_UTF_8 =
      "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

  private static final String URI_KEY = "file://";

  private FileNames() {}

  /** The last name of a path; empty when its bytes are not UTF-8. */
  static Optional<String> text(Path path) {
    var name = path.getFileName();
    if (name == null) {
      return Optional.empty();
    }
    var text = name.toString();
    if (isAscii(text) || (NATIVE_UTF_8 && text.indexOf('\uFFFD') < 0)) {
      return Optional.of(text);
    }
    return utf8(rawName(path));
  }

  /** As {@link #text}, or a problem that shows the bytes that are not UTF-8. */
  static String textOrProblem(Path path) {
    return text(path).orElseThrow(() -> notUtf8(path));
  }

  private static RuntimeException notUtf8(Path path) {
    return Problem.of(
            ErrorCode.UNSAFE_PATH,
            "a file's name is not UTF-8 text (odd bytes are shown as %XX): " + rawName(path))
        .fix("rename the file in folder " + path.getParent() + ", or ignore its folder")
        .asException();
  }

  /**
   * The path of a file below a folder.
   *
   * @param relative with {@code /} between its parts; already known to be safe
   */
  static Path resolve(Path folder, String relative) {
    if (NATIVE_UTF_8 || isAscii(relative)) {
      return folder.resolve(relative);
    }
    var base = folder.toUri().getRawPath();
    var uri = new StringBuilder("file://").append(base);
    if (!base.endsWith("/")) {
      uri.append('/');
    }
    for (byte b : relative.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        uri.append((char) b);
      } else {
        uri.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return Path.of(URI.create(uri.toString()));
  }

  /** A path as text that is the same in every locale; for keys, not for people. */
  static String key(Path path) {
    var text = path.toString();
    return isAscii(text) ? text : URI_KEY + withoutEndSlash(path.toUri().getRawPath());
  }

  /** The path of a {@link #key}. */
  static Path ofKey(String key) {
    return key.startsWith(URI_KEY) ? Path.of(URI.create(key)) : Path.of(key);
  }

  private static String rawName(Path path) {
    var raw = withoutEndSlash(path.toUri().getRawPath());
    return raw.substring(raw.lastIndexOf('/') + 1);
  }

  private static String withoutEndSlash(String raw) {
    return raw.endsWith("/") && raw.length() > 1 ? raw.substring(0, raw.length() - 1) : raw;
  }

  private static Optional<String> utf8(String percentEncoded) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < percentEncoded.length(); i++) {
      char c = percentEncoded.charAt(i);
      if (c == '%') {
        bytes.write(HexFormat.fromHexDigits(percentEncoded, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '/'
        || b == '-'
        || b == '.'
        || b == '_';
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Orders texts as their UTF-8 bytes are ordered, which is not how Java's characters are. */
  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogateX = Character.isSurrogate(x);
        boolean surrogateY = Character.isSurrogate(y);
        return surrogateX == surrogateY ? x - y : surrogateX ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
