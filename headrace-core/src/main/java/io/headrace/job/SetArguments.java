package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;
import io.headrace.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes a document before it is read, as {@code az ml}'s {@code --set} does: {@code
 * inputs.rate=0.1}, {@code jobs.train.resources.instance_count=2}, {@code list[0]=x}. Missing
 * mappings are made; {@code \.} is a dot within a name. A value is read as YAML reads a single
 * value, or as JSON when it begins with a brace or a bracket.
 */
final class SetArguments {
  private SetArguments() {}

  /**
   * The changed tree. What was changed names the argument as its place.
   *
   * @throws ProblemException naming every argument that cannot be done
   */
  static Mapping apply(Mapping document, List<String> sets) {
    var problems = new Problems();
    Mapping changed = document;
    boolean secret = sets.stream().anyMatch(SetArguments::isSecret);
    for (String set : sets) {
      try {
        changed = apply(changed, set, secret ? masked(set) : Describe.brief(set));
      } catch (ProblemException e) {
        problems.addAll(e.problems());
      }
    }
    problems.throwIfErrors();
    return changed;
  }

  private static boolean isSecret(String set) {
    return set.startsWith("credentials")
        || set.startsWith("api_key")
        || set.startsWith("ssh_settings");
  }

  /** A secret with a space in it comes as two arguments: none is quoted then. */
  private static String masked(String set) {
    int equals = set.indexOf('=');
    return equals < 0 ? "***" : Describe.brief(set.substring(0, equals)) + "=***";
  }

