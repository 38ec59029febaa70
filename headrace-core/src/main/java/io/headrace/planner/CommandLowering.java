package io.headrace.planner;

import io.headrace.plan.Code;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.shell.ShellText;
import io.headrace.spec.CodeReference;
import io.headrace.spec.Command;
import io.headrace.spec.Distribution;
import io.headrace.spec.Environment;
import io.headrace.spec.EnvironmentReference;
import io.headrace.spec.LocalPath;
import io.headrace.spec.Node;
import io.headrace.spec.Resources;
import io.headrace.spec.Written;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the step of one command, once its inputs are known. */
final class CommandLowering {
  private final Bindings bindings;
  private final Problems problems;
  private final IdentityHashMap<Environment, EnvironmentSpec> environments =
      new IdentityHashMap<>();
  private final IdentityHashMap<Command, Template> templates = new IdentityHashMap<>();

  CommandLowering(Bindings bindings, Problems problems) {
    this.bindings = bindings;
    this.problems = problems;
  }

  /** A command and all around it. */
  record Work(NodeWork node, Command command) {}

  Step step(Work work, Scope scope) {
    checkOneProcess(work, scope);
    var template =
        templates.computeIfAbsent(
            work.command(), command -> Template.withGroups(command.command().text()));
    var segments =
        new Segments(work, scope).of("command", template.parts(), work.command().command().where());
    checkShell(work, segments);
    return step(work, segments, scope);
  }

  /** The same, of a command that is made already. */
  Step step(Work work, List<Segment> segments, Scope scope) {
    var inputs = LinkedHashMap.<String, StepInput>newLinkedHashMap(work.node().given().size());
    work.node()
        .given()
        .forEach((name, given) ->
            bindings
                .stepInput(work.node().field() + "inputs." + name, given)
                .ifPresent(input -> inputs.put(name, input)));
    return new Step(
        work.node().id(),
        work.node().displayName(),
        segments,
        code(work),
        environment(work, scope),
        variables(work, scope),
        inputs,
        work.node().outputs(),
        work.node().timeout(),
        work.node().deterministic(),
        false,
        work.node().compute(),
        work.node().tags(),
        work.node().where(),
        work.node()
            .overrides()
            .map(it ->
                ServiceLowering.of(
                    it.services(), work.node().field(), work.node().where(), problems))
            .orElse(Map.of()));
  }

  /** A text of the work, its expressions followed and its groups kept or dropped. */
  List<Segment> segments(Work work, String field, Written text, Scope scope) {
    return new Segments(work, scope)
        .of(field, Template.withGroups(text.text()).parts(), text.where());
  }

  /** Values that cannot be put safely into the command's text. */
  private void checkShell(Work work, List<Segment> segments) {
    for (var segment : segments) {
      if (segment instanceof Segment.Value) {
        for (var problem : ShellText.check(filled(segments))) {
          problems.add(
              new Problem(
                  problem.code(),
                  problem.severity(),
                  work.node().field() + "command: " + problem.message(),
                  Optional.of(work.command().command().where()),
                  problem.fix()));
        }
        return;
      }
    }
  }

  /**
   * What is filled in while the run goes on is looked at then; here a plain number stands for it.
   */
  private static List<Segment> filled(List<Segment> segments) {
    return segments.stream()
        .map(segment ->
            segment instanceof Segment.Value(String input, String value) && Slot.isIn(value)
                ? new Segment.Value(input, "1")
                : segment)
        .toList();
  }

  /** Turns the parts of a text into segments, leaving out the groups that lack a value. */
  private final class Segments {
    private final Work work;
    private final Scope scope;
    private final List<Segment> done = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    Segments(Work work, Scope scope) {
      this.work = work;
      this.scope = scope;
    }

    List<Segment> of(String field, List<Template.Part> parts, Where where) {
      add(work.node().field() + field, parts, where);
      flush();
      return done;
    }

    private void add(String field, List<Template.Part> parts, Where where) {
      for (var part : parts) {
        switch (part) {
          case Template.Part.Text(String plain) -> text.append(plain);
          case Template.Part.Expression(String path) -> addExpression(field, path, where);
          case Template.Part.Group(List<Template.Part> inner) -> {
            if (hasAllValues(inner)) {
              add(field, inner, where);
            }
          }
        }
      }
    }

