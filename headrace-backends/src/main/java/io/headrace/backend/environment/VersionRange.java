package io.headrace.backend.environment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What conda writes behind a package's name, as clauses that must all hold, in the words of <a
 * href="https://peps.python.org/pep-0440/#version-specifiers">PEP 440</a>. The rules of conda's
 * side are its <a
 * href="https://docs.conda.io/projects/conda-build/en/latest/resources/package-spec.html">package
 * match specifications</a>.
 *
 * @param clauses none: any version
 */
record VersionRange(List<Clause> clauses) {
  static final VersionRange ANY = new VersionRange(List.of());

  /** Longest first, so that {@code >=} is not read as {@code >}. */
  private static final List<String> OPERATORS =
      List.of("==", ">=", "<=", "!=", "~=", "=", ">", "<");

  VersionRange {
    clauses = List.copyOf(clauses);
  }

  /**
   * One condition.
   *
   * @param operator of PEP 440: {@code == != >= <= > < ~=}
   * @param version ends in {@code .*} when any continuation is meant
   */
  record Clause(String operator, String version) {
    @Override
    public String toString() {
      return operator + version;
    }

    /** The version without {@code .*}. */
    String stem() {
      return version.endsWith(".*") ? version.substring(0, version.length() - 2) : version;
    }

    boolean isPrefix() {
      return version.endsWith(".*");
    }
  }

  /**
   * Reads conda's form: {@code =1.21}, {@code ==1.21.2}, {@code >=1.1,<1.2}, {@code 1.21.*}. Of
   * alternatives ({@code 1.21|1.22}), which PEP 440 does not know, the first counts.
   *
   * @throws IllegalArgumentException when it is not a version range; the message says why
   */
  static VersionRange ofConda(String text) {
    int bar = text.indexOf('|');
    String first = (bar < 0 ? text : text.substring(0, bar)).strip();
    List<Clause> clauses = new ArrayList<>();
    for (String part : split(first, ',')) {
      if (!part.isEmpty()) {
        clause(part).ifPresent(clauses::add);
      }
    }
    return new VersionRange(clauses);
  }

  static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int at = 0; at <= text.length(); at++) {
      if (at == text.length() || text.charAt(at) == separator) {
        parts.add(text.substring(start, at).strip());
        start = at + 1;
      }
    }
    return parts;
  }

  private static Optional<Clause> clause(String text) {
    String operator = "";
    for (String candidate : OPERATORS) {
      if (text.startsWith(candidate)) {
        operator = candidate;
        break;
      }
    }
    String version = text.substring(operator.length()).strip();
    boolean glob = version.endsWith("*");
    while (version.endsWith("*") || version.endsWith(".")) {
      version = version.substring(0, version.length() - 1);
    }
    if (version.isEmpty()) {
      if (glob) {
        return Optional.empty();
      }
      throw new IllegalArgumentException("a version is missing behind '" + text + "'");
    }
    check(version);
    return Optional.of(
        switch (operator) {
          case "=" -> new Clause("==", version + ".*");
          case "", "==" -> new Clause("==", glob ? version + ".*" : version);
          case "!=" -> new Clause("!=", glob ? version + ".*" : version);
          // PEP 440 refuses ~=3: with one number it says no more than >=.
          case "~=" -> new Clause(version.indexOf('.') < 0 ? ">=" : "~=", version);
          default -> new Clause(operator, version);
        });
  }

  private static void check(String version) {
    if (version.charAt(0) < '0' || version.charAt(0) > '9') {
      throw new IllegalArgumentException("'" + version + "' is not a version");
    }
    for (int at = 0; at < version.length(); at++) {
      char c = version.charAt(at);
      boolean fine =
          (c >= '0' && c <= '9')
              || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || "._!+-".indexOf(c) >= 0;
      if (!fine) {
        throw new IllegalArgumentException("'" + version + "' is not a version");
      }
    }
  }

  /** Whether a Python is in the range, to the last number. */
  boolean contains(PythonVersion python) {
    return clauses.stream().allMatch(clause -> holds(clause, python, false));
  }

  /** As {@link #contains}, but {@code ==3.8} and {@code ==3.8.5} take any 3.8. */
  boolean containsSeries(PythonVersion python) {
    return clauses.stream().allMatch(clause -> holds(clause, python, true));
  }

  private static boolean holds(Clause clause, PythonVersion python, boolean anyPatch) {
    PythonVersion wanted = PythonVersion.parse(clause.stem()).orElseThrow();
    int numbers = split(clause.stem(), '.').size();
    int order = python.compareTo(wanted);
    return switch (clause.operator()) {
      case "==" -> equal(python, wanted, compared(clause, numbers, anyPatch));
      case "!=" -> !equal(python, wanted, clause.isPrefix() ? numbers : 3);
      case ">=" -> order >= 0;
      case ">" -> order > 0;
      case "<=" -> order <= 0;
      case "<" -> order < 0;
      case "~=" ->
          order >= 0 && (numbers > 2 ? python.sameMinor(wanted) : python.major() == wanted.major());
      default -> throw new IllegalStateException(clause.operator());
    };
  }

  /** How many numbers of a version count. */
  private static int compared(Clause clause, int numbers, boolean anyPatch) {
    if (anyPatch) {
      return Math.min(numbers, 2);
    }
    return clause.isPrefix() ? numbers : 3;
  }

  private static boolean equal(PythonVersion one, PythonVersion other, int numbers) {
    return switch (numbers) {
      case 1 -> one.major() == other.major();
      case 2 -> one.sameMinor(other);
      default -> one.equals(other);
    };
  }

  /** The version that the range turns around: that of its first {@code ==}, else its lowest. */
  Optional<PythonVersion> centre() {
    Optional<Clause> best = first("==").or(() -> first("~=")).or(() -> first(">="));
    return best.or(
            () -> clauses.stream().filter(clause -> !clause.operator().equals("!=")).findFirst())
        .flatMap(clause -> PythonVersion.parse(clause.stem()));
  }

  private Optional<Clause> first(String operator) {
    return clauses.stream().filter(clause -> clause.operator().equals(operator)).findFirst();
  }

  /** For a requirements file: {@code >=1.1,<1.2}; empty for any. */
  @Override
  public String toString() {
    return clauses.stream().map(Clause::toString).collect(Collectors.joining(","));
  }
}
