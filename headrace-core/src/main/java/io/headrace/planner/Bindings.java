package io.headrace.planner;

import io.headrace.job.ParameterValues;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Slot;
import io.headrace.plan.StepInput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.DataPath;
import io.headrace.spec.Input;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.InputType;
import io.headrace.spec.Node;
import io.headrace.spec.Written;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Follows bindings to what they stand for. */
final class Bindings {
  private final References references;
  private final Problems problems;
  private final Set<Written> refused = new HashSet<>();

  Bindings(References references, Problems problems) {
    this.references = references;
    this.problems = problems;
  }

  /** What an input comes to in a pipeline. */
  Given resolve(String field, Input input, Scope scope) {
    return switch (input) {
      case Input.Literal(String text, Where _) -> new Given.Literal(text);
      case Input.Data data -> data(field, data);
      case Input.Bound bound -> bound(field, bound, scope);
      case Input.Broken _ -> Given.BROKEN;
    };
  }

  private Given data(String field, Input.Data data) {
    if (data.path().isEmpty()) {
      problems.add(
          Problem.of(ErrorCode.MISSING_FIELD, field + " has no path")
              .at(data.where())
              .fix("add 'path:', or give --set " + field + ".path=./DIR"));
      return Given.BROKEN;
    }
    Given.Origin origin =
        switch (data.path().get()) {
          case DataPath.Local(var path) -> new Given.Origin.Local(path.absolute());
          case DataPath.Reference(Written reference) -> new Given.Origin.Reference(reference);
          case DataPath.Uri(Written uri) -> new Given.Origin.Uri(uri.text());
        };
    return new Given.Data(origin, data.type(), data.mode());
  }

  private Given bound(String field, Input.Bound bound, Scope scope) {
    var template = Template.of(bound.expression().text());
    if (!template.isSingle()) {
      return partial(field, template, bound, scope);
    }
    Given given =
        single(field, template.expressions().get(0).path(), bound.expression().where(), scope);
    if (!(given instanceof Given.Data data)) {
      return given;
    }
    var wanted = data.with(bound.type(), bound.mode());
    return bound.type().isPresent() ? wanted.asFile() : wanted;
  }

  /** What a single expression stands for. */
  Given value(String field, Written expression, Scope scope) {
    var template = Template.of(expression.text());
    if (!template.isSingle()) {
      return new Given.Literal(text(field, expression, scope));
    }
    return single(field, template.expressions().get(0).path(), expression.where(), scope);
  }

  private Given single(String field, String path, Where where, Scope scope) {
    return switch (Expression.of(path)) {
      case Expression.ParentInput(String name) -> scope.inputs().getOrDefault(name, Given.BROKEN);
      case Expression.NodeOutput(String node, String output) ->
          nodeOutput(field, node, output, where, scope);
      case Expression.OwnInput _,
          Expression.OwnOutput _,
          Expression.Sampled _,
          Expression.ParentOutput _,
          Expression.Unknown _ ->
          Given.BROKEN; // reported by Checks
    };
  }

  private Given nodeOutput(String field, String node, String output, Where where, Scope scope) {
    var outputs = scope.made().get(node);
    if (outputs == null) {
      return Given.BROKEN; // its node could not be lowered, which has been reported
    }
    var made = outputs.get(output);
    if (made == null) {
      problems.add(
          Problem.of(
                  ErrorCode.UNDECLARED,
                  field + ": nothing inside node '" + node + "' makes its output '" + output + "'")
              .at(where)
              .fix("bind a node of its component to ${{parent.outputs." + output + "}}"));
      return Given.BROKEN;
    }
    return new Given.Data(
        new Given.Origin.Step(
            made.output().step(), made.output().output(), made.type(), made.value(), where),
        Optional.empty(),
        Optional.empty());
  }

  private Given partial(String field, Template template, Input.Bound bound, Scope scope) {
    var text = new StringBuilder();
    for (var part : template.parts()) {
      switch (part) {
        case Template.Part.Text(String plain) -> text.append(plain);
        case Template.Part.Group _ -> {}
        case Template.Part.Expression(String path) -> {
          Given given = single(field, path, bound.expression().where(), scope);
          switch (given) {
            case Given.Literal(String value) -> text.append(value);
            case Given.Unset _ -> {}
            case Given.Broken _ -> {
              return Given.BROKEN;
            }
            case Given.Data _ -> {
              problems.add(
                  Problem.of(
                          ErrorCode.BAD_EXPRESSION,
                          field + ": text around ${{" + path + "}}, which is data")
                      .at(bound.expression().where())
                      .fix("bind the data alone, and write the rest in the command"));
              return Given.BROKEN;
            }
          }
        }
      }
    }
    return bound.longForm()
        ? asData(field, text.toString(), bound.type(), bound.mode(), bound.where())
        : new Given.Literal(text.toString());
  }

