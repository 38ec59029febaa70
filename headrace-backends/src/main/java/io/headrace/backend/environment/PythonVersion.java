package io.headrace.backend.environment;

import java.util.Comparator;
import java.util.Optional;

/** A Python's version: {@code 3.8.18}. What follows the third number (rc1, +) does not count. */
record PythonVersion(int major, int minor, int patch) implements Comparable<PythonVersion> {
  private static final Comparator<PythonVersion> ORDER =
      Comparator.comparingInt(PythonVersion::major)
          .thenComparingInt(PythonVersion::minor)
          .thenComparingInt(PythonVersion::patch);

  /** Reads one to three numbers; missing ones are 0. Empty when {@code text} begins otherwise. */
  static Optional<PythonVersion> parse(String text) {
    int[] numbers = new int[3];
    int at = 0;
    for (int part = 0; part < 3; part++) {
      int start = at;
      while (at < text.length() && isDigit(text.charAt(at)) && at - start < 6) {
        numbers[part] = numbers[part] * 10 + (text.charAt(at) - '0');
        at++;
      }
      if (at == start) {
        return part == 0 ? Optional.empty() : Optional.of(of(numbers));
      }
      if (at == text.length() || text.charAt(at) != '.') {
        break;
      }
      at++;
    }
    return Optional.of(of(numbers));
  }

  private static PythonVersion of(int[] numbers) {
    return new PythonVersion(numbers[0], numbers[1], numbers[2]);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  boolean sameMinor(PythonVersion other) {
    return major == other.major && minor == other.minor;
  }

  /** {@code 3.8}. */
  String series() {
    return major + "." + minor;
  }

  @Override
  public int compareTo(PythonVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
