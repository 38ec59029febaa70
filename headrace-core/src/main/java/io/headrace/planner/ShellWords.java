package io.headrace.planner;

import io.headrace.plan.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits program arguments as a shell would: at blanks that stand in no quotes. Quotes and
 * backslashes are resolved; nothing else is special, and a value or path is never split.
 */
final class ShellWords {
  private final List<List<Segment>> words = new ArrayList<>();
  private List<Segment> word = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private boolean begun;
  private char quote = NONE;

  private static final char NONE = 0;

  private ShellWords() {}

  /** The words, each of one or more pieces. */
  static List<List<Segment>> of(List<Segment> arguments) {
    var words = new ShellWords();
    for (var segment : arguments) {
      if (segment instanceof Segment.Text(String plain)) {
        words.addText(plain);
      } else {
        words.flush();
        words.word.add(segment);
        words.begun = true;
      }
    }
    words.endWord();
    return words.words;
  }

  private void addText(String plain) {
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < plain.length() && isEscaped(plain.charAt(i + 1))) {
        i++;
        add(plain.charAt(i));
      } else if (quote != NONE) {
        addQuoted(c);
      } else if (c == '\'' || c == '"') {
        quote = c;
        begun = true;
      } else if (Character.isWhitespace(c)) {
        endWord();
      } else {
        add(c);
      }
    }
  }

  /** Within double quotes a backslash is itself before most characters. */
  private boolean isEscaped(char next) {
    return quote == NONE || next == '"' || next == '\\' || next == '$' || next == '`';
  }

  private void addQuoted(char c) {
    if (c == quote) {
      quote = NONE;
    } else {
      add(c);
    }
  }

  private void add(char c) {
    if (c == '\n' && quote == NONE) {
      return; // a backslash before a line's end joins the lines
    }
    text.append(c);
    begun = true;
  }

  private void endWord() {
    flush();
    if (begun) {
      words.add(List.copyOf(word));
    }
    word = new ArrayList<>();
    begun = false;
  }

  private void flush() {
    if (!text.isEmpty()) {
      word.add(new Segment.Text(text.toString()));
      text.setLength(0);
    }
  }
}
