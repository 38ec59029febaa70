package io.headrace.shell;

import static io.headrace.shell.Template.END;

import io.headrace.shell.HereDocuments.Program;
import io.headrace.shell.Insertions.Place;
import io.headrace.shell.Insertions.Quotes;
import java.util.List;

/**
 * Reads the author's text as bash's lexer does, far enough to know the quoting and the command at
 * each insertion. Where it loses its way it says so ({@link ShellText.Made#doubt}), and then
 * nothing that it found counts.
 */
final class Scanner {
  private static final List<String> NUMERIC_OPERATORS =
      List.of("-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v", "-R");

  private final Sheet sheet;
  private final Expansions expansions;

  /** Whether here-documents are announced on this line, whose text is still to come. */
  private boolean openDocuments;

  Scanner(Template template, Insertions insertions) {
    this.sheet = new Sheet(template, insertions);
    this.expansions = new Expansions(sheet, this);
  }

  ShellText.Made scan() {
    commands(END);
    if (expansions.haveArithmetic()) {
      checkSubscripts();
    }
    return sheet.made();
  }

  // ---- Commands ----

  /** A list of commands, up to what closes it (taken) or the end. */
  void commands(int close) {
    if (openDocuments) {
      sheet.doubt("an expansion on the line of a here-document is not clear");
    }
    boolean outerDocuments = openDocuments;
    openDocuments = false;
    commandsWithin(close);
    openDocuments = outerDocuments;
  }

  private void commandsWithin(int close) {
    var command = new SimpleCommand();
    var documents = new HereDocuments(sheet, expansions);
    var program = Program.NONE;
    while (true) {
      int c = sheet.peek();
      command.standsAt(sheet.position());
      openDocuments = documents.areOpen();
      if (close != END && command.inCase()) {
        sheet.doubt("a 'case' within $(…) is not clear");
      }
      if (c == END) {
        endOf(command);
        if (close != END || command.isOpen() || documents.areOpen()) {
          sheet.doubt("the quoting or nesting of the command is not clear");
        }
        break;
      }
      if (Template.isInsertion(c)) {
        insertUnquoted(command);
        continue;
      }
      if (command.inTest() && Sheet.endsWord(c)) {
        // Within [[ … ]] these are operators and end no command.
        endWord(command);
        if (command.inTest()) {
          sheet.take();
          continue;
        }
      }
      switch (c) {
        case ' ', '\t' -> {
          endWord(command);
          sheet.take();
        }
        case '\n' -> {
          program = program.or(endOf(command));
          sheet.take();
          openDocuments = false;
          documents.readAll(program);
          program = Program.NONE;
        }
        case '\\' -> backslash(command);
        case '\'' -> {
          command.quoteBegins();
          singleQuoted(command);
        }
        case '"' -> {
          sheet.take();
          command.quoteBegins();
          doubleQuoted(command);
        }
        case '$' -> expansions.dollar(command, false);
        case '`' -> {
          expansions.doubtInSubscript(command);
          expansions.backquoted(command);
        }
        case '#' -> {
          if (command.atWordStart()) {
            comment();
          } else {
            command.character(sheet.take());
          }
        }
        case ';', '&', '|' -> program = program.or(separator(command));
        case '<', '>' -> redirection(command, documents);
        case '(' -> open(command);
        case ')' -> {
          endWord(command);
          if (command.parenthesisCloses()) {
            sheet.take();
          } else if (command.inCase()) {
            sheet.take();
            command.commandEnds();
          } else if (close == ')') {
            endOf(command);
            sheet.take();
            if (documents.areOpen()) {
              sheet.doubt("a here-document within $(…) is not clear");
            }
            return;
          } else {
            sheet.doubt("a ')' closes nothing");
            sheet.take();
          }
        }
        default -> command.character(sheet.take());
      }
    }
  }

  /** Ends a command; tells whether it reads its input as a program. */
  private Program endOf(SimpleCommand command) {
    endWord(command);
    var program =
        !command.readsProgramFromInput()
            ? Program.NONE
            : command.codeIsShell() ? Program.SHELL : Program.OTHER;
    if (program != Program.NONE && command.isGivenText()) {
      sheet.doubtRun("what is written to an interpreter is run by it");
    }
    command.commandEnds();
    if (command.evaluates()) {
      expansions.sawArithmetic();
    }
    return program;
  }

  private void endWord(SimpleCommand command) {
    boolean test = command.inTest();
    command.wordEnds();
    if (!test && command.inTest()) {
      boolean numeric = isNumericTest();
      command.testIsNumeric(numeric);
      if (numeric) {
        expansions.sawArithmetic();
      }
    }
  }

  /** Whether the {@code [[ … ]]} that begins here compares numbers or looks at names. */
  private boolean isNumericTest() {
    var template = sheet.template();
    for (int i = sheet.position(); i < template.length(); i++) {
      if (template.startsWith("]]", i)) {
        return false;
      }
      if (template.at(i) == '-' && Sheet.isBlank(template.at(i - 1)) && isNumericOperator(i)) {
        return true;
      }
    }
    return true;
  }

  private boolean isNumericOperator(int at) {
    var template = sheet.template();
    for (var operator : NUMERIC_OPERATORS) {
      if (template.startsWith(operator, at) && Sheet.isBlank(template.at(at + operator.length()))) {
        return true;
      }
    }
    return false;
  }

  private Program separator(SimpleCommand command) {
    if (sheet.peek() == '&' && sheet.peek(1) == '>') {
      endWord(command);
      sheet.take(sheet.peek(2) == '>' ? 3 : 2);
      command.redirectBegins();
      return Program.NONE;
    }
    boolean pipe = sheet.peek() == '|' && sheet.peek(1) != '|';
    var program = endOf(command);
    char c = sheet.take();
    if (sheet.peek() == c || (c == '|' && sheet.peek() == '&')) {
      sheet.take();
    }
    if (pipe) {
      command.pipe();
    }
    return program;
  }

