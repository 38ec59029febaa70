package io.headrace.access;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Says who somebody is. Thread-safe. */
public final class Entrance {
  /** For how long one may not know that the first user was made. */
  private static final long FRESH_MS = 1_000;

  private static final int MOST_A_NAME = 10;
  private static final int MOST_AN_ADDRESS = 100;

  /** What came of it. */
  public sealed interface Entry {
    /** It is somebody. */
    record Known(Asker asker) implements Entry {}

    /** Nobody was named, or somebody who is not known, or not by that. */
    record Unknown() implements Entry {}

    /** Too many have been wrong of late: nothing was looked at. */
    record TooMany(Duration pause) implements Entry {}
  }

  /** Knows tokens that are not ours. */
  @FunctionalInterface
  public interface ForeignTokens {
    Optional<Asker> ofToken(String token);
  }

  private record Look(boolean exist, long at) {}

  private final Optional<Users> users;
  private final String token;
  private final boolean open;
  private final ForeignTokens foreign;
  private final InstantSource clock;
  private final Attempts byName;
  private final Attempts byAddress;
  private final AtomicReference<Look> looked = new AtomicReference<>(new Look(false, -FRESH_MS));

  private Entrance(
      Optional<Users> users,
      String token,
      boolean open,
      ForeignTokens foreign,
      InstantSource clock) {
    if (token.isBlank()) {
      throw new IllegalArgumentException("an empty token keeps nobody out");
    }
    this.users = users;
    this.token = token;
    this.open = open;
    this.foreign = foreign;
    this.clock = clock;
    this.byName = new Attempts(clock, MOST_A_NAME);
    this.byAddress = new Attempts(clock, MOST_AN_ADDRESS);
  }

  /** Only who knows the token comes in. */
  public static Entrance ofToken(String token) {
    return new Entrance(
        Optional.empty(), token, false, _ -> Optional.empty(), InstantSource.system());
  }

  /**
   * Users come in, and who knows the workspace's token.
   *
   * @param open whether anybody comes in while there is no user
   */
  public static Entrance ofUsers(Users users, String token, boolean open, InstantSource clock) {
    return new Entrance(Optional.of(users), token, open, _ -> Optional.empty(), clock);
  }

  /** The same where a provider vouches for users too; nobody else comes in. */
  public static Entrance ofProvider(
      Users users, String token, ForeignTokens foreign, InstantSource clock) {
    return new Entrance(Optional.of(users), token, false, foreign, clock);
  }

  /**
   * Looks at what somebody shows.
   *
   * @param from where the call came from, for counting failures
   */
  public Entry enter(Credentials given, String from) {
    return switch (given) {
      case Credentials.None() -> otherwise();
      case Credentials.Token(String shown) -> entry(known(shown));
      case Credentials.Session(String secret) -> entry(users.flatMap(it -> it.ofSession(secret)));
      case Credentials.Password(String name, String password) -> ofPassword(name, password, from);
    };
  }

  private Entry entry(Optional<Asker> asker) {
    return asker.<Entry>map(Entry.Known::new).orElseGet(this::otherwise);
  }

  private Entry otherwise() {
    return open && !usersExist() ? new Entry.Known(Asker.ANYONE) : new Entry.Unknown();
  }

  /** Whether there are users; may be a second late to see the first. */
  public boolean usersExist() {
    if (users.isEmpty()) {
      return false;
    }
    Look last = looked.get();
    if (clock.millis() - last.at < FRESH_MS) {
      return last.exist;
    }
    Look now = new Look(users.get().exist(), clock.millis());
    looked.set(now);
    return now.exist;
  }

  private Optional<Asker> known(String shown) {
    if (Secrets.same(token, shown)) {
      return Optional.of(Asker.WORKSPACE);
    }
    return shown.startsWith(Users.TOKEN_PREFIX)
        ? users.flatMap(it -> it.ofToken(shown))
        : foreign.ofToken(shown);
  }

  private Entry ofPassword(String name, String password, String from) {
    if (password.startsWith(Users.TOKEN_PREFIX)) {
      return entry(known(password).filter(it -> it.name().equalsIgnoreCase(name)));
    }
    if (users.isEmpty() || !usersExist()) {
      return otherwise();
    }
    String key = name.length() + ":" + name + from;
    if (byName.areTooMany(key) || byAddress.areTooMany(from)) {
      return new Entry.TooMany(Attempts.WINDOW);
    }
    Optional<Asker> asker = users.get().ofPassword(name, password);
    if (asker.isEmpty()) {
      byName.failed(key);
      byAddress.failed(from);
    }
    return entry(asker);
  }
}
