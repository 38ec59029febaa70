package io.headrace.backend.environment;

import io.headrace.plan.EnvironmentSpec.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Has podman or docker fetch or build an image. */
final class ImageBuilder {
  /** The fact under which the shelf keeps the image's id. */
  static final String IMAGE = "image";

  private final Surroundings surroundings;

  ImageBuilder(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Fetches an image unless it is here, and lays the conda environment over it. */
  Shelf.Item build(Recipe.Image recipe, Path folder, Path log, Progress progress)
      throws IOException, InterruptedException {
    Work work = new Work(recipe.label(), recipe.engine(), folder, log, progress);
    if (work.inspect(recipe.image()).isEmpty()) {
      progress.say("fetching image " + recipe.image() + " (once)");
      work.run("fetching the image", List.of("pull", recipe.image()), List.of(recipe.image()));
    }
    if (recipe.conda().isEmpty()) {
      return work.item(recipe.image(), recipe.image());
    }
    CondaFile conda = recipe.conda().get();
    Path context = Files.createDirectory(folder.resolve("context"));
    Requirements requirements = Requirements.of(conda, recipe.label());
    Files.writeString(context.resolve("conda.yml"), CondaBuilder.withoutAlone(conda.canonical()));
    write(context.resolve("requirements.txt"), Requirements.together(requirements.lines()));
    write(context.resolve("alone.txt"), Requirements.alone(requirements.lines()));
    Files.writeString(context.resolve("install.sh"), INSTALL);
    Files.writeString(context.resolve("Dockerfile"), dockerfile(recipe.image(), conda));
    progress.say("building an image on " + recipe.image() + " (once)");
    String tag = tag(recipe.identity().hex());
    work.run(
        "building the image",
        List.of("build", "-t", tag, context.toString()),
        requirements.lines());
    return work.item(tag, recipe.image() + " with a conda file");
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  /** Builds what a Dockerfile says. */
  Shelf.Item build(Recipe.Built recipe, Path folder, Path log, Progress progress)
      throws IOException, InterruptedException {
    Work work = new Work(recipe.label(), recipe.engine(), folder, log, progress);
    Build build = recipe.build();
    String tag = tag(recipe.identity().hex());
    progress.say("building an image from " + build.context() + " (once)");
    boolean local = !build.context().contains("://");
    String dockerfile =
        local ? Path.of(build.context(), build.dockerfile()).toString() : build.dockerfile();
    work.run(
        "building the image",
        List.of("build", "-t", tag, "-f", dockerfile, build.context()),
        List.of());
    return work.item(tag, build.context());
  }

  private static String tag(String identity) {
    return "headrace-environment:" + identity.substring(0, 16);
  }

  /** Whether an image is still there; asks the engine. */
  boolean isHere(Path engine, String image) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(engine.toString(), "image", "inspect", image)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  static String dockerfile(String image, CondaFile conda) {
    StringBuilder text = new StringBuilder("FROM ").append(image).append('\n');
    text.append("COPY conda.yml requirements.txt alone.txt install.sh /headrace/\n");
    text.append("RUN sh /headrace/install.sh\n");
    text.append("ENV PATH=/headrace/env/bin:$PATH PYTHONNOUSERSITE=1\n");
    conda
        .variables()
        .forEach((name, value) ->
            text.append("ENV ")
                .append(name)
                .append('=')
                .append(CondaFile.quote(value).replace("$", "\\$"))
                .append('\n'));
    return text.toString();
  }

  /** With what the image has: conda, as Azure's base images do, or a Python. */
  private static final String INSTALL =
      """
      set -e
      for tool in micromamba mamba conda; do
        if command -v $tool > /dev/null 2>&1; then
          export CONDA_ALWAYS_YES=true MAMBA_ALWAYS_YES=true
          if [ $tool = micromamba ]; then
            exec $tool create -y -p /headrace/env -f /headrace/conda.yml
          fi
          exec $tool env create -p /headrace/env -f /headrace/conda.yml
        fi
      done
      python=$(command -v python3 || command -v python) || {
        echo 'the image has neither conda nor Python: the conda file cannot be installed' >&2
        exit 1
      }
      echo "the image has no conda: its Python takes the packages, $($python --version 2>&1)"
      $python -m venv --system-site-packages /headrace/env
      /headrace/env/bin/python -m pip install --no-input -r /headrace/requirements.txt
      /headrace/env/bin/python -m pip install --no-input --no-deps -r /headrace/alone.txt
      """;

  /** One build. */
  private final class Work {
    private final String label;
    private final Path engine;
    private final Path folder;
    private final Path log;
    private final Progress progress;
    private final Subprocess program;

    Work(String label, Path engine, Path folder, Path log, Progress progress) {
      this.label = label;
      this.engine = engine;
      this.folder = folder;
      this.log = log;
      this.progress = progress;
      this.program = new Subprocess(surroundings.variables(), log);
    }

    void run(String doing, List<String> arguments, List<String> wanted)
        throws IOException, InterruptedException {
      Subprocess.Outcome outcome = program.run(folder, command(arguments), progress);
      if (!outcome.isSuccess()) {
        throw InstallFailure.of(label, doing, outcome, log, wanted, Optional.empty(), surroundings);
      }
    }

    /** The image's id; empty when it is not here. */
    Optional<String> inspect(String image) throws IOException, InterruptedException {
      Path quiet = folder.resolve("inspect.log");
      Subprocess.Outcome outcome =
          program
              .to(quiet)
              .run(
                  folder,
                  command(List.of("image", "inspect", "--format", "{{.Id}}", image)),
                  progress);
      Files.deleteIfExists(quiet);
      return outcome.isSuccess() && !outcome.lines().isEmpty()
          ? Optional.of(outcome.lines().getLast().strip())
          : Optional.empty();
    }

    private List<String> command(List<String> arguments) {
      List<String> command = new ArrayList<>();
      command.add(engine.toString());
      command.addAll(arguments);
      return command;
    }

    Shelf.Item item(String image, String source) throws IOException, InterruptedException {
      String id = inspect(image).orElse(image);
      TreeMap<String, String> facts = new TreeMap<>();
      facts.put(IMAGE, id);
      String description = engine.getFileName() + ", " + source;
      progress.say("ready: " + description + ", " + progress.seconds() + " s");
      return new Shelf.Item(folder, description, facts, Lock.container(id));
    }
  }
}
