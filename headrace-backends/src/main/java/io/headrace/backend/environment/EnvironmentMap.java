package io.headrace.backend.environment;

import io.headrace.plan.EnvironmentSpec.Build;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * From names to definitions: the user's files first, then our own list of Azure's curated names.
 * Read when the first name is asked for. Immutable after that.
 */
final class EnvironmentMap {
  private static final String CURATED = "curated-environments.yml";
  private static final int LONGEST_CHAIN = 10;
  private static final Set<String> HERE = Set.of("here", "local");
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "$schema",
          "name",
          "version",
          "type",
          "description",
          "tags",
          "properties",
          "os_type",
          "inference_config");

  private final List<Path> files;
  private final List<Source> sources;

  private EnvironmentMap(List<Path> files, List<Source> sources) {
    this.files = files;
    this.sources = sources;
  }

  /**
   * One file.
   *
   * @param folder what relative paths in it start from; empty for our own list
   */
  private record Source(
      PlainYaml yaml, Optional<Path> folder, boolean curated, Map<String, Entry> entries) {}

  /** What stands behind a name; read when it is asked for. */
  private interface Entry {
    Node node();
  }

  /**
   * Reads the user's files, as far as they exist, and our own list.
   *
   * @throws ProblemException when one is not as it should be
   */
  static EnvironmentMap read(List<Path> files) {
    List<Source> sources = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        sources.add(
            source(
                new PlainYaml(file.toString()),
                text(file, file.toString()),
                Optional.ofNullable(file.toAbsolutePath().getParent())));
      }
    }
    sources.add(curated());
    return new EnvironmentMap(List.copyOf(files), List.copyOf(sources));
  }

  private static Source source(PlainYaml yaml, String text, Optional<Path> folder) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Optional<Node> root = yaml.read(text);
    if (root.isPresent()) {
      yaml.fields(root.get())
          .forEach((key, value) -> {
            if (!key.equals("environments")) {
              throw yaml.wrong(root.get(), "'" + key + "' is not known here")
                  .fix("the names go under 'environments:'")
                  .asException();
            }
            if (!yaml.isEmpty(value)) {
              yaml.fields(value).forEach((name, node) -> entries.put(name, () -> node));
            }
          });
    }
    return new Source(yaml, folder, false, entries);
  }

  /**
   * Our own list is cut into its entries by their indentation, and only the one that is asked for
   * is read as YAML: all of it would take a tenth of a second from a cold start.
   */
  private static Source curated() {
    PlainYaml yaml = new PlainYaml(CURATED);
    Map<String, Entry> entries = new LinkedHashMap<>();
    String name = "";
    StringBuilder block = new StringBuilder();
    for (String line : curatedText().lines().toList()) {
      boolean opens = line.startsWith("  ") && !line.startsWith("   ") && line.endsWith(":");
      if (opens) {
        put(entries, yaml, name, block.toString());
        name = line.substring(2, line.length() - 1);
        block.setLength(0);
      } else if (!name.isEmpty()) {
        block.append(line).append('\n');
      }
    }
    put(entries, yaml, name, block.toString());
    return new Source(yaml, Optional.empty(), true, entries);
  }

  private static void put(Map<String, Entry> entries, PlainYaml yaml, String name, String block) {
    if (!name.isEmpty()) {
      entries.put(name, () -> yaml.read(block).orElseThrow());
    }
  }

  private static String curatedText() {
    try (InputStream bytes = EnvironmentMap.class.getResourceAsStream(CURATED)) {
      if (bytes == null) {
        throw new IllegalStateException(CURATED + " is missing in the program");
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The definition of a name.
   *
   * @throws ProblemException when it is unknown, with near names and how to add it
   */
  Definition find(String text) {
    return find(text, 0);
  }

  private Definition find(String text, int depth) {
    EnvironmentReference reference = EnvironmentReference.parse(text);
    if (depth > LONGEST_CHAIN) {
      throw Problem.of(
              ErrorCode.ENVIRONMENT_WRONG, "the name '" + text + "' leads in a circle of names")
          .fix("one of them must have an image, a conda_file or a build")
          .asException();
    }
    for (Source source : sources) {
      Optional<Entry> entry = entry(source, reference);
      if (entry.isPresent()) {
        return definition(source, entry.get().node(), reference, depth);
      }
    }
    if (HERE.contains(reference.name())) {
      return Definition.here(label(reference));
    }
    throw unknown(reference);
  }

  private static String label(EnvironmentReference reference) {
    return "environment '" + reference.exact() + "'";
  }

  private static Optional<Entry> entry(Source source, EnvironmentReference reference) {
    if (source.curated() && !isOfAzure(reference)) {
      return Optional.empty();
    }
    String name = key(reference.name(), source.curated());
    String exact = key(reference.exact(), source.curated());
    Map<String, Entry> entries = source.entries();
    Entry entry = entries.getOrDefault(exact, entries.get(name));
    if (entry != null) {
      return Optional.of(entry);
    }
    return entries.entrySet().stream()
        .filter(each -> matches(each.getKey(), name) || matches(each.getKey(), exact))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean isOfAzure(EnvironmentReference reference) {
    return reference.registry().filter(name -> !name.startsWith("azureml")).isEmpty();
  }

  /** Azure's own names come with and without AzureML- and in varying case. */
  private static String key(String name, boolean curated) {
    if (!curated) {
      return name;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("azureml-") ? lower.substring("azureml-".length()) : lower;
  }

  /** Whether a text is as the pattern says, in which {@code *} stands for any text. */
  static boolean matches(String pattern, String text) {
    int inPattern = 0;
    int inText = 0;
    int star = -1;
    int resume = 0;
    while (inText < text.length()) {
      if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
        star = inPattern++;
        resume = inText;
      } else if (inPattern < pattern.length() && pattern.charAt(inPattern) == text.charAt(inText)) {
        inPattern++;
        inText++;
      } else if (star >= 0) {
        inPattern = star + 1;
        inText = ++resume;
      } else {
        return false;
      }
    }
    while (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
      inPattern++;
    }
    return inPattern == pattern.length();
  }

  private Definition definition(
      Source source, Node entry, EnvironmentReference reference, int depth) {
    if (!source.yaml().isScalar(entry)) {
      Definition read = read(source.yaml(), source.folder(), entry, label(reference));
      return source.curated() ? withNamedPython(read, reference.name()) : read;
    }
    String text = source.yaml().text(entry).strip();
    if (HERE.contains(text)) {
      return Definition.here(label(reference));
    }
    String path = text.startsWith("file:") ? text.substring("file:".length()) : text;
    boolean isFile = text.startsWith("file:") || text.startsWith("./") || text.startsWith("../");
    if (isFile || text.startsWith("/")) {
      Path file = resolve(source.yaml(), source.folder(), entry, path);
      PlainYaml yaml = new PlainYaml(file.toString());
      Optional<Node> root = yaml.read(text(file, "'" + text + "'"));
      if (root.isEmpty()) {
        throw Problem.of(ErrorCode.ENVIRONMENT_WRONG, file + " is empty").asException();
      }
      return read(yaml, Optional.ofNullable(file.getParent()), root.get(), label(reference));
    }
    return find(text, depth + 1);
  }

  private static Definition read(PlainYaml yaml, Optional<Path> folder, Node entry, String label) {
    Optional<String> image = Optional.empty();
    Optional<CondaFile> conda = Optional.empty();
    Optional<Build> build = Optional.empty();
    for (var field : yaml.fields(entry).entrySet()) {
      Node value = field.getValue();
      switch (field.getKey()) {
        case "image" -> image = Optional.of(yaml.text(value).strip());
        case "conda_file" -> conda = Optional.of(conda(yaml, folder, value));
        case "build" -> build = Optional.of(build(yaml, folder, value));
        default -> {
          if (!WITHOUT_EFFECT.contains(field.getKey())) {
            throw yaml.wrong(value, "'" + field.getKey() + "' is not known in an environment")
                .fix("known: image, conda_file, build")
                .asException();
          }
        }
      }
    }
    if (image.isEmpty() && conda.isEmpty() && build.isEmpty()) {
      throw yaml.wrong(entry, label + " has neither image, conda_file nor build").asException();
    }
    return new Definition(label, image, conda, build, false);
  }

  private static CondaFile conda(PlainYaml yaml, Optional<Path> folder, Node value) {
    if (!yaml.isScalar(value)) {
      return CondaFile.read(yaml, value);
    }
    Path file = resolve(yaml, folder, value, yaml.text(value));
    return CondaFile.parse(text(file, "conda_file"), file.toString());
  }

  private static Build build(PlainYaml yaml, Optional<Path> folder, Node value) {
    Map<String, Node> fields = yaml.fields(value);
    Node path = fields.get("path");
    if (path == null) {
      throw yaml.wrong(value, "a build needs 'path:', the folder to build in").asException();
    }
    String context = yaml.text(path);
    Node dockerfile = fields.get("dockerfile_path");
    return new Build(
        context.contains("://") ? context : resolve(yaml, folder, path, context).toString(),
        dockerfile == null ? "Dockerfile" : yaml.text(dockerfile));
  }

  private static Path resolve(PlainYaml yaml, Optional<Path> folder, Node at, String text) {
    String path = text.strip().startsWith("file:") ? text.strip().substring(5) : text.strip();
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      throw yaml.wrong(at, "a path is wanted here").asException();
    }
    return folder.orElse(Path.of("/")).resolve(path).normalize();
  }

  private static String text(Path file, String what) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw Problem.of(ErrorCode.MISSING_PATH, what + " cannot be read: " + file)
          .fix("correct the path, or make the file")
          .asException(e);
    }
  }

  /** A curated name may tell its Python: {@code sklearn-1.0-ubuntu20.04-py38-cpu}. */
  private static Definition withNamedPython(Definition definition, String name) {
    for (String part : VersionRange.split(name, '-')) {
      boolean tells = part.length() >= 4 && part.length() <= 5 && part.startsWith("py3");
      if (tells && part.substring(2).chars().allMatch(Character::isDigit)) {
        return new Definition(
            definition.label(),
            definition.image(),
            definition.conda().map(conda -> conda.withPython("3." + part.substring(3))),
            definition.build(),
            definition.here());
      }
    }
    return definition;
  }

  private ProblemException unknown(EnvironmentReference reference) {
    List<String> near =
        sources.stream()
            .flatMap(source -> source.entries().keySet().stream())
            .filter(name -> isNear(name, reference.name()))
            .distinct()
            .limit(5)
            .toList();
    String file = files.isEmpty() ? "environments.yml" : files.getFirst().toString();
    String advice =
        (near.isEmpty() ? "" : "known and near: " + String.join(", ", near) + "\n")
            + "say in "
            + file
            + " what it is:\nenvironments:\n  "
            + reference.name()
            + ":\n    conda_file:\n      dependencies:\n        - python=3.11\n        - pip:\n"
            + "            - pandas\n            - mlflow-skinny\n"
            + "or, for the Python that is here, without change:\n  "
            + reference.name()
            + ": here";
    return Problem.of(
            ErrorCode.ENVIRONMENT_UNKNOWN, label(reference) + " is not known on this machine")
        .fix(advice)
        .asException();
  }

  private static boolean isNear(String known, String asked) {
    String one = key(known.replace("*", ""), true);
    String other = key(asked, true);
    boolean sameStart = one.length() >= 4 && other.startsWith(one.substring(0, 4));
    return sameStart || distance(one, other) <= 2;
  }

  /** Of Levenshtein; names are short. */
  private static int distance(String one, String other) {
    if (other.length() > 255) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
