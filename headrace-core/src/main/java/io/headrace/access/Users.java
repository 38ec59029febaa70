package io.headrace.access;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The users, as whoever keeps them changes them. Every change is in the audit log with it, or not
 * at all. Thread-safe, and safe between processes.
 */
public final class Users {
  /** What tokens begin with, so that they are known when they turn up where they should not be. */
  public static final String TOKEN_PREFIX = "hr_";

  private static final Duration SESSION = Duration.ofHours(12);
  private static final String COLUMNS =
      "select name, display_name, password, created_ms from access_users ";
  private static final String EVERYWHERE = "everywhere";

  private final MetadataStore records;
  private final InstantSource clock;
  private final Passwords passwords;

  private Users(MetadataStore records, InstantSource clock, Passwords passwords) {
    this.records = records;
    this.clock = clock;
    this.passwords = passwords;
  }

  public static Users open(MetadataStore records, InstantSource clock) {
    return open(records, clock, Passwords.ROUNDS);
  }

  /** The same with passwords that are faster to look at, and to guess. */
  static Users open(MetadataStore records, InstantSource clock, int rounds) {
    records.migrate(Tables.ROOM, Tables.STEPS);
    return new Users(records, clock, new Passwords(rounds));
  }

  /** Who changes something, and from where: for the log. */
  public record By(String who, String origin) {}

  /** A user and the kept form of the password. */
  private record Row(String name, String displayName, Optional<String> password, Instant created) {
    static Row read(ResultSet row) throws SQLException {
      return new Row(
          row.getString(1),
          row.getString(2),
          Optional.ofNullable(row.getString(3)),
          Instant.ofEpochMilli(row.getLong(4)));
    }
  }

  /** Whether anybody must be known. */
  public boolean exist() {
    return records.read(connection ->
        Sql.first(connection, "select 1 from access_users limit 1", row -> row.getLong(1))
            .isPresent());
  }

  public List<User> list() {
    return records.read(connection -> {
      List<Row> rows = Sql.list(connection, COLUMNS + "order by name", Row::read);
      List<User> users = new ArrayList<>();
      for (Row row : rows) {
        users.add(whole(connection, row));
      }
      return users;
    });
  }

  private static User whole(Connection connection, Row row) throws SQLException {
    return new User(
        row.name,
        row.displayName,
        row.password.isPresent(),
        row.created,
        grants(connection, row.name));
  }

  private static List<Grant> grants(Connection connection, String name) throws SQLException {
    return Sql.list(
        connection,
        "select scope, object, role from access_grants where user_name = ? order by scope, object",
        row -> new Grant(scope(row.getString(1), row.getString(2)), Role.of(row.getString(3))),
        name);
  }

  private static Scope scope(String kind, String object) {
    return switch (kind) {
      case "experiment" -> new Scope.Experiment(object);
      case "model" -> new Scope.Model(object);
      default -> new Scope.Everywhere();
    };
  }

  /** A user who is there. */
  public User get(String name) {
    String known = User.name(name);
    return records.read(connection -> whole(connection, require(connection, known)));
  }

  private static Optional<Row> find(Connection connection, String name) throws SQLException {
    return Sql.first(connection, COLUMNS + "where name = ?", Row::read, name);
  }

  private static Row require(Connection connection, String name) throws SQLException {
    return find(connection, name).orElseThrow(() -> missing(name));
  }

  private static ProblemException missing(String name) {
    return Problem.of(ErrorCode.NOT_FOUND, "there is no user '" + Audit.oneLine(name) + "'")
        .fix("`headrace user list` shows all")
        .asException();
  }

  /**
   * Makes a user.
   *
   * @param role for everything; empty for none yet
   */
  public User create(
      By by, String name, String displayName, Optional<String> password, Optional<Role> role) {
    String its = User.name(name);
    Optional<String> kept = password.map(this::keep);
    return records.writeNow(connection -> {
      if (find(connection, its).isPresent()) {
        throw Problem.of(ErrorCode.CONFLICT, "there is a user '" + its + "' already")
            .fix("`headrace user update` changes one")
            .asException();
      }
      Sql.update(
          connection,
          "insert into access_users values (?, ?, ?, ?)",
          its,
          displayName,
          kept,
          clock.millis());
      note(connection, by, "user create", its);
      if (role.isPresent()) {
        put(connection, by, its, new Grant(new Scope.Everywhere(), role.get()));
      }
      return whole(connection, require(connection, its));
    });
  }

  private String keep(String password) {
    if (password.length() < Passwords.LEAST || password.length() > Passwords.MOST) {
      throw Problem.of(
              ErrorCode.BAD_ARGUMENT,
              "a password has " + Passwords.LEAST + " to " + Passwords.MOST + " characters")
          .asException();
    }
    return passwords.keep(password);
  }

