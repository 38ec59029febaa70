package io.headrace.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;

/**
 * Posts one message. Follows no redirect and no proxy; the address is checked when the connection
 * stands, before anything is said, so that a name that changes its address in between gains
 * nothing.
 */
final class WebhookSender {
  private static final int CONNECT_MS = 10_000;
  private static final int READ_MS = 30_000;
  private static final int MOST_BODY = 64 * 1024;

  private final WebhookSettings settings;
  private final InstantSource clock;

  WebhookSender(WebhookSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * A message.
   *
   * @param secret signs it; empty for no signature
   * @param id of this delivery; the same when it is tried again
   * @param body JSON
   */
  record Message(String url, String secret, String id, String body) {}

  /** What became of it. */
  sealed interface Outcome {
    record Answered(int status, String body) implements Outcome {}

    /** It may go better next time. */
    record Unreached(String why) implements Outcome {}

    /** The address is none that may be called. */
    record Forbidden(String why) implements Outcome {}
  }

  Outcome send(Message message) {
    try {
      return post(message);
    } catch (CheckedSockets.NotPublic e) {
      return new Outcome.Forbidden(String.valueOf(e.getMessage()));
    } catch (IOException | IllegalArgumentException e) {
      return new Outcome.Unreached(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private Outcome post(Message message) throws IOException {
    byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(message.url()).toURL().openConnection(Proxy.NO_PROXY);
    if (!settings.privateAddresses()) {
      if (!(connection instanceof HttpsURLConnection secured)) {
        return new Outcome.Forbidden("http is for private addresses, which are not allowed");
      }
      secured.setSSLSocketFactory(CheckedSockets.standard());
    }
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(READ_MS);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setUseCaches(false);
    // With a length told beforehand the JDK does not send a request twice by itself.
    connection.setFixedLengthStreamingMode(body.length);
    String second = Long.toString(clock.instant().getEpochSecond());
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("User-Agent", "headrace");
    connection.setRequestProperty("X-MLflow-Delivery-Id", message.id());
    connection.setRequestProperty("X-MLflow-Timestamp", second);
    if (!message.secret().isEmpty()) {
      connection.setRequestProperty("X-MLflow-Signature", signature(message, second));
    }
    try {
      connection.getOutputStream().write(body);
      int status = connection.getResponseCode();
      return new Outcome.Answered(status, answer(connection, status));
    } finally {
      connection.disconnect();
    }
  }

  private static String answer(HttpURLConnection connection, int status) throws IOException {
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      return in == null ? "" : new String(in.readNBytes(MOST_BODY), StandardCharsets.UTF_8);
    }
  }

  /** As MLflow signs: over the delivery's id, the time and the body. */
  static String signature(Message message, String second) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(message.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      String signed = message.id() + "." + second + "." + message.body();
      return "v1,"
          + Base64.getEncoder()
              .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
