package io.headrace.tracking;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A path among the artifacts that is safe to hand to anyone: relative, with no part that leads
 * elsewhere on any machine, however often it is percent-decoded.
 *
 * @param parts folder by folder; none for the root
 */
public record ArtifactPath(List<String> parts) {
  private static final int MOST_BYTES = 4_096;
  private static final int MOST_PART_BYTES = 255;
  private static final int MOST_DECODINGS = 8;

  public ArtifactPath {
    parts = List.copyOf(parts);
  }

  /**
   * Checks a path that was decoded as often as its protocol says.
   *
   * @param text parts joined by slashes; empty for the root
   * @throws TrackingException when it is not safe
   */
  public static ArtifactPath of(String text) {
    if (text.length() > MOST_BYTES) {
      throw bad("it is longer than " + MOST_BYTES + " bytes");
    }
    String form = text;
    for (int i = 0; i < MOST_DECODINGS; i++) {
      checkForm(form);
      String decoded = decoded(form);
      if (decoded.equals(form)) {
        return split(text);
      }
      form = decoded;
    }
    throw bad("it is percent-encoded too often");
  }

  private static void checkForm(String form) {
    for (int i = 0; i < form.length(); i++) {
      char c = form.charAt(i);
      if (Character.isISOControl(c) || c == '\\' || c == '#' || c == '?') {
        throw bad("it has a control character, '\\', '#' or '?'");
      }
    }
    if (form.startsWith("/")) {
      throw bad("it is absolute");
    }
    if (form.length() > 1 && form.charAt(1) == ':' && isLatinLetter(form.charAt(0))) {
      throw bad("it names a drive");
    }
    int begin = 0;
    while (begin <= form.length()) {
      int slash = form.indexOf('/', begin);
      int end = slash < 0 ? form.length() : slash;
      if (form.regionMatches(begin, "..", 0, Math.max(2, end - begin))) {
        throw bad("it has a part '..'");
      }
      begin = end + 1;
    }
  }

  private static boolean isLatinLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static ArtifactPath split(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.getBytes(StandardCharsets.UTF_8).length > MOST_PART_BYTES) {
        throw bad("a part of it is longer than " + MOST_PART_BYTES + " bytes");
      }
      parts.add(part);
    }
    return new ArtifactPath(parts);
  }

  /** One percent-decoding; what is no encoding stays as it is. */
  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteBuffer bytes = ByteBuffer.allocate(text.length() * 4);
    int i = 0;
    while (i < text.length()) {
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (text.charAt(i) == '%' && high >= 0 && low >= 0) {
        bytes.put((byte) (high * 16 + low));
        i += 3;
      } else {
        int end = text.offsetByCodePoints(i, 1);
        bytes.put(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end;
      }
    }
    bytes.flip();
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(bytes)
          .toString();
    } catch (CharacterCodingException e) {
      throw bad("it is not UTF-8");
    }
  }

  private static TrackingException bad(String why) {
    return TrackingException.invalid("Invalid path: " + why);
  }

  /** Whether one of the two lies in the other, or they are the same. */
  boolean overlaps(ArtifactPath other) {
    int both = Math.min(parts.size(), other.parts.size());
    return parts.subList(0, both).equals(other.parts.subList(0, both));
  }

  public boolean isRoot() {
    return parts.isEmpty();
  }

  /** The last part; empty for the root. */
  public String name() {
    return parts.isEmpty() ? "" : parts.getLast();
  }

  /** The path without its last part. */
  ArtifactPath parent() {
    return new ArtifactPath(parts.subList(0, Math.max(0, parts.size() - 1)));
  }

  /** This path and then {@code further}. */
  ArtifactPath then(ArtifactPath further) {
    List<String> all = new ArrayList<>(parts);
    all.addAll(further.parts);
    return new ArtifactPath(all);
  }

  ArtifactPath then(String name) {
    return then(new ArtifactPath(List.of(name)));
  }

  @Override
  public String toString() {
    return String.join("/", parts);
  }
}