    private boolean hasAllValues(List<Template.Part> parts) {
      for (var part : parts) {
        if (part instanceof Template.Part.Expression(String path)
            && Expression.of(path) instanceof Expression.OwnInput(String name)
            && OwnName.of(name, work.node().given().keySet())
                .map(work.node().given()::get)
                .filter(given -> given instanceof Given.Unset)
                .isPresent()) {
          return false;
        }
      }
      return true;
    }

    private void addExpression(String field, String path, Where where) {
      switch (Expression.of(path)) {
        case Expression.OwnInput(String name) ->
            OwnName.of(name, work.node().given().keySet())
                .ifPresent(input -> addInput(field, input, where));
        case Expression.OwnOutput(String name) ->
            OwnName.of(name, work.node().outputs().keySet())
                .ifPresent(output -> put(new Segment.OutputPath(output)));
        case Expression.ParentInput _, Expression.NodeOutput _ ->
            put(
                new Segment.Value(
                    path, bindings.text(field, new Written("${{" + path + "}}", where), scope)));
        case Expression.Sampled(String name) -> {
          if (work.node().given().get(name) instanceof Given.Literal(String value)) {
            put(new Segment.Value(name, value));
          }
        }
        case Expression.ParentOutput _, Expression.Unknown _ -> {} // reported by Checks
      }
    }

    private void addInput(String field, String input, Where where) {
      switch (work.node().given().getOrDefault(input, Given.BROKEN)) {
        case Given.Literal(String value) -> put(new Segment.Value(input, value));
        case Given.Data data ->
            put(
                data.value().isPresent()
                    ? new Segment.Value(input, Slot.of(StepInput.MadeValue.slot(input)))
                    : new Segment.InputPath(input));
        case Given.Broken _ -> {}
        case Given.Unset _ ->
            problems.add(
                Problem.of(
                        ErrorCode.BAD_EXPRESSION,
                        field + ": the input '" + input + "' has no value")
                    .at(where)
                    .fix("write $[[… ${{inputs." + input + "}}]] around what needs it"));
      }
    }

    private void put(Segment segment) {
      flush();
      done.add(segment);
    }

    private void flush() {
      if (!text.isEmpty()) {
        done.add(new Segment.Text(text.toString()));
        text.setLength(0);
      }
    }
  }

  private Map<String, List<Segment>> variables(Work work, Scope scope) {
    var written = work.command().environmentVariables();
    var added = work.node().overrides().map(Node.Overrides::environmentVariables).orElse(Map.of());
    if (written.isEmpty() && added.isEmpty()) {
      return Map.of();
    }
    var merged = new LinkedHashMap<>(written);
    merged.putAll(added);
    var variables = LinkedHashMap.<String, List<Segment>>newLinkedHashMap(merged.size());
    merged.forEach((name, value) ->
        variables.put(
            name,
            new Segments(work, scope)
                .of(
                    "environment_variables." + name,
                    Template.withGroups(value.text()).parts(),
                    value.where())));
    return variables;
  }

  private Code code(Work work) {
    return switch (work.command().code()) {
      case CodeReference.None _ -> {
        var includes = work.command().additionalIncludes();
        if (!includes.isEmpty()) {
          problems.add(
              Problem.of(
                      ErrorCode.NOT_SUPPORTED,
                      work.node().field() + "additional_includes needs 'code' beside it")
                  .at(includes.get(0).where())
                  .fix("add 'code:' with the folder to add these files to"));
        }
        yield new Code.None();
      }
      case CodeReference.Local(LocalPath path) ->
          new Code.Local(
              path.absolute(),
              work.command().additionalIncludes().stream().map(LocalPath::absolute).toList());
      case CodeReference.Remote(Written reference) -> {
        var stored = bindings.code(reference);
        if (stored.isEmpty()) {
          problems.add(remote(work.node().field() + "code", reference));
        }
        yield stored.orElseGet(Code.None::new);
      }
    };
  }

