package io.headrace.oidc;

import io.headrace.access.Asker;
import io.headrace.access.Secrets;
import io.headrace.access.Users;
import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.http.CallHandler;
import io.headrace.http.Cookies;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import io.headrace.http.ServerLog;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /oidc/signin} sends a browser to the provider; {@code /oidc/callback} takes it back with a
 * code, which is given for an ID token. One state, one code, one browser: what comes twice, late or
 * from another browser is refused. Also knows clients by tokens of the provider's. Thread-safe.
 */
public final class OidcSignIn implements CallHandler {
  private static final String IN = "/oidc/signin";
  private static final String BACK = "/oidc/callback";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int MOST_WAITING = 1_000;

  private final OidcSettings settings;
  private final Provider provider;
  private final Tokens tokens;
  private final Users users;
  private final InstantSource clock;
  private final ServerLog log;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /** Somebody who was sent to the provider. */
  private record Waiting(String nonce, String verifier, String browser, long since) {}

  public OidcSignIn(OidcSettings settings, Users users, InstantSource clock, ServerLog log) {
    this.settings = settings;
    this.provider = new Provider(settings);
    this.tokens = new Tokens(settings, provider);
    this.users = users;
    this.clock = clock;
    this.log = log;
  }

  /** What there is to call. */
  public static List<Route> routes() {
    return List.of(Route.of("GET", IN, Needs.nothing()), Route.of("GET", BACK, Needs.nothing()));
  }

  /** Whether a path is one of these. */
  public static boolean isOurs(String path) {
    return path.equals(IN) || path.equals(BACK);
  }

  /**
   * The user of a token of the provider's; the provider is asked only about what looks like one.
   */
  public Optional<Asker> ofToken(String token) {
    if (token.chars().filter(c -> c == '.').count() != 2) {
      return Optional.empty();
    }
    try {
      Tokens.Claims claims = tokens.read(token);
      return users.foreign(claims.name(), roles(claims));
    } catch (Tokens.Untrusted | ProblemException e) {
      return Optional.empty();
    } catch (IOException e) {
      log.failed("asking the OpenID provider", e);
      return Optional.empty();
    }
  }

  private Users.Roles roles(Tokens.Claims claims) {
    return settings.roles().isEmpty()
        ? Users.Roles.KEPT_HERE
        : new Users.Roles(true, settings.role(claims.roles()));
  }

  @Override
  public Answer answer(Call call) {
    try {
      return call.path().equals(IN) ? send(call) : takeBack(call);
    } catch (IOException e) {
      log.failed("asking the OpenID provider", e);
      return Answer.text(502, "The OpenID provider does not answer as it should.\n");
    }
  }

  private Answer send(Call call) throws IOException {
    String state = Secrets.make("");
    String browser = Secrets.make("");
    Waiting its = new Waiting(Secrets.make(""), Secrets.make(""), browser, clock.millis());
    remember(state, its);
    Map<String, String> query = new HashMap<>();
    query.put("response_type", "code");
    query.put("client_id", settings.clientId());
    query.put("redirect_uri", redirect(call));
    query.put("scope", "openid email profile");
    query.put("state", state);
    query.put("nonce", its.nonce);
    query.put("code_challenge", challenge(its.verifier));
    query.put("code_challenge_method", "S256");
    String at = provider.offer().authorization().toString();
    String sign = at.indexOf('?') < 0 ? "?" : "&";
    return to(at + sign + Provider.encoded(query))
        .with("Set-Cookie", Cookies.keepForReturn(call, browser, PATIENCE));
  }

  private static Answer to(String address) {
    return Answer.text(303, "").with("Location", address).with("Cache-Control", "no-store");
  }

  private synchronized void remember(String state, Waiting its) {
    waiting.put(state, its);
    if (waiting.size() > MOST_WAITING) {
      waiting.remove(waiting.keySet().iterator().next());
    }
  }

  private synchronized Optional<Waiting> take(String state) {
    return Optional.ofNullable(waiting.remove(state))
        .filter(it -> clock.millis() - it.since < PATIENCE.toMillis());
  }

  private static String redirect(Call call) {
    String scheme = call.header("X-Forwarded-Proto").filter("https"::equals).orElse("http");
    return scheme + "://" + call.header("Host").orElse("127.0.0.1") + BACK;
  }

  /** RFC 7636. */
  private static String challenge(String verifier) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private Answer takeBack(Call call) throws IOException {
    Map<String, String> query = fields(call.query());
    Optional<Waiting> its = take(query.getOrDefault("state", ""));
    boolean same =
        its.isPresent()
            && Cookies.ofReturn(call).filter(it -> Secrets.same(it, its.get().browser)).isPresent();
    String code = query.getOrDefault("code", "");
    if (!same || code.isEmpty()) {
      return refused();
    }
    try {
      String token = provider.idToken(code, its.get().verifier, redirect(call));
      Tokens.Claims claims = tokens.read(token, its.get().nonce);
      String name =
          users.arrived(
              new Users.By(claims.name(), call.from()),
              claims.name(),
              claims.displayName(),
              roles(claims));
      String secret = users.begin(new Users.By(name, call.from()), name);
      return to("../").with("Set-Cookie", Cookies.keep(call, secret));
    } catch (Tokens.Untrusted | ProblemException e) {
      log.failed("signing in by the OpenID provider", e);
      return refused();
    }
  }

  private static Answer refused() {
    return Answer.text(401, "Signing in did not work. Begin again at /signin.\n")
        .with("Cache-Control", "no-store");
  }

  private static Map<String, String> fields(String query) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : query.split("&", 20)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
