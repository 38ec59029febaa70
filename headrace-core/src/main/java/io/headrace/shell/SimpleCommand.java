package io.headrace.shell;

/**
 * What the scanner knows of the command that it is in: whether its name is still to come, what the
 * name was, and the word being read. One for each list of commands; reset at each {@code ;}.
 */
class SimpleCommand {
  /** Stands in {@link #word} for something inserted or expanded. */
  private static final char SOMETHING = '\uFFFF';

  private final StringBuilder word = new StringBuilder();
  private boolean wordBegun;
  private boolean wordQuoted;
  private int wordPosition;
  private boolean redirect;

  private boolean nameExpected = true;
  private String name = "";
  private String previousWord = "";
  private int arguments;
  private boolean givenText;

  /** An interpreter's name was read, and its script not yet. */
  private boolean interpreter;

  private boolean wrapper;
  private boolean throughXargs;
  private boolean codeNext;
  private boolean programGiven;
  private boolean allCode;
  private boolean integerDeclared;
  private boolean evaluates;

  private int caseDepth;
  private boolean test;
  private boolean numericTest;
  private int parentheses;
  private boolean array;

  // ---- The word ----

  boolean atWordStart() {
    return !wordBegun;
  }

  /** Notes where the word begins, if it has not begun. */
  void standsAt(int position) {
    if (!wordBegun) {
      wordPosition = position;
    }
  }

  /** Where code of another interpreter begins that goes on here. */
  int codeBegins() {
    boolean once = name.equals("eval") || name.equals("trap");
    boolean first = arguments <= (once ? 0 : 1);
    return first || !Programs.isEvaluator(name) ? wordPosition : 0;
  }

  /** Whether the word, without its quotes, has nothing in it yet. */
  boolean isEmptyWord() {
    return word.isEmpty();
  }

  void character(char c) {
    wordBegun = true;
    word.append(c);
  }

  void quotedCharacter(char c) {
    wordQuoted = true;
    character(c);
  }

  void quoteBegins() {
    wordBegun = true;
    wordQuoted = true;
  }

  void something() {
    wordBegun = true;
    word.append(SOMETHING);
  }

  boolean wordIs(String text) {
    return !wordQuoted && word.compareTo(new StringBuilder(text)) == 0;
  }

