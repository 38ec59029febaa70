package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.spec.CodeReference;
import io.headrace.spec.Command;
import io.headrace.spec.Distribution;
import io.headrace.spec.Environment;
import io.headrace.spec.EnvironmentReference;
import io.headrace.spec.Identity;
import io.headrace.spec.JobService;
import io.headrace.spec.Limits;
import io.headrace.spec.LocalPath;
import io.headrace.spec.QueueSettings;
import io.headrace.spec.Resources;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the parts that several kinds of document share, from a tree that has been validated. */
final class PartsReader {
  private static final int LARGEST_CONDA_FILE = 1024 * 1024;

  private final Shapes shapes;
  private final Problems problems;
  private final DisplayNames names;

  PartsReader(Shapes shapes, Problems problems, DisplayNames names) {
    this.shapes = shapes;
    this.problems = problems;
    this.names = names;
  }

  /** The command and what it needs; the environment is absent only when that was reported. */
  Command command(Entries entries, Source source) {
    return new Command(
        entries.written("command").orElseGet(() -> new Written("", entries.where())),
        code(entries, source),
        additionalIncludes(entries, source),
        environmentReference(entries, source),
        environmentVariables(entries),
        resources(entries),
        distribution(entries),
        queueSettings(entries));
  }

  CodeReference code(Entries entries, Source source) {
    var written = entries.written("code");
    if (written.isEmpty()) {
      return new CodeReference.None();
    }
    String text = written.get().text();
    if (text.startsWith("git+") || text.startsWith("azureml:") || text.contains("://")) {
      return new CodeReference.Remote(written.get());
    }
    if (written.get().hasExpression()) {
      return new CodeReference.Remote(written.get());
    }
    return source
        .path(written.get())
        .<CodeReference>map(path -> {
          source.mustExist(path, "code:");
          return new CodeReference.Local(path);
        })
        .orElseGet(CodeReference.None::new);
  }

  static List<LocalPath> additionalIncludes(Entries entries, Source source) {
    var includes = new ArrayList<LocalPath>();
    for (var written : entries.list("additional_includes")) {
      source
          .path(written)
          .ifPresent(path -> {
            if (!isZipOfFolder(path, source)) {
              source.mustExist(path, "additional_includes:");
            }
            includes.add(path);
          });
    }
    return includes;
  }

  /** {@code lib.zip} may name the folder {@code lib}, to be zipped. */
  private static boolean isZipOfFolder(LocalPath path, Source source) {
    String name = path.absolute().toString();
    return name.endsWith(".zip")
        && source.exists(Path.of(name.substring(0, name.length() - ".zip".length())));
  }

