package io.headrace.kfp;

import io.headrace.job.Names;
import io.headrace.plan.Plan;
import io.headrace.planner.PlanSettings;
import io.headrace.planner.Planned;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Plans and checks compiled Kubeflow pipelines. */
public final class KubeflowPipelines {
  private static final Pattern ROOT = Pattern.compile("(?m)^ {0,2}\"?root\"?:");
  private static final Pattern INFO = Pattern.compile("(?m)^ {0,2}\"?pipelineInfo\"?:");
  private static final Pattern DOCUMENT = Pattern.compile("(?m)^---[ \t]*\r?$");

  private KubeflowPipelines() {}

  /** Whether a file is one: a quick look, so that other files cost nothing. */
  public static boolean isOne(Path file) {
    try {
      if (Files.size(file) > YamlReader.MOST_BYTES) {
        return false;
      }
      var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return INFO.matcher(text).find() && ROOT.matcher(text).find();
    } catch (IOException e) {
      return false; // whoever reads it says why
    }
  }

  /**
   * Reads, checks and plans a pipeline.
   *
   * @param sets {@code inputs.NAME=VALUE}
   * @throws ProblemException with all errors and warnings when there is an error
   */
  public static Planned plan(Path file, List<String> sets, PlanSettings settings) {
    var problems = new Problems();
    var read = read(file, settings.workingFolder(), problems);
    problems.throwIfErrors();
    var it = read.spec();
    var given = given(it, sets, folder(file), problems, true);
    var lowered = new DagLowering(it, read.platform(), folder(file), problems).lower(given);
    problems.throwIfErrors();
    return new Planned(
        new Plan(
            Optional.empty(),
            it.name(),
            settings.experiment(),
            it.description(),
            Map.of(),
            lowered.steps(),
            lowered.groups(),
            lowered.outputs(),
            parameters(given),
            true,
            false,
            false,
            Plan.Ends.NONE),
        problems.warnings());
  }

  /** What is wrong with a pipeline; inputs without a value may get theirs later. */
  public static List<Problem> validate(Path file, List<String> sets, Path workingFolder) {
    var problems = new Problems();
    try {
      var read = read(file, workingFolder, problems);
      if (!problems.hasErrors()) {
        var given = given(read.spec(), sets, folder(file), problems, false);
        new DagLowering(read.spec(), read.platform(), folder(file), problems).lower(given);
      }
    } catch (ProblemException e) {
      problems.addAll(e.problems());
    }
    return problems.all();
  }

