package io.headrace.shell;

import io.headrace.plan.Segment;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.shell.Template.Insertion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes values and paths as their place wants them, or says why that cannot be. */
final class Insertions {
  /** The quoting around an insertion. */
  enum Quotes {
    NONE,
    SINGLE,
    DOUBLE,
    DOLLAR_SINGLE,
    COMMENT,
    HERE_DOCUMENT,
    QUOTED_HERE_DOCUMENT
  }

  /**
   * Where an insertion stands.
   *
   * @param oneWord whether blanks make no words there
   * @param emptyCounts whether an empty value must still be a word
   * @param quotesAlways whether even a harmless word gets quotes
   * @param glued whether the author's text, or another insertion, stands right before it
   */
  record Place(
      Quotes quotes,
      Rule rule,
      boolean oneWord,
      boolean emptyCounts,
      boolean quotesAlways,
      boolean glued) {
    static Place quoted(Quotes quotes, Rule rule) {
      return new Place(quotes, rule, true, true, true, true);
    }
  }

  /** One for each, the first found. */
  private final Map<Insertion, Problem> problems = new LinkedHashMap<>();

  List<Problem> problems() {
    return List.copyOf(problems.values());
  }

  /** The text to put there; empty when the path is not known yet or the value is refused. */
  String write(Insertion insertion, Place place) {
    if (insertion.text().isEmpty()) {
      return "x";
    }
    var text = insertion.text().get();
    if (text.indexOf('\0') >= 0) {
      problems.putIfAbsent(
          insertion,
          Problem.of(ErrorCode.UNSAFE_VALUE, insertion.shown() + " holds a NUL character")
              .fix("remove it: no command line can hold one"));
      return "";
    }
    var refusal = refusal(insertion, text, place);
    if (refusal.isPresent()) {
      refuse(insertion, refusal.get(), place.rule());
      return "";
    }
    return quoted(insertion, text, place);
  }

  private static String quoted(Insertion insertion, String text, Place place) {
    if (isRaw(place.rule())) {
      return text;
    }
    if (place.rule() == Rule.NO_COMMAND) {
      return text.isEmpty() ? "" : " "; // nothing else is let through
    }
    return switch (place.quotes()) {
      case NONE -> unquoted(insertion, text, place);
      case SINGLE -> Quoting.inSingle(text);
      case DOUBLE -> Quoting.inDouble(text);
      case DOLLAR_SINGLE -> Quoting.inDollarSingle(text);
      case COMMENT -> Quoting.inComment(text);
      case HERE_DOCUMENT -> Quoting.inHereDocument(text);
      case QUOTED_HERE_DOCUMENT -> text;
    };
  }

  private static boolean isRaw(Rule rule) {
    return switch (rule) {
      case CODE, NUMBER, HARMLESS -> true;
      case NO_COMMAND, SCRIPT, WRAPPED, NO_OPTION, DECLARATION, VARIABLE, ANY -> false;
    };
  }

  private static String unquoted(Insertion insertion, String text, Place place) {
    if (insertion.isPath()) {
      return word(text, place);
    }
    var words = Quoting.words(text);
    if (place.oneWord()) {
      var word = words.size() == 1 ? words.getFirst() : words.isEmpty() ? "" : text;
      return word.isEmpty() && !place.emptyCounts() ? "" : word(word, place);
    }
    if (words.isEmpty()) {
      return text.isEmpty() ? "" : " ";
    }
    var written = new StringBuilder();
    if (Quoting.isBlank(text.charAt(0))) {
      written.append(' ');
    }
    for (int i = 0; i < words.size(); i++) {
      written.append(i == 0 ? "" : " ").append(Quoting.word(words.get(i)));
    }
    if (Quoting.isBlank(text.charAt(text.length() - 1))) {
      written.append(' ');
    }
    return written.toString();
  }

  private static String word(String text, Place place) {
    return place.quotesAlways() ? "'" + Quoting.inSingle(text) + "'" : Quoting.word(text);
  }

  /** What of the value is wrong there; empty when nothing is. */
  private static Optional<String> refusal(Insertion insertion, String text, Place place) {
    return switch (place.rule()) {
      case ANY -> Optional.empty();
      case NO_COMMAND ->
          Quoting.words(text).isEmpty() ? Optional.empty() : Optional.of("would be run");
      case CODE, HARMLESS -> firstBad(text, Quoting.isHarmless(text), "./:@%+=,-");
      case NUMBER ->
          Quoting.isNumeric(text) ? Optional.empty() : Optional.of("is not a plain number");
      case SCRIPT -> anyOption(insertion, text, true);
      case NO_OPTION -> anyOption(insertion, text, place.glued());
      case WRAPPED ->
          text.isEmpty() || (isDigit(text.charAt(0)) && Quoting.isHarmless(text))
              ? Optional.empty()
              : Optional.of("does not begin with a digit");
      case VARIABLE ->
          hasSubscript(text, place.glued())
              ? Optional.of("holds a '[' right behind a name")
              : Optional.empty();
      case DECLARATION ->
          hasSubscript(text, place.glued()) || text.strip().startsWith("(") || text.contains("=(")
              ? Optional.of("holds a '[' or '('")
              : Optional.empty();
    };
  }

  private static Optional<String> firstBad(String text, boolean good, String signs) {
    if (good) {
      return Optional.empty();
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Quoting.isNameCharacter(c) && signs.indexOf(c) < 0) {
        var shown = c < ' ' || c > '~' ? "U+%04X".formatted((int) c) : "'" + c + "'";
        return Optional.of("holds " + (c == ' ' ? "a blank" : shown));
      }
    }
    return Optional.of("cannot be used here");
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Optional<String> anyOption(Insertion insertion, String text, boolean firstOnly) {
    var words = insertion.isPath() ? java.util.List.of(text) : Quoting.words(text);
    for (int i = 0; i < words.size() && (i == 0 || !firstOnly); i++) {
      if (words.get(i).startsWith("-")) {
        return Optional.of("begins an option");
      }
    }
    return Optional.empty();
  }

  /** {@code name[}, where bash may evaluate what follows. */
  static boolean hasSubscript(String text, boolean glued) {
    for (int i = text.indexOf('['); i >= 0; i = text.indexOf('[', i + 1)) {
      if (i == 0 ? glued : Quoting.isNameCharacter(text.charAt(i - 1))) {
        return true;
      }
    }
    return false;
  }

  /** Reports that an insertion cannot stand where it does. */
  private void refuse(Insertion insertion, String what, Rule rule) {
    refuseFor(insertion, what + ", and " + rule.because(), rule);
  }

  /**
   * Reports the same.
   *
   * @param why as the rest of a sentence
   * @param mend the rule whose advice fits
   */
  void refuseFor(Insertion insertion, String why, Rule mend) {
    var fix =
        switch (insertion.segment()) {
          case Segment.Value(String input, var _) -> mend.mend("AZUREML_PARAMETER_" + input);
          case Segment.InputPath _, Segment.OutputPath _, Segment.Text _ ->
              "use a folder whose path has only letters, digits and . _ - in it";
        };
    problems.putIfAbsent(
        insertion, Problem.of(ErrorCode.UNSAFE_VALUE, insertion.shown() + " " + why).fix(fix));
  }
}
