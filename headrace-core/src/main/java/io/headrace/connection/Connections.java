package io.headrace.connection;

import io.headrace.planner.Connection;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The connections that files of this machine name. */
public final class Connections {
  private static final Set<String> FIELDS =
      Set.of("type", "target", "credentials", "description", "tags", "metadata", "is_shared");
  private static final Set<String> CREDENTIALS = Set.of("type", "username", "password");

  private static final Pattern PLACE = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*|file:.+");

  /** What a step does not get of the user's variables. */
  private static final Pattern WITHHELD =
      Pattern.compile("env:(HEADRACE|MLFLOW|AZUREML|AZURE_ML|PYTHON).*");

  private static final Pattern WITH_PASSWORD = Pattern.compile("[a-z0-9+]+://[^/@]*:[^/@]*@.*");

  private final Path file;
  private final Problems problems = new Problems();

  private Connections(Path file) {
    this.file = file;
  }

  /**
   * All that the files name; what an earlier file says goes before what a later one says.
   *
   * @param files those that are not there are passed by
   * @throws ProblemException with all that is wrong in them
   */
  public static Map<String, Connection> read(List<Path> files) {
    var all = new TreeMap<String, Connection>();
    for (var file : files) {
      if (Files.exists(file)) {
        var reader = new Connections(file.toAbsolutePath().normalize());
        reader.read().forEach(all::putIfAbsent);
        reader.problems.throwIfErrors();
      }
    }
    return all;
  }

  private Map<String, Connection> read() {
    var all = new TreeMap<String, Connection>();
    var root = mapping(YamlReader.read(file, file.toString()), "the file");
    for (var entry : root.entries()) {
      if (!entry.key().text().equals("connections")) {
        unknown(entry, "", Set.of("connections"));
        continue;
      }
      for (var one : mapping(entry.value(), "connections").entries()) {
        connection(one).ifPresent(it -> all.put(one.key().text(), it));
      }
    }
    return all;
  }

  private Optional<Connection> connection(Entry entry) {
    String name = entry.key().text();
    var fields = mapping(entry.value(), name);
    fields.entries().forEach(it -> unknown(it, name + ".", FIELDS));
    var target = text(fields, "target");
    if (target.isEmpty()) {
      problems.add(
          Problem.of(ErrorCode.MISSING_FIELD, "connection '" + name + "' has no target")
              .at(entry.key().where())
              .fix("add 'target:' with sqlite:FILE, postgresql://HOST/DATABASE or a folder"));
      return Optional.empty();
    }
    return connection(name, target.get(), fields);
  }

  private Optional<Connection> connection(String name, Scalar target, Mapping fields) {
    try {
      return Optional.of(
          switch (of(name, target.text(), file.resolveSibling(""))) {
            case Connection.Folder folder -> folder;
            case Connection.Database it ->
                it.target().startsWith("sqlite:") ? it : postgresql(name, it.target(), fields);
          });
    } catch (ProblemException e) {
      e.problems().forEach(it -> problems.add(it.at(target.where())));
      return Optional.empty();
    }
  }

  /**
   * Where a target leads.
   *
   * @param name how messages name the connection
   * @param from the folder that relative paths start from
   * @throws ProblemException when it cannot be opened by this version; without a place
   */
  public static Connection of(String name, String target, Path from) {
    String text = target.strip();
    if (text.startsWith("sqlite:")) {
      var path = from.resolve(text.replaceFirst("^sqlite:(//)?", "")).normalize();
      return new Connection.Database("sqlite:" + path, Optional.empty(), Optional.empty());
    }
    if (WITH_PASSWORD.matcher(text).matches()) {
      // Nothing of the text goes into the message.
      throw Problem.of(ErrorCode.WRONG_VALUE, "connection '" + name + "': a password in the target")
          .fix("write it as credentials.password: env:VARIABLE or file:PATH")
          .asException();
    }
    if (text.startsWith("postgresql://") || text.startsWith("postgres://")) {
      return new Connection.Database(text, Optional.empty(), Optional.empty());
    }
    if ((text.contains("://") && !text.startsWith("file://")) || text.contains(";")) {
      throw Problem.of(
              ErrorCode.NOT_SUPPORTED,
              "connection '" + name + "' leads to what this version cannot open")
          .fix(
              "known: sqlite:FILE, postgresql://HOST/DATABASE, and folders of this machine; say in"
                  + " connections.yml where it leads here")
          .asException();
    }
    return new Connection.Folder(from.resolve(text.replaceFirst("^file://", "")).normalize());
  }

  private Connection postgresql(String name, String target, Mapping fields) {
    if (!(fields.get("credentials").orElse(null) instanceof Mapping credentials)) {
      return new Connection.Database(target, Optional.empty(), Optional.empty());
    }
    credentials.entries().forEach(it -> unknown(it, name + ".credentials.", CREDENTIALS));
    return new Connection.Database(
        target,
        text(credentials, "username").map(Scalar::text),
        text(credentials, "password").flatMap(it -> password(name, it)));
  }

  /** Where the password is. A password itself is refused, and not repeated. */
  private Optional<String> password(String name, Scalar password) {
    String text = password.text().strip();
    if (!PLACE.matcher(text).matches()) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  "connection '" + name + "': credentials.password must say where it is")
              .at(password.where())
              .fix("write env:VARIABLE, or file:PATH of a file that only you can read"));
      return Optional.empty();
    }
    if (WITHHELD.matcher(text).matches()) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  "connection '" + name + "': steps do not get the variable " + text.substring(4))
              .at(password.where())
              .fix("take another name"));
      return Optional.empty();
    }
    return Optional.of(
        text.startsWith("file:")
            ? "file:" + file.resolveSibling(text.substring(5)).normalize()
            : text);
  }

  private static Optional<Scalar> text(Mapping fields, String key) {
    return fields.get(key).filter(it -> it instanceof Scalar).map(it -> (Scalar) it);
  }

  private Mapping mapping(YamlNode node, String what) {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    problems.add(
        Problem.of(ErrorCode.WRONG_TYPE, what + " must be a mapping")
            .at(node.where())
            .fix("write connections: {NAME: {target: …}}"));
    return new Mapping(node.where(), List.of());
  }

  private void unknown(Entry entry, String prefix, Set<String> known) {
    if (!known.contains(entry.key().text())) {
      problems.add(
          Problem.of(
                  ErrorCode.UNKNOWN_FIELD,
                  "'" + prefix + entry.key().text() + "' is not known here")
              .at(entry.key().where())
              .fix("known: " + String.join(", ", known.stream().sorted().toList())));
    }
  }
}