  /**
   * Makes one change.
   *
   * @param shown how messages quote it
   */
  private static Mapping apply(Mapping document, String set, String shown) {
    Where where = Where.file("--set " + shown);
    int equals = set.indexOf('=');
    if (equals <= 0) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "'--set " + shown + "' has no '='")
          .fix("write --set path.to.field=value")
          .asException();
    }
    var steps = steps(set.substring(0, equals), where);
    YamlNode value = value(set.substring(equals + 1), where);
    return (Mapping) put(document, steps, 0, value, where);
  }

  /**
   * One step of a path.
   *
   * @param index whether it was written in brackets, and so must be a place in a list
   */
  private record Step(String name, boolean index) {}

  private static String written(List<Step> steps, int depth) {
    var text = new StringBuilder();
    for (var step : steps.subList(0, depth)) {
      text.append(
          step.index() ? "[" + step.name() + "]" : (text.isEmpty() ? "" : ".") + step.name());
    }
    return text.toString();
  }

  /** What a path names; empty when it is not there. */
  static Optional<YamlNode> find(Mapping document, String path) {
    Optional<YamlNode> node = Optional.of(document);
    for (var step : steps(path, Where.file(path))) {
      node = node.flatMap(it -> below(it, step));
    }
    return node;
  }

  private static Optional<YamlNode> below(YamlNode node, Step step) {
    return switch (node) {
      case Mapping mapping -> step.index() ? Optional.empty() : mapping.get(step.name());
      case Sequence sequence ->
          isIndex(step.name()) && Integer.parseInt(step.name()) < sequence.items().size()
              ? Optional.of(sequence.items().get(Integer.parseInt(step.name())))
              : Optional.empty();
      case Scalar _ -> Optional.empty();
    };
  }

  /** The names and places that a path is made of. */
  static List<String> names(String path) {
    return steps(path, Where.file(path)).stream().map(Step::name).toList();
  }

  /** Names and indexes. */
  private static List<Step> steps(String path, Where where) {
    var steps = new ArrayList<Step>();
    var step = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\' && i + 1 < path.length()) {
        step.append(path.charAt(++i));
      } else if (c == '.') {
        finish(step, steps, path, i > 0 && path.charAt(i - 1) == ']', where);
      } else if (c == '[') {
        if (!step.isEmpty()) {
          finish(step, steps, path, false, where);
        }
        int close = path.indexOf(']', i);
        if (close < 0 || !isIndex(path.substring(i + 1, close))) {
          throw badPath(path, where);
        }
        steps.add(new Step(path.substring(i + 1, close), true));
        i = close;
      } else {
        step.append(c);
      }
    }
    finish(step, steps, path, path.endsWith("]"), where);
    return steps;
  }

  private static void finish(
      StringBuilder step, List<Step> steps, String path, boolean afterIndex, Where where) {
    if (!step.isEmpty()) {
      steps.add(new Step(step.toString(), false));
      step.setLength(0);
    } else if (!afterIndex) {
      throw badPath(path, where);
    }
  }

  private static ProblemException badPath(String path, Where where) {
    return Problem.of(ErrorCode.BAD_ARGUMENT, "'" + Describe.brief(path) + "' is not a path")
        .at(where)
        .fix("write names joined by dots, such as jobs.train.inputs.rate, or list[0]")
        .asException();
  }

  private static boolean isIndex(String text) {
    return !text.isEmpty() && text.length() < 7 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static YamlNode put(
      YamlNode node, List<Step> steps, int depth, YamlNode value, Where where) {
    if (depth == steps.size()) {
      return value;
    }
    var step = steps.get(depth);
    return switch (node) {
      case Mapping mapping -> {
        if (step.index()) {
          throw notAList(steps, depth, where, "a mapping");
        }
        yield putField(mapping, step.name(), steps, depth, value, where);
      }
      case Sequence sequence -> putItem(sequence, steps, depth, value, where);
      case Scalar scalar -> {
        if (!Validator.isNull(scalar)) {
          throw Problem.of(
                  ErrorCode.BAD_ARGUMENT,
                  "'"
                      + written(steps, depth)
                      + "' is "
                      + Describe.node(scalar)
                      + ", which has no fields to set")
              .at(where)
              .fix("set the whole of it, or write it as a mapping in the file first")
              .asException();
        }
        yield put(empty(step, where), steps, depth, value, where);
      }
    };
  }

  private static YamlNode empty(Step step, Where where) {
    return step.index() ? new Sequence(where, List.of()) : new Mapping(where, List.of());
  }

  private static ProblemException notAList(List<Step> steps, int depth, Where where, String what) {
    return Problem.of(
            ErrorCode.BAD_ARGUMENT, "'" + written(steps, depth) + "' is " + what + ", not a list")
        .at(where)
        .asException();
  }

  private static YamlNode putField(
      Mapping mapping, String name, List<Step> steps, int depth, YamlNode value, Where where) {
    var entries = new ArrayList<Entry>(mapping.entries().size() + 1);
    boolean found = false;
    for (var entry : mapping.entries()) {
      if (entry.key().text().equals(name)) {
        found = true;
        entries.add(new Entry(entry.key(), put(entry.value(), steps, depth + 1, value, where)));
      } else {
        entries.add(entry);
      }
    }
    if (!found) {
      YamlNode made =
          depth + 1 == steps.size()
              ? value
              : put(empty(steps.get(depth + 1), where), steps, depth + 1, value, where);
      entries.add(new Entry(new Scalar(where, name, new Value.Text(name)), made));
    }
    return new Mapping(mapping.where(), entries);
  }

  private static YamlNode putItem(
      Sequence sequence, List<Step> steps, int depth, YamlNode value, Where where) {
    String digits = steps.get(depth).name();
    int index = isIndex(digits) ? Integer.parseInt(digits) : -1;
    int size = sequence.items().size();
    if (index < 0 || index > size) {
      throw Problem.of(
              ErrorCode.BAD_ARGUMENT,
              "'"
                  + written(steps, depth)
                  + "' is a list of "
                  + size
                  + ": '"
                  + digits
                  + "' is not one of its places")
          .at(where)
          .fix("use 0 to " + size + "; " + size + " appends")
          .asException();
    }
    var items = new ArrayList<>(sequence.items());
    if (index == size) {
      items.add(
          depth + 1 == steps.size()
              ? value
              : put(empty(steps.get(depth + 1), where), steps, depth + 1, value, where));
    } else {
      items.set(index, put(items.get(index), steps, depth + 1, value, where));
    }
    return new Sequence(sequence.where(), items);
  }

  private static YamlNode value(String text, Where where) {
    String bare = text.strip();
    var asText = new Scalar(where, text, new Value.Text(text));
    if (bare.isEmpty()) {
      return asText;
    }
    boolean structure = bare.startsWith("{") || bare.startsWith("[");
    boolean quoted = bare.startsWith("\"") || bare.startsWith("'");
    try {
      YamlNode read = YamlReader.read(text, where.file());
      // "a: b" and "a # b" are texts here, not a mapping and not a comment.
      boolean whole = read instanceof Scalar scalar && (quoted || scalar.text().equals(bare));
      return whole || structure ? placed(read, where) : asText;
    } catch (ProblemException e) {
      return asText; // not YAML, so it can only be meant as text
    }
  }

  private static YamlNode placed(YamlNode node, Where where) {
    return switch (node) {
      case Scalar(Where _, String text, Value value) -> new Scalar(where, text, value);
      case Sequence(Where _, List<YamlNode> items) ->
          new Sequence(where, items.stream().map(item -> placed(item, where)).toList());
      case Mapping(Where _, List<Entry> entries) ->
          new Mapping(
              where,
              entries.stream()
                  .map(entry ->
                      new Entry((Scalar) placed(entry.key(), where), placed(entry.value(), where)))
                  .toList());
    };
  }
}
