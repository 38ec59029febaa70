package io.headrace.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.access.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A small OpenID provider with real keys: discovery, keys, a token endpoint that insists on PKCE,
 * the client's secret and a code that was never used. Whoever asks for a code is anna.
 */
final class TestProvider implements AutoCloseable {
  static final String CLIENT = "headrace-of-this-test";
  static final String SECRET = "the client's s3cret";

  final RSAKey rsa;
  final ECKey ec;
  final HttpServer server;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

  /** Makes the ID token from the claims that it should have. */
  Function<JWTClaimsSet.Builder, String> tokens;

  TestProvider() throws IOException, JOSEException {
    rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    tokens = claims -> signed(claims.build());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/.well-known/openid-configuration",
        call ->
            send(
                call,
                200,
                """
                {"issuer": "ISSUER", "authorization_endpoint": "ISSUER/authorize",
                 "token_endpoint": "ISSUER/token", "jwks_uri": "ISSUER/keys"}
                """
                    .replace("ISSUER", issuer())));
    server.createContext(
        "/keys", call -> send(call, 200, new JWKSet(List.of(rsa, ec)).toPublicJWKSet().toString()));
    server.createContext("/token", this::token);
    server.start();
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What the provider does with a browser that is sent to it: a code for what was asked. */
  String code(URI asked) {
    var query = fields(asked.getRawQuery());
    String code = Secrets.make("");
    codes.put(code, query);
    return code;
  }

  static Map<String, String> fields(String query) {
    var fields = new HashMap<String, String>();
    for (String pair : query.split("&", -1)) {
      var parts = pair.split("=", 2);
      fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return fields;
  }

  private void token(HttpExchange call) throws IOException {
    var form = fields(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var asked = codes.remove(form.getOrDefault("code", ""));
    var basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8));
    boolean good =
        asked != null
            && basic.equals(call.getRequestHeaders().getFirst("Authorization"))
            && "authorization_code".equals(form.get("grant_type"))
            && Objects.equals(form.get("redirect_uri"), asked.get("redirect_uri"))
            && challenge(form.getOrDefault("code_verifier", ""))
                .equals(asked.get("code_challenge"));
    if (!good || asked == null) {
      send(call, 400, "{\"error\": \"invalid_grant\"}");
      return;
    }
    send(
        call,
        200,
        "{\"token_type\": \"Bearer\", \"id_token\": \""
            + tokens.apply(claims().claim("nonce", asked.get("nonce")))
            + "\"}");
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Anna's, of now. */
  JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .subject("1")
        .audience(CLIENT)
        .issueTime(Date.from(Instant.now()))
        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
        .claim("email", "Anna@example.org")
        .claim("email_verified", true)
        .claim("name", "Anna")
        .claim("groups", List.of("staff", "science"));
  }

  String signed(JWTClaimsSet claims) {
    return signed(claims, "rsa", rsa);
  }

  String signed(JWTClaimsSet claims, String kid, RSAKey key) {
    try {
      var token =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), claims);
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String signedByCurve(JWTClaimsSet claims) {
    try {
      var token =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(), claims);
      token.sign(new ECDSASigner(ec));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void send(HttpExchange call, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().set("Content-Type", "application/json");
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
    call.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
