package io.headrace.cli;

import io.headrace.cli.Main.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;

/**
 * Part of the build: real commands in one process, from which the JVM records what to load and link
 * ahead of time. What is done here starts fast later.
 */
public final class AotTraining {
  private static final String PIPELINE =
      """
      type: pipeline
      display_name: training
      inputs:
        greeting: hello
        data:
          type: uri_folder
          path: ./data
      settings:
        continue_on_step_failure: true
      jobs:
        first:
          type: command
          code: ./code
          command: cat ${{inputs.data}}/a.txt "$(pwd)"/code.txt > ${{outputs.made}}/b.txt; echo ${{inputs.greeting}}
          environment: azureml:local@latest
          inputs:
            greeting: ${{parent.inputs.greeting}}
            data: ${{parent.inputs.data}}
          outputs:
            made:
              type: uri_folder
        second:
          type: command
          command: cat ${{inputs.made}}/b.txt > ${{outputs.file}}
          environment: azureml:local@latest
          inputs:
            made:
              type: uri_folder
              path: ${{parent.jobs.first.outputs.made}}
          outputs:
            file:
              type: uri_file
      """;

  private AotTraining() {}

  /**
   * {@code args[0]}: which cache, quick or headrace; {@code args[1]}: an empty folder to work in.
   */
  public static void main(String[] args) throws IOException {
    var work = Path.of(args[1]).toRealPath();
    Files.createDirectories(work.resolve("data"));
    Files.createDirectories(work.resolve("code"));
    Files.writeString(work.resolve("data/a.txt"), "a\n");
    Files.writeString(work.resolve("code/code.txt"), "code\n");
    Files.writeString(work.resolve("pipeline.yml"), PIPELINE);
    Files.writeString(work.resolve("wrong.yml"), PIPELINE.replace("inputs.made", "inputs.mode"));
    int failed = args[0].equals("quick") ? quick(work) : all(work);
    System.exit(failed == 0 ? 0 : 1);
  }

  private static int quick(Path work) {
    return run(work, "--version")
        + run(work, "validate", "pipeline.yml")
        + (run(work, "validate", "wrong.yml") == 2 ? 0 : 1);
  }

  private static int all(Path work) {
    return quick(work)
        + run(work, "run", "pipeline.yml")
        + run(work, "run", "pipeline.yml")
        + run(work, "plan", "pipeline.yml")
        + run(work, "run", "list")
        + run(work, "job", "list");
  }

  private static int run(Path work, String... args) {
    var said = new StringWriter();
    var out = new PrintWriter(said, true);
    var variables = new HashMap<>(System.getenv());
    variables.put("HEADRACE_WORKSPACE", work.resolve(".headrace").toString());
    int code =
        new CommandLineProgram(new Surroundings(out, out, variables, work, false)).execute(args);
    if (code != 0) {
      System.err.println(String.join(" ", args) + ": exit code " + code + "\n" + said);
    }
    return code;
  }
}
