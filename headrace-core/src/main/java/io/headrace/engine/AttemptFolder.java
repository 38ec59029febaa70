package io.headrace.engine;

import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepOutput;
import io.headrace.run.OutputData;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the things of one attempt stand. Everything follows from the folder and the step, so that
 * whoever takes the attempt up again finds the same paths.
 *
 * @param root the attempt's own folder, absolute
 */
record AttemptFolder(Path root) {
  /** The command's working folder: a fresh copy of the code. */
  Path work() {
    return root.resolve("wd");
  }

  Path inputs() {
    return root.resolve("in");
  }

  Path outputs() {
    return root.resolve("out");
  }

  Path log() {
    return root.resolve("user_logs").resolve("std_log.txt");
  }

  /** Where the attempt's services are. */
  Path services() {
    return root.resolve("services.json");
  }

  Path input(String name) {
    return inputs().resolve(name);
  }

  /** The folder that belongs to an output. */
  Path output(String name) {
    return outputs().resolve(name);
  }

  /** What the command is told an input is. */
  String inputText(String name, StepInput input, Map<String, OutputData> made) {
    return switch (input) {
      case StepInput.Literal(String value) -> value;
      case StepInput.Remote it -> it.uri();
      case StepInput.Local it -> it.path().toString();
      case StepInput.Supplied _ -> input(name).toString();
      case StepInput.OfItem _,
          StepInput.MadeValue _,
          StepInput.After _,
          StepInput.IfMade _,
          StepInput.HowEnded _ ->
          ""; // settled before
      case StepInput.Stored it -> inputPath(name, it.name());
      case StepInput.FromStep _ -> {
        var data = made.get(name);
        yield inputPath(name, data == null ? "" : data.name());
      }
    };
  }

  /** A file is given under its own name, whatever type the input declares; a folder has no name. */
  private String inputPath(String name, String file) {
    return file.isEmpty() ? input(name).toString() : input(name).resolve(file).toString();
  }

  /**
   * What the command is told an output is: for a file, one that does not exist yet, in a folder
   * that does.
   */
  Path outputPath(String name, StepOutput output) {
    return output.type().isFile() ? output(name).resolve(fileName(name, output)) : output(name);
  }

  /** A file output is called as the end of its wanted path, else as the output. */
  private static String fileName(String name, StepOutput output) {
    var path = output.path().orElse("");
    var last = path.substring(path.lastIndexOf('/') + 1);
    return last.isEmpty() || last.contains("${{") || last.equals("..") || last.equals(".")
        ? name
        : last;
  }

  static AttemptFolder of(Path runFolder, Step step, int attempt) {
    return new AttemptFolder(
        runFolder.resolve(step.id().value()).resolve(Integer.toString(attempt)));
  }
}
