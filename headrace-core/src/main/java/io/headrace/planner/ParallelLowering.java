package io.headrace.planner;

import io.headrace.plan.DataType;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.CodeReference;
import io.headrace.spec.Command;
import io.headrace.spec.Parallel;
import io.headrace.spec.ParallelTask;
import io.headrace.spec.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes the step of a parallel job: one process like any other, which runs the driver that comes
 * with Headrace. What the driver is told goes in a variable, as data.
 */
final class ParallelLowering {
  /** The folder of the driver on the class path. */
  static final String DRIVER = "io/headrace/parallel";

  /** The driver's files. */
  static final List<String> DRIVER_FILES =
      List.of(
          "__main__.py",
          "headrace_parallel/__init__.py",
          "headrace_parallel/batches.py",
          "headrace_parallel/checkpoint.py",
          "headrace_parallel/coordinator.py",
          "headrace_parallel/crew.py",
          "headrace_parallel/driver.py",
          "headrace_parallel/filters.py",
          "headrace_parallel/report.py",
          "headrace_parallel/settings.py",
          "headrace_parallel/tables.py",
          "headrace_parallel/wire.py",
          "headrace_parallel/worker.py");

  private static final String SETTINGS = "HEADRACE_PARALLEL";

  private static final Pattern COUNT = Pattern.compile("\\s*0*[1-9][0-9]*\\s*");
  private static final Pattern SIZE =
      Pattern.compile("\\s*0*[1-9][0-9]*\\s*([kmg]?b)?\\s*", Pattern.CASE_INSENSITIVE);
  private static final long FOR_EVER = 259_200;

  private final CommandLowering commands;
  private final Bindings bindings;
  private final Problems problems;

  ParallelLowering(CommandLowering commands, Bindings bindings, Problems problems) {
    this.commands = commands;
    this.bindings = bindings;
    this.problems = problems;
  }

  /**
   * A parallel job and all around it.
   *
   * @param parallel what the node says over what its component says
   */
  record Work(NodeWork node, Parallel parallel) {}

  /** Empty when what is wrong leaves nothing to run, which has been said. */
  Optional<Step> step(Work work, Scope scope) {
    var task = work.parallel().task();
    if (task.isEmpty()) {
      missing(work, "task", work.node().where());
      return Optional.empty();
    }
    var split = splitInput(work);
    var script = entryScript(work, task.get());
    if (split.isEmpty() || script.isEmpty()) {
      return Optional.empty();
    }
    var around = around(work, task.get());
    var step = commands.step(around, DriverStep.COMMAND, scope);
    var input = step.inputs().get(split.get());
    if (input == null) {
      return Optional.empty(); // it was wrong, and that has been said
    }
    var given = splitting(work, split.get(), input);
    boolean table = given instanceof StepInput.Data it && it.mode() == StepInput.Mode.TABLE;
    var settings = settings(work, around, task.get(), script.get(), split.get(), table, scope);
    return Optional.of(withDriver(step, split.get(), given, settings));
  }

