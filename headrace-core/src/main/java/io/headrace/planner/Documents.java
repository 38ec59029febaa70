package io.headrace.planner;

import io.headrace.job.DocumentLoader;
import io.headrace.job.LoadedDocument;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.spec.Job;
import io.headrace.spec.Kind;
import io.headrace.yaml.YamlNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says what is wrong with a user's file, whatever kind of document it is. */
public final class Documents {
  private Documents() {}

  /**
   * Checks a job, a component or an environment, and the files that it names, without planning it:
   * what only other places know (registered data, for one) need not be there.
   *
   * @param sets changes to make first, as {@code --set} takes them
   * @param workingFolder where the command runs; problems name files relative to it
   * @return errors and warnings, in the order of the file as far as possible; empty when all is
   *     well
   */
  public static List<Problem> validate(Path file, List<String> sets, Path workingFolder) {
    return validate(file, sets, References.NONE, workingFolder);
  }

  /** The same, also looking into referenced components that are known. */
  public static List<Problem> validate(
      Path file, List<String> sets, References references, Path workingFolder) {
    var problems = new Problems();
    var document =
        new DocumentLoader(workingFolder, references::component, problems).load(file, sets);
    document.ifPresent(it -> new Checks(problems).check(it));
    if (document.orElse(null) instanceof Job job && !problems.hasErrors()) {
      problems.addAll(inCommands(job, references));
    }
    return problems.all();
  }

  /**
   * A document that is to have a name in a workspace.
   *
   * @param warnings what is odd about it
   */
  public record Found(LoadedDocument document, List<Problem> warnings) {}

  /**
   * Reads and checks a document that is to be of one of these kinds.
   *
   * @param file empty when all is said by {@code sets}
   * @throws ProblemException with all that is wrong
   */
  public static Found read(
      Optional<Path> file,
      List<String> sets,
      Set<Kind> wanted,
      References references,
      Path workingFolder) {
    var problems = new Problems();
    var loaded =
        new DocumentLoader(workingFolder, references::component, problems)
            .loaded(file, sets, wanted);
    loaded.ifPresent(it -> new Checks(problems).check(it.document()));
    problems.throwIfErrors();
    return new Found(loaded.orElseThrow(), problems.warnings());
  }

  /** Checks a document that is at hand, as {@link #read} does. */
  public static void check(
      YamlNode.Mapping document, Set<Kind> wanted, References references, Path workingFolder) {
    var problems = new Problems();
    new DocumentLoader(workingFolder, references::component, problems)
        .loaded(document, wanted)
        .ifPresent(it -> new Checks(problems).check(it.document()));
    problems.throwIfErrors();
  }

  /**
   * What only planning finds and no other place can mend: values that cannot be put safely into a
   * command or do not fit a setting, and more steps than there may be.
   */
  private static List<Problem> inCommands(Job job, References references) {
    var problems = new Problems();
    try {
      new Lowering(references, problems).plan(job, "", "");
    } catch (ProblemException e) {
      problems.addAll(e.problems());
    }
    return problems.all().stream().filter(it -> isOfCommands(it.code())).toList();
  }

  private static boolean isOfCommands(ErrorCode code) {
    return code == ErrorCode.UNSAFE_VALUE
        || code == ErrorCode.YAML_LIMIT
        || code == ErrorCode.WRONG_VALUE
        || code == ErrorCode.WRONG_TYPE
        || code == ErrorCode.BAD_EXPRESSION;
  }
}
