package io.headrace.shell;

/**
 * Writes a command whose text is not surely understood: nothing is quoted, and what is inserted
 * must be harmless wherever it stands.
 */
final class HarmlessOnly {
  /** How far back an unclosed brace is looked for. */
  private static final int FAR = 1_000;

  private final Sheet sheet;
  private final Doubt doubt;

  HarmlessOnly(Template template, Insertions insertions, Doubt doubt) {
    this.sheet = new Sheet(template, insertions);
    this.doubt = doubt;
  }

  ShellText.Made write() {
    while (sheet.peek() != Template.END) {
      if (sheet.atInsertion()) {
        insert();
      } else {
        sheet.take();
      }
    }
    return sheet.made();
  }

  private void insert() {
    var insertion = sheet.insertion();
    var text = insertion.text().orElse("x");
    if (!Quoting.isHarmless(text)) {
      refuse("holds more than letters, digits and . / : @ % + = , - _", Rule.HARMLESS);
    } else if (namesVariable() && !Quoting.isNumeric(text)) {
      refuse("would name a variable", Rule.NUMBER);
    } else if (!insertion.isPath() && doubt.runs() && !Quoting.isNumeric(text)) {
      refuse("is more than a number", Rule.NUMBER);
    } else if (!insertion.isPath() && !text.isEmpty() && mayBeginCommand()) {
      refuse("may be run as a command", Rule.NO_COMMAND);
    }
    sheet.insertRaw(Rule.HARMLESS);
  }

  private void refuse(String what, Rule mend) {
    sheet.insertions().refuseFor(sheet.insertion(), what + ", and " + doubt.why(), mend);
  }

  private boolean mayBeginCommand() {
    return sheet.mayBeginCommand(0) || isWithinBraces();
  }

  /** Behind {@code $}, <code>${</code>, <code>${!</code> or <code>${#</code>. */
  private boolean namesVariable() {
    int before = sheet.peek(-1);
    int earlier = sheet.peek(-2);
    boolean inBraces = before == '{' || before == '!' || before == '#';
    return before == '$' || (inBraces && (earlier == '$' || earlier == '{'));
  }

  /** Whether a <code>${</code> is still open, whose content may be a command. */
  private boolean isWithinBraces() {
    for (int back = 1; back < FAR && sheet.position() - back > 0; back++) {
      int c = sheet.peek(-back);
      if (c == '}') {
        return false;
      }
      if (c == '{' && sheet.peek(-back - 1) == '$') {
        return true;
      }
    }
    return false;
  }
}
