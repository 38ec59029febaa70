package io.headrace.planner;

import io.headrace.job.DocumentLoader;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Component;
import io.headrace.spec.Document;
import io.headrace.spec.Environment;
import io.headrace.spec.Job;
import io.headrace.spec.Resource;
import java.nio.file.Path;
import java.util.List;

/** Turns a job's file into a plan. */
public final class Planner {
  private Planner() {}

  /**
   * Reads, checks and plans a job.
   *
   * @param sets changes to make first, as {@code --set} takes them
   * @throws ProblemException with all errors and warnings when there is an error; nothing else is
   *     thrown, whatever the file holds
   */
  public static Planned plan(
      Path file, List<String> sets, References references, PlanSettings settings) {
    var problems = new Problems();
    var document =
        new DocumentLoader(settings.workingFolder(), references::component, problems)
            .load(file, sets);
    document.ifPresent(it -> new Checks(problems).check(it));
    problems.throwIfErrors();
    Job job =
        document
            .map(it -> job(it, file))
            .orElseThrow(() ->
                Problem.of(ErrorCode.INTERNAL, "nothing was read and nothing was wrong")
                    .asException());
    var plan = new Lowering(references, problems).plan(job, stem(file), settings.experiment());
    problems.throwIfErrors();
    return new Planned(plan, problems.warnings());
  }

  private static Job job(Document document, Path file) {
    return switch (document) {
      case Job job -> job;
      case Component component ->
          throw notAJob(file, "a component", component.where())
              .fix("name it in a pipeline's node: 'component: ./" + file.getFileName() + "'")
              .asException();
      case Environment environment ->
          throw notAJob(file, "an environment", environment.where())
              .fix("name it in a job: 'environment: file:" + file.getFileName() + "'")
              .asException();
      case Resource resource -> throw CloudOnly.resource(file, resource).asException();
    };
  }

  private static Problem notAJob(Path file, String what, Where where) {
    return Problem.of(ErrorCode.WRONG_VALUE, file + " is " + what + ", not a job to run").at(where);
  }

  private static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
