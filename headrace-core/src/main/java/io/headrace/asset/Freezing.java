package io.headrace.asset;

import io.headrace.asset.Drafting.Elsewhere;
import io.headrace.job.PlainDocument;
import io.headrace.plan.Code;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import io.headrace.spec.Value;
import io.headrace.store.Capture;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Replaces what a document names on this machine by what it is now. */
final class Freezing {
  private static final int DEEPEST = 32;

  private final Capture capture;
  private final Elsewhere elsewhere;
  private final Path workingFolder;

  Freezing(Capture capture, Elsewhere elsewhere, Path workingFolder) {
    this.capture = capture;
    this.elsewhere = elsewhere;
    this.workingFolder = workingFolder;
  }

  static Value value(YamlNode node) {
    return PlainDocument.value(node);
  }

  /** A path that is neither a URI nor a reference nor an expression. */
  static boolean isLocal(String text) {
    return !text.isEmpty()
        && (text.startsWith("file:") || !text.contains("://"))
        && !text.startsWith("azureml:")
        && !text.startsWith("runs:/")
        && !text.startsWith("git+")
        && !text.contains("${{");
  }

  private static Path resolved(String text, Path base) {
    return base.resolve(text.replaceFirst("^file:(?://(?=/))?", "")).normalize();
  }

  /** The bytes that a path of data names; empty for what stays an address. */
  Optional<StoredPath> path(String text, Path base, Where where) {
    var stored = StoredPath.parse(text);
    if (stored.isPresent()) {
      return stored;
    }
    if (!isLocal(text)) {
      return elsewhere.stored(text);
    }
    var data = capture.data(existing(resolved(text, base), text, where));
    return Optional.of(new StoredPath(data.digest(), data.name(), data.folder()));
  }

  private static Path existing(Path path, String text, Where where) {
    if (!java.nio.file.Files.exists(path)) {
      throw Problem.of(ErrorCode.MISSING_PATH, "'" + text + "' does not exist")
          .at(where)
          .fix("looked at " + path)
          .asException();
    }
    return path;
  }

  // Environments

  /** An environment with its conda file and its build's folder in it. */
  Mapping environment(Mapping document, Path base) {
    if (document.get("image").isEmpty()
        && document.get("conda_file").isEmpty()
        && document.get("build").isEmpty()) {
      throw Problem.of(
              ErrorCode.MISSING_FIELD, "the environment has neither image, conda_file nor build")
          .at(document.where())
          .fix("add 'image:', 'conda_file:' or 'build:'")
          .asException();
    }
    var frozen = document;
    if (document.get("conda_file").orElse(null) instanceof Scalar file) {
      frozen =
          with(
              frozen,
              "conda_file",
              PlainDocument.read(resolved(file.text(), base), List.of(), workingFolder));
    }
    if (document.get("build").orElse(null) instanceof Mapping build
        && build.get("path").orElse(null) instanceof Scalar path) {
      var stored = path(path.text(), base, path.where());
      frozen =
          with(
              frozen,
              "build",
              with(build, "path", stored.map(StoredPath::uri).orElse(path.text())));
    }
    return frozen;
  }

  // Components

  /** A component with its code in the store, and what it names of other files in it. */
  Mapping component(Mapping document, Path base) {
    return work(document, base, 0);
  }

  /** Anything with code, an environment, a component or nodes: a component, a node, a task. */
  private Mapping work(Mapping work, Path base, int depth) {
    if (depth > DEEPEST) {
      throw Problem.of(ErrorCode.CYCLE, "components nest deeper than " + DEEPEST + " files")
          .at(work.where())
          .fix("a pipeline cannot be a part of itself")
          .asException();
    }
    var entries = new ArrayList<Entry>();
    for (var entry : work.entries()) {
      String field = entry.key().text();
      if (field.equals("additional_includes") && work.get("code").isPresent()) {
        continue; // in the code's snapshot
      }
      entries.add(new Entry(entry.key(), part(work, field, entry.value(), base, depth)));
    }
    return new Mapping(work.where(), entries);
  }

  private YamlNode part(Mapping work, String field, YamlNode value, Path base, int depth) {
    return switch (field) {
      case "code" -> value instanceof Scalar it ? code(work, it, base) : value;
      case "environment" -> environment(value, base);
      case "component", "trial" -> nested(value, base, depth);
      case "task" -> value instanceof Mapping it ? work(it, base, depth) : value;
      case "jobs" -> nodes(value, base, depth);
      case "inputs" -> inputs(value, base);
      default -> value;
    };
  }