  private static CommandLowering.Work around(Work work, ParallelTask task) {
    var command =
        new Command(
            new Written("", task.where()),
            task.code(),
            List.of(),
            task.environment(),
            work.parallel().environmentVariables(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new CommandLowering.Work(work.node(), command);
  }

  private static Step withDriver(
      Step step, String split, StepInput given, DriverSettings settings) {
    var inputs = new LinkedHashMap<>(step.inputs());
    inputs.put(split, given);
    return DriverStep.of(
        step.captured(step.code(), inputs),
        step.environment(),
        new StepInput.Supplied(DRIVER, DRIVER_FILES),
        Map.of(SETTINGS, List.of(new Segment.Text(settings.json()))),
        true);
  }

  private Optional<String> entryScript(Work work, ParallelTask task) {
    if (!task.type().equals("run_function")) {
      problems.add(
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  work.node().field()
                      + "task.type: '"
                      + task.type()
                      + "' cannot be run by this version")
              .at(task.where())
              .fix("write an entry script with run(mini_batch), and type: run_function"));
      return Optional.empty();
    }
    if (task.entryScript().isEmpty()) {
      missing(work, "task.entry_script", task.where());
    } else if (task.code() instanceof CodeReference.None) {
      missing(work, "task.code", task.where());
    }
    return task.entryScript().map(Written::text);
  }

  private void missing(Work work, String field, Where where) {
    problems.add(
        Problem.of(ErrorCode.MISSING_FIELD, work.node().field() + field + " is missing").at(where));
  }

  /** The name of the input that is split. */
  private Optional<String> splitInput(Work work) {
    var written = work.parallel().inputData();
    if (written.isEmpty()) {
      missing(work, "input_data", work.parallel().where());
      return Optional.empty();
    }
    var name =
        own(written.get())
            .filter(it -> it instanceof Expression.OwnInput)
            .flatMap(
                it -> OwnName.of(((Expression.OwnInput) it).name(), work.node().given().keySet()));
    if (name.isEmpty()) {
      mustName(work, "input_data", "inputs", written.get(), work.node().given().keySet());
    }
    return name;
  }

  private Optional<String> rowOutput(Work work, ParallelTask task) {
    var written = task.appendRowTo();
    if (written.isEmpty()) {
      return Optional.empty();
    }
    var name =
        own(written.get())
            .filter(it -> it instanceof Expression.OwnOutput)
            .flatMap(it ->
                OwnName.of(((Expression.OwnOutput) it).name(), work.node().outputs().keySet()));
    if (name.isEmpty()) {
      mustName(
          work, "task.append_row_to", "outputs", written.get(), work.node().outputs().keySet());
    }
    return name;
  }

  private static Optional<Expression> own(Written written) {
    var template = Template.of(written.text());
    return template.isSingle()
        ? Optional.of(Expression.of(template.expressions().getFirst().path()))
        : Optional.empty();
  }

  private void mustName(Work work, String field, String kind, Written written, Set<String> known) {
    problems.add(
        Problem.of(
                ErrorCode.BAD_EXPRESSION,
                work.node().field()
                    + field
                    + " must be one of the node's "
                    + kind
                    + ": ${{"
                    + kind
                    + ".NAME}}")
            .at(written.where())
            .fix(kind + ": " + String.join(", ", known)));
  }

  /**
   * How the driver gets at the input: a table that its user reads directly, or says nothing of, as
   * rows; one that would be mounted as the files it selects, as in Azure ML.
   */
  private StepInput splitting(Work work, String name, StepInput input) {
    var said =
        work.node().given().get(name) instanceof Given.Data data
            ? data.mode()
            : Optional.<String>empty();
    boolean rows = said.isEmpty() || said.get().equals("direct");
    return switch (input) {
      case StepInput.Data it -> it.as(it.type(), mode(it.type(), rows));
      case StepInput.Literal _,
          StepInput.MadeValue _,
          StepInput.Supplied _,
          StepInput.After _,
          StepInput.IfMade _,
          StepInput.HowEnded _ -> {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_TYPE,
                    work.node().field()
                        + "input_data names '"
                        + name
                        + "', which is a value, not data")
                .at(work.parallel().where())
                .fix("name an input of type uri_folder or mltable"));
        yield input;
      }
    };
  }

  private static StepInput.Mode mode(DataType type, boolean rows) {
    if (type != DataType.MLTABLE) {
      return StepInput.Mode.RO_MOUNT;
    }
    return rows ? StepInput.Mode.TABLE : StepInput.Mode.EVAL_MOUNT;
  }

  // Settings

  private DriverSettings settings(
      Work work,
      CommandLowering.Work around,
      ParallelTask task,
      String script,
      String split,
      boolean table,
      Scope scope) {
    var parallel = work.parallel();
    var arguments =
        task.programArguments()
            .map(it -> commands.segments(around, "task.program_arguments", it, scope))
            .orElse(List.of());
    var retry = parallel.retrySettings();
    return new DriverSettings(
        script,
        ShellWords.of(DriverStep.byName(arguments, work.node().given().keySet())),
        split,
        table,
        List.copyOf(work.node().outputs().keySet()),
        rowOutput(work, task),
        batchSize(work, table, scope),
        texts(work, "partition_keys", parallel.partitionKeys(), scope),
        number(work, "error_threshold", parallel.errorThreshold(), -1, scope),
        number(work, "mini_batch_error_threshold", parallel.miniBatchErrorThreshold(), -1, scope),
        number(
            work,
            "retry_settings.max_retries",
            retry.flatMap(Parallel.RetrySettings::maxRetries),
            0,
            scope),
        number(
                work,
                "retry_settings.timeout",
                retry.flatMap(Parallel.RetrySettings::timeout),
                1,
                scope)
            .map(it -> Math.min(it, FOR_EVER)),
        number(
            work, "max_concurrency_per_instance", parallel.maxConcurrencyPerInstance(), 1, scope),
        parallel.loggingLevel());
  }

  private List<String> texts(Work work, String field, List<Written> written, Scope scope) {
    var texts = new ArrayList<String>(written.size());
    written.forEach(it -> texts.add(bindings.text(work.node().field() + field, it, scope)));
    return texts;
  }

  /** A number of files, or for a table also a size. */
  private Optional<String> batchSize(Work work, boolean table, Scope scope) {
    var written = work.parallel().miniBatchSize();
    if (written.isEmpty()) {
      return Optional.empty();
    }
    String field = work.node().field() + "mini_batch_size";
    String text = bindings.text(field, written.get(), scope);
    if (!(table ? SIZE : COUNT).matcher(text).matches()) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  field
                      + ": '"
                      + text
                      + "' is not "
                      + (table ? "a size" : "a number of files; input_data is a set of files"))
              .at(written.get().where())
              .fix(table ? "write 10kb, 1mb or 2gb" : "write a whole number, such as 10"));
    }
    return Optional.of(text);
  }

  private Optional<Long> number(
      Work work, String name, Optional<Written> written, long least, Scope scope) {
    if (written.isEmpty()) {
      return Optional.empty();
    }
    String field = work.node().field() + name;
    String text = bindings.text(field, written.get(), scope);
    try {
      long number = Long.parseLong(text.strip());
      if (number >= least && number <= Integer.MAX_VALUE) {
        return Optional.of(number);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    problems.add(
        Problem.of(
                ErrorCode.WRONG_VALUE,
                field + " must be a whole number from " + least + " up, not '" + text + "'")
            .at(written.get().where()));
    return Optional.empty();
  }
}
