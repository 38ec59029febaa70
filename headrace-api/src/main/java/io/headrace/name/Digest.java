package io.headrace.name;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of some bytes, which names them for ever.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {
  private static final int BUFFER = 128 * 1024;

  /** Checks the shape. */
  public Digest {
    if (!isDigest(hex)) {
      throw new IllegalArgumentException("not a SHA-256 digest: " + hex);
    }
  }

  /** Whether a text has a digest's shape. */
  public static boolean isDigest(String hex) {
    if (hex.length() != 64) {
      return false;
    }
    for (int i = 0; i < 64; i++) { // no stream: folders of 100,000s of files come through here
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The digest that a finished computation gives. */
  public static Digest of(byte[] sha256) {
    return new Digest(HexFormat.of().formatHex(sha256));
  }

  /** The digest of a text's UTF-8 bytes. */
  public static Digest ofText(String text) {
    return of(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The digest of a file's bytes, as fast as the machine can for large ones.
   *
   * @throws IOException if it cannot be read to its end
   */
  public static Digest ofFile(Path file) throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      long size = Files.size(file);
      if (size >= LargeSha256.WORTH) {
        var library = LargeSha256.library();
        if (library.isPresent()) {
          return library.get().of(bytes);
        }
      }
      var sha256 = sha256();
      var buffer = new byte[(int) Math.min(size + 1, BUFFER)];
      int length;
      while ((length = bytes.read(buffer)) >= 0) {
        sha256.update(buffer, 0, length);
      }
      return of(sha256.digest());
    }
  }

  /** A fresh SHA-256 computation; every Java has one. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first 12 digits: enough to tell apart by eye. */
  public String brief() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
