package io.headrace.shell;

import static io.headrace.shell.Template.END;

/**
 * What begins with a {@code $} or a backquote. Knows how far the quoting can be relied on where the
 * reading stands.
 */
final class Expansions {
  private final Sheet sheet;
  private final Scanner scanner;

  /** Above zero within arithmetic. */
  private int evaluated;

  /** Above zero within an expansion that makes the name of a command. */
  private int feeding;

  /** What the command that takes the expansion asks of its words. */
  private Rule within = Rule.ANY;

  /** Above zero where quotes inside an expansion mean what they may. */
  private int unsure;

  private boolean arithmeticSeen;

  Expansions(Sheet sheet, Scanner scanner) {
    this.sheet = sheet;
    this.scanner = scanner;
  }

  /** Whether anything so far is evaluated as arithmetic. */
  boolean haveArithmetic() {
    return arithmeticSeen;
  }

  /** Notes that something else is. */
  void sawArithmetic() {
    arithmeticSeen = true;
  }

  boolean isUncertain() {
    return unsure > 0;
  }

  /** What the next insertion may be, in this word of this command. */
  Rule rule(SimpleCommand command) {
    boolean isPath = sheet.insertion().isPath();
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
        && sheet.mayBeginCommand(command.codeBegins())) {
      return Rule.NO_COMMAND;
    }
    if (unsure > 0) {
      return stricter(rule, Rule.HARMLESS);
    }
    if (within == Rule.ANY || isPath) {
      return rule;
    }
    return rule == Rule.ANY ? within : stricter(rule, Rule.HARMLESS);
  }

  /** The rule where quoting is of no use besides. */
  Rule rawRule(SimpleCommand command) {
    return stricter(rule(command), Rule.HARMLESS);
  }

  private static Rule stricter(Rule one, Rule another) {
    return one.compareTo(another) < 0 ? one : another;
  }

  /** At a {@code $} or a backquote in a text that is no command: a here-document's. */
  void uncertain() {
    unsure++;
    if (sheet.peek() == '$') {
      dollar(new SimpleCommand.Unnamed(), true);
    } else {
      backquoted(new SimpleCommand.Unnamed());
    }
    unsure--;
  }

  /** At a {@code $}. */
  void dollar(SimpleCommand command, boolean inDouble) {
    if (command.inCode()) {
      sheet.doubtRun("what it expands is read as a program");
    }
    doubtInSubscript(command);
    if (!sheet.enter()) {
      return;
    }
    sheet.take();
    var use = command.rule(false);
    var outer = within;
    boolean feeds = use == Rule.NO_COMMAND || use == Rule.WRAPPED;
    boolean evaluates = use == Rule.NUMBER;
    feeding += feeds ? 1 : 0;
    evaluated += evaluates ? 1 : 0;
    if (use == Rule.VARIABLE || use == Rule.DECLARATION) {
      within = stricter(within, use);
    }
    if (sheet.atInsertion()) {
      // $ and a value would be a variable of any content.
      sheet.insertRun(Rule.NUMBER);
      command.something();
    } else {
      expansion(command, inDouble);
    }
    feeding -= feeds ? 1 : 0;
    evaluated -= evaluates ? 1 : 0;
    within = outer;
    sheet.leave();
  }

  /** A subscript is expanded twice: its quotes are gone when it is evaluated. */
  void doubtInSubscript(SimpleCommand command) {
    if (command.inSubscript()) {
      sheet.doubt("bash evaluates what is expanded within a subscript");
    }
  }

  /** What follows a {@code $}. */
  private void expansion(SimpleCommand command, boolean inDouble) {
    switch (sheet.peek()) {
      case '(' -> {
        command.something();
        if (sheet.peek(1) == '(') {
          sheet.take(2);
          arithmetic(2);
        } else {
          sheet.take();
          scanner.commands(')');
        }
      }
      case '[' -> {
        command.something();
        sheet.take();
        bracketArithmetic();
      }
      case '{' -> {
        command.something();
        sheet.take();
        braces();
      }
      case '\'' -> {
        if (inDouble) {
          command.character('$');
        } else {
          command.quoteBegins();
          sheet.take();
          scanner.dollarSingleQuoted(command);
        }
      }
      case '"' -> {
        if (!inDouble) {
          command.quoteBegins();
          sheet.take();
          scanner.doubleQuoted(command);
        }
      }
      default -> command.something();
    }
  }

  /**
   * Up to the matching parentheses. What looks like arithmetic may be a subshell: then we doubt.
   */
  void arithmetic(int open) {
    arithmeticSeen = true;
    int parentheses = open;
    while (parentheses > 0) {
      int c = sheet.peek();
      switch (c) {
        case END -> {
          sheet.doubt("an arithmetic expression is not closed");
          return;
        }
        case '(' -> {
          sheet.take();
          parentheses++;
        }
        case ')' -> {
          sheet.take();
          parentheses--;
          if (parentheses == 1 && sheet.peek() != ')') {
            sheet.doubt("'((' begins something else than arithmetic");
          }
        }
        case '\'', '#' -> {
          doubtUnlessBase(c);
          sheet.take();
        }
        default -> arithmeticElement();
      }
    }
  }

  private void doubtUnlessBase(int c) {
    boolean base = c == '#' && Quoting.isNameCharacter(sheet.peek(-1));
    if (!base) {
      sheet.doubt("the quoting within an arithmetic expression is not clear");
    }
  }

  private void bracketArithmetic() {
    arithmeticSeen = true;
    while (sheet.peek() != ']') {
      if (sheet.peek() == END) {
        sheet.doubt("an arithmetic expression is not closed");
        return;
      }
      arithmeticElement();
    }
    sheet.take();
  }

  private void arithmeticElement() {
    if (sheet.atInsertion()) {
      sheet.insertRaw(Rule.NUMBER);
      return;
    }
    evaluated++;
    unsureElement();
    evaluated--;
  }

  /** An element where nested quotes are followed only to find what closes them. */
  private void unsureElement() {
    unsure++;
    switch (sheet.peek()) {
      case '\\' -> {
        sheet.take();
        if (sheet.atInsertion()) {
          sheet.insertRun(evaluated > 0 ? Rule.NUMBER : Rule.HARMLESS);
        } else if (sheet.peek() != END) {
          sheet.take();
        }
      }
      case '"' -> {
        sheet.take();
        scanner.doubleQuoted(new SimpleCommand.Unnamed());
      }
      case '$' -> dollar(new SimpleCommand.Unnamed(), true);
      case '`' -> backquoted(new SimpleCommand.Unnamed());
      default -> {
        if (sheet.atInsertion()) {
          sheet.insertRaw(Rule.HARMLESS);
        } else {
          sheet.take();
        }
      }
    }
    unsure--;
  }

  /** {@code ${…}}, after its opening brace. */
  private void braces() {
    boolean inName = true;
    var rule = Rule.NUMBER;
    if (sheet.peek() == '!' || (sheet.peek() == '#' && sheet.peek(1) != '}')) {
      sheet.take();
    }
    while (sheet.peek() != '}') {
      int c = sheet.peek();
      if (c == END) {
        sheet.doubt("an expansion is not closed");
        break;
      }
      if (Template.isInsertion(c)) {
        sheet.insertRaw(inBraces(rule));
        continue;
      }
      if (inName && !Quoting.isNameCharacter(c) && c != '@' && c != '*') {
        inName = false;
        rule = operatorRule(c, sheet.peek(1));
        arithmeticSeen |= rule == Rule.NUMBER;
      } else if (rule == Rule.NUMBER && c == ']') {
        inName = true;
        rule = Rule.NUMBER;
      }
      if (c == '\'') {
        sheet.doubt("a quote within ${…} is not clear");
      }
      if (rule == Rule.NUMBER) {
        arithmeticElement();
      } else {
        unsureElement();
      }
    }
    if (sheet.peek() == '}') {
      sheet.take();
    }
  }

  private Rule inBraces(Rule rule) {
    if (sheet.insertion().isPath()) {
      return rule;
    }
    return feeding > 0 ? Rule.NO_COMMAND : evaluated > 0 ? Rule.NUMBER : rule;
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
  void backquoted(SimpleCommand outer) {
    var use = outer.rule(false);
    boolean feeds = feeding > 0 || use == Rule.NO_COMMAND || use == Rule.WRAPPED;
    outer.something();
    sheet.take();
    int start = sheet.position();
    while (sheet.peek() != '`') {
      int c = sheet.peek();
      if (c == END) {
        sheet.doubt("a backquote is not closed");
        return;
      }
      if (Template.isInsertion(c)) {
        boolean number = (evaluated > 0 || use == Rule.NUMBER) && !sheet.insertion().isPath();
        boolean command = (feeds || sheet.mayBeginCommand(start)) && !sheet.insertion().isPath();
        sheet.insertRaw(command ? Rule.NO_COMMAND : number ? Rule.NUMBER : Rule.HARMLESS);
      } else if (c == '\\' && !Template.isInsertion(sheet.peek(1)) && sheet.peek(1) != END) {
        sheet.take(2);
      } else {
        sheet.take();
      }
    }
    sheet.take();
  }
}
