package io.headrace.shell;

/** What a value may be where it stands, beyond what quoting sees to. The strictest come first. */
enum Rule {
  /** Nothing: it would be the name of a command to run. */
  NO_COMMAND("it stands where the name of a command is expected, and would be run"),
  /** Nothing, if it is where a nested command would begin; else harmless characters. */
  CODE("it stands in text that another interpreter reads"),
  /** Digits and signs: a name would be looked up, and what it holds be evaluated. */
  NUMBER("it stands where bash evaluates arithmetic or looks up the variable of that name"),
  /** Letters, digits and a few signs. */
  HARMLESS("quoting cannot be relied on there"),
  /** As words, the first of which is no option. */
  SCRIPT("it stands where an interpreter expects its script or options"),
  /** A number, or glued to an option. */
  WRAPPED("it stands where a command to run is expected"),
  /** As words, none of which is an option. */
  NO_OPTION("an option of this program can run a command"),
  /** Anything that is no array. */
  DECLARATION("bash evaluates subscripts and arrays in what is declared"),
  /** Anything that is no element of an array. */
  VARIABLE("bash evaluates the subscript of a name there"),
  /** Anything. */
  ANY("");

  private final String because;

  Rule(String because) {
    this.because = because;
  }

  /** Why, as the rest of a sentence. */
  String because() {
    return because;
  }
}
