package io.headrace.backend.environment;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes virtual environments: by uv when it is there, else by Python's own venv and pip. */
final class VenvBuilder {
  private final Surroundings surroundings;

  VenvBuilder(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  Shelf.Item build(Recipe.Venv recipe, Path folder, Path log, Progress progress)
      throws IOException, InterruptedException {
    return new Work(recipe, folder, log, progress).build();
  }

  /** One build. */
  private final class Work {
    private final Recipe.Venv recipe;
    private final Path folder;
    private final Path log;
    private final Progress progress;
    private final Subprocess installer;
    private final Path env;
    private final Path python;

    Work(Recipe.Venv recipe, Path folder, Path log, Progress progress) {
      this.recipe = recipe;
      this.folder = folder;
      this.log = log;
      this.progress = progress;
      this.installer = new Subprocess(variables(), log);
      this.env = folder.resolve("env");
      this.python = env.resolve("bin/python");
    }

    Shelf.Item build() throws IOException, InterruptedException {
      progress.say(
          "building with Python "
              + recipe.python().version()
              + ", "
              + recipe.requirements().size()
              + " requirements (once)");
      make();
      install();
      String lock = freeze();
      long packages = lock.lines().filter(line -> !line.startsWith("#")).count();
      String description =
          "venv, Python " + recipe.python().version() + ", " + packages + " packages";
      TreeMap<String, String> facts = new TreeMap<>();
      Optional<Path> site = sitePackages();
      if (site.isPresent()) {
        facts.put("site", folder.relativize(site.get()).toString());
        facts.put("site-time", ProbeCache.stamp(site.get()));
      }
      progress.say("ready: " + description + ", " + progress.seconds() + " s");
      return new Shelf.Item(folder, description, facts, lock);
    }

    private void make() throws IOException, InterruptedException {
      String base = recipe.python().executable().toString();
      List<String> command =
          recipe
              .uv()
              .map(uv -> List.of(uv.toString(), "venv", "--seed", "--python", base, env.toString()))
              .orElse(List.of(base, "-m", "venv", env.toString()));
      run("making the virtual environment", installer, command);
    }

    private void install() throws IOException, InterruptedException {
      install("requirements.txt", Requirements.together(recipe.requirements()), List.of());
      install("alone.txt", Requirements.alone(recipe.requirements()), List.of("--no-deps"));
    }

    private void install(String name, List<String> lines, List<String> options)
        throws IOException, InterruptedException {
      if (lines.isEmpty()) {
        return;
      }
      Path file = folder.resolve(name);
      DurableFile.writePrivate(file, String.join("\n", lines) + "\n");
      if (recipe.uv().isPresent()) {
        // pip takes the best version of all indexes; so shall uv, for the same result.
        List<String> command = new ArrayList<>(List.of(recipe.uv().get().toString(), "pip"));
        command.addAll(List.of("install", "--python", python.toString(), "--no-progress"));
        command.addAll(List.of("--compile-bytecode", "--index-strategy", "unsafe-best-match"));
        command.addAll(options);
        Map<String, String> index = indexForUv();
        if (index.remove("no-index") != null) {
          command.add("--no-index");
        }
        command.addAll(List.of("-r", file.toString()));
        run("installing packages", installer.with(index), command);
        return;
      }
      List<String> command = new ArrayList<>(List.of(python.toString(), "-m", "pip", "install"));
      command.addAll(options);
      command.addAll(List.of("--no-input", "--progress-bar", "off", "-r", file.toString()));
      run("installing packages", installer, command);
    }

    private void run(String doing, Subprocess subprocess, List<String> command)
        throws IOException, InterruptedException {
      Subprocess.Outcome outcome = subprocess.run(folder, command, progress);
      if (!outcome.isSuccess()) {
        throw InstallFailure.of(
            recipe.label(),
            doing,
            outcome,
            log,
            recipe.requirements(),
            recipe.substituted(),
            surroundings);
      }
    }

    /** Every package with its version, in the form of a requirements file. */
    private String freeze() throws IOException, InterruptedException {
      List<String> command =
          recipe
              .uv()
              .map(uv -> List.of(uv.toString(), "pip", "freeze", "--python", python.toString()))
              .orElse(List.of(python.toString(), "-m", "pip", "freeze", "--all"));
      Path quiet = folder.resolve("freeze.log");
      Subprocess.Outcome outcome = installer.to(quiet).run(folder, command, progress);
      Files.deleteIfExists(quiet);
      StringBuilder lock = new StringBuilder(Lock.venvHeader(recipe.python().version()));
      if (outcome.isSuccess()) {
        for (String line : outcome.lines()) {
          if (Lock.isRequirement(line)) {
            lock.append(line).append('\n');
          }
        }
      }
      return lock.toString();
    }

    private Optional<Path> sitePackages() throws IOException {
      try (DirectoryStream<Path> libraries =
          Files.newDirectoryStream(env.resolve("lib"), "python3*")) {
        for (Path library : libraries) {
          Path site = library.resolve("site-packages");
          if (Files.isDirectory(site)) {
            return Optional.of(site);
          }
        }
      }
      return Optional.empty();
    }

    /** uv does not read pip's settings, which on many machines say where packages come from. */
    private Map<String, String> indexForUv() throws IOException, InterruptedException {
      Path quiet = folder.resolve("config.log");
      List<String> command =
          List.of(recipe.python().executable().toString(), "-m", "pip", "config", "list");
      Subprocess.Outcome outcome = installer.to(quiet).run(folder, command, progress);
      Files.deleteIfExists(quiet);
      return PipSettings.forUv(outcome.isSuccess() ? outcome.lines() : List.of(), surroundings);
    }

    private Map<String, String> variables() {
      Map<String, String> variables = new HashMap<>(surroundings.variables());
      Surroundings.MISLEADING.forEach(variables::remove);
      variables.put("PYTHONNOUSERSITE", "1");
      variables.put("PYTHONUNBUFFERED", "1");
      variables.put("PYTHONIOENCODING", "utf-8");
      variables.put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
      variables.put("PIP_NO_COLOR", "1");
      variables.put("NO_COLOR", "1");
      variables.put("UV_PYTHON_DOWNLOADS", "never");
      return variables;
    }
  }
}