  private static Path folder(Path file) {
    var parent = file.toAbsolutePath().normalize().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /** A pipeline, and what is said of the platform that it was compiled for. */
  private record Documents(Spec spec, Platform platform) {}

  private static Documents read(Path file, Path workingFolder, Problems problems) {
    var name = name(file, workingFolder);
    var documents = documents(YamlReader.text(file, name));
    var tree = YamlReader.read(documents.getFirst(), name);
    var spec = new SpecReader(problems).read(new Tree("pipeline", tree, problems));
    var platform = Platform.NONE;
    for (var document : documents.subList(1, documents.size())) {
      var settings = new Tree("platform settings", YamlReader.read(document, name), problems);
      platform = Platform.read(settings.knows(Set.of("platforms")), problems);
    }
    return new Documents(spec, platform);
  }

  /**
   * The pipeline, and what the compiler appends for a platform; each keeps its place in the file.
   */
  private static List<String> documents(String text) {
    var parts = new ArrayList<String>();
    int lines = 0;
    for (var part : DOCUMENT.split(text, -1)) {
      if (!part.lines().allMatch(line -> line.isBlank() || line.startsWith("#"))) {
        parts.add("\n".repeat(lines) + part);
      }
      lines += (int) part.chars().filter(it -> it == '\n').count();
    }
    return parts.isEmpty() ? List.of(text) : parts;
  }

  private static String name(Path file, Path workingFolder) {
    var absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(workingFolder)
        ? workingFolder.relativize(absolute).toString()
        : absolute.toString();
  }

  // Inputs

  private static Map<String, Bound> given(
      Spec spec, List<String> sets, Path folder, Problems problems, boolean complete) {
    var texts = new LinkedHashMap<String, String>();
    for (var set : sets) {
      set(set, spec, texts, problems);
    }
    var given = new LinkedHashMap<String, Bound>();
    spec.root()
        .inputs()
        .parameters()
        .forEach((name, parameter) ->
            given.put(name, parameter(name, parameter, texts.get(name), problems, complete)));
    spec.root()
        .inputs()
        .artifacts()
        .forEach((name, artifact) ->
            given.put(name, artifact(name, artifact, texts.get(name), folder, problems, complete)));
    return given;
  }

  private static void set(String set, Spec spec, Map<String, String> texts, Problems problems) {
    int equals = set.indexOf('=');
    var inputs = spec.root().inputs();
    var names = new ArrayList<>(inputs.parameters().keySet());
    names.addAll(inputs.artifacts().keySet());
    if (equals < 0 || !set.startsWith("inputs.")) {
      problems.add(
          Problem.of(
                  ErrorCode.BAD_ARGUMENT,
                  "'--set "
                      + set
                      + "' sets no input, and nothing else of a compiled pipeline can be set")
              .fix("write --set inputs.NAME=VALUE; " + Names.advice("", names, "inputs")));
      return;
    }
    var name = set.substring("inputs.".length(), equals);
    if (inputs.artifacts().containsKey(name.replaceFirst("\\.path$", ""))) {
      name = name.replaceFirst("\\.path$", "");
    }
    if (!names.contains(name)) {
      problems.add(
          Problem.of(ErrorCode.BAD_ARGUMENT, "the pipeline has no input '" + name + "'")
              .fix(Names.advice(name, names, "inputs")));
      return;
    }
    texts.put(name, set.substring(equals + 1));
  }

  private static Bound parameter(
      String name,
      Spec.Parameter parameter,
      @org.jspecify.annotations.Nullable String text,
      Problems problems,
      boolean complete) {
    if (text != null) {
      try {
        return new Bound.Known(Values.given(name, text, parameter.type()));
      } catch (ProblemException e) {
        problems.addAll(e.problems());
        return new Bound.Absent();
      }
    }
    if (parameter.defaultValue().isPresent()) {
      return new Bound.Known(Values.typed(parameter.defaultValue().get(), parameter.type()));
    }
    if (!parameter.optional() && complete) {
      problems.add(
          Problem.of(ErrorCode.MISSING_FIELD, "the pipeline's input '" + name + "' has no value")
              .at(parameter.where())
              .fix("give one: --set inputs." + name + "=VALUE"));
    }
    return new Bound.Absent();
  }

  private static Bound artifact(
      String name,
      Spec.ArtifactPort artifact,
      @org.jspecify.annotations.Nullable String text,
      Path folder,
      Problems problems,
      boolean complete) {
    if (text != null) {
      return DagLowering.local(text, folder, Where.file("--set inputs." + name), problems)
          .<Bound>map(Bound.Outside::new)
          .orElse(new Bound.Absent());
    }
    if (!artifact.optional() && complete) {
      problems.add(
          Problem.of(ErrorCode.MISSING_FIELD, "the pipeline's input '" + name + "' has no value")
              .at(artifact.where())
              .fix("give a file or folder: --set inputs." + name + "=PATH"));
    }
    return new Bound.Absent();
  }

  private static Map<String, String> parameters(Map<String, Bound> given) {
    var parameters = new LinkedHashMap<String, String>();
    given.forEach((name, bound) -> {
      if (bound instanceof Bound.Known(JsonNode value)) {
        parameters.put(name, Values.text(value));
      }
    });
    return parameters;
  }
}
