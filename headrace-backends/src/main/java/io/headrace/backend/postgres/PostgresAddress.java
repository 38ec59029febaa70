package io.headrace.backend.postgres;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where a database is, as {@code postgresql://USER@HOST:PORT/DATABASE?OPTION=VALUE}. Holds no
 * password.
 *
 * @param user empty for {@code PGUSER}, else the name of the user of this machine
 * @param options those of {@link #OPTIONS} that are given
 */
public record PostgresAddress(
    String host, int port, String database, String user, Map<String, String> options) {
  /** In the words of PostgreSQL's own clients; {@code schema} is where the tables are. */
  static final Map<String, String> OPTIONS =
      Map.of(
          "schema", "currentSchema",
          "sslmode", "sslmode",
          "sslrootcert", "sslrootcert",
          "sslcert", "sslcert",
          "sslkey", "sslkey");

  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final int PORT = 5432;
  private static final String SHAPE = "postgresql://USER@HOST:PORT/DATABASE";

  public PostgresAddress {
    options = Map.copyOf(options);
  }

  /**
   * Reads an address.
   *
   * @throws ProblemException BAD_ARGUMENT; it never repeats a password
   */
  public static PostgresAddress parse(String text) {
    try {
      return of(new URI(text));
    } catch (URISyntaxException e) {
      throw bad("the database's address cannot be read: " + e.getReason());
    }
  }

  private static PostgresAddress of(URI uri) {
    if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
      throw bad("a database's address begins with postgresql://");
    }
    var user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
    if (user.indexOf(':') >= 0) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "a database's address must not hold the password")
          .fix("put it into the variable PGPASSWORD, or into ~/.pgpass (for its owner alone)")
          .asException();
    }
    var path = uri.getPath() == null ? "" : uri.getPath();
    if (uri.getHost() == null || path.length() < 2 || path.indexOf('/', 1) > 0) {
      throw bad("the database's address does not name a host and a database");
    }
    int port = uri.getPort() < 0 ? PORT : uri.getPort();
    var query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    return new PostgresAddress(uri.getHost(), port, path.substring(1), user, options(query));
  }

  private static Map<String, String> options(String query) {
    var options = new TreeMap<String, String>();
    for (var part : query.split("&", -1)) {
      int at = part.indexOf('=');
      var name = at < 0 ? part : part.substring(0, at);
      if (part.isEmpty()) {
        continue;
      }
      if (!OPTIONS.containsKey(name) || at < 0) {
        throw Problem.of(
                ErrorCode.BAD_ARGUMENT, "the database's address has an unknown option: " + name)
            .fix("known: " + String.join(", ", new TreeMap<>(OPTIONS).keySet()))
            .asException();
      }
      options.put(name, URLDecoder.decode(part.substring(at + 1), StandardCharsets.UTF_8));
    }
    if (options.containsKey("schema") && !SCHEMA.matcher(options.get("schema")).matches()) {
      throw bad("a schema's name is made of small letters, digits and '_'");
    }
    return options;
  }

  private static ProblemException bad(String message) {
    return Problem.of(ErrorCode.BAD_ARGUMENT, message)
        .fix(
            "write it as "
                + SHAPE
                + "?schema=NAME&sslmode=verify-full; what follows '?' is optional")
        .asException();
  }

  /** As it may be shown, and read again. */
  @Override
  public String toString() {
    var text = new StringBuilder("postgresql://");
    if (!user.isEmpty()) {
      text.append(encoded(user)).append('@');
    }
    text.append(host).append(':').append(port).append('/').append(encoded(database));
    char between = '?';
    for (var option : new TreeMap<>(options).entrySet()) {
      text.append(between).append(option.getKey()).append('=').append(encoded(option.getValue()));
      between = '&';
    }
    return text.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
