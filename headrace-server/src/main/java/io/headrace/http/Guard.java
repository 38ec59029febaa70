package io.headrace.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Lets in only who may come in, and nothing that a web page in somebody's browser may send: on
 * loopback the Host must be a loopback name (a page that had its own name point here has its own),
 * elsewhere the token must be known, which no page does; and what changes something may not come
 * from another origin.
 */
public final class Guard implements CallHandler {
  private static final String SCHEME = "Bearer ";

  /**
   * Who may come in.
   *
   * @param token what {@code Authorization: Bearer} must carry; empty for any program of this
   *     machine
   * @param loopback whether only loopback names are answered to
   * @param open paths for which no token is needed
   */
  public record Rules(Optional<String> token, boolean loopback, Set<String> open) {
    public Rules {
      open = Set.copyOf(open);
      if (token.filter(String::isBlank).isPresent()) {
        throw new IllegalArgumentException("an empty token keeps nobody out");
      }
      if (token.isEmpty() && !loopback) {
        throw new IllegalArgumentException("without a token only this machine may come in");
      }
    }

    /** For a server on loopback. */
    public static Rules ofThisMachine(Optional<String> token, Set<String> open) {
      return new Rules(token, true, open);
    }

    /** For a server that others reach. */
    public static Rules ofTheNetwork(String token, Set<String> open) {
      return new Rules(Optional.of(token), false, open);
    }
  }

  private final Rules rules;
  private final Optional<byte[]> token;
  private final CallHandler inner;

  /** Stands before another handler. */
  public Guard(Rules rules, CallHandler inner) {
    this.rules = rules;
    this.token = rules.token().map(it -> it.getBytes(StandardCharsets.UTF_8));
    this.inner = inner;
  }

  @Override
  public Answer answer(Call call) throws IOException {
    Optional<String> host =
        call.header("Host").filter(it -> !rules.loopback() || Guard.isLoopback(it));
    if (host.isEmpty()) {
      return Answer.text(403, "This server answers to 127.0.0.1 and localhost only.\n");
    }
    if (changes(call.method()) && !isFromHere(call, host.get())) {
      return Answer.text(403, "Requests from other sites are refused.\n");
    }
    if (!rules.open().contains(call.path()) && !token.map(it -> knows(it, call)).orElse(true)) {
      return Answer.text(401, "You are not authenticated: set MLFLOW_TRACKING_TOKEN.\n")
          .with("WWW-Authenticate", "Bearer realm=\"headrace\"");
    }
    return inner.answer(call);
  }

  /** The port need not be compared: a request that came here was sent to ours. */
  private static boolean isLoopback(String host) {
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > host.lastIndexOf(']');
    String name = hasPort ? host.substring(0, colon) : host;
    String port = hasPort ? host.substring(colon + 1) : "";
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "127.0.0.1", "localhost", "[::1]" -> port.chars().allMatch(c -> c >= '0' && c <= '9');
      default -> false;
    };
  }

  private static boolean changes(String method) {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS" -> false;
      default -> true;
    };
  }

  private boolean isFromHere(Call call, String host) {
    boolean sameSite =
        call.header("Sec-Fetch-Site")
            .map(site -> site.equals("same-origin") || site.equals("none"))
            .orElse(true);
    boolean sameOrigin = call.header("Origin").map(origin -> isOf(origin, host)).orElse(true);
    return sameSite && sameOrigin;
  }

  /** Behind a proxy that adds TLS, the page's scheme is not ours. */
  private boolean isOf(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host)
        || (!rules.loopback() && origin.equalsIgnoreCase("https://" + host));
  }

  private static boolean knows(byte[] token, Call call) {
    String given = call.header("Authorization").orElse("");
    if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] bytes = given.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(token, bytes);
  }
}