  /** A text where a path is wanted. Only what needs no folder to start from can be one. */
  private Given asData(
      String field, String text, Optional<DataType> type, Optional<String> mode, Where where) {
    if (text.startsWith("azureml:") || text.startsWith("runs:/")) {
      return new Given.Data(new Given.Origin.Reference(new Written(text, where)), type, mode);
    }
    if (text.contains("://")) {
      return new Given.Data(new Given.Origin.Uri(text), type, mode);
    }
    if (Slot.isIn(text)) {
      problems.add(
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  field
                      + " must be data, which items that are known only while it runs cannot give")
              .at(where)
              .fix("write the items here, or declare a string and open that path in the step"));
      return Given.BROKEN;
    }
    problems.add(
        Problem.of(ErrorCode.WRONG_TYPE, field + " must be data, not the text '" + text + "'")
            .at(where)
            .fix("write {type: uri_folder, path: …}"));
    return Given.BROKEN;
  }

  /** What a declared input is given, or its default. */
  Given declared(String field, Given given, InputDeclaration declared, Where where) {
    return switch (given) {
      case Given.Unset _ -> {
        if (declared.defaultValue().isPresent()) {
          yield new Given.Literal(declared.defaultValue().get());
        }
        if (!declared.optional()) {
          problems.add(
              Problem.of(
                      ErrorCode.MISSING_FIELD,
                      field + " is required by the component, but nothing is given for it")
                  .at(where)
                  .fix("give it a value"));
          yield Given.BROKEN;
        }
        yield given;
      }
      case Given.Literal(String text) -> {
        if (declared.type() instanceof InputType.Data(DataType type)) {
          yield asData(field, text, Optional.of(type), declared.mode(), where);
        }
        // What is filled in while the run goes on cannot be judged yet.
        (Slot.isIn(text) ? Optional.<String>empty() : ParameterValues.objection(declared, text))
            .ifPresent(why ->
                problems.add(
                    Problem.of(ErrorCode.WRONG_VALUE, field + ": '" + text + "' " + why)
                        .at(where)));
        yield given;
      }
      case Given.Data data -> declared(field, data, declared, where);
      case Given.Broken _ -> given;
    };
  }

  private Given declared(String field, Given.Data data, InputDeclaration declared, Where where) {
    var mode = data.mode().or(declared::mode);
    return switch (declared.type()) {
      case InputType.Data(DataType type) ->
          new Given.Data(data.origin(), Optional.of(data.type().orElse(type)), mode).asFile();
      case InputType.Parameter parameter -> {
        var made = data.value();
        var wanted = InputTypes.value(parameter);
        if (made.isPresent() && !made.get().fits(wanted)) {
          problems.add(
              Problem.of(
                      ErrorCode.WRONG_TYPE,
                      field
                          + " must be of type "
                          + wanted.yaml()
                          + ", but is bound to an output of type "
                          + made.get().yaml())
                  .at(where)
                  .fix("declare both alike"));
          yield Given.BROKEN;
        }
        yield new Given.Data(data.origin(), data.type(), mode);
      }
    };
  }

  /** Where a node's step runs: what it says itself, else what is said around it. */
  String compute(Node.Overrides overrides, String field, Scope scope) {
    return overrides
        .compute()
        .map(written -> text(field + "compute", written, scope))
        .orElse(scope.compute());
  }

  /** A setting's text with its expressions replaced; they must come to values. */
  String text(String field, Written written, Scope scope) {
    var template = Template.of(written.text());
    var text = new StringBuilder();
    for (var part : template.parts()) {
      switch (part) {
        case Template.Part.Text(String plain) -> text.append(plain);
        case Template.Part.Group _ -> {}
        case Template.Part.Expression(String path) ->
            text.append(value(field, path, written.where(), scope));
      }
    }
    return text.toString();
  }

  private String value(String field, String path, Where where, Scope scope) {
    return switch (single(field, path, where, scope)) {
      case Given.Literal(String value) -> value;
      case Given.Unset _, Given.Broken _ -> "";
      case Given.Data data -> {
        problems.add(
            Problem.of(
                    ErrorCode.BAD_EXPRESSION,
                    field
                        + ": ${{"
                        + path
                        + "}} is "
                        + (data.value().isPresent()
                            ? "known only when its step has run"
                            : "data, not a value"))
                .at(where));
        yield "";
      }
    };
  }

  /** What the step gets; empty when there is nothing, or it was wrong. */
  Optional<StepInput> stepInput(String field, Given given) {
    return switch (given) {
      case Given.Literal(String text) -> Optional.of(new StepInput.Literal(text));
      case Given.Data data -> data(field, data);
      case Given.Unset _, Given.Broken _ -> Optional.empty();
    };
  }

  private Optional<StepInput> data(String field, Given.Data data) {
    var type = data.type().orElse(DataType.URI_FOLDER);
    var mode = mode(data.mode().orElse(""), data.type().orElse(madeType(data.origin())));
    return switch (data.origin()) {
      case Given.Origin.Local(var path) -> Optional.of(new StepInput.Local(path, type, mode));
      case Given.Origin.Uri(String uri) -> Optional.of(new StepInput.Remote(uri, type, mode));
      case Given.Origin.Item(String name) -> Optional.of(new StepInput.OfItem(name, type, mode));
      case Given.Origin.Reference(Written reference) ->
          reference(field, reference, data.type(), mode);
      case Given.Origin.Step(var step, String output, DataType _, var value, Where _)
          when value.isPresent() ->
          Optional.of(new StepInput.MadeValue(step, output, value.get()));
      case Given.Origin.Step(var step, String output, DataType made, var _, Where _) -> {
        // A folder may be read as a model or a table, but a file stays a file.
        var wanted = data.type().orElse(made);
        yield Optional.of(
            new StepInput.FromStep(
                step, output, wanted.isFile() == made.isFile() ? wanted : made, mode));
      }
    };
  }

  private Optional<StepInput> reference(
      String field, Written reference, Optional<DataType> type, StepInput.Mode mode) {
    Optional<StepInput> found;
    try {
      found = references.data(reference.text(), type, mode);
    } catch (ProblemException e) {
      e.problems().forEach(it -> refuse(field, reference, it));
      return Optional.empty();
    }
    if (found.isEmpty() && mode == StepInput.Mode.DIRECT) {
      return Optional.of(
          new StepInput.Remote(reference.text(), type.orElse(DataType.URI_FOLDER), mode));
    }
    if (found.isEmpty()) {
      refuse(
          field,
          reference,
          Problem.of(ErrorCode.UNRESOLVED, "'" + reference + "' is not known here")
              .fix("give a local path instead: --set " + field + ".path=./DIR"));
    }
    return found;
  }

  /** The environment that a name stands for: registered here, or known to whoever prepares it. */
  EnvironmentSpec environment(String field, Written reference) {
    try {
      return references
          .environment(reference.text())
          .orElseGet(() -> EnvironmentSpec.named(reference.text()));
    } catch (ProblemException e) {
      e.problems().forEach(it -> refuse(field, reference, it));
      return EnvironmentSpec.named(reference.text());
    }
  }

  /** Where a connection leads; empty when it is wrong or unknown, which has been said. */
  Optional<Connection> connection(String field, Written name) {
    Optional<Connection> found;
    try {
      found = references.connection(name.text());
    } catch (ProblemException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
    if (found.isEmpty()) {
      refuse(
          field,
          name,
          Problem.of(ErrorCode.UNRESOLVED, "'" + name + "' is not known here")
              .fix(
                  "say in connections.yml (in .headrace, or beside the project) where it leads:\n"
                      + "connections:\n  "
                      + name
                      + ":\n    target: sqlite:./FILE.db, postgresql://HOST/DATABASE or ./FOLDER"));
    }
    return found;
  }

  /** Code that is in the store already. */
  Optional<Code> code(Written reference) {
    return references.code(reference.text());
  }

  /** What many steps read is written once, and wrong once. */
  private void refuse(String field, Written reference, Problem why) {
    if (refused.add(reference)) {
      problems.add(
          new Problem(
              why.code(),
              why.severity(),
              field + ": " + why.message(),
              Optional.of(reference.where()),
              why.fix()));
    }
  }

  private static DataType madeType(Given.Origin origin) {
    return origin instanceof Given.Origin.Step step ? step.type() : DataType.URI_FOLDER;
  }

  /** Only a table can be evaluated; anything else is then given as it is. */
  private static StepInput.Mode mode(String text, DataType type) {
    boolean table = type == DataType.MLTABLE;
    return switch (text) {
      case "eval_mount" -> table ? StepInput.Mode.EVAL_MOUNT : StepInput.Mode.RO_MOUNT;
      case "eval_download" -> table ? StepInput.Mode.EVAL_DOWNLOAD : StepInput.Mode.DOWNLOAD;
      case "download" -> StepInput.Mode.DOWNLOAD;
      case "direct" -> StepInput.Mode.DIRECT;
      default -> StepInput.Mode.RO_MOUNT;
    };
  }
}