  private YamlNode code(Mapping work, Scalar code, Path base) {
    if (!isLocal(code.text())) {
      return code;
    }
    var includes = new ArrayList<Path>();
    if (work.get("additional_includes").orElse(null) instanceof Sequence sequence) {
      for (var item : sequence.items()) {
        if (item instanceof Scalar it) {
          includes.add(resolved(it.text(), base));
        }
      }
    }
    var path = existing(resolved(code.text(), base), code.text(), code.where());
    var snapshot = capture.code(new Code.Local(path, includes));
    return text(code, new StoredPath(snapshot.digest(), snapshot.name(), true).uri());
  }

  private YamlNode environment(YamlNode value, Path base) {
    return switch (value) {
      case Mapping it -> environment(it, base);
      case Scalar it when it.text().startsWith("file:") -> {
        var file = resolved(it.text(), base);
        var read = PlainDocument.read(file, List.of(), workingFolder);
        yield environment(without(read, "$schema"), folder(file));
      }
      case Scalar it -> pinned(it, AssetKind.ENVIRONMENT);
      case Sequence _ -> value;
    };
  }

  private YamlNode nested(YamlNode value, Path base, int depth) {
    return switch (value) {
      case Mapping it -> work(it, base, depth + 1);
      case Scalar it when isLocal(it.text()) -> {
        var file = resolved(it.text(), base);
        var read = PlainDocument.read(file, List.of(), workingFolder);
        yield work(without(read, "$schema"), folder(file), depth + 1);
      }
      case Scalar it when floats(it.text()) ->
          text(
              it,
              elsewhere
                  .pinned(AssetKind.COMPONENT, it.text())
                  .orElseThrow(() ->
                      Problem.of(
                              ErrorCode.UNRESOLVED,
                              "'" + it.text() + "' is no component of this workspace")
                          .at(it.where())
                          .fix("create it first: what a version is made of stays as it is")
                          .asException()));
      case Scalar _, Sequence _ -> value;
    };
  }

  /** Whether a reference may mean another version tomorrow. */
  private static boolean floats(String text) {
    return text.startsWith("azureml:")
        && AssetReference.parse(text)
            .filter(it -> !(it.wanted() instanceof AssetReference.Wanted.Version))
            .isPresent();
  }

  /** A reference with the version that it means today, where that is known here. */
  private Scalar pinned(Scalar reference, AssetKind... kinds) {
    if (floats(reference.text())) {
      for (var kind : kinds) {
        var pinned = elsewhere.pinned(kind, reference.text());
        if (pinned.isPresent()) {
          return text(reference, pinned.get());
        }
      }
    }
    return reference;
  }

  private YamlNode nodes(YamlNode value, Path base, int depth) {
    if (!(value instanceof Mapping nodes)) {
      return value;
    }
    return new Mapping(
        nodes.where(),
        nodes.entries().stream()
            .map(entry ->
                entry.value() instanceof Mapping node
                    ? new Entry(entry.key(), work(node, base, depth + 1))
                    : entry)
            .toList());
  }

  /** Data of this machine that a node reads. */
  private YamlNode inputs(YamlNode value, Path base) {
    if (!(value instanceof Mapping inputs)) {
      return value;
    }
    var entries = new ArrayList<Entry>();
    for (var entry : inputs.entries()) {
      entries.add(
          entry.value() instanceof Mapping input
                  && input.get("path").orElse(null) instanceof Scalar path
              ? new Entry(entry.key(), with(input, "path", frozen(path, base)))
              : entry);
    }
    return new Mapping(inputs.where(), entries);
  }

  private Scalar frozen(Scalar path, Path base) {
    return isLocal(path.text())
        ? text(path, path(path.text(), base, path.where()).orElseThrow().uri())
        : pinned(path, AssetKind.DATA, AssetKind.MODEL);
  }

  // Trees

  private static Path folder(Path file) {
    var parent = file.getParent();
    return parent == null ? file : parent;
  }

  static Scalar flag(YamlNode at, boolean flag) {
    return new Scalar(at.where(), Boolean.toString(flag), new YamlNode.Value.Bool(flag));
  }

  private static Scalar text(YamlNode at, String text) {
    return new Scalar(at.where(), text, new YamlNode.Value.Text(text));
  }

  static Mapping with(Mapping mapping, String field, String value) {
    return with(mapping, field, text(mapping.get(field).orElse(mapping), value));
  }

  static Mapping with(Mapping mapping, String field, YamlNode value) {
    var entries = new ArrayList<Entry>();
    boolean found = false;
    for (var entry : mapping.entries()) {
      boolean same = entry.key().text().equals(field);
      found |= same;
      entries.add(same ? new Entry(entry.key(), value) : entry);
    }
    if (!found) {
      entries.add(new Entry(text(mapping, field), value));
    }
    return new Mapping(mapping.where(), entries);
  }

  private static Mapping without(Mapping mapping, String field) {
    return new Mapping(
        mapping.where(),
        mapping.entries().stream().filter(it -> !it.key().text().equals(field)).toList());
  }
}
