package io.headrace.http;

import io.headrace.access.Asker;
import io.headrace.access.Credentials;
import io.headrace.access.Entrance;
import io.headrace.access.Entrance.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Lets in only who may come in, and nothing that a web page in somebody's browser may send: on
 * loopback the Host must be a loopback name (a page that had its own name point here has its own),
 * elsewhere somebody must be known, which no page is; and what changes something may not come from
 * another origin.
 *
 * <p>It finds out which call it is and who makes it. Whether that one may do it with the object
 * that the call is about, the room asks that knows the object.
 */
public final class Guard implements CallHandler {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private final boolean loopback;
  private final RouteTable routes;
  private final Entrance entrance;
  private final Visits visits;
  private final CallHandler inner;

  /**
   * Stands before another handler.
   *
   * @param loopback whether only loopback names are answered to
   */
  public Guard(
      boolean loopback, RouteTable routes, Entrance entrance, Visits visits, CallHandler inner) {
    this.loopback = loopback;
    this.routes = routes;
    this.entrance = entrance;
    this.visits = visits;
    this.inner = inner;
  }

  @Override
  public Answer answer(Call call) throws IOException {
    long begin = System.nanoTime();
    Admitted admitted = new Admitted(call, routes.find(call.method(), call.path()));
    int status = 500;
    try {
      Answer answer = admit(admitted);
      status = answer.status();
      return answer;
    } finally {
      visits.saw(
          new Visits.Visit(
              admitted.match().map(RouteTable.Match::route),
              call.method(),
              admitted.asker(),
              admitted.object(),
              call.from(),
              status,
              System.nanoTime() - begin));
    }
  }

  private Answer admit(Admitted call) throws IOException {
    Optional<String> host = call.header("Host").filter(it -> !loopback || isLoopback(it));
    if (host.isEmpty()) {
      return Answer.text(403, "This server answers to 127.0.0.1 and localhost only.\n");
    }
    if (changes(call.method()) && !isFromHere(call, host.get())) {
      return Answer.text(403, "Requests from other sites are refused.\n");
    }
    Needs needs = call.match().map(it -> it.route().needs()).orElse(Needs.entry());
    return switch (needs) {
      case Needs.Nothing() -> inner.answer(call);
      case Needs.Entry() -> enter(call, false);
      case Needs.Roles roles -> enter(call, roles.known());
    };
  }

  private Answer enter(Admitted call, boolean known) throws IOException {
    return switch (entrance.enter(credentials(call), call.from())) {
      case Entry.TooMany(Duration pause) ->
          Answer.text(429, "Too many wrong passwords; try again later.\n")
              .with("Retry-After", Long.toString(pause.toSeconds()));
      case Entry.Unknown() -> unknown();
      case Entry.Known(Asker asker) -> {
        call.by(asker);
        yield known && !asker.isKnown() ? unknown() : inner.answer(call);
      }
    };
  }

  private static Answer unknown() {
    return Answer.text(
            401,
            "You are not authenticated: set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.\n")
        .with("WWW-Authenticate", "Bearer realm=\"headrace\"");
  }

  /** What a call brings to be known by. */
  static Credentials credentials(Call call) {
    String given = call.header("Authorization").orElse("");
    if (given.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return new Credentials.Token(given.substring(BEARER.length()).strip());
    }
    if (given.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return basic(given.substring(BASIC.length()).strip());
    }
    return Cookies.session(call)
        .<Credentials>map(Credentials.Session::new)
        .orElseGet(Credentials.None::new);
  }

  /** RFC 7617: what stands before the first colon is the name. */
  private static Credentials basic(String encoded) {
    try {
      String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0
          ? new Credentials.Token(text)
          : new Credentials.Password(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return new Credentials.Token("");
    }
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
        || (!loopback && origin.equalsIgnoreCase("https://" + host));
  }
}
