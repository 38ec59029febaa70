package io.headrace.backend.environment;

import io.headrace.name.Digest;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.EnvironmentSpec.Build;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides how a definition is met on this machine. An image goes to a container engine that
 * answers; a conda file to conda, mamba or micromamba when there, else to a virtual environment; an
 * image alone, where no engine answers, to the Python that is here, with a warning.
 */
final class Chooser {
  private final EnvironmentSettings settings;
  private final Surroundings surroundings;
  private final Interpreters interpreters;
  private final ContainerEngine engines;
  private final java.util.function.Supplier<EnvironmentMap> map;

  Chooser(
      EnvironmentSettings settings,
      Surroundings surroundings,
      Interpreters interpreters,
      ContainerEngine engines,
      java.util.function.Supplier<EnvironmentMap> map) {
    this.settings = settings;
    this.surroundings = surroundings;
    this.interpreters = interpreters;
    this.engines = engines;
    this.map = map;
  }

  /**
   * Decides.
   *
   * @throws ProblemException when the definition is wrong, unknown or cannot be met, or when it
   *     could only be met with a warning and that is forbidden
   */
  Recipe choose(EnvironmentSpec spec) {
    Recipe recipe = choose(definition(spec));
    if (settings.strict() && !recipe.warnings().isEmpty()) {
      throw new ProblemException(
          recipe.warnings().stream()
              .map(it ->
                  new Problem(
                      it.code(),
                      Problem.Severity.ERROR,
                      it.message() + " (an error, since strict)",
                      it.where(),
                      it.fix()))
              .toList());
    }
    return recipe;
  }

  private Definition definition(EnvironmentSpec spec) {
    return written(spec).with(spec.packages());
  }

  private Definition written(EnvironmentSpec spec) {
    if (spec.isReference()) {
      String name =
          spec.name()
              .orElseThrow(() ->
                  Problem.of(ErrorCode.ENVIRONMENT_WRONG, "an environment without any content")
                      .fix("give it a name, an image, a conda_file or a build")
                      .asException());
      return map.get().find(name);
    }
    String label = spec.name().map(it -> "environment '" + it + "'").orElse("environment");
    Optional<CondaFile> conda =
        spec.condaFile()
            .map(text ->
                CondaFile.parse(
                    text,
                    spec.name().map(it -> "conda file of '" + it + "'").orElse("conda file")));
    return new Definition(label, spec.image(), conda, spec.build(), false);
  }

  private Recipe choose(Definition it) {
    if (it.here()) {
      return here(it.label(), List.of());
    }
    if (settings.provider() == ProviderChoice.HERE) {
      String what = "runs in the Python that is here, as chosen; its own definition is not used";
      return here(it.label(), List.of(unused(it.label() + " " + what)));
    }
    if (it.build().isPresent()) {
      return built(it, it.build().get());
    }
    boolean containers =
        settings.provider() == ProviderChoice.AUTO
            || settings.provider() == ProviderChoice.CONTAINER;
    if (it.image().isPresent() && containers) {
      Optional<Path> engine = engines.find();
      if (engine.isPresent()) {
        return image(it, engine.get(), it.image().get());
      }
    }
    if (settings.provider() == ProviderChoice.CONTAINER) {
      throw it.image().isPresent()
          ? noEngine(it.label() + " is to run in a container")
          : Problem.of(ErrorCode.ENVIRONMENT_WRONG, it.label() + " has no image to run in")
              .fix("give it an 'image:' in environments.yml, or do not insist on containers")
              .asException();
    }
    return it.conda().isPresent() ? conda(it, it.conda().get()) : imageAlone(it);
  }

  private static ProblemException noEngine(String what) {
    return Problem.of(
            ErrorCode.ENVIRONMENT_BUILD, what + ", and neither podman nor docker answers here")
        .fix("install podman, or start docker ('docker version' must show a server)")
        .asException();
  }

  private Recipe built(Definition it, Build build) {
    if (settings.provider() != ProviderChoice.AUTO
        && settings.provider() != ProviderChoice.CONTAINER) {
      throw Problem.of(
              ErrorCode.ENVIRONMENT_BUILD,
              it.label()
                  + " is built from a Dockerfile, and only '"
                  + settings.provider().word()
                  + "' may be used")
          .fix("allow containers, or define it anew by a conda_file in environments.yml")
          .asException();
    }
    Path engine =
        engines.find().orElseThrow(() -> noEngine(it.label() + " is built from a Dockerfile"));
    return new Recipe.Built(
        it.label(), digest("build", BuildContext.digest(build)), List.of(), engine, build);
  }

