package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.plan.Code;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepOutput;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.Problem;
import io.headrace.run.OutputData;
import io.headrace.shell.ShellText;
import io.headrace.spi.JobRequest;
import io.headrace.spi.PreparedEnvironment;
import io.headrace.store.Given;
import io.headrace.store.Taking;
import io.headrace.table.TableDefinition;
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
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of one attempt at a step: lays them out before, takes in what was made after. Holds no
 * state but its folder, so that an attempt begun by another process can be finished here.
 */
final class Attempt {
  private final Step step;
  private final Map<String, OutputData> made;
  private final AttemptFolder folder;
  private final StepFiles files;
  private final Optional<Path> checkpoint;

  /**
   * @param made what the steps before made, by input name
   * @param checkpoint what earlier attempts at the same work have left, and later ones will find
   */
  Attempt(
      Step step,
      Map<String, OutputData> made,
      AttemptFolder folder,
      StepFiles files,
      Optional<Path> checkpoint) {
    this.step = step;
    this.made = made;
    this.folder = folder;
    this.files = files;
    this.checkpoint = checkpoint;
  }

  AttemptFolder folder() {
    return folder;
  }

  /** Lays everything out. What an attempt that was never begun left here is wiped. */
  void stage() throws IOException {
    Trees.remove(folder.root());
    Files.createDirectories(folder.log().getParent());
    Files.createDirectory(folder.work());
    if (step.code() instanceof Code.Stored(var manifest)) {
      files.staging().giveCode(manifest, folder.work());
    }
    Files.createDirectories(folder.work().resolve("outputs"));
    Files.createDirectories(folder.work().resolve("logs"));
    Files.createDirectory(folder.inputs());
    Files.createDirectory(folder.outputs());
    for (var given : given()) {
      if (given.folder()) {
        files.staging().giveFolder(given.digest(), given.path());
      } else {
        files.staging().giveFile(given.digest(), given.path());
      }
    }
    for (var name : step.outputs().keySet()) {
      Files.createDirectories(folder.output(name));
    }
    if (checkpoint.isPresent()) {
      Files.createDirectories(checkpoint.get());
    }
    if (!step.services().isEmpty()) {
      var endpoints = Services.endpoints(step);
      Files.writeString(folder.services(), Json.object(out -> Json.texts(out, "at", endpoints)));
    }
  }

  /** Where this attempt's services are, by name, as was chosen when it was laid out. */
  Map<String, String> endpoints() throws IOException {
    var endpoints = new LinkedHashMap<String, String>();
    if (!step.services().isEmpty() && Files.exists(folder.services())) {
      JsonMapper.shared()
          .readTree(Files.readString(folder.services()))
          .path("at")
          .properties()
          .forEach(it -> endpoints.put(it.getKey(), it.getValue().asString()));
    }
    return endpoints;
  }

  /** What the step is given to read. */
  private List<Given> given() {
    var all = new ArrayList<Given>();
    step.inputs()
        .forEach((name, input) -> {
          switch (input) {
            case StepInput.Literal _,
                StepInput.Remote _,
                StepInput.Local _,
                StepInput.Supplied _,
                StepInput.OfItem _,
                StepInput.MadeValue _,
                StepInput.After _,
                StepInput.IfMade _,
                StepInput.HowEnded _ -> {}
            case StepInput.Stored it ->
                all.add(
                    given(
                        name, it.mode(), new OutputData(it.digest(), it.type(), it.name(), 0, 0)));
            case StepInput.FromStep it -> {
              var data = made.get(name);
              if (data != null) {
                all.add(given(name, it.mode(), data));
              }
            }
          }
        });
    return all;
  }

  /** A file has a name, a folder has none. */
  private Given given(String input, StepInput.Mode mode, OutputData data) {
    boolean file = !data.name().isEmpty();
    if (!file && mode.isEvaluated()) {
      return new Given(input, evaluated(input, mode, data.digest()), true, folder.input(input));
    }
    var at = file ? folder.input(input).resolve(data.name()) : folder.input(input);
    return new Given(input, data.digest(), !file, at);
  }

  private Digest evaluated(String input, StepInput.Mode mode, Digest table) {
    try {
      return files.tables().evaluated(table, mode, "inputs." + input + "/" + TableDefinition.FILE);
    } catch (IOException e) {
      throw DiskProblem.reading(folder.root(), e);
    }
  }

  /** What is given to the compute; the same whenever it is asked. */
  JobRequest request(String attempt, PreparedEnvironment software, Map<String, String> variables)
      throws IOException {
    return new JobRequest(
        attempt,
        folder.root(),
        Services.prologue(step, endpoints(), folder.root())
            + ShellText.render(step.command(), this::text),
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

  /** What the step changed of what it was only given to read; empty as it should be. */
  List<Problem> changedInputs() {
    return files.staging().changes(given());
  }

  /**
   * Takes the outputs into the store.
   *
   * @throws io.headrace.problem.ProblemException OUTPUT_MISSING when one is not as declared;
   *     UNSAFE_PATH; DISK
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
    var data =
        files
            .taking()
            .take(folder.outputPath(name, output), output.type(), List.of(folder.inputs()));
    output.value().ifPresent(type -> files.checkValue(name, data, type));
    return data;
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

  /**
   * Takes what lies in {@code ./outputs}, {@code ./logs} and the log; nothing when all are empty.
   */
  Optional<Digest> takeArtifacts(Map<String, String> systemLogs) throws IOException {
    var parts = new ArrayList<Taking.Part>();
    if (Files.exists(folder.log()) && Files.size(folder.log()) > 0) {
      parts.add(new Taking.Part("user_logs/std_log.txt", folder.log(), true));
    }
    for (var name : List.of("outputs", "logs")) {
      var part = folder.work().resolve(name);
      if (isFilled(part)) {
        parts.add(new Taking.Part(name, part, false));
      }
    }
    for (var entry : systemLogs.entrySet()) {
      var system = Files.createDirectories(folder.root().resolve("system_logs"));
      var file = system.resolve(entry.getKey());
      Files.writeString(file, entry.getValue());
      parts.add(new Taking.Part("system_logs/" + entry.getKey(), file, true));
    }
    return parts.isEmpty()
        ? Optional.empty()
        : files.taking().artifacts(parts, List.of(folder.inputs()));
  }

  private static boolean isFilled(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (var entries = Files.newDirectoryStream(folder)) {
      return entries.iterator().hasNext();
    }
  }

  /**
   * Clears away what nobody needs once all is taken in: the working folder, the inputs and what was
   * kept for later attempts.
   */
  void clear() throws IOException {
    Trees.remove(folder.work());
    Trees.remove(folder.inputs());
    if (checkpoint.isPresent()) {
      Trees.remove(checkpoint.get());
    }
  }

  /** The variables of this attempt, with what the tracking server adds. */
  Map<String, String> variables(
      RunId run,
      RunId child,
      String experiment,
      String workspace,
      long seed,
      Map<String, String> tracking)
      throws IOException {
    var variables = new HashMap<>(tracking);
    variables.putAll(Services.variables(endpoints()));
    checkpoint.ifPresent(it -> variables.put("HEADRACE_CHECKPOINT_DIR", it.toString()));
    variables.putAll(JobVariables.of(step, run, child, experiment, workspace, seed, this::text));
    return variables;
  }
}
