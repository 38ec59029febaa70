package io.headrace.planner;

import java.util.Collection;
import java.util.Optional;

/** The name in {@code inputs.x} or {@code inputs.x.path}; names may hold dots themselves. */
final class OwnName {
  private OwnName() {}

  /** The declared name that a text means. */
  static Optional<String> of(String text, Collection<String> declared) {
    if (declared.contains(text)) {
      return Optional.of(text);
    }
    if (text.endsWith(".path")) {
      String bare = text.substring(0, text.length() - ".path".length());
      return declared.contains(bare) ? Optional.of(bare) : Optional.empty();
    }
    return Optional.empty();
  }
}
