package io.headrace.shell;

import static io.headrace.shell.Template.END;

import io.headrace.shell.Insertions.Place;
import io.headrace.shell.Insertions.Quotes;
import java.util.ArrayDeque;
import java.util.Deque;

/** The here-documents that a list of commands has announced and whose text is still to come. */
final class HereDocuments {
  /** What reads a here-document, or its input, as a program. */
  enum Program {
    NONE,
    OTHER,
    SHELL;

    Program or(Program another) {
      return compareTo(another) >= 0 ? this : another;
    }
  }

  /**
   * @param end the line that ends it
   * @param tabs whether leading tabs do not count
   * @param quoted whether nothing in it is expanded
   */
  private record HereDocument(String end, boolean tabs, boolean quoted) {}

  private final Sheet sheet;
  private final Expansions expansions;
  private final Deque<HereDocument> open = new ArrayDeque<>();

  HereDocuments(Sheet sheet, Expansions expansions) {
    this.sheet = sheet;
    this.expansions = expansions;
  }

  boolean areOpen() {
    return !open.isEmpty();
  }

  /** After {@code <<}: reads the word that will end it. */
  void announce() {
    open.add(announced());
  }

  /** At the beginning of a line: reads the texts of all that are open. */
  void readAll(Program program) {
    while (!open.isEmpty()) {
      body(open.removeFirst(), program);
    }
  }

  private HereDocument announced() {
    boolean tabs = sheet.peek() == '-';
    if (tabs) {
      sheet.take();
    }
    while (Sheet.isBlank(sheet.peek())) {
      sheet.take();
    }
    var end = new StringBuilder();
    boolean quoted = false;
    char quote = 0;
    while (true) {
      int c = sheet.peek();
      if (Template.isInsertion(c)) {
        sheet.doubt("a value stands in the name of a here-document");
        sheet.insertRaw(Rule.HARMLESS);
        continue;
      }
      if (c == END || (quote == 0 && Sheet.endsWord(c))) {
        break;
      }
      sheet.take();
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          end.append((char) c);
        }
      } else if (c == '\'' || c == '"') {
        quote = (char) c;
        quoted = true;
      } else if (c == '\\') {
        quoted = true;
        if (!sheet.atInsertion() && sheet.peek() != END) {
          end.append(sheet.take());
        }
      } else {
        if (c == '$' || c == '`') {
          sheet.doubt("the name of a here-document is not clear");
        }
        end.append((char) c);
      }
    }
    if (end.isEmpty()) {
      sheet.doubt("a here-document has no name");
    }
    return new HereDocument(end.toString(), tabs, quoted);
  }

  private void body(HereDocument document, Program program) {
    int begins = sheet.position();
    while (sheet.peek() != END) {
      int from = sheet.position();
      int start = sheet.written();
      line(document, program, begins);
      var inserted = sheet.insertionsSince(from);
      var written = sheet.writtenSince(start);
      if (isEnd(document, written)) {
        if (inserted.isEmpty()) {
          if (written.indexOf('\n') >= 0) {
            sheet.doubt("the end of a here-document is not clear");
          }
          newLine();
          return;
        }
        inserted.forEach(insertion ->
            sheet
                .insertions()
                .refuseFor(
                    insertion,
                    "makes the line '" + document.end() + "', which ends its here-document",
                    Rule.HARMLESS));
      }
      newLine();
    }
    sheet.doubt("a here-document does not end");
  }

  private void newLine() {
    if (sheet.peek() == '\n') {
      sheet.take();
    }
  }

  /** One line of the author's, without its end. */
  private void line(HereDocument document, Program program, int begins) {
    while (sheet.peek() != END && sheet.peek() != '\n') {
      int c = sheet.peek();
      if (Template.isInsertion(c)) {
        sheet.insert(
            Place.quoted(
                document.quoted() ? Quotes.QUOTED_HERE_DOCUMENT : Quotes.HERE_DOCUMENT,
                documentRule(program, begins)));
      } else if (document.quoted()) {
        sheet.take();
      } else if (c == '\\') {
        sheet.take();
        if (sheet.atInsertion()) {
          sheet.insertRun(Rule.HARMLESS);
        } else if (sheet.peek() != END) {
          sheet.take();
        }
      } else if (c == '$' || c == '`') {
        if (program != Program.NONE) {
          sheet.doubtRun("what it expands is read as a program");
        }
        expansions.uncertain();
      } else {
        sheet.take();
      }
    }
  }

  private Rule documentRule(Program program, int begins) {
    if (program == Program.SHELL && !sheet.insertion().isPath() && sheet.mayBeginCommand(begins)) {
      return Rule.NO_COMMAND;
    }
    if (program != Program.NONE) {
      return Rule.CODE;
    }
    return expansions.isUncertain() ? Rule.HARMLESS : Rule.ANY;
  }

  private static boolean isEnd(HereDocument document, String written) {
    var lines = document.quoted() ? written : withoutContinuations(written);
    for (String line : lines.split("\n", -1)) {
      int from = 0;
      while (document.tabs() && from < line.length() && line.charAt(from) == '\t') {
        from++;
      }
      if (line.substring(from).equals(document.end())) {
        return true;
      }
    }
    return false;
  }

  /** Without a backslash and the line's end behind it. */
  private static String withoutContinuations(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    var joined = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        if (text.charAt(i) != '\n') {
          joined.append(c).append(text.charAt(i));
        }
      } else {
        joined.append(c);
      }
    }
    return joined.toString();
  }
}
