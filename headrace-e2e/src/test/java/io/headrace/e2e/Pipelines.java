package io.headrace.e2e;

/** Small pipelines that need nothing but a shell. */
final class Pipelines {
  private Pipelines() {}

  /**
   * A command job with one file as output {@code out}.
   *
   * @param command one line
   */
  static String job(String command) {
    return """
    type: command
    display_name: job
    environment: azureml:local@latest
    outputs:
      out:
        type: uri_file
    command: |
      %s
    """
        .formatted(command);
  }

  /** The head of a pipeline; {@link #step} follows. */
  static String head(String name) {
    return """
    type: pipeline
    display_name: %s
    settings:
      default_compute: azureml:local
    jobs:
    """
        .formatted(name);
  }

  /**
   * A step with one file as output {@code out}, and the outputs of earlier steps as inputs of the
   * same name.
   *
   * @param command one line; {@code $OUT} is the output's path
   */
  static String step(String name, String command, String... after) {
    var text = new StringBuilder();
    text.append("  ").append(name).append(":\n");
    text.append("    type: command\n    environment: azureml:local@latest\n");
    if (after.length > 0) {
      text.append("    inputs:\n");
      for (var before : after) {
        text.append("      %1$s: ${{parent.jobs.%1$s.outputs.out}}%n".formatted(before));
      }
    }
    text.append("    outputs:\n      out:\n        type: uri_file\n");
    text.append("    command: |\n      ").append(command.replace("$OUT", "${{outputs.out}}"));
    return text.append('\n').toString();
  }
}