  private void note(Connection connection, By by, String action, String object)
      throws SQLException {
    Audit.add(
        connection, clock.millis(), new Audit.Deed(by.who(), action, object, by.origin(), 200));
  }

  /** Changes what is given. A new password ends the user's sessions. */
  public User update(By by, String name, Optional<String> displayName, Optional<String> password) {
    String its = User.name(name);
    Optional<String> kept = password.map(this::keep);
    return records.writeNow(connection -> {
      require(connection, its);
      if (displayName.isPresent()) {
        Sql.update(
            connection,
            "update access_users set display_name = ? where name = ?",
            displayName,
            its);
        note(connection, by, "user update name", its);
      }
      if (kept.isPresent()) {
        Sql.update(connection, "update access_users set password = ? where name = ?", kept, its);
        Sql.update(connection, "delete from access_sessions where user_name = ?", its);
        note(connection, by, "user update password", its);
      }
      return whole(connection, require(connection, its));
    });
  }

  /** Removes a user with tokens, roles and sessions. */
  public void delete(By by, String name) {
    String its = User.name(name);
    records.writeNow(connection -> {
      require(connection, its);
      for (String table : List.of("access_tokens", "access_grants", "access_sessions")) {
        Sql.update(connection, "delete from " + table + " where user_name = ?", its);
      }
      note(connection, by, "user delete", its);
      return Sql.update(connection, "delete from access_users where name = ?", its);
    });
  }

  /** Gives a role, in the place of one for the same thing. */
  public void grant(By by, String name, Grant grant) {
    String its = User.name(name);
    records.writeNow(connection -> {
      require(connection, its);
      put(connection, by, its, grant);
      return its;
    });
  }

  private void put(Connection connection, By by, String name, Grant grant) throws SQLException {
    Sql.update(
        connection,
        "insert into access_grants values (?, ?, ?, ?) on conflict (user_name, scope, object)"
            + " do update set role = excluded.role",
        name,
        kind(grant.scope()),
        object(grant.scope()),
        grant.role().word());
    note(connection, by, "user grant " + grant.role().word() + " of " + grant.scope().text(), name);
  }

  private static String kind(Scope scope) {
    return switch (scope) {
      case Scope.Everywhere() -> EVERYWHERE;
      case Scope.Experiment _ -> "experiment";
      case Scope.Model _ -> "model";
    };
  }

  private static String object(Scope scope) {
    return switch (scope) {
      case Scope.Everywhere() -> "";
      case Scope.Experiment(String id) -> id;
      case Scope.Model(String model) -> model;
    };
  }

  /** Takes a role away. */
  public void revoke(By by, String name, Scope scope) {
    String its = User.name(name);
    records.writeNow(connection -> {
      require(connection, its);
      int gone =
          Sql.update(
              connection,
              "delete from access_grants where user_name = ? and scope = ? and object = ?",
              its,
              kind(scope),
              object(scope));
      if (gone == 0) {
        throw Problem.of(ErrorCode.NOT_FOUND, "'" + its + "' has no role of " + scope.text())
            .asException();
      }
      note(connection, by, "user revoke " + scope.text(), its);
      return gone;
    });
  }

  /**
   * Makes a token, which is told this once.
   *
   * @param lives empty for ever
   */
  public String createToken(By by, String name, String label, Optional<Duration> lives) {
    String its = User.name(name);
    String token = Secrets.make(TOKEN_PREFIX);
    long now = clock.millis();
    return records.writeNow(connection -> {
      require(connection, its);
      long number = Sql.next(connection, "access_tokens", "number");
      Sql.update(
          connection,
          "insert into access_tokens values (?, ?, ?, ?, ?, ?)",
          number,
          its,
          label,
          Secrets.digest(token),
          now,
          lives.map(it -> now + it.toMillis()));
      note(connection, by, "user token create " + number, its);
      return token;
    });
  }

