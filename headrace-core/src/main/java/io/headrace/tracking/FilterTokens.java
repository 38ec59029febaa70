package io.headrace.tracking;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a filter apart into tokens, each character once. What is no token at all is one by itself.
 */
final class FilterTokens {
  /** What a token is; a bare word of the language is a {@link #NAME} too. */
  enum Kind {
    NAME,
    TEXT,
    NUMBER,
    OPERATOR,
    BRACKETS,
    OTHER
  }

  /**
   * A token.
   *
   * @param written as it stands in the filter
   * @param entity of a name: what stands before its dot, or nothing
   * @param content of a name its key, of a text what is within the quotes, else as written
   */
  record Token(Kind kind, String written, String entity, String content) {
    /** Whether it is that word of the language, in any case and without quotes. */
    boolean is(String word) {
      return kind == Kind.NAME && written.equalsIgnoreCase(word);
    }

    /** Whether it is a name, or only a text, in double quotes. */
    boolean isInDoubleQuotes() {
      return kind == Kind.NAME && entity.isEmpty() && written.startsWith("\"");
    }
  }

  private static final int MOST_UNCLOSED = 10;

  private final String text;
  private int at;
  private int unclosed;

  private FilterTokens(String text) {
    this.text = text;
  }

  static List<Token> of(String text) {
    FilterTokens tokens = new FilterTokens(text);
    List<Token> found = new ArrayList<>();
    while (tokens.skipBlanks()) {
      found.add(tokens.next());
    }
    return found;
  }

  private boolean skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length();
  }

  private Token next() {
    int begin = at;
    char c = peek();
    if (c == '\'') {
      int end = endOfQuotes(at);
      return end < 0 ? unclosed() : token(Kind.TEXT, end, unquoted(text.substring(begin, end)));
    }
    if (c == '(') {
      int end = endOfBrackets();
      return end < 0 ? unclosed() : token(Kind.BRACKETS, end, text.substring(begin, end));
    }
    if ("=!<>".indexOf(c) >= 0) {
      return operator();
    }
    int number = endOfNumber();
    if (number > begin) {
      return token(Kind.NUMBER, number, text.substring(begin, number));
    }
    return name();
  }

  private Token token(Kind kind, int end, String content) {
    String written = text.substring(at, end);
    at = end;
    return new Token(kind, written, "", content);
  }

  private Token other() {
    return token(Kind.OTHER, at + 1, text.substring(at, at + 1));
  }

  /** What never closes was read to the end in vain: not too often, or it would take for ever. */
  private Token unclosed() {
    unclosed++;
    return unclosed > MOST_UNCLOSED ? token(Kind.OTHER, text.length(), "") : other();
  }

  private Token operator() {
    char second = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
    boolean isTwo = second == '=' || (peek() == '<' && second == '>');
    if (peek() == '!' && !isTwo) {
      return other();
    }
    int end = at + (isTwo ? 2 : 1);
    return token(Kind.OPERATOR, end, text.substring(at, end));
  }

  /** Reads {@code key} or {@code entity.key}, either part perhaps in quotes. */
  private Token name() {
    int begin = at;
    int firstEnd = endOfPart(begin, true);
    if (firstEnd < begin) {
      return unclosed();
    }
    if (firstEnd == begin) {
      return other();
    }
    String first = unquoted(text.substring(begin, firstEnd));
    if (firstEnd >= text.length() || text.charAt(firstEnd) != '.') {
      return token(Kind.NAME, firstEnd, first);
    }
    int end = endOfPart(firstEnd + 1, false);
    if (end < 0) {
      unclosed++;
    }
    if (end <= firstEnd + 1) {
      return token(Kind.OTHER, firstEnd + 1, first);
    }
    String key = unquoted(text.substring(firstEnd + 1, end));
    at = end;
    return new Token(Kind.NAME, text.substring(begin, end), first, key);
  }

  /** Where a part of a name ends; before where it begins when its quotes never close. */
  private int endOfPart(int begin, boolean untilDot) {
    if (begin < text.length() && isQuote(text.charAt(begin))) {
      return endOfQuotes(begin);
    }
    int end = begin;
    while (end < text.length()
        && isBare(text.charAt(end))
        && !(untilDot && text.charAt(end) == '.')) {
      end++;
    }
    return end;
  }

  private static boolean isQuote(char c) {
    return c == '`' || c == '"' || c == '\'';
  }

  private static boolean isBare(char c) {
    return !Character.isWhitespace(c) && "=!<>()'\"`,;+".indexOf(c) < 0;
  }

  /** Where quotes that begin there end; the quote itself is written twice within. */
  private int endOfQuotes(int begin) {
    char quote = text.charAt(begin);
    int end = begin + 1;
    while (end < text.length()) {
      if (text.charAt(end) != quote) {
        end++;
      } else if (end + 1 < text.length() && text.charAt(end + 1) == quote) {
        end += 2;
      } else {
        return end + 1;
      }
    }
    return -1;
  }

  static String unquoted(String part) {
    if (part.isEmpty() || !isQuote(part.charAt(0))) {
      return part;
    }
    String quote = part.substring(0, 1);
    return part.substring(1, part.length() - 1).replace(quote + quote, quote);
  }

  private int endOfBrackets() {
    int depth = 0;
    int end = at;
    while (end < text.length()) {
      char c = text.charAt(end);
      if (c == '\'' || c == '"') {
        end = endOfQuotes(end);
        if (end < 0) {
          return -1;
        }
        continue;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      end++;
      if (depth == 0) {
        return end;
      }
    }
    return -1;
  }

  /** Where the number that begins here ends; here when there is none. */
  private int endOfNumber() {
    int end = at;
    while (end < text.length() && isPartOfNumber(end)) {
      end++;
    }
    boolean ends = end == text.length() || !isBare(text.charAt(end));
    if (!ends || end == at) {
      return at;
    }
    try {
      return Double.isFinite(Double.parseDouble(text.substring(at, end))) ? end : at;
    } catch (NumberFormatException e) {
      return at;
    }
  }

  private boolean isPartOfNumber(int i) {
    char c = text.charAt(i);
    boolean isAfterExponent = i > at && Character.toLowerCase(text.charAt(i - 1)) == 'e';
    return (c >= '0' && c <= '9')
        || c == '.'
        || c == 'e'
        || c == 'E'
        || (c == '-' && (i == at || isAfterExponent))
        || (c == '+' && isAfterExponent);
  }

  private char peek() {
    return text.charAt(at);
  }
}
