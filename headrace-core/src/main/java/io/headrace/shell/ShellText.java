package io.headrace.shell;

import io.headrace.plan.Segment;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes the text of a {@code bash -c} command from its author's text, the values of inputs and the
 * paths of data. A value arrives as data whatever it holds: where it stands unquoted it becomes the
 * words that a shell would make of it, where it stands in quotes it keeps its characters, and where
 * neither can be made sure it may hold harmless characters only, else it is refused.
 *
 * <p>Thread-safe; linear in the text's length. The rules: {@code docs/commands.md}; why: decision
 * 0050.
 */
public final class ShellText {
  private ShellText() {}

  /**
   * What would be refused, as far as it is known before paths are: all that is wrong with literal
   * values. Problems have no place; their caller knows it.
   */
  public static List<Problem> check(List<Segment> command) {
    return made(command, _ -> Optional.empty()).problems();
  }

  /**
   * The text to hand to {@code bash -c}.
   *
   * @param paths gives the path or URI of each {@link Segment.InputPath} and {@link
   *     Segment.OutputPath}; not asked for other segments
   * @throws ProblemException with code {@code UNSAFE_VALUE}, if a value or path cannot be made safe
   *     where it stands
   */
  public static String render(List<Segment> command, Function<Segment, String> paths) {
    var made = made(command, segment -> Optional.of(paths.apply(segment)));
    if (!made.problems().isEmpty()) {
      throw new ProblemException(made.problems());
    }
    return made.text();
  }

  /**
   * The value of an environment variable: its parts, one after the other; no shell reads it.
   *
   * @param paths as in {@link #render}
   */
  public static String plain(List<Segment> value, Function<Segment, String> paths) {
    var text = new StringBuilder();
    for (var segment : value) {
      text.append(
          switch (segment) {
            case Segment.Text(String authors) -> authors;
            case Segment.Value(var _, String literal) -> literal;
            case Segment.InputPath _, Segment.OutputPath _ -> paths.apply(segment);
          });
    }
    return text.toString();
  }

  private static Made made(List<Segment> command, Function<Segment, Optional<String>> paths) {
    var template = new Template(command, paths);
    var insertions = new Insertions();
    var made = new Scanner(template, insertions).scan();
    if (made.doubt().isEmpty()) {
      return made;
    }
    // The author's text may not be what it seemed: quote nothing, and refuse what either finds.
    return new HarmlessOnly(template, insertions, made.doubt().get()).write();
  }

  /**
   * @param doubt why the author's text is not surely understood
   */
  record Made(String text, List<Problem> problems, Optional<Doubt> doubt) {}
}