  /** The {@code environment:} of a command or of a node that overrides its component's. */
  Optional<EnvironmentReference> environmentReference(Entries entries, Source source) {
    var node = entries.get("environment");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!(node.get() instanceof Scalar scalar)) {
      return Optional.of(
          new EnvironmentReference.Defined(environment(Entries.of(node.get()), source)));
    }
    var text = Entries.text(scalar);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var written = new Written(text.get(), scalar.where());
    if (written.hasExpression()) {
      return Optional.of(new EnvironmentReference.Bound(written));
    }
    if (text.get().startsWith("file:")) {
      return environmentFile(written, source);
    }
    return Optional.of(new EnvironmentReference.Named(written));
  }

  private Optional<EnvironmentReference> environmentFile(Written written, Source source) {
    var path = source.path(written);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(path.get().absolute())) {
      source.mustExist(path.get(), "environment:");
      return Optional.empty();
    }
    Path file = path.get().absolute();
    return YamlReader.read(file, names.of(file), problems)
        .map(tree -> {
          new Validator(shapes, problems)
              .check(tree, shapes.named(Shapes.FILE_ENVIRONMENT), Trail.TOP);
          var inFile = source.in(DisplayNames.folder(file));
          return new EnvironmentReference.Defined(environment(Entries.of(tree), inFile));
        });
  }

  /** An environment's definition. */
  Environment environment(Entries entries, Source source) {
    var image = entries.text("image");
    var condaFile = condaFile(entries, source);
    var build = build(entries, source);
    if (!entries.has("image") && !entries.has("build") && !entries.has("conda_file")) {
      problems.add(
          Problem.of(
                  ErrorCode.MISSING_FIELD,
                  "the environment has neither image, conda_file nor build")
              .at(entries.where())
              .fix("add 'image:', 'conda_file:' or 'build:'"));
    }
    if (entries.has("build") && (entries.has("image") || entries.has("conda_file"))) {
      problems.add(
          Problem.of(
                  ErrorCode.CONFLICT,
                  "build: cannot be given beside image or conda_file in an environment")
              .at(entries.at("build"))
              .fix("build the image, or name it; leave the other out"));
    }
    return new Environment(
        entries.text("name"),
        entries.version("version"),
        entries.text("description"),
        entries.values("tags"),
        image,
        condaFile,
        build,
        entries.get("inference_config").map(Entries::value),
        entries.text("os_type").map(text -> text.toLowerCase(Locale.ROOT)),
        entries.text("datastore"),
        entries.where());
  }

  private Optional<Environment.CondaFile> condaFile(Entries entries, Source source) {
    var node = entries.get("conda_file");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof YamlNode.Mapping mapping) {
      return Optional.of(
          new Environment.CondaFile(ValueText.json(Entries.value(mapping)), Optional.empty()));
    }
    var path = entries.written("conda_file").flatMap(source::path);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    Path file = path.get().absolute();
    if (!Files.isRegularFile(file)) {
      if (Files.exists(file)) {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_VALUE,
                    "conda_file: '" + path.get().written() + "' is not a file")
                .at(path.get().where()));
      } else {
        source.mustExist(path.get(), "conda_file:");
      }
      return Optional.empty();
    }
    return readCondaFile(path.get(), file);
  }

  private Optional<Environment.CondaFile> readCondaFile(LocalPath path, Path file) {
    try {
      if (Files.size(file) > LARGEST_CONDA_FILE) {
        problems.add(
            Problem.of(
                    ErrorCode.YAML_LIMIT,
                    "conda_file: '" + path.written() + "' is larger than 1 MiB")
                .at(path.where()));
        return Optional.empty();
      }
      String text = Files.readString(file);
      if (!(YamlReader.read(text, names.of(file)) instanceof YamlNode.Mapping)) {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_TYPE,
                    "conda_file: '" + path.written() + "' does not hold a mapping")
                .at(path.where())
                .fix("write 'dependencies:' and the packages below it"));
      }
      return Optional.of(new Environment.CondaFile(text, Optional.of(path)));
    } catch (ProblemException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    } catch (IOException e) {
      problems.add(
          Problem.of(ErrorCode.MISSING_PATH, "conda_file: '" + path.written() + "' cannot be read")
              .at(path.where())
              .fix("it must be readable UTF-8 text"));
      return Optional.empty();
    }
  }

  private static Optional<Environment.Build> build(Entries entries, Source source) {
    if (!entries.has("build")) {
      return Optional.empty();
    }
    var build = entries.mapping("build");
    var dockerfile = build.text("dockerfile_path").orElse("Dockerfile");
    var written = build.written("path");
    if (written.isEmpty()) {
      return Optional.of(new Environment.Build(Optional.empty(), dockerfile));
    }
    if (written.get().text().contains("://")) {
      return Optional.of(new Environment.Build(Optional.of(written.get().text()), dockerfile));
    }
    var path = source.path(written.get());
    path.ifPresent(local -> source.mustExist(local, "build.path:"));
    return Optional.of(
        new Environment.Build(path.map(local -> local.absolute().toString()), dockerfile));
  }

  Map<String, Written> environmentVariables(Entries entries) {
    var variables = new LinkedHashMap<String, Written>();
    for (var entry : entries.mapping("environment_variables").entries()) {
      if (entry.value() instanceof Scalar scalar) {
        variables.put(entry.key().text(), new Written(Scalars.variable(scalar), scalar.where()));
      } else {
        // Azure's client takes {value: x} and, without a word, anything else.
        var value = Entries.of(entry.value()).scalar("value");
        if (value.isPresent()) {
          variables.put(
              entry.key().text(), new Written(Scalars.variable(value.get()), value.get().where()));
        } else {
          problems.add(
              Problem.of(
                      ErrorCode.WRONG_TYPE,
                      "environment_variables."
                          + entry.key().text()
                          + " must be a single value, not "
                          + Describe.node(entry.value()))
                  .at(entry.value().where()));
        }
      }
    }
    return variables;
  }

  Optional<Resources> resources(Entries entries) {
    if (!entries.has("resources")) {
      return Optional.empty();
    }
    var resources = entries.mapping("resources");
    return Optional.of(
        new Resources(
            resources.whole("instance_count"),
            resources.text("instance_type"),
            resources.whole("max_instance_count").map(Written::text),
            resources.text("shm_size"),
            resources.list("docker_args").stream().map(Written::text).toList(),
            resources.list("locations").stream().map(Written::text).toList(),
            resources.values("properties"),
            resources.except(
                List.of(
                    "instance_count",
                    "instance_type",
                    "max_instance_count",
                    "shm_size",
                    "docker_args",
                    "locations",
                    "properties")),
            resources.where()));
  }

  Optional<Distribution> distribution(Entries entries) {
    var bound = entries.written("distribution");
    if (bound.isPresent()) {
      return Optional.of(new Distribution.Bound(bound.get()));
    }
    var distribution = entries.mapping("distribution");
    var where = distribution.where();
    return distribution
        .text("type")
        .map(type -> type.toLowerCase(Locale.ROOT))
        .flatMap(type ->
            switch (type) {
              case "pytorch" ->
                  Optional.of(
                      new Distribution.PyTorch(
                          distribution.whole("process_count_per_instance"), where));
              case "mpi" ->
                  Optional.of(
                      new Distribution.Mpi(
                          distribution.whole("process_count_per_instance"), where));
              case "tensorflow" ->
                  Optional.of(
                      new Distribution.TensorFlow(
                          distribution.whole("worker_count"),
                          distribution.whole("parameter_server_count"),
                          where));
              case "ray" ->
                  Optional.of(new Distribution.Ray(distribution.except(List.of("type")), where));
              default -> Optional.empty();
            });
  }

  Optional<QueueSettings> queueSettings(Entries entries) {
    if (!entries.has("queue_settings")) {
      return Optional.empty();
    }
    var settings = entries.mapping("queue_settings");
    return Optional.of(new QueueSettings(settings.text("job_tier"), settings.text("priority")));
  }

  Optional<Limits> limits(Entries entries) {
    return entries.has("limits")
        ? Optional.of(new Limits(entries.mapping("limits").whole("timeout")))
        : Optional.empty();
  }

  Optional<Identity> identity(Entries entries) {
    var bound = entries.written("identity");
    if (bound.isPresent()) {
      return Optional.of(new Identity.Bound(bound.get()));
    }
    var identity = entries.mapping("identity");
    return identity
        .text("type")
        .map(type -> type.replace("_", "").toLowerCase(Locale.ROOT))
        .flatMap(type ->
            switch (type) {
              case "managed", "managedidentity" ->
                  Optional.of(
                      new Identity.Managed(
                          identity.text("client_id"),
                          identity.text("object_id"),
                          identity.text("msi_resource_id")));
              case "amltoken" -> Optional.of(new Identity.AmlToken());
              case "useridentity" -> Optional.of(new Identity.User());
              default -> Optional.empty();
            });
  }

  Map<String, JobService> services(Entries entries) {
    var services = new LinkedHashMap<String, JobService>();
    for (var entry : entries.mapping("services").entries()) {
      var service = Entries.of(entry.value());
      services.put(
          entry.key().text(),
          new JobService(service.text("type"), service.except(List.of("type"))));
    }
    return services;
  }
}
