package io.headrace.tracking;

import io.headrace.tracking.Clause.Comparator;
import io.headrace.tracking.Clause.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads MLflow's filter language: clauses joined by AND, each {@code entity.key comparator value}.
 * Reads each character once; what the clauses may speak of, each search says for itself.
 */
final class Filter {
  private static final int MOST_CHARACTERS = 100_000;
  private static final int MOST_CLAUSES = 200;
  private static final int MOST_TEXTS = 5_000;

  private final String text;
  private int at;
  private int clauseBegin;

  private Filter(String text) {
    this.text = text;
  }

  /**
   * Reads a whole filter.
   *
   * @param text empty or blank for no condition
   * @throws TrackingException when it is not a filter
   */
  static List<Clause> parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw TrackingException.invalid(
          "The filter string is longer than " + MOST_CHARACTERS + " characters.");
    }
    return new Filter(text).clauses();
  }

  /** A key to order by. */
  record Order(String entity, String key, boolean ascending) {}

  /** Reads {@code entity.key [ASC|DESC]}. */
  static Order parseOrder(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw TrackingException.invalid("The order_by string is too long.");
    }
    return new Filter(text).order();
  }

  private List<Clause> clauses() {
    List<Clause> clauses = new ArrayList<>();
    skipBlanks();
    while (at < text.length()) {
      if (!clauses.isEmpty()) {
        clauseBegin = at;
        expectWord("AND");
        skipBlanks();
      }
      clauseBegin = at;
      clauses.add(clause());
      if (clauses.size() > MOST_CLAUSES) {
        throw TrackingException.invalid("A filter may have " + MOST_CLAUSES + " clauses at most.");
      }
      skipBlanks();
    }
    return clauses;
  }

  private Clause clause() {
    Order name = identifier();
    skipBlanks();
    Comparator comparator = comparator();
    skipBlanks();
    return new Clause(name.entity(), name.key(), comparator, value(comparator));
  }

  private Order order() {
    skipBlanks();
    clauseBegin = at;
    if (at == text.length()) {
      throw TrackingException.invalid("Invalid order_by clause ''. It names nothing to order by.");
    }
    Order name = identifier();
    skipBlanks();
    boolean ascending = true;
    if (at < text.length()) {
      String word = word();
      ascending = word.equals("ASC");
      skipBlanks();
      if ((!ascending && !word.equals("DESC")) || at < text.length()) {
        throw TrackingException.invalid(
            "Invalid order_by clause '%s'. After the key, ASC or DESC may follow."
                .formatted(excerpt(0)));
      }
    }
    return new Order(name.entity(), name.key(), ascending);
  }

  /** Reads {@code key} or {@code entity.key}, either part perhaps in quotes. */
  private Order identifier() {
    String first = isQuote(peek()) ? quoted() : bareUntilDot();
    if (peek() != '.') {
      if (first.isEmpty()) {
        throw bad();
      }
      return new Order("", first, true);
    }
    at++;
    String key = isQuote(peek()) ? quoted() : bare();
    if (first.isEmpty() || key.isEmpty()) {
      throw bad();
    }
    return new Order(first.toLowerCase(Locale.ROOT), key, true);
  }

  private static boolean isQuote(char c) {
    return c == '`' || c == '"' || c == '\'';
  }

  private String bareUntilDot() {
    int begin = at;
    while (at < text.length() && isBare(text.charAt(at)) && text.charAt(at) != '.') {
      at++;
    }
    return text.substring(begin, at);
  }

  private String bare() {
    int begin = at;
    while (at < text.length() && isBare(text.charAt(at))) {
      at++;
    }
    return text.substring(begin, at);
  }

  private static boolean isBare(char c) {
    return !Character.isWhitespace(c) && "=!<>()'\"`,;".indexOf(c) < 0;
  }

  /** Reads what stands in quotes; the quote itself is written twice within. */
  private String quoted() {
    char quote = text.charAt(at++);
    StringBuilder content = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != quote) {
        content.append(c);
      } else if (peek() == quote) {
        content.append(quote);
        at++;
      } else {
        return content.toString();
      }
    }
    throw bad();
  }

  private Comparator comparator() {
    return switch (peek()) {
      case '=' -> symbol(1, Comparator.EQUAL);
      case '!' -> {
        if (peekNext() != '=') {
          throw bad();
        }
        yield symbol(2, Comparator.NOT_EQUAL);
      }
      case '>' ->
          peekNext() == '='
              ? symbol(2, Comparator.GREATER_OR_EQUAL)
              : symbol(1, Comparator.GREATER);
      case '<' ->
          peekNext() == '=' ? symbol(2, Comparator.LESS_OR_EQUAL) : symbol(1, Comparator.LESS);
      default -> wordComparator();
    };
  }

  private Comparator symbol(int length, Comparator comparator) {
    at += length;
    return comparator;
  }

  private Comparator wordComparator() {
    return switch (word()) {
      case "LIKE" -> Comparator.LIKE;
      case "ILIKE" -> Comparator.ILIKE;
      case "IN" -> Comparator.IN;
      case "NOT" -> {
        skipBlanks();
        expectWord("IN");
        yield Comparator.NOT_IN;
      }
      case "IS" -> isNull();
      default -> throw bad();
    };
  }

  private Comparator isNull() {
    skipBlanks();
    String word = word();
    if (word.equals("NULL")) {
      return Comparator.IS_NULL;
    }
    if (!word.equals("NOT")) {
      throw bad();
    }
    skipBlanks();
    expectWord("NULL");
    return Comparator.IS_NOT_NULL;
  }

  private void expectWord(String expected) {
    if (!word().equals(expected)) {
      throw bad();
    }
  }

  /** The letters that come next, in upper case. */
  private String word() {
    int begin = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    return text.substring(begin, at).toUpperCase(Locale.ROOT);
  }

  private Value value(Comparator comparator) {
    if (comparator.isNullTest()) {
      return new Value.None();
    }
    if (comparator.isList()) {
      return list();
    }
    char c = peek();
    if (c == '\'' || c == '"') {
      return new Value.Text(quoted());
    }
    return number();
  }

  private Value list() {
    if (peek() != '(') {
      throw TrackingException.invalid(
          "While parsing a list in the filter string, expected a non-empty list of quoted strings in"
              + " brackets: "
              + excerpt(clauseBegin));
    }
    List<String> texts = new ArrayList<>();
    do {
      at++;
      skipBlanks();
      if (texts.size() == MOST_TEXTS || (peek() != '\'' && peek() != '"')) {
        throw TrackingException.invalid(
            "While parsing a list in the filter string, expected 1 to %d quoted strings: %s"
                .formatted(MOST_TEXTS, excerpt(clauseBegin)));
      }
      texts.add(quoted());
      skipBlanks();
    } while (peek() == ',');
    if (peek() != ')') {
      throw bad();
    }
    at++;
    return new Value.Texts(texts);
  }

  private Value number() {
    int begin = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(begin, at);
    boolean ends = at == text.length() || Character.isWhitespace(text.charAt(at));
    try {
      double value = Double.parseDouble(number);
      if (ends && Double.isFinite(value)) {
        return new Value.Numeral(number);
      }
    } catch (NumberFormatException e) {
      // Told below, as any other value that is neither a number nor in quotes.
    }
    throw TrackingException.invalid(
        "Invalid clause(s) in filter string: '%s'. Expected a quoted string value or a number."
            .formatted(excerpt(clauseBegin)));
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private char peekNext() {
    return at + 1 < text.length() ? text.charAt(at + 1) : '\0';
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private TrackingException bad() {
    return TrackingException.invalid(
        "Invalid clause(s) in filter string: '%s' (at character %d)"
            .formatted(excerpt(clauseBegin), Math.min(at, text.length()) + 1));
  }

  private String excerpt(int begin) {
    String rest = text.substring(Math.min(begin, text.length()));
    return Names.visible(Names.cut(rest, 100)) + (rest.length() > 100 ? "…" : "");
  }
}
