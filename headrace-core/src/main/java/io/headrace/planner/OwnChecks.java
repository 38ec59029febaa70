package io.headrace.planner;

import io.headrace.job.Suggestions;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Command;
import io.headrace.spec.EnvironmentReference;
import io.headrace.spec.ExternalSource;
import io.headrace.spec.Parallel;
import io.headrace.spec.ParallelTask;
import io.headrace.spec.Spark;
import io.headrace.spec.Written;
import java.util.Collection;
import java.util.Set;

/** Checks what commands, arguments and scripts name of their own inputs and outputs. */
final class OwnChecks {
  private final Problems problems;
  private final Suggestions suggestions;

  OwnChecks(Problems problems, Suggestions suggestions) {
    this.problems = problems;
    this.suggestions = suggestions;
  }

  void command(String prefix, Command command, OwnNames names) {
    text(prefix + "command", command.command(), names);
    command
        .environmentVariables()
        .forEach((name, value) ->
            names(
                prefix + "environment_variables." + name,
                Template.withGroups(value.text()),
                value.where(),
                names));
    if (command.environment().orElse(null) instanceof EnvironmentReference.Bound(Written bound)) {
      problems.add(
          Problem.of(ErrorCode.BAD_EXPRESSION, prefix + "environment cannot be an expression here")
              .at(bound.where())
              .fix("only a node that uses a component may bind its environment"));
    }
  }

  void parallel(String prefix, Parallel parallel, OwnNames names) {
    parallel.inputData().ifPresent(it -> text(prefix + "input_data", it, names));
    parallel.task().ifPresent(task -> task(prefix + "task.", task, names));
  }

  private void task(String prefix, ParallelTask task, OwnNames names) {
    task.programArguments().ifPresent(it -> text(prefix + "program_arguments", it, names));
    task.appendRowTo().ifPresent(it -> text(prefix + "append_row_to", it, names));
  }

  void spark(String prefix, Spark spark, OwnNames names) {
    spark.args().ifPresent(it -> text(prefix + "args", it, names));
  }

  void place(String prefix, ExternalSource place, OwnNames names) {
    switch (place) {
      case ExternalSource.Database it -> {
        it.query().ifPresent(query -> text(prefix + "query", query, names));
        it.tableName().ifPresent(table -> text(prefix + "table_name", table, names));
        it.storedProcedure().ifPresent(name -> text(prefix + "stored_procedure", name, names));
      }
      case ExternalSource.FileSystem it ->
          it.path().ifPresent(path -> text(prefix + "path", path, names));
    }
  }

  /** A text that may have {@code $[[…]]} around what may have no value. */
  private void text(String field, Written text, OwnNames names) {
    var template = Template.withGroups(text.text());
    names(field, template, text.where(), names);
    optional(field, template, text.where(), names.optional());
  }

  /** Every expression of a text. */
  void names(String field, Template template, Where where, OwnNames names) {
    faults(field, template, where);
    for (var part : template.expressions()) {
      switch (Expression.of(part.path())) {
        case Expression.OwnInput(String name) ->
            declared(field, "input", name, names.inputs(), where);
        case Expression.OwnOutput(String name) ->
            declared(field, "output", name, names.outputs(), where);
        case Expression.Sampled(String name) -> sampled(field, name, names.sampled(), where);
        case Expression.ParentInput _, Expression.ParentOutput _, Expression.NodeOutput _ ->
            problems.add(
                Problem.of(
                        ErrorCode.BAD_EXPRESSION,
                        field + ": ${{" + part.path() + "}} cannot be used here")
                    .at(where)
                    .fix("give the job an input bound to it, and write ${{inputs.NAME}}"));
        case Expression.Unknown unknown -> unknown(field, unknown, where, false);
      }
    }
  }

  private void declared(
      String field, String what, String name, Collection<String> known, Where where) {
    if (OwnName.of(name, known).isEmpty()) {
      problems.add(
          Problem.of(
                  ErrorCode.UNDECLARED,
                  field
                      + ": ${{"
                      + what
                      + "s."
                      + name
                      + "}} names an "
                      + what
                      + " that is not declared")
              .at(where)
              .fix(suggestions.advice(name, known, "declared " + what + "s")));
    }
  }

  private void sampled(String field, String name, Set<String> known, Where where) {
    if (known.isEmpty()) {
      problems.add(
          Problem.of(
                  ErrorCode.BAD_EXPRESSION,
                  field + ": ${{search_space." + name + "}} means something in a sweep job only")
              .at(where)
              .fix("in a component, name an input: ${{inputs." + name + "}}"));
    } else if (!known.contains(name)) {
      problems.add(
          Problem.of(
                  ErrorCode.UNDECLARED,
                  field + ": ${{search_space." + name + "}} is not in the search_space")
              .at(where)
              .fix(suggestions.advice(name, known, "search_space entries")));
    }
  }

  void unknown(String field, Expression.Unknown unknown, Where where, boolean inNode) {
    String forms =
        inNode
            ? "write ${{parent.inputs.NAME}} or ${{parent.jobs.NODE.outputs.NAME}}"
            : "write ${{inputs.NAME}} or ${{outputs.NAME}}";
    problems.add(
        Problem.of(
                ErrorCode.BAD_EXPRESSION,
                field + ": ${{" + unknown.text() + "}} is not a known expression")
            .at(where)
            .fix(unknown.meant().map(meant -> "did you mean ${{" + meant + "}}?").orElse(forms)));
  }

  void faults(String field, Template template, Where where) {
    for (var fault : template.faults()) {
      problems.add(
          Problem.of(ErrorCode.BAD_EXPRESSION, field + ": " + fault.message())
              .at(where)
              .fix(fault.fix()));
    }
  }

  /** An optional input may have no value, so the text around it must be able to vanish. */
  private void optional(String field, Template template, Where where, Set<String> optional) {
    if (optional.isEmpty()) {
      return;
    }
    for (var part : template.parts()) {
      if (part instanceof Template.Part.Expression(String path)
          && Expression.of(path) instanceof Expression.OwnInput(String name)
          && OwnName.of(name, optional).isPresent()) {
        problems.add(
            Problem.of(
                    ErrorCode.BAD_EXPRESSION,
                    field + ": the optional input '" + name + "' is used outside $[[ ]]")
                .at(where)
                .fix("write $[[--" + name + " ${{inputs." + name + "}}]], or give it a default"));
      }
    }
  }
}
