package io.headrace.oidc;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The provider as this server talks to it. Asked for what it offers when first needed. */
final class Provider {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 1024 * 1024;
  private static final JsonMapper JSON = new JsonMapper();

  private final OidcSettings settings;
  private final AtomicReference<Optional<Offer>> offer = new AtomicReference<>(Optional.empty());

  Provider(OidcSettings settings) {
    this.settings = settings;
  }

  /** What a provider says of itself. */
  record Offer(URI authorization, URI token, URI keys) {}

  /** What the provider offers; what was learned once is not asked again. */
  Offer offer() throws IOException {
    Optional<Offer> known = offer.get();
    if (known.isPresent()) {
      return known.get();
    }
    Offer found = discover();
    offer.set(Optional.of(found));
    return found;
  }

  private Offer discover() throws IOException {
    String issuer = settings.issuer().toString();
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    JsonNode said =
        send(HttpRequest.newBuilder(URI.create(base + "/.well-known/openid-configuration")).GET());
    if (!said.path("issuer").asString("").equals(issuer)) {
      throw new IOException("the OpenID provider at " + issuer + " says it is another one");
    }
    return new Offer(
        address(said, "authorization_endpoint"),
        address(said, "token_endpoint"),
        address(said, "jwks_uri"));
  }

  private static URI address(JsonNode said, String field) throws IOException {
    try {
      URI uri = URI.create(said.path(field).asString(""));
      OidcSettings.requireSafe(uri);
      return uri;
    } catch (RuntimeException e) {
      throw new IOException("the OpenID provider gives no good '" + field + "'", e);
    }
  }

  /**
   * Gives a code for an ID token.
   *
   * @param verifier whose digest the provider was given with the question for the code
   */
  String idToken(String code, String verifier, String redirect) throws IOException {
    Map<String, String> form =
        Map.of(
            "grant_type", "authorization_code",
            "code", code,
            "redirect_uri", redirect,
            "client_id", settings.clientId(),
            "code_verifier", verifier);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(offer().token())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
    settings
        .clientSecret()
        .ifPresent(secret -> request.header("Authorization", basic(settings.clientId(), secret)));
    String token = send(request).path("id_token").asString("");
    if (token.isEmpty()) {
      throw new IOException("the OpenID provider gave no ID token");
    }
    return token;
  }

  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(it -> encoded(it.getKey()) + "=" + encoded(it.getValue()))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String basic(String name, String secret) {
    String both = encoded(name) + ":" + encoded(secret);
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode send(HttpRequest.Builder request) throws IOException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      var answer =
          client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream());
      byte[] body;
      try (var bytes = answer.body()) {
        body = bytes.readNBytes(MOST_BYTES);
      }
      if (answer.statusCode() != 200) {
        // What it says may repeat the code: it is not told further.
        throw new IOException("the OpenID provider answers with status " + answer.statusCode());
      }
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IOException("the OpenID provider's answer is not JSON", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the OpenID provider was asked", e);
    }
  }
}
