package io.headrace.registry;

import io.headrace.registry.FilterClause.Right;
import io.headrace.tracking.TrackingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Reads the filters of registry searches: {@code key comparator value}, joined by AND. Refuses in
 * the words of MLflow, which reads them by an SQL parser. Reads each character once.
 */
final class RegistryFilter {
  private static final int MOST_CHARACTERS = 100_000;
  private static final int MOST_CLAUSES = 200;
  private static final int MOST_TEXTS = 5_000;

  /** Words of SQL, which MLflow's parser does not take for names. */
  private static final Set<String> KEYWORDS = Set.of("version", "timestamp");

  private static final Pattern TOKEN =
      Pattern.compile("'[^']*'|\"[^\"]*\"|`[^`]*`|[<>=!]+|[\\w.`\"-]+|\\S");

  private final String text;
  private final Grammar grammar;
  private int at;
  private int clauseBegin;

  private RegistryFilter(String text, Grammar grammar) {
    this.text = text;
    this.grammar = grammar;
  }

  /**
   * What a search can be asked.
   *
   * @param attributes the keys without {@code tag.}
   * @param lists those that take IN
   * @param numbers those that are numbers
   */
  record Grammar(List<String> attributes, List<String> lists, Set<String> numbers) {}

  /** Reads a whole filter; empty for no condition. */
  static List<FilterClause> parse(String text, Grammar grammar) {
    if (text.length() > MOST_CHARACTERS) {
      throw TrackingException.invalid(
          "The filter string is longer than " + MOST_CHARACTERS + " characters.");
    }
    if (!text.isEmpty() && text.isBlank()) {
      throw TrackingException.invalid(
          "Invalid filter '%s'. Could not be parsed.".formatted(Quoting.plain(text)));
    }
    return new RegistryFilter(text, grammar).clauses();
  }

  private List<FilterClause> clauses() {
    List<FilterClause> clauses = new ArrayList<>();
    skipBlanks();
    while (at < text.length()) {
      clauseBegin = at;
      if (!clauses.isEmpty()) {
        if (!word().equals("AND")) {
          throw badJoint();
        }
        skipBlanks();
        clauseBegin = at;
        if (at == text.length()) {
          return clauses; // MLflow takes an AND that nothing follows
        }
      }
      if (clauses.size() == MOST_CLAUSES) {
        throw TrackingException.invalid("A filter may have " + MOST_CLAUSES + " clauses at most.");
      }
      clauses.add(clause());
      skipBlanks();
    }
    return clauses;
  }

  /** A key as it was written, quotes and all. */
  private record Key(String entity, String raw) {}

  private FilterClause clause() {
    Key key = key();
    if (key.entity.isEmpty() && KEYWORDS.contains(key.raw)) {
      throw badClause();
    }
    skipBlanks();
    String comparator = comparator();
    skipBlanks();
    int valueBegin = at;
    boolean isTag = isTag(key);
    if (!isTag && !grammar.attributes.contains(key.raw)) {
      throw TrackingException.invalid(
          "Invalid attribute key '%s' specified. Valid keys are '%s'"
              .formatted(Quoting.plain(key.raw), set(grammar.attributes)));
    }
    String name = unquoted(key.raw);
    boolean wantsList = comparator.equals("IN") || comparator.equals("NOT IN");
    if (wantsList && peek() != '(') {
      throw badClause();
    }
    return new FilterClause(isTag, name, comparator, right(isTag, name, valueBegin));
  }

  private static String set(List<String> keys) {
    String list = Quoting.list(keys);
    return "{" + list.substring(1, list.length() - 1) + "}";
  }

  private static boolean isTag(Key key) {
    return switch (key.entity) {
      case "", "attribute" -> false;
      case "tag", "tags" -> true;
      default ->
          throw TrackingException.invalid(
              "Invalid entity type '%s'. Valid entity types are ('attribute', 'tag', 'tags')"
                  .formatted(Quoting.plain(key.entity)));
    };
  }

