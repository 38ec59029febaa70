package io.headrace.tracking;

import io.headrace.tracking.Clause.Comparator;
import io.headrace.tracking.Clause.Value;
import io.headrace.tracking.FilterTokens.Kind;
import io.headrace.tracking.FilterTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Reads MLflow's filter language: clauses joined by AND, each {@code entity.key comparator value}.
 * What the clauses may speak of, each search says for itself.
 */
final class Filter {
  private static final int MOST_CHARACTERS = 100_000;
  private static final int MOST_CLAUSES = 200;

  /** How a search of MLflow names what it cannot read. */
  enum Wording {
    QUOTED,
    BARE,
    WHOLE
  }

  private final String text;
  private final Wording wording;
  private final List<Token> tokens;
  private int at;

  private Filter(String text, Wording wording) {
    this.text = text;
    this.wording = wording;
    this.tokens = FilterTokens.of(text);
  }

  /** As {@link #parse(String, Wording)}, in the words of the search of runs. */
  static List<Clause> parse(String text) {
    return parse(text, Wording.QUOTED);
  }

  /**
   * Reads a whole filter.
   *
   * @param text empty for no condition
   * @throws TrackingException when it is not a filter
   */
  static List<Clause> parse(String text, Wording wording) {
    if (text.isEmpty()) {
      return List.of();
    }
    if (text.length() > MOST_CHARACTERS) {
      throw TrackingException.invalid(
          "The filter string is longer than " + MOST_CHARACTERS + " characters.");
    }
    return new Filter(text, wording).clauses();
  }

  private List<Clause> clauses() {
    if (tokens.isEmpty()) {
      throw TrackingException.invalid(
          "Invalid filter '%s'. Could not be parsed.".formatted(Names.visible(text)));
    }
    requireOneStatement();
    List<Clause> clauses = new ArrayList<>();
    List<Token> invalid = new ArrayList<>();
    boolean isAfterAnd = true;
    while (at < tokens.size()) {
      Token token = tokens.get(at);
      if (token.is("AND")) {
        if (isAfterAnd || at + 1 == tokens.size()) {
          invalid.add(token);
        }
        isAfterAnd = true;
        at++;
        continue;
      }
      int begin = at;
      Optional<Clause> clause = clause();
      if (clause.isPresent() && isAfterAnd) {
        clauses.add(clause.get());
      } else if (clause.isPresent()) {
        invalid.addAll(tokens.subList(begin, at));
      } else {
        invalid.add(tokens.get(at++));
      }
      isAfterAnd = clause.isEmpty();
    }
    if (!invalid.isEmpty()) {
      throw bad(invalid);
    }
    if (clauses.size() > MOST_CLAUSES) {
      throw TrackingException.invalid("A filter may have " + MOST_CLAUSES + " clauses at most.");
    }
    return clauses;
  }

  private void requireOneStatement() {
    boolean isAfterEnd = false;
    for (Token token : tokens) {
      if (isAfterEnd) {
        throw TrackingException.invalid(
            "Search filter contained multiple expression \"%s\". Provide AND-ed expression list."
                .formatted(excerpt()));
      }
      isAfterEnd = token.written().equals(";");
    }
  }

  private TrackingException bad(List<Token> invalid) {
    if (wording == Wording.WHOLE) {
      return TrackingException.invalid(
          "Invalid filter string: '%s'. Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."
              .formatted(excerpt()));
    }
    UnaryOperator<String> quote = wording == Wording.QUOTED ? it -> "'" + it + "'" : it -> it;
    return TrackingException.invalid(
        "Invalid clause(s) in filter string: "
            + invalid.stream()
                .limit(20)
                .map(token -> quote.apply(Names.visible(Names.cut(token.written(), 100))))
                .collect(Collectors.joining(", ")));
  }

  private String excerpt() {
    return Names.visible(Names.cut(text, 200)) + (text.length() > 200 ? "…" : "");
  }

  /** The clause that begins here, if one does; goes on behind it. */
  private Optional<Clause> clause() {
    Token left = tokens.get(at);
    boolean mayBeLeft =
        switch (left.kind()) {
          case NAME -> !isReserved(left);
          case TEXT, NUMBER -> true;
          case OPERATOR, BRACKETS, OTHER -> false;
        };
    Optional<Operator> operator = mayBeLeft ? operator(at + 1) : Optional.empty();
    if (operator.isEmpty()) {
      return Optional.empty();
    }
    Comparator comparator = operator.get().comparator();
    int right = operator.get().end();
    Optional<Value> value =
        comparator.isNullTest() ? Optional.of(new Value.None()) : value(right, comparator);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (left.kind() != Kind.NAME) {
      throw TrackingException.invalid(
          "Invalid comparison clause. Expected 'Identifier' found '%s'"
              .formatted(Names.visible(Names.cut(left.written(), 100))));
    }
    at = comparator.isNullTest() ? right : right + 1;
    return Optional.of(
        new Clause(
            left.entity(),
            left.content(),
            comparator,
            value.get(),
            operator.get().written(),
            comparator.isNullTest() ? "" : tokens.get(right).written()));
  }

