package io.headrace.access;

/** What somebody shows to be let in. */
public sealed interface Credentials {
  /** Nothing. */
  record None() implements Credentials {}

  /** A token. */
  record Token(String token) implements Credentials {
    @Override
    public String toString() {
      return "a token";
    }
  }

  /** A name with a password; in the place of the password, a token of that user's will do. */
  record Password(String name, String password) implements Credentials {
    @Override
    public String toString() {
      return "a password";
    }
  }

  /** What a browser was given when somebody signed in. */
  record Session(String secret) implements Credentials {
    @Override
    public String toString() {
      return "a session";
    }
  }
}
