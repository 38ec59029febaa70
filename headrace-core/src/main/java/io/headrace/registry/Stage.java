package io.headrace.registry;

import io.headrace.tracking.TrackingException;
import java.util.Locale;

/** MLflow's older way to say what a version is for; aliases have taken its place. */
public enum Stage {
  NONE("None"),
  STAGING("Staging"),
  PRODUCTION("Production"),
  ARCHIVED("Archived");

  private final String word;

  Stage(String word) {
    this.word = word;
  }

  /** As clients write it. */
  public String word() {
    return word;
  }

  boolean isActive() {
    return this == STAGING || this == PRODUCTION;
  }

  /** Reads a stage; case does not matter. */
  public static Stage of(String word) {
    for (Stage stage : values()) {
      if (stage.word.toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))) {
        return stage;
      }
    }
    throw TrackingException.invalid(
        "Invalid Model Version stage: %s. Value must be one of None, Staging, Production, Archived."
            .formatted(Quoting.plain(word)));
  }
}