  private static Recipe image(Definition it, Path engine, String image) {
    String conda = it.conda().map(CondaFile::canonical).orElse("");
    return new Recipe.Image(
        it.label(), digest("image", image + "\n" + conda), List.of(), engine, image, it.conda());
  }

  private Recipe conda(Definition it, CondaFile file) {
    if (settings.provider() != ProviderChoice.VENV) {
      Optional<Path> program = condaProgram();
      if (program.isPresent()) {
        return new Recipe.Conda(
            it.label(), digest("conda", file.canonical()), unusedImage(it), program.get(), file);
      }
      if (settings.provider() == ProviderChoice.CONDA) {
        throw Problem.of(
                ErrorCode.ENVIRONMENT_BUILD,
                it.label() + " is to be made by conda, and there is no conda here")
            .fix("install micromamba, mamba or conda, or allow a virtual environment")
            .asException();
      }
    }
    return venv(it.label(), file, unusedImage(it));
  }

  /**
   * Azure's own base images hold nothing that a conda file leaves out; another may be the point.
   */
  private static List<Problem> unusedImage(Definition it) {
    return it.image()
        .filter(image -> !image.startsWith("mcr.microsoft.com/"))
        .map(image ->
            unused(
                it.label()
                    + ": image '"
                    + image
                    + "' is not used, since no container engine is; its steps find the packages of"
                    + " its conda_file only"))
        .map(List::of)
        .orElse(List.of());
  }

  private Optional<Path> condaProgram() {
    for (String variable : List.of("MAMBA_EXE", "CONDA_EXE")) {
      Optional<Path> named =
          surroundings.get(variable).map(Path::of).filter(java.nio.file.Files::isExecutable);
      if (named.isPresent()) {
        return named;
      }
    }
    Path home = surroundings.home();
    Path[] usual = {
      home.resolve("miniforge3/bin"),
      home.resolve("mambaforge/bin"),
      home.resolve("miniconda3/bin"),
      home.resolve("anaconda3/bin"),
      Path.of("/opt/conda/bin"),
      Path.of("/opt/miniconda3/bin")
    };
    return surroundings
        .program("micromamba", home.resolve(".local/bin"))
        .or(() -> surroundings.program("mamba", usual))
        .or(() -> surroundings.program("conda", usual));
  }

  private Recipe.Venv venv(String label, CondaFile file, List<Problem> before) {
    Requirements requirements = Requirements.of(file, label);
    VersionRange wanted = file.python();
    Optional<Path> uv =
        surroundings.program(
            "uv",
            surroundings.home().resolve(".local/bin"),
            surroundings.home().resolve(".cargo/bin"));
    Interpreters.Choice choice =
        interpreters.choose(wanted, uv.isEmpty()).orElseThrow(() -> noPython(label, wanted));
    Interpreter python = choice.interpreter();
    List<Problem> warnings = new ArrayList<>(before);
    warnings.addAll(requirements.warnings());
    Optional<String> substituted = Optional.empty();
    if (choice.substitute() || (settings.strict() && !choice.fits())) {
      substituted = Optional.of(asked(wanted));
      warnings.add(substitution(label, wanted, python.version()));
    }
    List<String> lines = lines(requirements);
    String definition =
        String.join(
            "\n",
            "python " + python.version(),
            "system " + System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            "requirements",
            String.join("\n", lines),
            "files",
            String.join("\n", requirements.files()),
            "variables",
            new TreeMap<>(file.variables()).toString());
    return new Recipe.Venv(
        label,
        digest("venv", definition),
        warnings,
        python,
        uv.filter(program -> python.version().compareTo(new PythonVersion(3, 8, 0)) >= 0),
        lines,
        file.variables(),
        substituted);
  }