  private static boolean isReserved(Token token) {
    return switch (token.written().toUpperCase(Locale.ROOT)) {
      case "AND",
          "OR",
          "NOT",
          "LIKE",
          "ILIKE",
          "RLIKE",
          "IN",
          "IS",
          "NULL",
          "TRUE",
          "FALSE",
          "BETWEEN" ->
          true;
      default -> false;
    };
  }

  /** A comparator and where the token behind it stands. */
  private record Operator(Comparator comparator, String written, int end) {}

  private Optional<Operator> operator(int begin) {
    if (begin >= tokens.size()) {
      return Optional.empty();
    }
    Token token = tokens.get(begin);
    String word = token.written().toUpperCase(Locale.ROOT);
    if (token.kind() == Kind.OPERATOR) {
      return Optional.of(new Operator(Comparator.of(word), word, begin + 1));
    }
    if (token.kind() != Kind.NAME) {
      return Optional.empty();
    }
    return switch (word) {
      case "LIKE", "ILIKE", "RLIKE", "IN" ->
          Optional.of(new Operator(Comparator.of(word), word, begin + 1));
      case "NOT" -> not(begin + 1);
      case "IS" -> isNull(begin + 1);
      default -> Optional.empty();
    };
  }

  private Optional<Operator> not(int begin) {
    if (begin >= tokens.size()) {
      return Optional.empty();
    }
    String word = "NOT " + tokens.get(begin).written().toUpperCase(Locale.ROOT);
    return switch (word) {
      case "NOT IN", "NOT LIKE", "NOT ILIKE", "NOT RLIKE" ->
          Optional.of(new Operator(Comparator.of(word), word, begin + 1));
      default -> Optional.empty();
    };
  }

  private Optional<Operator> isNull(int begin) {
    if (begin < tokens.size() && tokens.get(begin).is("NULL")) {
      return Optional.of(new Operator(Comparator.IS_NULL, "IS NULL", begin + 1));
    }
    boolean isNotNull =
        begin + 1 < tokens.size()
            && tokens.get(begin).is("NOT")
            && tokens.get(begin + 1).is("NULL");
    return isNotNull
        ? Optional.of(new Operator(Comparator.IS_NOT_NULL, "IS NOT NULL", begin + 2))
        : Optional.empty();
  }

  private Optional<Value> value(int index, Comparator comparator) {
    if (index >= tokens.size()) {
      return Optional.empty();
    }
    Token token = tokens.get(index);
    if (comparator.isList() && token.kind() != Kind.BRACKETS) {
      return Optional.empty();
    }
    return switch (token.kind()) {
      case TEXT -> Optional.of(new Value.Text(token.content()));
      case NUMBER -> Optional.of(new Value.Numeral(token.content()));
      case BRACKETS -> Optional.of(new Value.Brackets(token.content()));
      case NAME -> {
        if (token.isInDoubleQuotes()) {
          yield Optional.of(new Value.Text(token.content()));
        }
        if (token.is("NULL")) {
          yield Optional.of(new Value.None());
        }
        yield isReserved(token) ? Optional.empty() : Optional.of(new Value.Word());
      }
      case OPERATOR, OTHER -> Optional.empty();
    };
  }

  /** A key to order by. */
  record Order(String entity, String key, boolean ascending) {
    /** For messages and to find the same twice. */
    String name() {
      return entity.isEmpty() ? key : entity + "." + key;
    }
  }

  /** Reads {@code entity.key [ASC|DESC]}. */
  static Order parseOrder(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw TrackingException.invalid("The order_by string is too long.");
    }
    List<Token> tokens = FilterTokens.of(text);
    boolean isReadable =
        !tokens.isEmpty()
            && tokens.size() <= 2
            && tokens.stream().allMatch(token -> token.kind() == Kind.NAME);
    if (!isReadable) {
      throw TrackingException.invalid(
          "Invalid order_by clause '%s'. Could not be parsed."
              .formatted(Names.visible(Names.cut(text, 200))));
    }
    Token key = tokens.getFirst();
    if (tokens.size() == 2 && !tokens.get(1).is("ASC") && !tokens.get(1).is("DESC")) {
      throw TrackingException.invalid(
          "Invalid ordering key in order_by clause '%s'."
              .formatted(Names.visible(Names.cut(text, 200))));
    }
    boolean ascending = tokens.size() == 1 || tokens.get(1).is("ASC");
    return new Order(key.entity(), key.content(), ascending);
  }
}
