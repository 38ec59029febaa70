package io.headrace.engine;

import io.headrace.name.RunId;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepOutput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.OutputData;
import io.headrace.spi.JobRequest;
import io.headrace.spi.PreparedEnvironment;
import io.headrace.shell.ShellText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of one attempt at a step: lays them out before, takes in what was made after. Holds no state but its
 * folder, so that an attempt begun by another process can be finished here.
 */
final class Attempt {
  private final Step step;
  private final Map<String, OutputData> made;
  private final AttemptFolder folder;
  private final StepFiles files;

  /**
   * @param made what the steps before made, by input name
   */
  Attempt(Step step, Map<String, OutputData> made, AttemptFolder folder, StepFiles files) {
    this.step = step;
    this.made = made;
    this.folder = folder;
    this.files = files;
  }

  AttemptFolder folder() {
    return folder;
  }

  /** Lays everything out. What an attempt that was never begun left here is wiped. */
  void stage() throws IOException {
    files.remove(folder.root());
    Files.createDirectories(folder.log().getParent());
    Files.createDirectory(folder.work());
    if (step.code() instanceof Code.Stored(var manifest)) {
      files.giveCode(manifest, folder.work());
    }
    Files.createDirectories(folder.work().resolve("outputs"));
    Files.createDirectories(folder.work().resolve("logs"));
    Files.createDirectory(folder.inputs());
    Files.createDirectory(folder.outputs());
    for (var given : given()) {
      if (!given.folder()) {
        Files.createDirectories(given.at().getParent());
      }
      files.give(given.data().digest(), given.folder(), given.at());
    }
    for (var name : step.outputs().keySet()) {
      Files.createDirectories(folder.output(name));
    }
  }

  /** A file or folder that the step was given to read. */
  private record Given(String input, OutputData data, boolean folder, Path at) {}

  private List<Given> given() {
    var all = new ArrayList<Given>();
    step.inputs()
        .forEach(
            (name, input) -> {
              switch (input) {
                case StepInput.Literal _, StepInput.Remote _, StepInput.Local _ -> {}
                case StepInput.Stored it ->
                    all.add(given(name, new OutputData(it.digest(), it.type(), it.name(), 0, 0)));
                case StepInput.FromStep _ -> {
                  var data = made.get(name);
                  if (data != null) {
                    all.add(given(name, data));
                  }
                }
              }
            });
    return all;
  }

  /** A file has a name, a folder has none. */
  private Given given(String input, OutputData data) {
    boolean file = !data.name().isEmpty();
    var at = file ? folder.input(input).resolve(data.name()) : folder.input(input);
    return new Given(input, data, !file, at);
  }

  /** What is given to the compute; the same whenever it is asked. */
  JobRequest request(
      String attempt,
      PreparedEnvironment software,
      Map<String, String> variables) {
    return new JobRequest(
        attempt,
        folder.root(),
        ShellText.render(step.command(), this::text),
        folder.work(),
        folder.log(),
        variables,
        software,
        step.timeout());
  }

  /** What stands for an input or output in the command. */
  String text(Segment segment) {
    return switch (segment) {
      case Segment.Text(String text) -> text;
      case Segment.Value(String _, String value) -> value;
      case Segment.InputPath(String name) -> {
        var input = step.inputs().get(name);
        yield input == null ? "" : folder.inputText(name, input, made);
      }
      case Segment.OutputPath(String name) -> {
        var output = step.outputs().get(name);
        yield output == null
            ? folder.output(name).toString()
            : folder.outputPath(name, output).toString();
      }
    };
  }

  /** What the step changed of what it was only given to read, for people; empty as it should be. */
  List<String> changedInputs() throws IOException {
    var changed = new ArrayList<String>();
    for (var given : given()) {
      for (var path : files.changed(given.data().digest(), given.folder(), given.at())) {
        changed.add(path.isEmpty() ? given.input() : given.input() + "/" + path);
      }
    }
    return changed;
  }

  /**
   * Takes the outputs into the store.
   *
   * @throws io.headrace.problem.ProblemException OUTPUT_MISSING when a file that was promised is not there
   */
  Map<String, OutputData> takeOutputs() throws IOException {
    var outputs = new LinkedHashMap<String, OutputData>();
    for (var entry : step.outputs().entrySet()) {
      outputs.put(entry.getKey(), take(entry.getKey(), entry.getValue()));
    }
    return outputs;
  }

  private OutputData take(String name, StepOutput output) throws IOException {
    if (name.equals("artifacts") && !output.type().isFile()) {
      shareArtifacts(folder.output(name));
    }
    var path = folder.outputPath(name, output);
    if (!output.type().isFile()) {
      return files.take(path, output.type());
    }
    if (Files.isRegularFile(path)) {
      return files.take(path, DataType.URI_FILE);
    }
    throw Problem.of(
            ErrorCode.OUTPUT_MISSING,
            Files.isDirectory(path)
                ? "output '" + name + "' is a uri_file, but a folder was written at its path"
                : "the command ended well but wrote no file for output '" + name + "'")
        .at(step.where())
        .fix("write one file at ${{outputs." + name + "}}, or declare the output as uri_folder")
        .asException();
  }

  /** An output called artifacts is the run's own artifact folder, as in Azure ML. */
  private void shareArtifacts(Path target) throws IOException {
    for (var part : List.of("outputs", "logs")) {
      var from = folder.work().resolve(part);
      var to = target.resolve(part);
      if (isFilled(from) && !Files.exists(to)) {
        copy(from, to);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (var path : (Iterable<Path>) paths::iterator) {
        var target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  /** Takes what lies in {@code ./outputs}, {@code ./logs} and the log; nothing when all are empty. */
  Optional<io.headrace.name.Digest> takeArtifacts(Map<String, String> systemLogs) throws IOException {
    boolean log = Files.exists(folder.log()) && Files.size(folder.log()) > 0;
    var outputs = folder.work().resolve("outputs");
    var logs = folder.work().resolve("logs");
    if (!log && !isFilled(outputs) && !isFilled(logs) && systemLogs.isEmpty()) {
      return Optional.empty();
    }
    var artifacts = folder.root().resolve("artifacts");
    files.remove(artifacts);
    Files.createDirectory(artifacts);
    if (log) {
      Files.createDirectory(artifacts.resolve("user_logs"));
      Files.copy(folder.log(), artifacts.resolve("user_logs").resolve("std_log.txt"));
    }
    if (isFilled(outputs)) {
      Files.move(outputs, artifacts.resolve("outputs"));
    }
    if (isFilled(logs)) {
      Files.move(logs, artifacts.resolve("logs"));
    }
    for (var entry : systemLogs.entrySet()) {
      Files.createDirectories(artifacts.resolve("system_logs"));
      Files.writeString(artifacts.resolve("system_logs").resolve(entry.getKey()), entry.getValue());
    }
    return files.takeArtifacts(artifacts);
  }

  private static boolean isFilled(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (var entries = Files.newDirectoryStream(folder)) {
      return entries.iterator().hasNext();
    }
  }

  /** Clears away what nobody needs once all is taken in: the working folder and the inputs. */
  void clear() throws IOException {
    files.remove(folder.work());
    files.remove(folder.inputs());
  }

  /** The variables of this attempt, with what the tracking server adds. */
  Map<String, String> variables(
      RunId run,
      RunId child,
      String experiment,
      String workspace,
      long seed,
      Map<String, String> tracking) {
    var variables = new HashMap<>(tracking);
    variables.putAll(
        JobVariables.of(step, run, child, experiment, workspace, seed, this::text));
    return variables;
  }
}
