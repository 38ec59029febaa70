package io.headrace.asset;

import java.util.Locale;

/** The kinds of things that have names in a workspace. */
public enum AssetKind {
  DATA(true),
  MODEL(true),
  ENVIRONMENT(true),
  COMPONENT(true),
  COMPUTE(false),
  DATASTORE(false),
  SCHEDULE(false),
  CONNECTION(false);

  private final boolean versioned;

  AssetKind(boolean versioned) {
    this.versioned = versioned;
  }

  /** Whether it has versions, which never change; else there is one of a name, which may. */
  public boolean versioned() {
    return versioned;
  }

  /** As on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of a {@link #word}. */
  static AssetKind of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** As in an {@code azureml:} URI: {@code models}. */
  public String plural() {
    return this == DATA ? "data" : word() + "s";
  }
}
