package io.headrace.web;

import io.headrace.access.Asker;
import io.headrace.access.Credentials;
import io.headrace.access.Entrance;
import io.headrace.access.Entrance.Entry;
import io.headrace.access.Users;
import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.http.CallHandler;
import io.headrace.http.Cookies;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import io.headrace.http.Route.Trail;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /signin}: a form for a name and a password, or a token in its place; {@code /signout}. A
 * browser then has a cookie that no script reads and no other site's page sends.
 */
public final class SignIn implements CallHandler {
  private static final String IN = "/signin";
  private static final String OUT = "/signout";
  private static final int MOST_BODY = 8 * 1024;
  private static final String WRONG = "That name and password do not go together.";

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";

  private final Entrance entrance;
  private final Users users;
  private final String elsewhere;

  /**
   * Makes the form.
   *
   * @param elsewhere a path where one can sign in otherwise; empty for none
   */
  public SignIn(Entrance entrance, Users users, String elsewhere) {
    this.entrance = entrance;
    this.users = users;
    this.elsewhere =
        elsewhere.isEmpty()
            ? ""
            : "<p><a class=\"button\" href=\""
                + elsewhere
                + "\">Sign in by your organisation</a></p>";
  }

  /** What there is to call. The log of deeds hears of sign-ins with the name of who did. */
  public static List<Route> routes() {
    return List.of(
        Route.of("GET", IN, Needs.nothing()),
        Route.of("POST", IN, Needs.nothing()).with(Trail.NONE),
        Route.of("POST", OUT, Needs.entry()).with(Trail.NONE));
  }

  /** Whether a path is one of these. */
  public static boolean isOurs(String path) {
    return path.equals(IN) || path.equals(OUT);
  }

  @Override
  public Answer answer(Call call) throws IOException {
    if (call.path().equals(OUT)) {
      return signOut(call);
    }
    return call.method().equals("POST") ? signIn(call) : page(200, "");
  }

  private Answer signIn(Call call) throws IOException {
    byte[] body = call.body().readNBytes(MOST_BODY + 1);
    if (body.length > MOST_BODY) {
      return page(400, "That is too long.");
    }
    Map<String, String> form = form(new String(body, StandardCharsets.UTF_8));
    String name = form.getOrDefault("name", "");
    Credentials given = new Credentials.Password(name, form.getOrDefault("password", ""));
    Entry entry = entrance.enter(given, call.from());
    // Only names of users go into the log: others may be a password in the wrong field.
    call.concerns(users.known(name).orElse(""));
    return switch (entry) {
      case Entry.TooMany(Duration pause) ->
          page(429, "Too many wrong passwords. Try again in a minute.")
              .with("Retry-After", Long.toString(pause.toSeconds()));
      case Entry.Unknown() -> page(401, WRONG);
      case Entry.Known(Asker asker) ->
          asker.kind() == Asker.Kind.USER ? welcome(call, asker) : toPages();
    };
  }

  private Answer welcome(Call call, Asker asker) {
    String secret = users.begin(new Users.By(asker.name(), call.from()), asker.name());
    return toPages().with("Set-Cookie", Cookies.keep(call, secret));
  }

  private Answer signOut(Call call) {
    Cookies.session(call)
        .ifPresent(secret -> users.end(new Users.By(call.asker().name(), call.from()), secret));
    return Answer.text(303, "").with("Location", "signin").with("Set-Cookie", Cookies.forget(call));
  }

  /** By a path of our own, whatever the form says. */
  private static Answer toPages() {
    return Answer.text(303, "").with("Location", "./").with("Cache-Control", "no-store");
  }

  private static Map<String, String> form(String body) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : body.split("&", 10)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
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

  /** Nothing that was sent is shown again. */
  private Answer page(int status, String message) {
    String said = message.isEmpty() ? "" : "<p class=\"error\" role=\"alert\">" + message + "</p>";
    String html =
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>Sign in · Headrace</title>
          <link rel="icon" href="ui/icon.svg" type="image/svg+xml">
          <link rel="stylesheet" href="ui/app.css">
        </head>
        <body>
          <header><span class="brand">Headrace</span></header>
          <main>
            <h1>Sign in</h1>
            MESSAGE
            ELSEWHERE
            <form method="post" action="signin" class="signin">
              <label for="name">Name</label>
              <input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus>
              <label for="password">Password, or a token</label>
              <input id="password" name="password" type="password" autocomplete="current-password" required>
              <button class="main">Sign in</button>
            </form>
          </main>
        </body>
        </html>
        """
            .replace("MESSAGE", said)
            .replace("ELSEWHERE", elsewhere);
    return Answer.of(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8))
        .with("Content-Security-Policy", POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "same-origin")
        .with("Cache-Control", "no-store");
  }
}