  private void backslash(SimpleCommand command) {
    sheet.take();
    int next = sheet.peek();
    if (Template.isInsertion(next)) {
      // The author's backslash takes the first character of ours.
      var rule = expansions.rawRule(command);
      command.something();
      sheet.insertRun(rule);
    } else if (next == '\n') {
      sheet.take();
    } else if (next != END) {
      command.quotedCharacter(sheet.take());
    }
  }

  private void open(SimpleCommand command) {
    if (sheet.peek(1) == '(' && (command.isNamed("for") || beginsCommand(command))) {
      endWord(command);
      sheet.take(2);
      expansions.arithmetic(2);
      command.something();
    } else if (command.atArrayStart()) {
      sheet.take();
      command.parenthesisOpens(true);
    } else {
      endWord(command);
      sheet.take();
      command.parenthesisOpens(false);
    }
  }

  private static boolean beginsCommand(SimpleCommand command) {
    return command.expectsName() && command.atWordStart();
  }

  private void comment() {
    while (sheet.peek() != END && sheet.peek() != '\n') {
      if (sheet.atInsertion()) {
        sheet.insert(Place.quoted(Quotes.COMMENT, Rule.ANY));
      } else {
        sheet.take();
      }
    }
  }

  private void insertUnquoted(SimpleCommand command) {
    var place =
        new Place(
            Quotes.NONE,
            expansions.rule(command),
            command.oneWord(),
            command.emptyCounts() && command.atWordStart(),
            command.quotesAlways(),
            !command.atWordStart());
    var written = sheet.insert(place);
    if (!written.isBlank()) {
      command.something();
    }
    if (written.endsWith(" ")) {
      endWord(command);
    }
  }

  // ---- Quotes ----

  private void singleQuoted(SimpleCommand command) {
    sheet.take();
    while (sheet.peek() != '\'') {
      if (!quotedElement(command, Quotes.SINGLE)) {
        return;
      }
    }
    sheet.take();
  }

  /** After {@code $'}, to the closing quote. */
  void dollarSingleQuoted(SimpleCommand command) {
    while (sheet.peek() != '\'') {
      if (sheet.peek() == '\\') {
        sheet.take();
        if (sheet.atInsertion()) {
          sheet.insertRun(expansions.rawRule(command));
          command.something();
        } else if (sheet.peek() != END) {
          command.something();
          sheet.take();
        }
      } else if (!quotedElement(command, Quotes.DOLLAR_SINGLE)) {
        return;
      }
    }
    sheet.take();
  }

  /** One element between quotes; false at the end of the text. */
  private boolean quotedElement(SimpleCommand command, Quotes quotes) {
    int c = sheet.peek();
    if (c == END) {
      sheet.doubt("a quote is not closed");
      return false;
    }
    if (Template.isInsertion(c)) {
      insertQuoted(command, quotes);
    } else {
      command.quotedCharacter(sheet.take());
    }
    return true;
  }

  private void insertQuoted(SimpleCommand command, Quotes quotes) {
    var rule = expansions.rule(command);
    sheet.insert(new Place(quotes, rule, true, true, true, !command.isEmptyWord()));
    command.something();
  }

  /** After the opening quote, to the closing one. */
  void doubleQuoted(SimpleCommand command) {
    while (sheet.peek() != '"') {
      switch (sheet.peek()) {
        case '\\' -> {
          sheet.take();
          if (sheet.atInsertion()) {
            sheet.insertRun(expansions.rawRule(command));
            command.something();
          } else if (sheet.peek() != END) {
            command.quotedCharacter(sheet.take());
          }
        }
        case '$' -> expansions.dollar(command, true);
        case '`' -> {
          expansions.doubtInSubscript(command);
          expansions.backquoted(command);
        }
        default -> {
          if (!quotedElement(command, Quotes.DOUBLE)) {
            return;
          }
        }
      }
    }
    sheet.take();
  }

  // ---- Redirections ----

  private void redirection(SimpleCommand command, HereDocuments documents) {
    if (sheet.peek(1) == '(') {
      expansions.doubtInSubscript(command);
      if (command.runsItsFile()) {
        sheet.doubtRun("what is written to an interpreter is run by it");
      }
      command.something();
      sheet.take(2);
      if (sheet.enter()) {
        commands(')');
        sheet.leave();
      }
      return;
    }
    endRedirectedWord(command);
    char c = sheet.take();
    if (c == '<' && sheet.peek() == '<' && sheet.peek(1) == '<') {
      sheet.take(2);
      command.inputIsText();
    } else if (c == '<' && sheet.peek() == '<') {
      sheet.take();
      documents.announce();
      return;
    } else if (sheet.peek() == '>' || sheet.peek() == '&' || sheet.peek() == '|') {
      sheet.take();
    }
    command.redirectBegins();
  }

  /** The 2 of {@code 2>} is no argument. */
  private void endRedirectedWord(SimpleCommand command) {
    if (command.isNumber()) {
      command.forgetWord();
    } else {
      endWord(command);
    }
  }

  // ---- Arithmetic ----

  /** A value may reach arithmetic by way of a variable: there a subscript would be evaluated. */
  private void checkSubscripts() {
    for (var insertion : sheet.template().insertions()) {
      if (!insertion.isPath() && Insertions.hasSubscript(insertion.text().orElse(""), false)) {
        sheet
            .insertions()
            .refuseFor(
                insertion,
                "holds a '[' right behind a name, and the command has arithmetic, which evaluates it",
                Rule.VARIABLE);
      }
    }
  }
}
