package io.headrace.shell;

import static io.headrace.shell.Template.END;

import io.headrace.shell.Insertions.Place;
import io.headrace.shell.Insertions.Quotes;
import io.headrace.shell.Template.Insertion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads the author's text as bash's lexer does, far enough to know the quoting and the command at
 * each insertion. Where it loses its way it says so ({@link ShellText.Made#doubt}), and then
 * nothing that it found counts.
 */
final class Scanner {
  private static final int DEEPEST = 100;

  private static final List<String> NUMERIC_OPERATORS =
      List.of("-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v", "-R");

  private final Template template;
  private final StringBuilder out = new StringBuilder();
  private final Insertions insertions;

  /** Why every value must be harmless, from the start. */
  private final Optional<String> distrust;

  private Optional<String> doubt = Optional.empty();
  private boolean arithmetic;
  private int position;
  private int depth;

  /** Above zero within arithmetic. */
  private int evaluated;

  /** Above zero within an expansion that makes the name of a command. */
  private int feeding;

  /** Here-documents announced on this line, whose text is still to come. */
  private int openDocuments;

  /** Above zero where quotes inside an expansion mean what they may. */
  private int unsure;

  Scanner(Template template, Optional<String> distrust, Insertions insertions) {
    this.template = template;
    this.distrust = distrust;
    this.insertions = insertions;
  }

  ShellText.Made scan() {
    if (distrust.isPresent()) {
      copyHarmless();
    } else {
      commands(END);
      if (arithmetic) {
        checkSubscripts();
      }
    }
    return new ShellText.Made(out.toString(), insertions.problems(), doubt);
  }

  // ---- Without trust ----

  private void copyHarmless() {
    for (; position < template.length(); position++) {
      int element = peek();
      if (!Template.isInsertion(element)) {
        out.append((char) element);
        continue;
      }
      var insertion = template.insertion(element);
      var text = insertion.text().orElse("x");
      boolean command = !insertion.isPath() && !text.isEmpty() && mayBeginCommand(0);
      boolean variable = mayNameVariable() && !Quoting.isNumeric(text);
      if (Quoting.isHarmless(text) && !command && !variable) {
        out.append(text);
      } else {
        insertions.refuse(
            insertion,
            (Quoting.isHarmless(text)
                    ? variable ? "would name a variable" : "may be run as a command"
                    : "holds more than letters, digits and . / : @ % + = , - _")
                + ", and "
                + distrust.orElseThrow());
      }
    }
  }

  /** Behind {@code $}, <code>${</code>, <code>${!</code> or <code>${#</code>. */
  private boolean mayNameVariable() {
    int before = template.at(position - 1);
    return position > 0
        && (before == '$'
            || (position > 1
                && (before == '{' || before == '!' || before == '#')
                && (template.at(position - 2) == '$' || template.at(position - 2) == '{')));
  }

  private void doubt(String why) {
    if (doubt.isEmpty()) {
      doubt = Optional.of(why);
    }
  }

  // ---- Elements ----

  private int peek() {
    return template.at(position);
  }

  private int peek(int ahead) {
    return template.at(position + ahead);
  }

  /** Copies the author's next character. */
  private char take() {
    char c = (char) peek();
    out.append(c);
    position++;
    return c;
  }

  private void take(int count) {
    for (int i = 0; i < count; i++) {
      take();
    }
  }

  private String insert(Place place) {
    var written = insertions.write(template.insertion(peek()), place);
    out.append(written);
    position++;
    return written;
  }

  private void insertUnsure(Quotes quotes) {
    insert(Place.quoted(quotes, Rule.HARMLESS));
  }

  private Insertion insertion() {
    return template.insertion(peek());
  }

  // ---- Commands ----

  /** A list of commands, up to what closes it (taken) or the end. */
  private void commands(int close) {
    if (openDocuments > 0) {
      doubt("an expansion on the line of a here-document is not clear");
    }
    int outerDocuments = openDocuments;
    openDocuments = 0;
    commandsWithin(close);
    openDocuments = outerDocuments;
  }

  private void commandsWithin(int close) {
    var command = new SimpleCommand();
    var documents = new ArrayDeque<HereDocument>();
    var program = Program.NONE;
    while (true) {
      int c = peek();
      command.standsAt(position);
      openDocuments = documents.size();
      if (close != END && command.inCase()) {
        doubt("a 'case' within $(…) is not clear");
      }
      if (c == END) {
        endOf(command);
        if (close != END || command.isOpen() || !documents.isEmpty()) {
          doubt("the quoting or nesting of the command is not clear");
        }
        break;
      }
      if (Template.isInsertion(c)) {
        insertUnquoted(command);
        continue;
      }
      if (command.inTest() && endsWord(c)) {
        // Within [[ … ]] these are operators and end no command.
        endWord(command);
        if (command.inTest()) {
          take();
          continue;
        }
      }
      switch (c) {
        case ' ', '\t' -> {
          endWord(command);
          take();
        }
        case '\n' -> {
          program = program.or(endOf(command));
          take();
          hereDocuments(documents, program);
          program = Program.NONE;
        }
        case '\\' -> backslash(command);
        case '\'' -> {
          command.quoteBegins();
          singleQuoted(command);
        }
        case '"' -> {
          take();
          command.quoteBegins();
          doubleQuoted(command);
        }
        case '$' -> dollar(command, false);
        case '`' -> {
          doubtInSubscript(command);
          backquoted(command);
        }
        case '#' -> {
          if (command.atWordStart()) {
            comment();
          } else {
            command.character(take());
          }
        }
        case ';', '&', '|' -> program = program.or(separator(command));
        case '<', '>' -> redirection(command, documents);
        case '(' -> open(command);
        case ')' -> {
          endWord(command);
          if (command.parenthesisCloses()) {
            take();
          } else if (command.inCase()) {
            take();
            command.commandEnds();
          } else if (close == ')') {
            endOf(command);
            take();
            if (!documents.isEmpty()) {
              doubt("a here-document within $(…) is not clear");
            }
            return;
          } else {
            doubt("a ')' closes nothing");
            take();
          }
        }
        default -> command.character(take());
      }
    }
  }

  /** What reads a here-document, or its input, as a program. */
  private enum Program {
    NONE,
    OTHER,
    SHELL;

    Program or(Program another) {
      return compareTo(another) >= 0 ? this : another;
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
      doubt("what is written to an interpreter is run by it");
    }
    command.commandEnds();
    arithmetic |= command.evaluates();
    return program;
  }

  private void endWord(SimpleCommand command) {
    boolean test = command.inTest();
    command.wordEnds();
    if (!test && command.inTest()) {
      boolean numeric = isNumericTest();
      command.testIsNumeric(numeric);
      arithmetic |= numeric;
    }
  }

  /** Whether the {@code [[ … ]]} that begins here compares numbers or looks at names. */
  private boolean isNumericTest() {
    for (int i = position; i < template.length(); i++) {
      if (template.startsWith("]]", i)) {
        return false;
      }
      if (template.at(i) == '-' && isBlank(template.at(i - 1)) && isNumericOperator(i)) {
        return true;
      }
    }
    return true;
  }

  private boolean isNumericOperator(int at) {
    for (var operator : NUMERIC_OPERATORS) {
      if (template.startsWith(operator, at) && isBlank(template.at(at + operator.length()))) {
        return true;
      }
    }
    return false;
  }

  private Program separator(SimpleCommand command) {
    if (peek() == '&' && peek(1) == '>') {
      endWord(command);
      take(peek(2) == '>' ? 3 : 2);
      command.redirectBegins();
      return Program.NONE;
    }
    boolean pipe = peek() == '|' && peek(1) != '|';
    var program = endOf(command);
    char c = take();
    if (peek() == c || (c == '|' && peek() == '&')) {
      take();
    }
    if (pipe) {
      command.pipe();
    }
    return program;
  }

  private void backslash(SimpleCommand command) {
    take();
    int next = peek();
    if (Template.isInsertion(next)) {
      // The author's backslash takes the first character of ours.
      var rule = rule(command, insertion().isPath());
      command.something();
      insertRun(rule.compareTo(Rule.HARMLESS) < 0 ? rule : Rule.HARMLESS);
    } else if (next == '\n') {
      take();
    } else if (next != END) {
      command.quotedCharacter(take());
    }
  }

  private void open(SimpleCommand command) {
    if (peek(1) == '(' && (command.isNamed("for") || beginsCommand(command))) {
      endWord(command);
      take(2);
      arithmetic(2);
      command.something();
    } else if (command.atArrayStart()) {
      take();
      command.parenthesisOpens(true);
    } else {
      endWord(command);
      take();
      command.parenthesisOpens(false);
    }
  }

  /** Insertions without quotes, one behind the other, where the first must not be all. */
  private void insertRun(Rule rule) {
    boolean something = false;
    while (Template.isInsertion(peek())) {
      something |= !insertion().text().orElse("x").isEmpty();
      insert(Place.quoted(Quotes.NONE, rule));
    }
    if (!something) {
      doubt("an empty value stands behind a '\\' or '$'");
    }
  }

  private static boolean beginsCommand(SimpleCommand command) {
    return command.expectsName() && command.atWordStart();
  }

  private void comment() {
    while (peek() != END && peek() != '\n') {
      if (Template.isInsertion(peek())) {
        insert(Place.quoted(Quotes.COMMENT, Rule.ANY));
      } else {
        take();
      }
    }
  }

  private void insertUnquoted(SimpleCommand command) {
    var place =
        new Place(
            Quotes.NONE,
            rule(command, insertion().isPath()),
            command.oneWord(),
            command.emptyCounts() && command.atWordStart(),
            command.quotesAlways(),
            !command.atWordStart());
    var written = insert(place);
    if (!written.isBlank()) {
      command.something();
    }
    if (written.endsWith(" ")) {
      endWord(command);
    }
  }

  private Rule rule(SimpleCommand command, boolean isPath) {
    if (feeding > 0 && !isPath) {
      return Rule.NO_COMMAND;
    }
    if (evaluated > 0 && !isPath) {
      return Rule.NUMBER;
    }
    var rule = command.rule(isPath);
    if (rule == Rule.CODE
        && !isPath
        && command.codeIsShell()
        && mayBeginCommand(command.codeBegins())) {
      return Rule.NO_COMMAND;
    }
    return unsure > 0 && rule.compareTo(Rule.HARMLESS) > 0 ? Rule.HARMLESS : rule;
  }

  /** Whether, looking back over blanks and quotes, a command could begin here. */
  private boolean mayBeginCommand(int from) {
    int i = position - 1;
    while (i >= from && isBlankOrQuote(template.at(i))) {
      i--;
    }
    if (i < from) {
      return true;
    }
    int c = template.at(i);
    return endsInKeyword(i)
        || c == ';'
        || c == '&'
        || c == '|'
        || c == '('
        || c == '`'
        || c == '{'
        || c == '!'
        || c == '\n';
  }

  private static boolean isBlankOrQuote(int c) {
    return isBlank(c) || c == '"' || c == '\'' || c == '\\';
  }

  private boolean endsInKeyword(int last) {
    for (var keyword : List.of("then", "do", "else", "elif", "if", "while", "until")) {
      int first = last - keyword.length() + 1;
      if (first >= 0
          && template.startsWith(keyword, first)
          && (first == 0 || !Quoting.isNameCharacter(template.at(first - 1)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t';
  }

  // ---- Quotes ----

  private void singleQuoted(SimpleCommand command) {
    take();
    while (peek() != '\'') {
      if (!quotedElement(command, Quotes.SINGLE)) {
        return;
      }
    }
    take();
  }

  private void dollarSingleQuoted(SimpleCommand command) {
    while (peek() != '\'') {
      if (peek() == '\\') {
        take();
        if (Template.isInsertion(peek())) {
          insertRun(Rule.HARMLESS);
          command.something();
        } else if (peek() != END) {
          command.something();
          take();
        }
      } else if (!quotedElement(command, Quotes.DOLLAR_SINGLE)) {
        return;
      }
    }
    take();
  }

  /** One element between quotes; false at the end of the text. */
  private boolean quotedElement(SimpleCommand command, Quotes quotes) {
    int c = peek();
    if (c == END) {
      doubt("a quote is not closed");
      return false;
    }
    if (Template.isInsertion(c)) {
      insertQuoted(command, quotes);
    } else {
      command.quotedCharacter(take());
    }
    return true;
  }

  private void insertQuoted(SimpleCommand command, Quotes quotes) {
    var rule = rule(command, insertion().isPath());
    insert(new Place(quotes, rule, true, true, true, !command.isEmptyWord()));
    command.something();
  }

  private void doubleQuoted(SimpleCommand command) {
    while (peek() != '"') {
      switch (peek()) {
        case '\\' -> {
          take();
          if (Template.isInsertion(peek())) {
            var rule = rule(command, insertion().isPath());
            insertRun(rule.compareTo(Rule.HARMLESS) < 0 ? rule : Rule.HARMLESS);
            command.something();
          } else if (peek() != END) {
            command.quotedCharacter(take());
          }
        }
        case '$' -> dollar(command, true);
        case '`' -> {
          doubtInSubscript(command);
          backquoted(command);
        }
        default -> {
          if (!quotedElement(command, Quotes.DOUBLE)) {
            return;
          }
        }
      }
    }
    take();
  }

  // ---- Expansions ----

  private void dollar(SimpleCommand command, boolean inDouble) {
    if (command.inCode()) {
      doubt("what it expands is read as a program");
    }
    doubtInSubscript(command);
    if (++depth > DEEPEST) {
      doubt("its expansions nest too deeply to be understood");
      position = template.length();
      depth--;
      return;
    }
    take();
    boolean feeds = feedsCommand(command);
    feeding += feeds ? 1 : 0;
    if (Template.isInsertion(peek())) {
      // $ and a value would be a variable of any content.
      insertRun(Rule.NUMBER);
      command.something();
    } else {
      expansion(command, inDouble);
    }
    feeding -= feeds ? 1 : 0;
    depth--;
  }

  /** Whether what is expanded here becomes the name of a command. */
  private static boolean feedsCommand(SimpleCommand command) {
    var rule = command.rule(false);
    return rule == Rule.NO_COMMAND || rule == Rule.WRAPPED;
  }

  /** A subscript is expanded twice: its quotes are gone when it is evaluated. */
  private void doubtInSubscript(SimpleCommand command) {
    if (command.inSubscript()) {
      doubt("bash evaluates what is expanded within a subscript");
    }
  }

  /** What follows a {@code $}. */
  private void expansion(SimpleCommand command, boolean inDouble) {
    switch (peek()) {
      case '(' -> {
        command.something();
        if (peek(1) == '(') {
          take(2);
          arithmetic(2);
        } else {
          take();
          commands(')');
        }
      }
      case '[' -> {
        command.something();
        take();
        bracketArithmetic();
      }
      case '{' -> {
        command.something();
        take();
        braces();
      }
      case '\'' -> {
        if (inDouble) {
          command.character('$');
        } else {
          command.quoteBegins();
          take();
          dollarSingleQuoted(command);
        }
      }
      case '"' -> {
        if (!inDouble) {
          command.quoteBegins();
          take();
          doubleQuoted(command);
        }
      }
      default -> command.something();
    }
  }

  /**
   * Up to the matching parentheses. What looks like arithmetic may be a subshell: then we doubt.
   */
  private void arithmetic(int open) {
    arithmetic = true;
    int parentheses = open;
    while (parentheses > 0) {
      int c = peek();
      switch (c) {
        case END -> {
          doubt("an arithmetic expression is not closed");
          return;
        }
        case '(' -> {
          take();
          parentheses++;
        }
        case ')' -> {
          take();
          parentheses--;
          if (parentheses == 1 && peek() != ')') {
            doubt("'((' begins something else than arithmetic");
          }
        }
        case '\'', '#' -> {
          doubtUnlessBase(c);
          take();
        }
        default -> arithmeticElement();
      }
    }
  }

  private void doubtUnlessBase(int c) {
    boolean base = c == '#' && position > 0 && Quoting.isNameCharacter(template.at(position - 1));
    if (!base) {
      doubt("the quoting within an arithmetic expression is not clear");
    }
  }

  private void bracketArithmetic() {
    arithmetic = true;
    while (peek() != ']') {
      if (peek() == END) {
        doubt("an arithmetic expression is not closed");
        return;
      }
      arithmeticElement();
    }
    take();
  }

  private void arithmeticElement() {
    if (Template.isInsertion(peek())) {
      insert(Place.quoted(Quotes.NONE, Rule.NUMBER));
      return;
    }
    evaluated++;
    unsureElement();
    evaluated--;
  }

  /** An element where nested quotes are followed only to find what closes them. */
  private void unsureElement() {
    unsure++;
    switch (peek()) {
      case '\\' -> {
        take();
        if (Template.isInsertion(peek())) {
          insertRun(evaluated > 0 ? Rule.NUMBER : Rule.HARMLESS);
        } else if (peek() != END) {
          take();
        }
      }
      case '"' -> {
        take();
        doubleQuoted(new SimpleCommand.Unnamed());
      }
      case '$' -> dollar(new SimpleCommand.Unnamed(), true);
      case '`' -> backquoted(new SimpleCommand.Unnamed());
      default -> {
        if (Template.isInsertion(peek())) {
          insertUnsure(Quotes.NONE);
        } else {
          take();
        }
      }
    }
    unsure--;
  }

  /** {@code ${…}}, after its opening brace. */
  private void braces() {
    boolean inName = true;
    var rule = Rule.NUMBER;
    if (peek() == '!' || (peek() == '#' && peek(1) != '}')) {
      take();
    }
    while (peek() != '}') {
      int c = peek();
      if (c == END) {
        doubt("an expansion is not closed");
        break;
      }
      if (Template.isInsertion(c)) {
        insert(Place.quoted(Quotes.NONE, rule));
        continue;
      }
      if (inName && !Quoting.isNameCharacter(c) && c != '@' && c != '*') {
        inName = false;
        rule = operatorRule(c, peek(1));
        arithmetic |= rule == Rule.NUMBER;
      } else if (rule == Rule.NUMBER && c == ']') {
        inName = true;
        rule = Rule.NUMBER;
      }
      if (c == '\'') {
        doubt("a quote within ${…} is not clear");
      }
      if (rule == Rule.NUMBER) {
        arithmeticElement();
      } else {
        unsureElement();
      }
    }
    if (peek() == '}') {
      take();
    }
  }

  private static Rule operatorRule(int operator, int next) {
    return switch (operator) {
      case '-', '+', '=', '?', '#', '%', '/', '^', ',' -> Rule.HARMLESS;
      case ':' ->
          next == '-' || next == '+' || next == '=' || next == '?' ? Rule.HARMLESS : Rule.NUMBER;
      default -> Rule.NUMBER;
    };
  }

  /** From one backquote to the next. */
  private void backquoted(SimpleCommand outer) {
    boolean feeds = feeding > 0 || feedsCommand(outer);
    outer.something();
    take();
    int start = position;
    while (peek() != '`') {
      int c = peek();
      if (c == END) {
        doubt("a backquote is not closed");
        return;
      }
      if (Template.isInsertion(c)) {
        boolean number = evaluated > 0 && !insertion().isPath();
        boolean command = (feeds || mayBeginCommand(start)) && !insertion().isPath();
        insert(
            Place.quoted(
                Quotes.NONE, command ? Rule.NO_COMMAND : number ? Rule.NUMBER : Rule.HARMLESS));
      } else if (c == '\\' && !Template.isInsertion(peek(1)) && peek(1) != END) {
        take(2);
      } else {
        take();
      }
    }
    take();
  }

  // ---- Redirections ----

  private void redirection(SimpleCommand command, Deque<HereDocument> documents) {
    if (peek(1) == '(') {
      doubtInSubscript(command);
      if (command.runsItsFile()) {
        doubt("what is written to an interpreter is run by it");
      }
      command.something();
      take(2);
      if (++depth > DEEPEST) {
        doubt("its expansions nest too deeply to be understood");
        position = template.length();
      }
      commands(')');
      depth--;
      return;
    }
    endRedirectedWord(command);
    char c = take();
    if (c == '<' && peek() == '<' && peek(1) == '<') {
      take(2);
      command.inputIsText();
    } else if (c == '<' && peek() == '<') {
      take();
      documents.add(hereDocument());
      return;
    } else if (peek() == '>' || peek() == '&' || peek() == '|') {
      take();
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

  /**
   * @param end the line that ends it
   * @param tabs whether leading tabs do not count
   * @param quoted whether nothing in it is expanded
   */
  private record HereDocument(String end, boolean tabs, boolean quoted) {}

  /** The word that will end a here-document. */
  private HereDocument hereDocument() {
    boolean tabs = peek() == '-';
    if (tabs) {
      take();
    }
    while (isBlank(peek())) {
      take();
    }
    var end = new StringBuilder();
    boolean quoted = false;
    char quote = 0;
    while (true) {
      int c = peek();
      if (Template.isInsertion(c)) {
        doubt("a value stands in the name of a here-document");
        insertUnsure(Quotes.NONE);
        continue;
      }
      if (c == END || (quote == 0 && endsWord(c))) {
        break;
      }
      take();
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
        if (!Template.isInsertion(peek()) && peek() != END) {
          end.append(take());
        }
      } else {
        if (c == '$' || c == '`') {
          doubt("the name of a here-document is not clear");
        }
        end.append((char) c);
      }
    }
    if (end.isEmpty()) {
      doubt("a here-document has no name");
    }
    return new HereDocument(end.toString(), tabs, quoted);
  }

  private static boolean endsWord(int c) {
    return isBlank(c) || c == '\n' || "|&;()<>".indexOf(c) >= 0;
  }

  private void hereDocuments(Deque<HereDocument> documents, Program program) {
    while (!documents.isEmpty()) {
      body(documents.removeFirst(), program);
    }
  }

  private void body(HereDocument document, Program program) {
    int begins = position;
    while (peek() != END) {
      int from = position;
      int start = out.length();
      line(document, program, begins);
      var inserted = insertionsSince(from);
      if (isEnd(document, out.substring(start))) {
        if (inserted.isEmpty()) {
          if (out.indexOf("\n", start) >= 0) {
            doubt("the end of a here-document is not clear");
          }
          newLine();
          return;
        }
        inserted.forEach(insertion ->
            insertions.refuse(
                insertion,
                "makes the line '" + document.end() + "', which ends its here-document"));
      }
      newLine();
    }
    doubt("a here-document does not end");
  }

  private List<Insertion> insertionsSince(int from) {
    var since = new ArrayList<Insertion>();
    for (int i = from; i < position; i++) {
      if (Template.isInsertion(template.at(i))) {
        since.add(template.insertion(template.at(i)));
      }
    }
    return since;
  }

  private void newLine() {
    if (peek() == '\n') {
      take();
    }
  }

  /** One line of the author's, without its end. */
  private void line(HereDocument document, Program program, int begins) {
    while (peek() != END && peek() != '\n') {
      int c = peek();
      if (Template.isInsertion(c)) {
        insert(
            Place.quoted(
                document.quoted() ? Quotes.QUOTED_HERE_DOCUMENT : Quotes.HERE_DOCUMENT,
                documentRule(program, begins)));
      } else if (document.quoted()) {
        take();
      } else if (c == '\\') {
        take();
        if (Template.isInsertion(peek())) {
          insertRun(Rule.HARMLESS);
        } else if (peek() != END) {
          take();
        }
      } else if (c == '$' || c == '`') {
        if (program != Program.NONE) {
          doubt("what it expands is read as a program");
        }
        documentExpansion();
      } else {
        take();
      }
    }
  }

  private Rule documentRule(Program program, int begins) {
    if (program == Program.SHELL && !insertion().isPath() && mayBeginCommand(begins)) {
      return Rule.NO_COMMAND;
    }
    if (program != Program.NONE) {
      return Rule.CODE;
    }
    return unsure > 0 ? Rule.HARMLESS : Rule.ANY;
  }

  private void documentExpansion() {
    unsure++;
    if (peek() == '$') {
      dollar(new SimpleCommand.Unnamed(), true);
    } else {
      backquoted(new SimpleCommand.Unnamed());
    }
    unsure--;
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

  // ---- Arithmetic ----

  /** A value may reach arithmetic by way of a variable: there a subscript would be evaluated. */
  private void checkSubscripts() {
    for (var insertion : template.insertions()) {
      if (!insertion.isPath() && Insertions.hasSubscript(insertion.text().orElse(""), false)) {
        insertions.refuse(
            insertion,
            "holds a '[' right behind a name, and the command has arithmetic, which evaluates it");
      }
    }
  }
}
