package io.headrace.e2e;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The files behind a workspace's objects, to damage them. */
final class Objects {
  private Objects() {}

  /** The file that holds an object. */
  static Path file(Headrace user, String digest) throws IOException {
    var rest = digest.substring(2);
    try (var files = Files.walk(user.state().resolve("objects"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(it -> it.toString().replace("/", "").endsWith(digest) || it.endsWith(rest))
          .findFirst()
          .orElseThrow();
    }
  }

  static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes one bit, as a bad disk does: length and time of change stay. */
  static void flipBit(Path file) throws IOException {
    var time = Files.getLastModifiedTime(file);
    var permissions = Files.getPosixFilePermissions(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      int first = bytes.read();
      bytes.seek(0);
      bytes.write(first ^ 1);
    }
    Files.setPosixFilePermissions(file, permissions);
    Files.setLastModifiedTime(file, time);
  }
}
