package io.headrace.job;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Fields;
import io.headrace.job.Shape.Unknown;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds a tree against its description and reports every difference. */
final class Validator {
  private final Shapes shapes;
  private final Problems problems;

  Validator(Shapes shapes, Problems problems) {
    this.shapes = shapes;
    this.problems = problems;
  }

  /** Reports all that is wrong with a node, and below it. */
  void check(YamlNode node, Shape shape, Trail trail) {
    check(node, shape, trail, false);
  }

  private void check(YamlNode node, Shape shape, Trail trail, boolean bindable) {
    switch (shape) {
      case Shape.Anything _ -> {}
      case Shape.Bindable(Shape inner) -> check(node, inner, trail, true);
      case Shape.Named(String name) -> check(node, shapes.named(name), trail, bindable);
      case Shape.AnyOf any -> checkAny(node, any, trail, bindable);
      case Shape.When when -> checkWhen(node, when, trail, bindable);
      case Shape.Tagged tagged -> checkTagged(node, tagged, trail, bindable);
      case Fields fields -> checkFields(node, fields, trail, bindable);
      case Shape.Table table -> checkTable(node, table, trail, bindable);
      case Shape.Items(Shape item) -> checkItems(node, item, trail, bindable);
      case Shape.Text _,
          Shape.Whole _,
          Shape.Quantity _,
          Shape.Moment _,
          Shape.Flag _,
          Shape.Literal _,
          Shape.Version _,
          Shape.Choice _ ->
          checkScalar(node, shape, trail, bindable);
    }
  }

  private void checkScalar(YamlNode node, Shape shape, Trail trail, boolean bindable) {
    if (bindable && isExpression(node)) {
      return;
    }
    Problem objection = objection(node, shape, trail);
    if (objection != null) {
      problems.add(objection);
    }
  }

  private static boolean isExpression(YamlNode node) {
    return node instanceof Scalar scalar && scalar.text().contains("${{");
  }

  /** What is wrong with a single value; null when nothing is. */
  private static @Nullable Problem objection(YamlNode node, Shape shape, Trail trail) {
    if (!(node instanceof Scalar scalar)) {
      return wrongType(node, trail, expected(shape));
    }
    return switch (shape) {
      case Shape.Text(Form form) ->
          switch (scalar.value()) {
            case Value.Text(String text) ->
                form.objection(text).map(why -> wrongText(scalar, trail, why)).orElse(null);
            case Value.Null _ -> wrongType(node, trail, expected(shape));
            case Value.Bool _, Value.Int _, Value.Real _, Value.Timestamp _ ->
                wrongType(node, trail, expected(shape))
                    .fix("put it in quotes: \"" + scalar.text() + "\"");
          };
      case Shape.Whole(long least, long most) -> wholeObjection(scalar, least, most, trail);
      case Shape.Quantity(double least, double most) -> numberObjection(scalar, least, most, trail);
      case Shape.Moment _ ->
          Scalars.isMoment(scalar) ? null : wrongType(node, trail, "a date and time");
      case Shape.Flag _ ->
          Scalars.flag(scalar).isPresent() ? null : wrongType(node, trail, "true or false");
      case Shape.Literal _ ->
          Scalars.literal(scalar).isPresent() ? null : wrongType(node, trail, expected(shape));
      case Shape.Version _ ->
          Scalars.version(scalar).isPresent() ? null : wrongType(node, trail, expected(shape));
      case Shape.Choice(List<String> words, var spelling) ->
          tagOf(scalar, words, spelling).isPresent() ? null : wrongWord(scalar, trail, words);
      case Shape.Items _,
          Shape.Table _,
          Fields _,
          Shape.AnyOf _,
          Shape.Tagged _,
          Shape.When _,
          Shape.Bindable _,
          Shape.Named _,
          Shape.Anything _ ->
          throw new IllegalArgumentException("not the shape of a single value: " + shape);
    };
  }

