package io.headrace.shell;

import static io.headrace.shell.Template.END;

import io.headrace.shell.Insertions.Place;
import io.headrace.shell.Insertions.Quotes;
import io.headrace.shell.Template.Insertion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The template with a place in it, and what has been written so far. Whoever reads the author's
 * text takes it from here, character by character, and has values written where they stand.
 */
final class Sheet {
  private static final int DEEPEST = 100;
  private static final List<String> KEYWORDS =
      List.of("then", "do", "else", "elif", "if", "while", "until");

  private final Template template;
  private final Insertions insertions;
  private final StringBuilder out = new StringBuilder();
  private Optional<Doubt> doubt = Optional.empty();
  private int position;
  private int depth;

  Sheet(Template template, Insertions insertions) {
    this.template = template;
    this.insertions = insertions;
  }

  // ---- Reading ----

  /** The element that comes next: a character, an insertion, or {@link Template#END}. */
  int peek() {
    return template.at(position);
  }

  int peek(int ahead) {
    return template.at(position + ahead);
  }

  boolean atInsertion() {
    return Template.isInsertion(peek());
  }

  Insertion insertion() {
    return template.insertion(peek());
  }

  int position() {
    return position;
  }

  Template template() {
    return template;
  }

  /** The insertions from a position to here. */
  List<Insertion> insertionsSince(int from) {
    var since = new ArrayList<Insertion>();
    for (int i = from; i < position; i++) {
      if (Template.isInsertion(template.at(i))) {
        since.add(template.insertion(template.at(i)));
      }
    }
    return since;
  }

  /** Whether, looking back over blanks and quotes, a command could begin here. */
  boolean mayBeginCommand(int from) {
    int i = position - 1;
    while (i >= from && isBlankOrQuote(template.at(i))) {
      i--;
    }
    return i < from || beginsCommand(i);
  }

  private boolean beginsCommand(int last) {
    return switch (template.at(last)) {
      case ';', '&', '|', '(', '`', '{', '!', '\n' -> true;
      // ${NAME:-…}
      case '-', '=', '+', '?' -> template.at(last - 1) == ':';
      default -> endsInKeyword(last);
    };
  }

  private static boolean isBlankOrQuote(int c) {
    return isBlank(c) || c == '"' || c == '\'' || c == '\\';
  }

  static boolean isBlank(int c) {
    return c == ' ' || c == '\t';
  }

  /** Whether a word that is not quoted ends before this character. */
  static boolean endsWord(int c) {
    return isBlank(c) || c == '\n' || "|&;()<>".indexOf(c) >= 0;
  }

  private boolean endsInKeyword(int last) {
    for (var keyword : KEYWORDS) {
      int first = last - keyword.length() + 1;
      if (first >= 0
          && template.startsWith(keyword, first)
          && (first == 0 || !Quoting.isNameCharacter(template.at(first - 1)))) {
        return true;
      }
    }
    return false;
  }

  // ---- Writing ----

  /** Copies the author's next character. */
  char take() {
    char c = (char) peek();
    out.append(c);
    position++;
    return c;
  }

  void take(int count) {
    for (int i = 0; i < count; i++) {
      take();
    }
  }

  /** Copies the next character, whatever it is, if it is the author's. */
  void takeEscaped() {
    if (peek() != END && !atInsertion()) {
      take();
    }
  }

  /** Writes the insertion that comes next. */
  String insert(Place place) {
    var written = insertions.write(insertion(), place);
    out.append(written);
    position++;
    return written;
  }

  /** Writes it as it is, if the rule lets it. */
  void insertRaw(Rule rule) {
    insert(Place.quoted(Quotes.NONE, rule));
  }

  /** Insertions as they are, one behind the other, where not all may be empty. */
  void insertRun(Rule rule) {
    boolean something = false;
    while (atInsertion()) {
      something |= !insertion().text().orElse("x").isEmpty();
      insertRaw(rule);
    }
    if (!something) {
      doubt("an empty value stands behind a '\\' or '$'");
    }
  }

  Insertions insertions() {
    return insertions;
  }

  int written() {
    return out.length();
  }

  String writtenSince(int start) {
    return out.substring(start);
  }

  // ---- Doubt ----

  /** Notes why the author's text is not surely understood. The first reason stays. */
  void doubt(String why) {
    if (doubt.isEmpty()) {
      doubt = Optional.of(new Doubt(why, false));
    }
  }

  /** Notes that text which a value may reach is run. It outweighs all other reasons. */
  void doubtRun(String why) {
    if (doubt.filter(Doubt::runs).isEmpty()) {
      doubt = Optional.of(new Doubt(why, true));
    }
  }

  /** Goes one expansion deeper; reads nothing more when that is too deep to follow. */
  boolean enter() {
    if (depth == DEEPEST) {
      doubt("its expansions nest too deeply to be understood");
      position = template.length();
      return false;
    }
    depth++;
    return true;
  }

  void leave() {
    depth--;
  }

  ShellText.Made made() {
    return new ShellText.Made(out.toString(), insertions.problems(), doubt);
  }
}
