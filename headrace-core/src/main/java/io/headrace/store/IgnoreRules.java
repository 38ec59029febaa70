package io.headrace.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a folder's {@code .amlignore} or {@code .gitignore}, as Azure ML's client reads
 * them: patterns as git's, each tested against a file's path; the last that matches decides; {@code
 * !} takes back in, also below an ignored folder (unlike git, which never looks there).
 *
 * <p>Files are tested while folders are walked: {@link #top()} stands for the root, {@link #enter}
 * for a folder in it. A position is a bit set for each pattern. Immutable, thread-safe.
 */
final class IgnoreRules {
  static final IgnoreRules NONE = new IgnoreRules(List.of());

  private final List<IgnorePattern> patterns;
  private final long[] top;

  private IgnoreRules(List<IgnorePattern> patterns) {
    this.patterns = List.copyOf(patterns);
    top = new long[patterns.size()];
    for (int i = 0; i < top.length; i++) {
      top[i] = patterns.get(i).start();
    }
  }

  /** Those of a folder: {@code .amlignore} if there, else {@code .gitignore}, else none. */
  static IgnoreRules of(Path folder) throws IOException {
    for (var name : List.of(".amlignore", ".gitignore")) {
      var file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
    }
    return NONE;
  }

  static IgnoreRules parse(String text) {
    var patterns = new ArrayList<IgnorePattern>();
    var body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    int start = 0;
    for (int i = 0; i <= body.length(); i++) {
      if (i == body.length() || body.charAt(i) == '\n' || body.charAt(i) == '\r') {
        IgnorePattern.parse(body.substring(start, i)).ifPresent(patterns::add);
        start = i + 1;
      }
    }
    return patterns.isEmpty() ? NONE : new IgnoreRules(patterns);
  }

  boolean isEmpty() {
    return patterns.isEmpty();
  }

  /** The position in the root folder. */
  long[] top() {
    return top;
  }

  /** The position in a folder of the folder at {@code at}. */
  long[] enter(long[] at, String name) {
    if (at.length == 0) {
      return at;
    }
    var below = new long[at.length];
    for (int i = 0; i < at.length; i++) {
      below[i] = patterns.get(i).step(at[i], name);
    }
    return below;
  }

  /** Whether a file of the folder at {@code at} is left out. */
  boolean ignores(long[] at, String name) {
    for (int i = at.length - 1; i >= 0; i--) {
      var pattern = patterns.get(i);
      if (pattern.accepts(pattern.step(at[i], name))) {
        return !pattern.takesBack();
      }
    }
    return false;
  }

  /** Whether every file below the folder at {@code at} is left out, whatever its name. */
  boolean ignoresAllBelow(long[] at) {
    for (int i = at.length - 1; i >= 0; i--) {
      var pattern = patterns.get(i);
      if (pattern.takesBack()) {
        if (at[i] != 0) {
          return false;
        }
      } else if (pattern.acceptsAllBelow(at[i])) {
        return true;
      }
    }
    return false;
  }
}