  /** Whether the word so far is all digits, such as the 2 in {@code 2>}. */
  boolean isNumber() {
    return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The length of {@code NAME=}, {@code NAME+=} or {@code NAME[…]=} at the word's start, or 0. */
  private int assignment() {
    int i = identifier();
    if (i == 0) {
      return 0;
    }
    if (i < word.length() && word.charAt(i) == '[') {
      int close = word.indexOf("]", i);
      i = close < 0 ? word.length() : close + 1;
    }
    if (i < word.length() && word.charAt(i) == '+') {
      i++;
    }
    return i < word.length() && word.charAt(i) == '=' ? i + 1 : 0;
  }

  private int identifier() {
    int i = 0;
    while (i < word.length() && Quoting.isNameCharacter(word.charAt(i))) {
      i++;
    }
    return i > 0 && !(word.charAt(0) >= '0' && word.charAt(0) <= '9') ? i : 0;
  }

  /** In {@code NAME=} where that assigns: at the front of a command, or to a declaring one. */
  boolean inAssignment() {
    return (nameExpected || Programs.isDeclaring(name)) && !array && assignment() > 0;
  }

  /** Just after {@code NAME=}, where a parenthesis begins an array. */
  boolean atArrayStart() {
    return inAssignment() && assignment() == word.length() && !wordQuoted;
  }

  /** Between the brackets of {@code NAME[…]}. */
  boolean inSubscript() {
    int i = identifier();
    return i > 0 && i < word.length() && word.charAt(i) == '[' && word.indexOf("]", i) < 0;
  }

  // ---- Rules ----

  /** What a value may be at this place of this word. */
  Rule rule(boolean isPath) {
    if (test) {
      return numericTest ? Rule.NUMBER : Rule.VARIABLE;
    }
    if (redirect) {
      return Rule.ANY;
    }
    if (inSubscript() && (nameExpected || Programs.isNaming(name) || Programs.isDeclaring(name))) {
      return Rule.NUMBER;
    }
    if (inAssignment()) {
      return assignmentRule();
    }
    if (array) {
      return integerDeclared ? Rule.NUMBER : Rule.DECLARATION;
    }
    if (nameExpected) {
      return word.isEmpty() && !isPath ? Rule.NO_COMMAND : Rule.ANY;
    }
    return argumentRule(isPath);
  }

  private Rule assignmentRule() {
    var variable = word.substring(0, identifier());
    if (integerDeclared || Programs.isNumericVariable(variable)) {
      return Rule.NUMBER;
    }
    if (Programs.isActingVariable(variable)) {
      return Rule.HARMLESS;
    }
    return nameExpected ? Rule.ANY : Rule.DECLARATION;
  }

  private Rule argumentRule(boolean isPath) {
    if (inCode()) {
      return Rule.CODE;
    }
    if (interpreter) {
      return Rule.SCRIPT;
    }
    if (wrapper) {
      return previousWord.startsWith("-") || isPath || !word.isEmpty()
          ? Rule.HARMLESS
          : Rule.WRAPPED;
    }
    if (name.equals("let")) {
      return Rule.NUMBER;
    }
    if (Programs.isDeclaring(name)) {
      return integerDeclared ? Rule.NUMBER : Rule.DECLARATION;
    }
    if (name.equals("printf") && arguments > 0 && !isInsertedOr(previousWord, "-v")) {
      return Rule.ANY;
    }
    if (Programs.isNaming(name)) {
      return Rule.VARIABLE;
    }
    if (Programs.isMacro(name)) {
      return Rule.HARMLESS;
    }
    return Programs.isRunByOption(name) ? Rule.NO_OPTION : Rule.ANY;
  }

  private static boolean isInsertedOr(String word, String wanted) {
    return word.equals(wanted) || word.indexOf(SOMETHING) == 0;
  }

  /** Whether the word being read is code of another interpreter. */
  boolean inCode() {
    return codeNext
        || allCode
        || inProgram()
        || (interpreter && beginsWith('-'))
        || (name.indexOf(SOMETHING) >= 0 && mayBeCodeOption(previousWord));
  }

  /** {@code $PYTHON -c '…'}: which program it is we do not know. */
  private static boolean mayBeCodeOption(String option) {
    return option.startsWith("-")
        && !option.startsWith("--")
        && (option.endsWith("c") || option.endsWith("e"));
  }

  private boolean beginsWith(char c) {
    return !word.isEmpty() && word.charAt(0) == c;
  }

  /** Whether a shell reads that code, so that a nested command may begin after {@code ;}. */
  boolean codeIsShell() {
    return !Programs.isInterpreter(name);
  }

  /** Whether blanks in a value do not make words here. */
  boolean oneWord() {
    return test || redirect || inAssignment() || (nameExpected && !word.isEmpty());
  }

  /** Whether something must stand here, be it empty. */
  boolean emptyCounts() {
    return redirect || test;
  }

  /** Whether a word as it is might be read as more than a word: an operator, a keyword. */
  boolean quotesAlways() {
    return redirect || test || (nameExpected && !inAssignment());
  }

  // ---- Moves ----

  /** The word was the number of a descriptor. */
  void forgetWord() {
    word.setLength(0);
    wordBegun = false;
  }

  void redirectBegins() {
    redirect = true;
  }

  /** The word, if there is one, is complete. */
  void wordEnds() {
    if (!wordBegun) {
      return;
    }
    wordBegun = false;
    if (redirect) {
      redirect = false;
    } else if (test) {
      test = !wordIs("]]");
    } else if (nameExpected) {
      nameWord();
    } else {
      argument();
    }
    previousWord = word.toString();
    word.setLength(0);
    wordQuoted = false;
  }

  private void nameWord() {
    if (assignment() > 0) {
      evaluates |= word.indexOf("[") > 0;
      return;
    }
    if (wordQuoted) {
      named(word.toString());
      return;
    }
    switch (word.toString()) {
      case "if", "then", "elif", "else", "do", "while", "until", "!", "{", "coproc" -> {}
      case "case" -> {
        caseDepth++;
        named("case");
      }
      case "esac" -> {
        caseDepth = Math.max(0, caseDepth - 1);
        named("");
      }
      case "[[" -> {
        named("");
        test = true;
      }
      default -> named(word.toString());
    }
  }

  private void named(String newName) {
    nameExpected = false;
    name = newName;
    arguments = 0;
    interpreter = Programs.isShell(name) || Programs.isInterpreter(name);
    wrapper = Programs.isWrapper(name);
    allCode = Programs.isEvaluator(name);
    codeNext = false;
    programGiven = false;
    evaluates |= name.equals("let");
  }

  private void argument() {
    arguments++;
    var text = word.toString();
    if (!wordQuoted && beginsCommands(text)) {
      commandEnds();
      return;
    }
    if (interpreter) {
      interpreterArgument(text);
    } else if (wrapper) {
      wrapperArgument(text);
    } else if (Programs.isScripted(name)) {
      scriptedArgument(text);
    } else if (Programs.isDeclaring(name) && beginsWith('-')) {
      integerDeclared |= text.indexOf('i') > 0 || text.indexOf('n') > 0;
      evaluates |= integerDeclared;
    } else if (!wordQuoted && (Programs.isShell(text) || Programs.isInterpreter(text))) {
      // find … -exec sh -c '…', conda run python -c '…'
      interpreter = true;
    }
  }

  /** After {@code ((…))} or {@code for x} these need no {@code ;} before them. */
  private static boolean beginsCommands(String text) {
    return switch (text) {
      case "then", "do", "else", "elif", "{" -> true;
      default -> false;
    };
  }

  /** Of {@code awk} and {@code sed}: a program is given by -e or -f, else by the first word. */
  private void scriptedArgument(String text) {
    if (text.startsWith("-")) {
      programGiven |= givesProgram(text);
    } else if (!takesArgument(previousWord) && !givesProgram(previousWord)) {
      programGiven = true;
    }
  }

  private static boolean givesProgram(String option) {
    return option.startsWith("--e")
        || option.startsWith("--f")
        || (option.startsWith("-")
            && !option.startsWith("--")
            && (option.indexOf('e') > 0 || option.indexOf('f') > 0));
  }

  private static boolean takesArgument(String option) {
    return option.equals("-v") || option.equals("-F") || option.equals("-l");
  }

  private boolean inProgram() {
    return Programs.isScripted(name)
        && !previousWord.equals("-v")
        && (!programGiven || givesProgram(previousWord) || beginsWith('-'));
  }

  private void interpreterArgument(String text) {
    if (codeNext) {
      codeNext = false;
      interpreter = false;
      return;
    }
    if (takesWord(previousWord)) {
      return;
    }
    if (!text.startsWith("-") || text.equals("-")) {
      interpreter = text.equals("-");
      return;
    }
    if (text.indexOf(SOMETHING) >= 0) {
      codeNext = true;
    } else if (Programs.isPython(name) || isShellWithin()) {
      codeNext = !text.startsWith("--") && text.indexOf('c') > 0;
      interpreter = !text.equals("-m");
    } else {
      // -e, -ne, -E, --eval, -r, -p: after it all is code, to be sure.
      allCode |= isCodeOption(text);
    }
  }

  /** A shell, or a program that was told to run one. */
  private boolean isShellWithin() {
    return !Programs.isInterpreter(name);
  }

  /** {@code bash -eo pipefail}, {@code python -W ignore}. */
  private boolean takesWord(String option) {
    if (!option.startsWith("-") || option.startsWith("--")) {
      return option.equals("--rcfile") || option.equals("--init-file");
    }
    return Programs.isPython(name)
        ? option.equals("-W") || option.equals("-X")
        : isShellWithin() && (option.endsWith("o") || option.endsWith("O"));
  }

  private static boolean isCodeOption(String option) {
    if (option.startsWith("--")) {
      return option.startsWith("--e") || option.startsWith("--p") || option.startsWith("--r");
    }
    for (int i = 1; i < option.length(); i++) {
      if ("eErp".indexOf(option.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private void wrapperArgument(String text) {
    boolean option = text.startsWith("-");
    boolean number = !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    boolean variable = text.indexOf('=') > 0;
    boolean inserted = text.indexOf(SOMETHING) == 0;
    if (!option && !number && !variable && !inserted) {
      throughXargs |= name.equals("xargs");
      named(text);
    }
  }

  /** A new command begins. */
  void commandEnds() {
    wordEnds();
    nameExpected = true;
    name = "";
    previousWord = "";
    arguments = 0;
    interpreter = false;
    wrapper = false;
    codeNext = false;
    allCode = false;
    givenText = false;
    throughXargs = false;
    redirect = false;
  }

  void pipe() {
    commandEnds();
    givenText = true;
  }

  /** Whether what is piped in, or a here-document, is read as a program. */
  boolean readsProgramFromInput() {
    return (interpreter && !codeNext && !allCode)
        || (Programs.isEvaluator(name) && !name.equals("eval") && !name.equals("trap"))
        || (throughXargs && (Programs.isShell(name) || Programs.isInterpreter(name)));
  }

  /** Whether its input may come from a value: by a pipe or {@code <<<}. */
  boolean isGivenText() {
    return givenText;
  }

  /** Its input is written in the command. */
  void inputIsText() {
    givenText = true;
  }

  /** Whether a file that it is given is a program to it. */
  boolean runsItsFile() {
    return interpreter || name.equals(".") || name.equals("source") || Programs.isEvaluator(name);
  }

  boolean inTest() {
    return test;
  }

  void testIsNumeric(boolean numeric) {
    numericTest = numeric;
  }

  boolean expectsName() {
    return nameExpected;
  }

  boolean isNamed(String wanted) {
    return name.equals(wanted);
  }

  boolean inCase() {
    return caseDepth > 0;
  }

  void parenthesisOpens(boolean ofArray) {
    parentheses++;
    if (ofArray) {
      array = true;
      word.setLength(0);
      wordBegun = false;
      nameExpected = false;
    } else {
      commandEnds();
    }
  }

  /** True when it closed one of ours. */
  boolean parenthesisCloses() {
    if (parentheses == 0) {
      return false;
    }
    wordEnds();
    parentheses--;
    if (array) {
      array = false;
      nameExpected = true;
    } else {
      // A function's body may follow.
      commandEnds();
    }
    return true;
  }

  boolean isOpen() {
    return parentheses > 0 || test;
  }

  /** Whether something here evaluates arithmetic outside of {@code ((…))}. */
  boolean evaluates() {
    return evaluates;
  }

  /** Text within an expansion or a here-document, which is no command. */
  static final class Unnamed extends SimpleCommand {
    @Override
    Rule rule(boolean isPath) {
      return Rule.HARMLESS;
    }

    @Override
    boolean inCode() {
      return false;
    }
  }
}