  private static Problem remote(String field, Written reference) {
    // An address may hold a password: all between its slashes and the '@' stays out of the message.
    String shown = reference.text().replaceFirst("://[^/]*@", "://");
    if (shown.startsWith("git+")) {
      return Problem.of(
              ErrorCode.NOT_SUPPORTED,
              field
                  + ": '"
                  + shown
                  + "' is a git path, which Azure ML takes only in a private preview, and Headrace"
                  + " not at all")
          .at(reference.where())
          .fix("clone it beside this file (git clone --depth 1 URL DIR) and write 'code: ./DIR'");
    }
    return Problem.of(
            ErrorCode.NOT_SUPPORTED, field + ": '" + shown + "' cannot be fetched by this version")
        .at(reference.where())
        .fix("get its files onto this machine and name their folder");
  }

  private EnvironmentSpec environment(Work work, Scope scope) {
    var reference =
        work.node()
            .overrides()
            .flatMap(Node.Overrides::environment)
            .or(() -> work.command().environment());
    if (reference.isEmpty()) {
      return EnvironmentSpec.named(""); // reported by the validator
    }
    return switch (reference.get()) {
      case EnvironmentReference.Named(Written name) ->
          bindings.environment(work.node().field() + "environment", name);
      case EnvironmentReference.Defined(Environment it) ->
          environments.computeIfAbsent(it, CommandLowering::spec);
      case EnvironmentReference.Bound(Written expression) ->
          bindings.environment(
              work.node().field() + "environment",
              new Written(
                  bindings.text(work.node().field() + "environment", expression, scope),
                  expression.where()));
    };
  }

  private static EnvironmentSpec spec(Environment environment) {
    return new EnvironmentSpec(
        environment
            .name()
            .map(name -> environment.version().map(version -> name + ":" + version).orElse(name)),
        environment.image(),
        environment.condaFile().map(Environment.CondaFile::text),
        environment
            .build()
            .map(build ->
                new EnvironmentSpec.Build(build.context().orElse(""), build.dockerfile())));
  }

  /** One process on one machine is what this version runs. */
  private void checkOneProcess(Work work, Scope scope) {
    var resources =
        work.node()
            .overrides()
            .flatMap(Node.Overrides::resources)
            .or(() -> work.command().resources());
    resources
        .flatMap(Resources::instanceCount)
        .ifPresent(
            count -> refuseMany(work.node().field() + "resources.instance_count", count, scope));
    var distribution =
        work.node()
            .overrides()
            .flatMap(Node.Overrides::distribution)
            .or(() -> work.command().distribution());
    distribution.ifPresent(it -> checkOneProcess(work.node().field() + "distribution", it, scope));
  }

  private void checkOneProcess(String field, Distribution distribution, Scope scope) {
    switch (distribution) {
      case Distribution.PyTorch(var count, Where _) ->
          count.ifPresent(it -> refuseMany(field + ".process_count_per_instance", it, scope));
      case Distribution.Mpi(var count, Where _) ->
          count.ifPresent(it -> refuseMany(field + ".process_count_per_instance", it, scope));
      case Distribution.TensorFlow(var workers, var servers, Where _) -> {
        workers.ifPresent(it -> refuseMany(field + ".worker_count", it, scope));
        servers.ifPresent(it -> {
          var count =
              count(field + ".parameter_server_count", bindings.text(field, it, scope), it.where());
          if (count.isPresent() && count.get() > 0) {
            refuse(field + ".parameter_server_count: " + count.get(), it.where());
          }
        });
      }
      case Distribution.Ray(var _, Where where) -> refuse(field + " of type ray", where);
      case Distribution.Bound(Written expression) ->
          refuse(field + ": an expression", expression.where());
    }
  }

  private void refuseMany(String field, Written written, Scope scope) {
    var count = count(field, bindings.text(field, written, scope), written.where());
    if (count.isPresent() && count.get() > 1) {
      refuse(field + ": " + count.get(), written.where());
    }
  }

  private void refuse(String what, Where where) {
    problems.add(
        Problem.of(
                ErrorCode.NOT_SUPPORTED,
                what + " needs several processes or machines, which this version cannot start")
            .at(where)
            .fix("set it to 1 to run on this machine"));
  }

  /** A whole number that a setting came to; anything else is reported. */
  Optional<Long> count(String field, String text, Where where) {
    try {
      long count = Long.parseLong(text.strip());
      if (count >= 0 && count <= Integer.MAX_VALUE) {
        return Optional.of(count);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    problems.add(
        Problem.of(ErrorCode.WRONG_VALUE, field + " must be a whole number, not '" + text + "'")
            .at(where));
    return Optional.empty();
  }
}