  private static @Nullable Problem wholeObjection(
      Scalar scalar, long least, long most, Trail trail) {
    var whole = Scalars.whole(scalar);
    if (whole.isEmpty()) {
      return wrongType(scalar, trail, "a whole number");
    }
    long value = whole.getAsLong();
    if (value < least || value > most) {
      String range =
          most == Integer.MAX_VALUE
              ? "must be " + least + " or more"
              : "must be " + least + " to " + most;
      return Problem.of(ErrorCode.WRONG_VALUE, trail + " " + range + ", not " + scalar.text())
          .at(scalar.where());
    }
    return null;
  }

  private static @Nullable Problem numberObjection(
      Scalar scalar, double least, double most, Trail trail) {
    var number = Scalars.number(scalar);
    if (number.isEmpty()) {
      return wrongType(scalar, trail, "a number");
    }
    double value = number.getAsDouble();
    if (value >= least && value <= most) {
      return null;
    }
    String range =
        Double.isInfinite(most)
            ? "must be " + least + " or more"
            : "must be " + least + " to " + most;
    return Problem.of(ErrorCode.WRONG_VALUE, trail + " " + range + ", not " + scalar.text())
        .at(scalar.where());
  }

  private static Problem wrongWord(Scalar scalar, Trail trail, List<String> words) {
    String shown = Describe.node(scalar);
    return Problem.of(
            ErrorCode.WRONG_VALUE,
            trail + " must be one of " + String.join(", ", words) + ", not " + shown)
        .at(scalar.where())
        .fix(
            Names.nearest(scalar.text(), words)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("choose one of these words"));
  }

  private static Problem wrongText(Scalar scalar, Trail trail, String why) {
    return Problem.of(ErrorCode.WRONG_VALUE, trail + " " + why + ", not " + Describe.node(scalar))
        .at(scalar.where());
  }

  private static Problem wrongType(YamlNode node, Trail trail, String expected) {
    String name = trail.toString();
    var problem =
        Problem.of(
                ErrorCode.WRONG_TYPE,
                (name.isEmpty() ? "the document" : name)
                    + " must be "
                    + expected
                    + ", not "
                    + Describe.node(node))
            .at(node.where());
    return node instanceof Scalar(Where _, String _, Value.Null _)
        ? problem.fix("give it a value, or leave the line out")
        : problem;
  }

  private static String expected(Shape shape) {
    return switch (shape) {
      case Shape.Text _ -> "text";
      case Shape.Whole _ -> "a whole number";
      case Shape.Quantity _ -> "a number";
      case Shape.Moment _ -> "a date and time";
      case Shape.Flag _ -> "true or false";
      case Shape.Literal _ -> "a single value";
      case Shape.Version _ -> "a version";
      case Shape.Choice(List<String> words, var _) -> "one of " + String.join(", ", words);
      case Shape.Items _ -> "a list";
      case Shape.Table _, Fields _, Shape.Tagged _, Shape.When _ -> "a mapping";
      case Shape.AnyOf any -> any.expected();
      case Shape.Bindable(Shape inner) -> expected(inner);
      case Shape.Named _, Shape.Anything _ -> "a value";
    };
  }

  private void checkItems(YamlNode node, Shape item, Trail trail, boolean bindable) {
    if (bindable && isExpression(node)) {
      return;
    }
    if (!(node instanceof Sequence sequence)) {
      problems.add(wrongType(node, trail, "a list"));
      return;
    }
    int index = 0;
    for (YamlNode each : sequence.items()) {
      check(each, item, trail.to(Integer.toString(index++)), bindable);
    }
  }

  private void checkTable(YamlNode node, Shape.Table table, Trail trail, boolean bindable) {
    if (!(node instanceof Mapping mapping)) {
      if (!bindable || !isExpression(node)) {
        problems.add(wrongType(node, trail, "a mapping"));
      }
      return;
    }
    for (var entry : mapping.entries()) {
      String name = entry.key().text();
      checkKey(entry.key(), table.key(), trail);
      if (!table.mayBeNull() || !isNull(entry.value())) {
        check(entry.value(), table.value(), trail.to(name), bindable);
      }
    }
  }

