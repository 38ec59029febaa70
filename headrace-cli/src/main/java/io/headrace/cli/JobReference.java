package io.headrace.cli;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A reference to what a job left, taken apart.
 *
 * @param job the name of a job, or of one step's run
 * @param output the output's name; {@code artifacts} and {@code default} are always there
 * @param path below it, without slashes around; empty for all of it
 */
record JobReference(String job, String output, String path) {
  private static final String SCHEME = "azureml://jobs/";
  private static final Pattern FORM =
      Pattern.compile("azureml://jobs/([^/]+)/outputs/([^/]+)(?:/+(.*))?");
  private static final Pattern MLFLOW = Pattern.compile("runs:/+([^/]+)(?:/+(.*))?");

  /**
   * Reads {@code azureml://jobs/JOB/outputs/OUTPUT/paths/PATH}, also after {@code azureml:}, and
   * MLflow's {@code runs:/RUN/PATH}.
   *
   * @return empty for a reference to something else
   * @throws io.headrace.problem.ProblemException when it begins like one and does not go on so
   */
  static Optional<JobReference> of(String text) {
    var mlflow = MLFLOW.matcher(text);
    if (mlflow.matches()) {
      return Optional.of(new JobReference(mlflow.group(1), "artifacts", trimmed(mlflow.group(2))));
    }
    String uri = text.startsWith("azureml:azureml://") ? text.substring("azureml:".length()) : text;
    if (!uri.startsWith(SCHEME)) {
      return Optional.empty();
    }
    var form = FORM.matcher(uri);
    if (form.matches()) {
      String output = form.group(2);
      String rest = trimmed(form.group(3));
      if (rest.isEmpty() || rest.equals("paths")) {
        return Optional.of(new JobReference(form.group(1), output, ""));
      }
      if (rest.startsWith("paths/")) {
        return Optional.of(
            new JobReference(form.group(1), output, trimmed(rest.substring("paths/".length()))));
      }
      if (output.equals("artifacts")) {
        return Optional.of(new JobReference(form.group(1), output, rest));
      }
    }
    throw Problem.of(ErrorCode.WRONG_VALUE, "'" + text + "' does not name a job's output")
        .fix("write azureml://jobs/JOB/outputs/OUTPUT, and /paths/PATH after it for a part of it")
        .asException();
  }

  private static String trimmed(@org.jspecify.annotations.Nullable String path) {
    return path == null ? "" : path.replaceAll("^/+|/+$", "");
  }

  /** Whether it may mean the files that the job's run keeps. */
  boolean mayBeArtifacts() {
    return output.equals("artifacts") || output.equals("default");
  }
}
