package io.headrace.access;

/**
 * Who asks for something.
 *
 * @param name as the log has it
 */
public record Asker(Kind kind, String name, Rights rights) {
  /** How somebody is known. */
  public enum Kind {
    /** Not at all. */
    NOBODY,
    /** As a program of this machine, where that is enough. */
    ANYONE,
    /** By the workspace's own token. */
    WORKSPACE,
    /** As a user. */
    USER
  }

  public static final Asker NOBODY = new Asker(Kind.NOBODY, "", Rights.NONE);
  public static final Asker ANYONE = new Asker(Kind.ANYONE, "(this machine)", Rights.ALL);
  public static final Asker WORKSPACE = new Asker(Kind.WORKSPACE, "(workspace)", Rights.ALL);

  /** Whether somebody is known by more than being here. */
  public boolean isKnown() {
    return switch (kind) {
      case NOBODY, ANYONE -> false;
      case WORKSPACE, USER -> true;
    };
  }
}
