package io.headrace.http;

import java.time.Duration;
import java.util.Optional;

/** What a browser shows after somebody signed in, and while somebody does elsewhere. */
public final class Cookies {
  private static final String NAME = "headrace-session";
  private static final String RETURN = "-return";

  private Cookies() {}

  /** Browsers keep one jar for all ports of a host, where other workspaces' servers may be. */
  private static String name(Call call) {
    String host = call.header("Host").orElse("");
    int colon = host.lastIndexOf(':');
    String port = colon > host.lastIndexOf(']') ? host.substring(colon + 1) : "";
    boolean plain = port.chars().allMatch(c -> c >= '0' && c <= '9');
    return port.isEmpty() || !plain ? NAME : NAME + "-" + port;
  }

  /** The session's secret, if the call brings one. */
  public static Optional<String> session(Call call) {
    return value(call, name(call));
  }

  /** What marks the browser that was sent to another site to sign in. */
  public static Optional<String> ofReturn(Call call) {
    return value(call, name(call) + RETURN);
  }

  private static Optional<String> value(Call call, String name) {
    for (String pair : call.header("Cookie").orElse("").split(";", 100)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
        return Optional.of(pair.substring(equals + 1).strip());
      }
    }
    return Optional.empty();
  }

  /** The value of {@code Set-Cookie}: no script can read it, no other site's page can send it. */
  public static String keep(Call call, String secret) {
    return name(call) + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict" + secure(call);
  }

  /** The value that makes a browser forget. */
  public static String forget(Call call) {
    return name(call) + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict" + secure(call);
  }

  /** As {@link #keep}, but sent along when the browser comes back from another site. */
  public static String keepForReturn(Call call, String secret, Duration time) {
    return name(call)
        + RETURN
        + "="
        + secret
        + "; Path=/oidc; Max-Age="
        + time.toSeconds()
        + "; HttpOnly; SameSite=Lax"
        + secure(call);
  }

  private static String secure(Call call) {
    return call.header("X-Forwarded-Proto").filter("https"::equals).isPresent() ? "; Secure" : "";
  }
}
