package io.headrace.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Lets in only who knows the token, and nothing that a web page in somebody's browser may send: the
 * Host must be a loopback name with our port (a page that had its own name point here has its own),
 * and what changes something may not come from another origin.
 */
public final class Guard implements CallHandler {
  private static final String SCHEME = "Bearer ";

  private final byte[] token;
  private final Set<String> open;
  private final CallHandler inner;

  /**
   * Stands before another handler.
   *
   * @param token what {@code Authorization: Bearer} must carry
   * @param open paths that are answered to anyone on this machine
   */
  public Guard(String token, Set<String> open, CallHandler inner) {
    if (token.isBlank()) {
      throw new IllegalArgumentException("an empty token keeps nobody out");
    }
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.open = Set.copyOf(open);
    this.inner = inner;
  }

  @Override
  public Answer answer(Call call) throws IOException {
    Optional<String> host = call.header("Host").filter(Guard::isLoopback);
    if (host.isEmpty()) {
      return Answer.text(403, "This server answers to 127.0.0.1 and localhost only.\n");
    }
    if (changes(call.method()) && !isFromHere(call, host.get())) {
      return Answer.text(403, "Requests from other sites are refused.\n");
    }
    if (!open.contains(call.path()) && !knowsToken(call)) {
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

  private static boolean isFromHere(Call call, String host) {
    boolean sameSite =
        call.header("Sec-Fetch-Site")
            .map(site -> site.equals("same-origin") || site.equals("none"))
            .orElse(true);
    boolean sameOrigin =
        call.header("Origin").map(origin -> origin.equalsIgnoreCase("http://" + host)).orElse(true);
    return sameSite && sameOrigin;
  }

  private boolean knowsToken(Call call) {
    String given = call.header("Authorization").orElse("");
    if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] bytes = given.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(token, bytes);
  }
}
