package io.headrace.registry;

import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals webhooks' secrets for the records, so that who reads those, or a backup of the database
 * alone, knows none: AES-256-GCM under a key in a file that only its owner reads. The key is made
 * once, when the first secret is sealed; two processes that make it at once get the same. A server
 * that shares the records with others must have the same file.
 *
 * <p>Thread-safe.
 */
final class SecretSeal {
  private static final String MARK = "sealed:1:";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Path file;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param file of the key; absolute; its folder is there
   */
  SecretSeal(Path file) {
    this.file = file;
  }

  static boolean isSealed(String text) {
    return text.isEmpty() || text.startsWith(MARK);
  }

  /** What is kept; nothing stays nothing. */
  String seal(String secret) {
    if (secret.isEmpty()) {
      return "";
    }
    var nonce = bytes(NONCE_BYTES);
    try {
      var sealed =
          cipher(Cipher.ENCRYPT_MODE, key(true), nonce)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      var all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
      return MARK + Base64.getEncoder().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /**
   * What was sealed.
   *
   * @throws io.headrace.problem.ProblemException RECORDS when the key is gone, or is another
   */
  String open(String sealed) {
    if (sealed.isEmpty()) {
      return "";
    }
    try {
      var all = Base64.getDecoder().decode(sealed.substring(MARK.length()));
      var secret =
          cipher(Cipher.DECRYPT_MODE, key(false), Arrays.copyOf(all, NONCE_BYTES))
              .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return new String(secret, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw Problem.of(
              ErrorCode.RECORDS, "a webhook's secret cannot be read: " + file + " is another key")
          .fix("give the webhook its secret again")
          .asException(e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  private byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] key(boolean make) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      if (!make) {
        throw Problem.of(
                ErrorCode.RECORDS,
                "a webhook's secret cannot be read: the key " + file + " is gone")
            .fix("bring the file back, or give the webhook its secret again")
            .asException(e);
      }
      return made();
    } catch (IOException e) {
      throw DiskProblem.reading(file, e);
    }
  }

  private byte[] made() {
    var part = Path.of(file + "." + UUID.randomUUID());
    try {
      try (var channel =
          FileChannel.open(
              part,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        var key = ByteBuffer.wrap(bytes(KEY_BYTES));
        while (key.hasRemaining()) {
          channel.write(key);
        }
        channel.force(true);
      }
      try {
        Files.createLink(file, part); // whoever is first has made it for all
      } catch (FileAlreadyExistsException e) {
        // another process was
      }
      Files.delete(part);
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw DiskProblem.writing(file, e);
    }
  }
}
