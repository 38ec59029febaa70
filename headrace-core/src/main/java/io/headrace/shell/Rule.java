package io.headrace.shell;

/** What a value may be where it stands, beyond what quoting sees to. The strictest come first. */
enum Rule {
  /** Nothing: it would be the name of a command to run. */
  NO_COMMAND(
      "it stands where the name of a command is expected",
      "write the command's name there; if the value is to choose it, write $%s in its place"),
  /** Nothing, if it is where a nested command would begin; else harmless characters. */
  CODE(
      "it stands in text that another interpreter reads",
      "let that interpreter read the environment variable %s itself"),
  /** Digits and signs: a name would be looked up, and what it holds be evaluated. */
  NUMBER(
      "it stands where bash evaluates arithmetic or looks up the variable of that name",
      "give a plain number, or let a program calculate that reads the environment variable %s"),
  /** Letters, digits and a few signs. */
  HARMLESS("quoting cannot be relied on there", "write \"$%s\" in its place"),
  /** As words, the first of which is no option. */
  SCRIPT(
      "it stands where an interpreter expects its script or options",
      "write the interpreter's options in the command itself"),
  /** A number, or glued to an option. */
  WRAPPED(
      "it stands where a command to run is expected",
      "write the command's name there; if the value is to choose it, write $%s in its place"),
  /** As words, none of which is an option. */
  NO_OPTION(
      "an option of this program can run a command", "write its options in the command itself"),
  /** Anything that is no array. */
  DECLARATION(
      "bash evaluates subscripts and arrays in what is declared",
      "assign it without declaring, or let a program read the environment variable %s"),
  /** Anything that is no element of an array. */
  VARIABLE(
      "bash evaluates the subscript of a name there",
      "let a program read the environment variable %s"),
  /** Anything. */
  ANY("", "");

  private final String because;
  private final String mend;

  Rule(String because, String mend) {
    this.because = because;
    this.mend = mend;
  }

  /** Why, as the rest of a sentence. */
  String because() {
    return because;
  }

  /** What to do instead, given the environment variable that holds the value. */
  String mend(String variable) {
    return mend.replace("%s", variable);
  }
}