  /**
   * A conda environment always has setuptools, on which older packages rely without saying so, and
   * a virtual environment has it up to Python 3.11. From 82 on it lacks what they rely on
   * (pkg_resources).
   */
  private static List<String> lines(Requirements requirements) {
    List<String> lines = new ArrayList<>(requirements.lines());
    if (!lines.isEmpty() && !requirements.names("setuptools")) {
      lines.add("setuptools<82");
    }
    return lines;
  }

  private static String asked(VersionRange wanted) {
    return wanted.clauses().size() == 1 && wanted.clauses().getFirst().operator().equals("==")
        ? wanted.clauses().getFirst().stem()
        : wanted.toString();
  }

  private static Problem substitution(String label, VersionRange wanted, PythonVersion taken) {
    String series = wanted.centre().map(PythonVersion::series).orElse("3");
    return Problem.of(
            ErrorCode.PYTHON_SUBSTITUTED,
            label + " asks for Python " + asked(wanted) + ", which is not here; taken: " + taken)
        .fix(
            "install it (pyenv install "
                + series
                + ", or uv python install "
                + series
                + "), or name its path in HEADRACE_PYTHON")
        .warning();
  }

  private static ProblemException noPython(String label, VersionRange wanted) {
    boolean two = wanted.centre().filter(version -> version.major() == 2).isPresent();
    return Problem.of(
            ErrorCode.ENVIRONMENT_BUILD,
            label
                + (two
                    ? " asks for Python 2, which can no longer be had"
                    : " needs Python 3, and none was found that can make virtual environments"))
        .fix(
            two
                ? "ask for python=3.x in its conda file"
                : "install Python (on Debian and Ubuntu also python3-venv), or name its path in"
                    + " HEADRACE_PYTHON")
        .asException();
  }

  /** No engine for an image without a conda file. Plain Python images still tell their Python. */
  private Recipe imageAlone(Definition it) {
    String image = it.image().orElse("");
    Optional<VersionRange> python = pythonImage(image);
    String what =
        it.label() + ": image '" + image + "' is not used, since no container engine is; ";
    if (python.isEmpty()) {
      return here(it.label(), List.of(unused(what + "its steps run in the Python that is here")));
    }
    VersionRange wanted = python.get();
    List<String> packages =
        wanted.clauses().isEmpty() ? List.of() : List.of("python" + condaForm(wanted));
    return venv(
        it.label(),
        new CondaFile(List.of(), packages, List.of(), Map.of()),
        List.of(unused(what + "its steps run in an empty virtual environment")));
  }

  private static String condaForm(VersionRange series) {
    return "=" + series.clauses().getFirst().stem();
  }

  /** {@code python}, {@code library/python:3.11.6}, {@code docker.io/python:3.9-slim}. */
  private static Optional<VersionRange> pythonImage(String image) {
    String name = image;
    int colon = image.lastIndexOf(':');
    String tag = "";
    if (colon > image.lastIndexOf('/')) {
      name = image.substring(0, colon);
      tag = image.substring(colon + 1);
    }
    if (!List.of("python", "library/python", "docker.io/python", "docker.io/library/python")
        .contains(name)) {
      return Optional.empty();
    }
    int end = 0;
    while (end < tag.length() && (Character.isDigit(tag.charAt(end)) || tag.charAt(end) == '.')) {
      end++;
    }
    String version = tag.substring(0, end);
    return Optional.of(
        version.isEmpty() || version.equals("3")
            ? VersionRange.ANY
            : VersionRange.ofConda("=" + version));
  }

  private static Problem unused(String message) {
    return Problem.of(ErrorCode.IMAGE_NOT_USED, message)
        .fix("install podman or docker, or give the environment a conda_file")
        .warning();
  }

  private Recipe here(String label, List<Problem> warnings) {
    Optional<Interpreter> python = interpreters.here();
    StringBuilder seen = new StringBuilder();
    python.ifPresent(it -> {
      seen.append(it.version()).append('\n').append(it.executable());
      seen.append(' ').append(ProbeCache.stamp(it.executable())).append('\n');
      for (Path path : it.paths()) {
        seen.append(path).append(' ').append(ProbeCache.stamp(path)).append('\n');
      }
    });
    return new Recipe.Here(label, digest("here", seen.toString()), warnings, python);
  }

  private static Digest digest(String kind, String definition) {
    return Digest.ofText("headrace environment 1\n" + kind + "\n" + definition);
  }
}
