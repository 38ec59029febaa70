package io.headrace.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Passwords, kept as PBKDF2 with HMAC-SHA-256, 600,000 rounds and a salt of 16 bytes (what OWASP's
 * cheat sheet asks for). A client sends its password with every call, so what was found right is
 * remembered, keyed by a secret of this process. Thread-safe.
 */
final class Passwords {
  static final int ROUNDS = 600_000;
  static final int LEAST = 10;
  static final int MOST = 1_000;

  private static final String KIND = "pbkdf2-sha256";
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 256;
  private static final int REMEMBERED = 1_000;

  /** However many ask at once, the machine has something else to do too. */
  private static final Semaphore SLOTS = new Semaphore(2);

  private final int rounds;
  private final String nobodys;
  private final String key = Secrets.make("");
  private final Map<String, Boolean> right =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  /**
   * @param rounds for new passwords: {@link #ROUNDS}, but in tests of something else
   */
  Passwords(int rounds) {
    this.rounds = rounds;
    nobodys = KIND + "$" + rounds + "$" + text(new byte[16]) + "$" + "AA"; // none leads to this
  }

  /** What is kept of a password. */
  String keep(String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return KIND + "$" + rounds + "$" + text(salt) + "$" + text(hash(password, salt, rounds));
  }

  /**
   * Whether a password is the one that was kept. Takes as long when none was.
   *
   * @param kept empty for a user who has none, or is none
   */
  boolean isRight(String password, Optional<String> kept) {
    String seen = Secrets.digest(key + "\0" + kept.orElse("") + "\0" + password);
    if (right.containsKey(seen)) {
      return true;
    }
    String[] parts = kept.orElse(nobodys).split("\\$", -1);
    byte[] found = hash(password, bytes(parts[2]), Integer.parseInt(parts[1]));
    boolean same = MessageDigest.isEqual(found, bytes(parts[3]));
    if (same && kept.isPresent()) {
      right.put(seen, true);
      return true;
    }
    return false;
  }

  private static byte[] hash(String password, byte[] salt, int rounds) {
    SLOTS.acquireUninterruptibly();
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    } finally {
      spec.clearPassword();
      SLOTS.release();
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String text) {
    return Base64.getDecoder().decode(text);
  }
}
