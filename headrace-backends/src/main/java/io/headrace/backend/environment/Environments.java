package io.headrace.backend.environment;

import io.headrace.name.Digest;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.EnvironmentProvider;
import io.headrace.spi.PreparedEnvironment;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The environments of a workspace, made with what this machine has: containers, conda, virtual
 * environments, or the Python that is here. {@code docs/environments.md} tells users how it is
 * chosen.
 *
 * <p>What the machine has is looked at once in the life of an object: make a new one for each
 * command. What was built is durable when {@link #prepare} returns, and a build that is killed
 * leaves nothing that a later one takes for whole.
 */
public final class Environments implements EnvironmentProvider {
  private final Path root;
  private final EnvironmentSettings settings;
  private final Surroundings surroundings;
  private final Shelf shelf;
  private final Chooser chooser;
  private final ImageBuilder images;
  private final Map<EnvironmentSpec, Recipe> chosen = new ConcurrentHashMap<>();
  private final Map<Digest, PreparedEnvironment> containers = new ConcurrentHashMap<>();
  private @Nullable EnvironmentMap map;

  /**
   * Starts nothing and reads nothing yet.
   *
   * @param root the workspace's {@code .headrace/environments}; made when needed
   */
  public Environments(Path root, EnvironmentSettings settings) {
    this.root = root.toAbsolutePath().normalize();
    this.settings = settings;
    this.surroundings = new Surroundings(settings.variables());
    this.shelf = new Shelf(this.root, settings.clock());
    this.images = new ImageBuilder(surroundings);
    this.chooser =
        new Chooser(
            settings,
            surroundings,
            new Interpreters(this.root.resolve("pythons.txt"), surroundings),
            new ContainerEngine(this.root, surroundings, settings.clock()),
            this::map);
  }

  private synchronized EnvironmentMap map() {
    EnvironmentMap known = map;
    if (known == null) {
      known = EnvironmentMap.read(settings.maps());
      map = known;
    }
    return known;
  }

  /**
   * A definition that builds again what a lock tells: the same Python and the same versions.
   *
   * @param lock as {@link PreparedEnvironment#lock()} gave it
   * @throws io.headrace.problem.ProblemException when it is not a lock
   */
  public static EnvironmentSpec fromLock(String lock) {
    return Lock.spec(lock);
  }

  @Override
  public Digest identity(EnvironmentSpec spec) {
    return recipe(spec).identity();
  }

  private Recipe recipe(EnvironmentSpec spec) {
    Recipe known = chosen.get(spec);
    if (known == null) {
      known = chooser.choose(spec);
      chosen.put(spec, known);
    }
    return known;
  }

  @Override
  public PreparedEnvironment prepare(EnvironmentSpec spec, Consumer<String> progress)
      throws InterruptedException {
    Recipe recipe = recipe(spec);
    return switch (recipe) {
      case Recipe.Here it -> here(it);
      case Recipe.Venv it -> venv(it, progress);
      case Recipe.Conda it -> conda(it, progress);
      case Recipe.Image it ->
          container(it, it.engine(), progress, (to, log, p) -> images.build(it, to, log, p));
      case Recipe.Built it ->
          container(it, it.engine(), progress, (to, log, p) -> images.build(it, to, log, p));
    };
  }

  private Shelf.Item item(Recipe recipe, Shelf.Check check, Work work, Consumer<String> listener)
      throws InterruptedException {
    Optional<Shelf.Item> there = shelf.find(recipe.identity());
    if (there.isPresent() && check.isUsable(there.get())) {
      return there.get();
    }
    Progress progress = new Progress(recipe.label(), listener, settings.clock());
    return shelf.findOrBuild(
        recipe.identity(),
        check,
        (folder, log) -> work.build(folder, log, progress),
        holder -> progress.say("waits, since it is being built by " + holder));
  }

  /** A builder that tells how far it is. */
  private interface Work {
    Shelf.Item build(Path folder, Path log, Progress progress)
        throws IOException, InterruptedException;
  }

  private PreparedEnvironment venv(Recipe.Venv recipe, Consumer<String> listener)
      throws InterruptedException {
    Shelf.Item item =
        item(
            recipe,
            Environments::hasPython,
            (folder, log, progress) ->
                new VenvBuilder(surroundings).build(recipe, folder, log, progress),
            listener);
    Path env = item.folder().resolve("env");
    Map<String, String> variables = new TreeMap<>(recipe.variables());
    variables.put("VIRTUAL_ENV", env.toString());
    return host(recipe, item, env, variables);
  }

  private PreparedEnvironment conda(Recipe.Conda recipe, Consumer<String> listener)
      throws InterruptedException {
    Shelf.Item item =
        item(
            recipe,
            it -> Files.isDirectory(it.folder().resolve("env")),
            (folder, log, progress) ->
                new CondaBuilder(surroundings).build(recipe, folder, log, progress),
            listener);
    Path env = item.folder().resolve("env");
    Map<String, String> variables = new TreeMap<>(recipe.file().variables());
    variables.put("CONDA_PREFIX", env.toString());
    variables.put("CONDA_DEFAULT_ENV", env.toString());
    return host(recipe, item, env, variables);
  }

  private static boolean hasPython(Shelf.Item item) {
    // Follows the link: false, too, when the Python it was made from is gone.
    return Files.isExecutable(item.folder().resolve("env/bin/python"));
  }

  private static PreparedEnvironment host(
      Recipe recipe, Shelf.Item item, Path env, Map<String, String> variables) {
    variables.put("PYTHONNOUSERSITE", "1");
    List<String> without = new ArrayList<>(Surroundings.MISLEADING);
    without.removeAll(variables.keySet());
    List<Problem> warnings = new ArrayList<>(recipe.warnings());
    changed(recipe, item).ifPresent(warnings::add);
    return new PreparedEnvironment(
        recipe.identity(),
        item.description(),
        new How.Host(List.of(env.resolve("bin")), variables, without),
        Optional.of(item.lock()),
        warnings);
  }

  /** Installing or removing a package changes the time of the folder that holds packages. */
  private static Optional<Problem> changed(Recipe recipe, Shelf.Item item) {
    String site = item.facts().get("site");
    if (site == null
        || ProbeCache.stamp(item.folder().resolve(site)).equals(item.facts().get("site-time"))) {
      return Optional.empty();
    }
    return Optional.of(
        Problem.of(
                ErrorCode.ENVIRONMENT_CHANGED,
                recipe.label()
                    + " was changed after it was built, by a step that installs packages")
            .fix("name the packages in its conda_file; to build it anew, remove " + item.folder())
            .warning());
  }

  private PreparedEnvironment container(
      Recipe recipe, Path engine, Consumer<String> listener, Work work)
      throws InterruptedException {
    PreparedEnvironment known = containers.get(recipe.identity());
    if (known != null) {
      return known;
    }
    Shelf.Item item =
        item(
            recipe,
            it -> {
              String image = it.facts().get(ImageBuilder.IMAGE);
              return image != null && images.isHere(engine, image);
            },
            work,
            listener);
    String image = item.facts().getOrDefault(ImageBuilder.IMAGE, "");
    PreparedEnvironment prepared =
        new PreparedEnvironment(
            recipe.identity(),
            item.description(),
            new How.Container(engine, image),
            Optional.of(item.lock()),
            recipe.warnings());
    containers.put(recipe.identity(), prepared);
    return prepared;
  }

  private PreparedEnvironment here(Recipe.Here recipe) {
    String description =
        recipe
            .python()
            .map(it -> "the Python here, " + it.version() + ", " + it.executable())
            .orElse("this machine, without a Python");
    return new PreparedEnvironment(
        recipe.identity(),
        description,
        new How.Host(recipe.python().map(this::pathTo).orElse(List.of()), Map.of(), List.of()),
        Optional.empty(),
        recipe.warnings());
  }

  /**
   * What must stand before PATH so that {@code python} and {@code python3} both are this one: often
   * nothing. A version manager's shim is passed by, since it would look anew in each step's folder;
   * and where a system has {@code python3} only, commands that say {@code python} work as well.
   */
  private List<Path> pathTo(Interpreter interpreter) {
    Path folder = interpreter.folder();
    if (is(interpreter, folder.resolve("python")) && is(interpreter, folder.resolve("python3"))) {
      boolean first =
          surroundings.path().stream()
              .filter(
                  it -> Files.exists(it.resolve("python")) || Files.exists(it.resolve("python3")))
              .findFirst()
              .filter(folder::equals)
              .isPresent();
      return first ? List.of() : List.of(folder);
    }
    return List.of(links(interpreter));
  }

  private static boolean is(Interpreter interpreter, Path program) {
    try {
      return Files.isExecutable(program) && Files.isSameFile(program, interpreter.executable());
    } catch (IOException e) {
      return false;
    }
  }

  private Path links(Interpreter interpreter) {
    String name = Digest.ofText(interpreter.executable().toString()).hex().substring(0, 16);
    Path folder = root.resolve("here-" + name).resolve("bin");
    try {
      Files.createDirectories(folder);
      for (String program : List.of("python", "python3")) {
        Path link = folder.resolve(program);
        if (!is(interpreter, link)) {
          Path temporary = folder.resolve("." + program + "-" + ProcessHandle.current().pid());
          Files.deleteIfExists(temporary);
          Files.createSymbolicLink(temporary, interpreter.executable());
          Files.move(temporary, link, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }
      }
      return folder;
    } catch (IOException e) {
      throw Problem.of(ErrorCode.DISK, folder + " cannot be written: " + e.getMessage())
          .asException(e);
    }
  }
}