  private static String unquoted(String raw) {
    for (String quote : List.of("\"", "'", "`")) {
      if (raw.length() >= 2 && raw.startsWith(quote) && raw.endsWith(quote)) {
        return raw.substring(1, raw.length() - 1);
      }
    }
    return raw;
  }

  private Key key() {
    String first = part();
    if (first.isEmpty()) {
      throw badClause();
    }
    if (peek() != '.') {
      return new Key("", first);
    }
    at++;
    StringBuilder rest = new StringBuilder(peek() == '\'' ? quotedPart('\'') : part());
    while (peek() == '.') {
      at++;
      rest.append('.').append(part());
    }
    return new Key(first, rest.toString());
  }

  /** A word, or what stands in quotes, with them. */
  private String part() {
    char quote = peek();
    if (quote == '`' || quote == '"') {
      return quotedPart(quote);
    }
    int begin = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    return text.substring(begin, at);
  }

  private String quotedPart(char quote) {
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw badClause();
    }
    String part = text.substring(at, end + 1);
    at = end + 1;
    return part;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || "_-$@#/:".indexOf(c) >= 0 || Character.isSurrogate(c);
  }

  private String comparator() {
    int begin = at;
    while (at < text.length() && "<>=!~".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at > begin) {
      return text.substring(begin, at);
    }
    String word = word();
    return switch (word) {
      case "LIKE", "ILIKE", "IN", "RLIKE" -> word;
      case "NOT" -> {
        skipBlanks();
        String second = word();
        if (!Set.of("IN", "LIKE", "ILIKE", "RLIKE").contains(second)) {
          throw badClause();
        }
        yield "NOT " + second;
      }
      default -> throw badClause();
    };
  }

  private String word() {
    int begin = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    return text.substring(begin, at).toUpperCase(Locale.ROOT);
  }

  private Right right(boolean isTag, String key, int begin) {
    char c = peek();
    if (c == '\'' || c == '"') {
      return new Right.Text(quoted(c));
    }
    if (c == '(') {
      return list(isTag, key);
    }
    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    String raw = text.substring(begin, at);
    if (raw.isEmpty()) {
      throw badClause();
    }
    return raw.matches("-?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?")
        ? number(isTag, key, raw)
        : bare(raw);
  }

  private static Right bare(String raw) {
    throw TrackingException.invalid(
        ("Parameter value is either not quoted or unidentified quote types used for string value %s."
                + " Use either single or double quotes.")
            .formatted(Quoting.plain(raw)));
  }

  private Right number(boolean isTag, String key, String raw) {
    if (isTag) {
      throw unquotedTag(raw);
    }
    if (grammar.numbers.isEmpty()) {
      throw TrackingException.invalid(
          "Expected a quoted string value or a list of quoted string values for attributes. Got value "
              + raw);
    }
    if (!grammar.numbers.contains(key)) {
      throw TrackingException.invalid(
          "Only the '%s' attributes support comparison with numeric values."
              .formatted(set(grammar.numbers.stream().sorted().toList())));
    }
    return new Right.Numeral(raw);
  }

  private static TrackingException unquotedTag(String raw) {
    return TrackingException.invalid(
        "Expected a quoted string value for tag (e.g. 'my-value'). Got value "
            + Quoting.plain(raw));
  }

  /** Reads what stands in quotes; the quote itself is written twice within. */
  private String quoted(char quote) {
    StringBuilder content = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != quote) {
        content.append(c);
      } else if (peek() == quote) {
        content.append(quote).append(quote); // as MLflow, which takes both for the value
        at++;
      } else {
        return content.toString();
      }
    }
    throw badClause();
  }

  private Right list(boolean isTag, String key) {
    int begin = at;
    if (isTag) {
      throw unquotedTag(excerpt(begin));
    }
    if (!grammar.lists.contains(key)) {
      throw TrackingException.invalid(
          "Only %s attributes support comparison with a list of quoted string values."
              .formatted(Quoting.list(grammar.lists)));
    }
    List<String> texts = new ArrayList<>();
    at++;
    skipBlanks();
    if (peek() == ')') {
      throw TrackingException.invalid(
          "While parsing a list in the query, expected a non-empty list of string values, but got"
              + " empty list");
    }
    while (true) {
      char c = peek();
      if (c != '\'' && c != '"') {
        throw notTexts(begin);
      }
      texts.add(quoted(c));
      if (texts.size() > MOST_TEXTS) {
        throw TrackingException.invalid("A list may have " + MOST_TEXTS + " values at most.");
      }
      skipBlanks();
      if (peek() == ',') {
        at++;
        skipBlanks();
        if (peek() != ')') {
          continue;
        }
      }
      if (peek() == ')') {
        at++;
        return new Right.Texts(texts);
      }
      throw illFormed();
    }
  }

  private static TrackingException illFormed() {
    return TrackingException.invalid(
        "While parsing a list in the query, expected a non-empty list of string values, but got"
            + " ill-formed list.");
  }

  private TrackingException notTexts(int begin) {
    boolean isNumber = Character.isDigit(peek()) || peek() == '-';
    return isNumber
        ? TrackingException.invalid(
            "While parsing a list in the query, expected string value, punctuation, or whitespace,"
                + " but got different type in list: "
                + excerpt(begin))
        : illFormed();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private TrackingException badClause() {
    String tokens =
        String.join(
            ", ", TOKEN.matcher(excerpt(clauseBegin)).results().map(MatchResult::group).toList());
    return TrackingException.invalid("Invalid clause(s) in filter string: " + tokens);
  }

  /** What stands where AND should. */
  private TrackingException badJoint() {
    String rest = text.substring(clauseBegin);
    if (rest.startsWith(";")) {
      return TrackingException.invalid(
          "Search filter contained multiple expression %s. Provide AND-ed expression list."
              .formatted(Quoting.repr(excerpt(0))));
    }
    MatchResult token = TOKEN.matcher(excerpt(clauseBegin)).results().findFirst().orElseThrow();
    return TrackingException.invalid("Invalid clause(s) in filter string: " + token.group());
  }

  private String excerpt(int begin) {
    String rest = text.substring(Math.min(begin, text.length()));
    return Quoting.plain(rest.length() > 200 ? rest.substring(0, 200) + "…" : rest);
  }

  /** A key to order by. */
  record Order(String key, boolean ascending) {}

  /** Reads {@code key [ASC|DESC]}. */
  static Order order(String text) {
    if (text.isEmpty() || Character.isWhitespace(text.charAt(0)) || text.length() > 1_000) {
      throw unparsed(text);
    }
    String[] words = text.strip().split("\\s+", -1);
    boolean isName =
        words[0].indexOf(',') < 0
            && !words[0].equals("version")
            && (!words[0].equalsIgnoreCase("timestamp") || words[0].equals("timestamp"))
            && !Character.isDigit(words[0].charAt(0));
    if (words.length > 2 || !isName) {
      throw unparsed(text);
    }
    String direction = words.length == 2 ? words[1].toLowerCase(Locale.ROOT) : "asc";
    if (!direction.equals("asc") && !direction.equals("desc")) {
      if (!direction.chars().allMatch(Character::isLetterOrDigit)) {
        throw unparsed(text);
      }
      throw TrackingException.invalid(
          "Invalid ordering key in order_by clause '%s'.".formatted(Quoting.plain(text)));
    }
    String key = words.length == 2 ? words[0].replace("`", "") : words[0];
    return new Order(key, direction.equals("asc"));
  }

  private static TrackingException unparsed(String text) {
    String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
    return TrackingException.invalid(
        "Invalid order_by clause '%s'. Could not be parsed.".formatted(Quoting.plain(shown)));
  }
}
