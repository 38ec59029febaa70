package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a step was run or not, kept with the run so that it can be explained later.
 *
 * @param key of the step's recipe
 * @param previous the key that the same step of the same file had the last time, when there was one
 * @param from the run whose result was given, when reused
 */
record Decision(Reason reason, Digest key, Optional<Digest> previous, Optional<RunId> from) {
  /** In the order in which they are tested. */
  enum Reason {
    /** The pipeline's {@code force_rerun}, or {@code --no-reuse}. */
    FORCED,
    /** {@code is_deterministic: false}. */
    NOT_DETERMINISTIC,
    /** The same work was done, and its outputs are here. */
    REUSED,
    /** The same work was done, but an output is gone from the store or damaged. */
    RESULT_GONE,
    /** No step of this name in this file was ever tried. */
    NEVER_RAN,
    /** The same work was tried, and did not succeed. */
    NOT_FINISHED,
    /** Something that the step can see is not what it was. */
    CHANGED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Reason parse(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