  public List<User.Token> tokens(String name) {
    String its = User.name(name);
    return records.read(connection -> {
      require(connection, its);
      return Sql.list(
          connection,
          "select number, label, created_ms, expires_ms from access_tokens where user_name = ?"
              + " order by number",
          row -> {
            long expires = row.getLong(4);
            return new User.Token(
                row.getLong(1),
                row.getString(2),
                Instant.ofEpochMilli(row.getLong(3)),
                row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires)));
          },
          its);
    });
  }

  /** Ends a token, from the next call on. */
  public void revokeToken(By by, String name, long number) {
    String its = User.name(name);
    records.writeNow(connection -> {
      int gone =
          Sql.update(
              connection,
              "delete from access_tokens where user_name = ? and number = ?",
              its,
              number);
      if (gone == 0) {
        throw Problem.of(ErrorCode.NOT_FOUND, "'" + its + "' has no token " + number)
            .fix("`headrace user token list " + its + "` shows all")
            .asException();
      }
      note(connection, by, "user token revoke " + number, its);
      return gone;
    });
  }

  /** The name as it is kept, when it is a user's. */
  public Optional<String> known(String name) {
    return records.read(
        connection -> find(connection, name.toLowerCase(Locale.ROOT)).map(Row::name));
  }

  /**
   * Who gives the role for everything.
   *
   * @param elsewhere whether a provider does, so that what it no longer gives is taken away
   * @param role what it gives
   */
  public record Roles(boolean elsewhere, Optional<Role> role) {
    public static final Roles KEPT_HERE = new Roles(false, Optional.empty());
  }

  /**
   * Takes in somebody whom a provider vouches for, making the user when there is none of that name.
   *
   * @return the name as it is kept
   */
  public String arrived(By by, String name, String displayName, Roles roles) {
    String its = User.name(name);
    return records.writeNow(connection -> {
      if (find(connection, its).isEmpty()) {
        Sql.update(
            connection,
            "insert into access_users values (?, ?, ?, ?)",
            its,
            Audit.oneLine(displayName),
            Optional.empty(),
            clock.millis());
        note(connection, by, "user create", its);
      }
      if (roles.elsewhere()) {
        follow(connection, by, its, roles.role());
      }
      return its;
    });
  }

  private void follow(Connection connection, By by, String name, Optional<Role> role)
      throws SQLException {
    Optional<Role> had = Rights.of(grants(connection, name)).everywhere();
    if (had.equals(role)) {
      return;
    }
    if (role.isPresent()) {
      put(connection, by, name, new Grant(new Scope.Everywhere(), role.get()));
      return;
    }
    Sql.update(
        connection,
        "delete from access_grants where user_name = ? and scope = ?",
        name,
        EVERYWHERE);
    note(connection, by, "user revoke everything", name);
  }

  /**
   * Somebody whom a provider vouches for, with a token for one call: the roles kept here, and the
   * one that the provider gives now. Makes no user.
   */
  public Optional<Asker> foreign(String name, Roles roles) {
    String its = User.name(name);
    return records.read(connection -> {
      if (roles.role().isEmpty() && find(connection, its).isEmpty()) {
        return Optional.<Asker>empty();
      }
      List<Grant> grants = new ArrayList<>(grants(connection, its));
      grants.removeIf(it -> roles.elsewhere() && it.scope() instanceof Scope.Everywhere);
      roles.role().ifPresent(it -> grants.add(new Grant(new Scope.Everywhere(), it)));
      return Optional.of(new Asker(Asker.Kind.USER, its, Rights.of(grants)));
    });
  }

  /** The user of a token that has not expired. */
  Optional<Asker> ofToken(String token) {
    return asker(
        "select user_name from access_tokens where digest = ? and coalesce(expires_ms, ?) > ?",
        Secrets.digest(token),
        Long.MAX_VALUE,
        clock.millis());
  }

  /** The user of a session that has not ended. */
  Optional<Asker> ofSession(String secret) {
    return asker(
        "select user_name from access_sessions where digest = ? and expires_ms > ?",
        Secrets.digest(secret),
        clock.millis());
  }

  private Optional<Asker> asker(String sql, Object... values) {
    return records.read(connection -> {
      Optional<String> name = Sql.first(connection, sql, row -> row.getString(1), values);
      return name.isEmpty() ? Optional.<Asker>empty() : Optional.of(asker(connection, name.get()));
    });
  }

  private static Asker asker(Connection connection, String name) throws SQLException {
    return new Asker(Asker.Kind.USER, name, Rights.of(grants(connection, name)));
  }

  /** The user of a name and password; an unknown one takes as long as a wrong one. */
  Optional<Asker> ofPassword(String name, String password) {
    if (password.length() > Passwords.MOST) {
      return Optional.empty();
    }
    Optional<String> kept =
        records.read(
            connection -> find(connection, name.toLowerCase(Locale.ROOT)).flatMap(Row::password));
    if (!passwords.isRight(password, kept)) {
      return Optional.empty();
    }
    String its = User.name(name);
    return Optional.of(records.read(connection -> asker(connection, its)));
  }

  /** Begins a session of twelve hours; gives what the browser is to keep. */
  public String begin(By by, String name) {
    String secret = Secrets.make("");
    long now = clock.millis();
    return records.writeNow(connection -> {
      require(connection, name);
      Sql.update(connection, "delete from access_sessions where expires_ms < ?", now);
      Sql.update(
          connection,
          "insert into access_sessions values (?, ?, ?, ?)",
          Secrets.digest(secret),
          name,
          now,
          now + SESSION.toMillis());
      note(connection, by, "sign in", name);
      return secret;
    });
  }

  /** Ends a session. */
  public void end(By by, String secret) {
    records.writeNow(connection -> {
      int gone =
          Sql.update(
              connection, "delete from access_sessions where digest = ?", Secrets.digest(secret));
      if (gone > 0) {
        note(connection, by, "sign out", by.who());
      }
      return gone;
    });
  }
}
