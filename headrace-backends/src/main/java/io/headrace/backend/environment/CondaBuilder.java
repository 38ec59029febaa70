package io.headrace.backend.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Has conda, mamba or micromamba make an environment in a folder of ours. */
final class CondaBuilder {
  private final Surroundings surroundings;

  CondaBuilder(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  Shelf.Item build(Recipe.Conda recipe, Path folder, Path log, Progress progress)
      throws IOException, InterruptedException {
    Path file = folder.resolve("conda.yml");
    DurableFile.writePrivate(file, withoutAlone(recipe.file().canonical()));
    Path env = folder.resolve("env");
    Subprocess conda = new Subprocess(variables(), log);
    String name = recipe.program().getFileName().toString();
    progress.say("building by " + name + " (once)");
    Subprocess.Outcome outcome = conda.run(folder, create(recipe.program(), env, file), progress);
    if (!outcome.isSuccess() || !Files.isDirectory(env)) {
      throw InstallFailure.of(
          recipe.label(),
          name,
          outcome,
          log,
          recipe.file().packages(),
          Optional.empty(),
          surroundings);
    }
    String lock = Lock.conda(export(conda, recipe.program(), env, folder, progress));
    long packages =
        lock.lines().map(String::strip).filter(l -> l.startsWith("- ") && l.contains("=")).count();
    String description = "conda, " + packages + " packages";
    progress.say("ready: " + description + ", " + progress.seconds() + " s");
    return new Shelf.Item(folder, description, new TreeMap<>(), lock);
  }

  /** conda hands the list to pip as it is, and pip knows no such option of a single package. */
  static String withoutAlone(String conda) {
    return conda.replace(Requirements.ALONE + "\"", "\"");
  }

  static List<String> create(Path program, Path env, Path file) {
    return program.getFileName().toString().startsWith("micromamba")
        ? List.of(program.toString(), "create", "-y", "-p", env.toString(), "-f", file.toString())
        : List.of(program.toString(), "env", "create", "-p", env.toString(), "-f", file.toString());
  }

  private static String export(
      Subprocess conda, Path program, Path env, Path folder, Progress progress)
      throws IOException, InterruptedException {
    Path quiet = folder.resolve("export.log");
    Subprocess.Outcome outcome =
        conda
            .to(quiet)
            .run(
                folder,
                List.of(program.toString(), "env", "export", "-p", env.toString()),
                progress);
    Files.deleteIfExists(quiet);
    return outcome.isSuccess() ? outcome.text() : "";
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>(surroundings.variables());
    Surroundings.MISLEADING.forEach(variables::remove);
    variables.put("PYTHONNOUSERSITE", "1");
    // Nobody is there to answer.
    variables.put("CONDA_ALWAYS_YES", "true");
    variables.put("MAMBA_ALWAYS_YES", "true");
    variables.put("PIP_NO_INPUT", "1");
    return variables;
  }
}
