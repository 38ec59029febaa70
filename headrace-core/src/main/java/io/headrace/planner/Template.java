package io.headrace.planner;

import java.util.ArrayList;
import java.util.List;

/**
 * A text with its expressions found: <code>${{…}}</code> and, where they are allowed, optional
 * groups <code>$[[…]]</code>.
 *
 * @param faults what could not be understood, as whole sentences; the parts are then incomplete
 */
record Template(List<Part> parts, List<Fault> faults) {
  /** A piece of the text. */
  sealed interface Part {
    record Text(String text) implements Part {}

    /**
     * An expression, not yet understood.
     *
     * @param path the text between the braces, trimmed: {@code inputs.x}
     */
    record Expression(String path) implements Part {}

    /** Kept when all inputs inside have values, otherwise dropped whole. */
    record Group(List<Part> parts) implements Part {}
  }

  /** Something that is not understood, and how to mend it. */
  record Fault(String message, String fix) {}

  /** A text without groups. */
  static Template of(String text) {
    return parse(text, false);
  }

  /** A command, or another text that may have groups. */
  static Template withGroups(String text) {
    return parse(text, true);
  }

  /** Whether the whole text is one expression. */
  boolean isSingle() {
    return parts.size() == 1 && parts.get(0) instanceof Part.Expression;
  }

  /** All expressions, those inside groups too. */
  List<Part.Expression> expressions() {
    var found = new ArrayList<Part.Expression>();
    collect(parts, found);
    return found;
  }

  private static void collect(List<Part> parts, List<Part.Expression> found) {
    for (var part : parts) {
      switch (part) {
        case Part.Text _ -> {}
        case Part.Expression expression -> found.add(expression);
        case Part.Group(List<Part> inner) -> collect(inner, found);
      }
    }
  }

  private static Template parse(String text, boolean groups) {
    if (text.indexOf("${{") < 0 && (!groups || text.indexOf("$[[") < 0)) {
      return new Template(text.isEmpty() ? List.of() : List.of(new Part.Text(text)), List.of());
    }
    var faults = new ArrayList<Fault>();
    return new Template(parts(text, groups, faults), List.copyOf(faults));
  }

  private static List<Part> parts(String text, boolean groups, List<Fault> faults) {
    var parts = new ArrayList<Part>();
    int from = 0;
    int at = 0;
    while (true) {
      at = text.indexOf('$', at);
      if (at < 0) {
        break;
      }
      boolean expression = text.startsWith("${{", at);
      boolean group = groups && text.startsWith("$[[", at);
      if (!expression && !group) {
        at++;
        continue;
      }
      int end = text.indexOf(expression ? "}}" : "]]", at + 3);
      String inside = end < 0 ? "" : text.substring(at + 3, end);
      if (end < 0 || (expression && isUnclosed(inside))) {
        faults.add(unclosed(text, at, expression));
        return parts;
      }
      if (at > from) {
        parts.add(new Part.Text(text.substring(from, at)));
      }
      parts.add(
          expression
              ? new Part.Expression(inside.strip())
              : new Part.Group(parts(inside, false, faults)));
      at = end + 2;
      from = at;
    }
    if (from < text.length()) {
      parts.add(new Part.Text(text.substring(from)));
    }
    return parts;
  }

  /** The braces that were found belong to a later expression. */
  private static boolean isUnclosed(String inside) {
    return inside.contains("${{") || inside.indexOf('\n') >= 0;
  }

  private static Fault unclosed(String text, int at, boolean expression) {
    String begin =
        text.substring(at, Math.min(text.length(), at + 40)).lines().findFirst().orElse("");
    return expression
        ? new Fault("the expression '" + begin + "' is not closed", "close it with '}}'")
        : new Fault("the optional group '" + begin + "' is not closed", "close it with ']]'");
  }
}