  private void checkKey(Scalar key, Form form, Trail trail) {
    if (form == Form.ANY) {
      return;
    }
    if (!(key.value() instanceof Value.Text)) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_TYPE,
                  trail.to(key.text()) + ": a name must be text, not " + Describe.node(key))
              .at(key.where())
              .fix("put it in quotes: \"" + key.text() + "\""));
      return;
    }
    form.objection(key.text())
        .ifPresent(why ->
            problems.add(
                Problem.of(
                        ErrorCode.BAD_NAME,
                        trail.to(key.text()) + ": the name '" + key.text() + "' " + why)
                    .at(key.where())));
  }

  static boolean isNull(YamlNode node) {
    return node instanceof Scalar scalar && scalar.value() instanceof Value.Null;
  }

  private void checkFields(YamlNode node, Fields fields, Trail trail, boolean bindable) {
    if (!(node instanceof Mapping mapping)) {
      problems.add(wrongType(node, trail, "a mapping"));
      return;
    }
    int requiredSeen = 0;
    for (var entry : mapping.entries()) {
      String name = entry.key().text();
      Field field = fields.field(name).orElse(null);
      if (field == null) {
        unknown(entry.key(), fields, trail);
        continue;
      }
      if (field.required()) {
        requiredSeen++;
      }
      check(entry.value(), field.shape(), trail.to(name), bindable);
    }
    if (requiredSeen < fields.required().size()) {
      missing(mapping, fields, trail);
    }
  }

  private void missing(Mapping mapping, Fields fields, Trail trail) {
    var present = new HashSet<String>();
    mapping.entries().forEach(entry -> present.add(entry.key().text()));
    for (Field field : fields.required()) {
      if (!present.contains(field.name())) {
        if (field.need() == Shape.Need.ASKED) {
          problems.add(
              missingProblem(mapping, field.name(), fields.title(), trail)
                  .fix("add '" + field.name() + ":', or give --" + field.name().replace('_', '-'))
                  .warning());
        } else {
          missing(mapping, field.name(), fields.title(), trail);
        }
      }
    }
  }

  private void missing(YamlNode mapping, String field, String title, Trail trail) {
    problems.add(missingProblem(mapping, field, title, trail).fix("add '" + field + ":'"));
  }

  private static Problem missingProblem(YamlNode mapping, String field, String title, Trail trail) {
    String place = trail.toString();
    return Problem.of(
            ErrorCode.MISSING_FIELD,
            (place.isEmpty() ? "" : place + ": ") + title + " needs '" + field + "'")
        .at(mapping.where());
  }

  private void unknown(Scalar key, Fields fields, Trail trail) {
    String path = trail.to(key.text()).toString();
    var problem =
        Problem.of(ErrorCode.UNKNOWN_FIELD, "unknown field '" + path + "' in " + fields.title())
            .at(key.where());
    switch (fields.unknown()) {
      case Unknown.Refuse _ -> problems.add(advised(problem, key, fields));
      case Unknown.Warn _ -> problems.add(advised(problem, key, fields).warning());
      case Unknown.Keep _ -> {}
      case Unknown.WarnFor(List<String> names, String why) ->
          problems.add(
              names.contains(key.text())
                  ? problem.fix(why).warning()
                  : advised(problem, key, fields));
    }
  }

  private static Problem advised(Problem problem, Scalar key, Fields fields) {
    var known = new ArrayList<>(fields.fields().keySet());
    known.remove("$schema");
    return problem.fix(Names.advice(key.text(), known, "known fields"));
  }

  private void checkWhen(YamlNode node, Shape.When when, Trail trail, boolean bindable) {
    boolean has = node instanceof Mapping mapping && mapping.get(when.field()).isPresent();
    check(node, has ? when.present() : when.absent(), trail, bindable);
  }

  private void checkTagged(YamlNode node, Shape.Tagged tagged, Trail trail, boolean bindable) {
    if (!(node instanceof Mapping mapping)) {
      problems.add(wrongType(node, trail, "a mapping"));
      return;
    }
    var tag = mapping.get(tagged.tag());
    if (tag.isEmpty()) {
      tagged
          .missing()
          .ifPresentOrElse(
              shape -> check(node, shape, trail, bindable),
              () -> missing(node, tagged.tag(), "this", trail));
      return;
    }
    if (bindable && isExpression(tag.get())) {
      tagged.missing().ifPresent(shape -> check(node, shape, trail, true));
      return;
    }
    var words = List.copyOf(tagged.kinds().keySet());
    Optional<String> kind = tagOf(tag.get(), words, tagged.spelling());
    if (kind.isEmpty()) {
      problems.add(
          tag.get() instanceof Scalar scalar && !isNull(scalar)
              ? wrongWord(scalar, trail.to(tagged.tag()), words)
              : wrongType(tag.get(), trail.to(tagged.tag()), "one of " + String.join(", ", words)));
      return;
    }
    var shape = tagged.kinds().get(kind.get());
    if (shape != null) {
      check(node, shape, trail, bindable);
    }
  }

  /** The word that a tag stands for, if it is one of these. */
  static Optional<String> tagOf(YamlNode node, List<String> words, Shape.TagSpelling spelling) {
    if (!(node instanceof Scalar scalar) || !(scalar.value() instanceof Value.Text(String text))) {
      return Optional.empty();
    }
    for (String word : words) {
      boolean same =
          switch (spelling) {
            case EXACT -> word.equals(text);
            case ANY_CASE -> word.equalsIgnoreCase(text);
            case ANY_CASE_OR_CAMEL -> word.replace("_", "").equalsIgnoreCase(text.replace("_", ""));
          };
      if (same) {
        return Optional.of(word);
      }
    }
    return Optional.empty();
  }

  private void checkAny(YamlNode node, Shape.AnyOf any, Trail trail, boolean bindable) {
    if (bindable && isExpression(node)) {
      return;
    }
    @Nullable Problem first = null;
    int fitting = 0;
    for (Shape choice : any.choices()) {
      if (!fits(node, choice)) {
        continue;
      }
      if (!(node instanceof Scalar)) {
        check(node, choice, trail, bindable);
        return;
      }
      var objection = objection(node, choice, trail);
      if (objection == null) {
        return;
      }
      fitting++;
      if (first == null) {
        first = objection;
      }
    }
    problems.add(
        fitting == 1 && first != null && !isNull(node)
            ? first
            : wrongType(node, trail, any.expected()));
  }

  /** The choice by which a node is read: the first that is for its form, and fits. */
  static Shape choice(YamlNode node, Shape.AnyOf any) {
    Shape found = Terms.ANYTHING;
    for (Shape choice : any.choices()) {
      if (fits(node, choice)) {
        if (!(node instanceof Scalar) || choice instanceof Shape.Anything) {
          return choice;
        }
        if (objection(node, choice, Trail.TOP) == null) {
          return choice;
        }
        found = choice;
      }
    }
    return found;
  }

  /** Whether a shape is for this form of node: single value, list or mapping. */
  private static boolean fits(YamlNode node, Shape shape) {
    return switch (shape) {
      case Shape.Text _,
          Shape.Whole _,
          Shape.Quantity _,
          Shape.Moment _,
          Shape.Flag _,
          Shape.Literal _,
          Shape.Version _,
          Shape.Choice _ ->
          node instanceof Scalar;
      case Shape.Items _ -> node instanceof Sequence;
      case Shape.Table _,
          Fields _,
          Shape.Tagged _,
          Shape.When _,
          Shape.Named _,
          Shape.AnyOf _,
          Shape.Bindable _ ->
          node instanceof Mapping;
      case Shape.Anything _ -> true;
    };
  }
}
