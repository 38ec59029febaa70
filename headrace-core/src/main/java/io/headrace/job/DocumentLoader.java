package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Document;
import io.headrace.spec.Kind;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a user's file, and the component and environment files that it names, into records. What is
 * wrong is collected, not thrown. Not thread-safe; one instance reads one document.
 */
public final class DocumentLoader {
  private final Path workingFolder;
  private final Problems problems;
  private final DisplayNames names;
  private final Shapes shapes = new Shapes();
  private final ComponentReader components;

  /**
   * Prepares to read a document.
   *
   * @param workingFolder where the command runs; files below it are named relative to it
   * @param problems takes all that is wrong or odd
   */
  public DocumentLoader(Path workingFolder, ComponentSource references, Problems problems) {
    this.workingFolder = workingFolder;
    this.problems = problems;
    this.names = new DisplayNames(workingFolder);
    this.components = new ComponentReader(shapes, problems, names, references);
  }

  /**
   * Reads one file.
   *
   * @param sets changes to make first, as {@code --set} takes them: {@code path.to.field=value}
   * @return empty when nothing could be made of it; otherwise it may still have errors
   */
  public Optional<Document> load(Path file, List<String> sets) {
    return loaded(file, sets).map(LoadedDocument::document);
  }

  /** The same, for one who also wants to know the kind, or to write the document back. */
  public Optional<LoadedDocument> loaded(Path file, List<String> sets) {
    Path absolute = file.toAbsolutePath().normalize();
    try {
      return mapping(absolute)
          .map(read -> SetArguments.apply(read, sets))
          .flatMap(tree ->
              document(
                  tree, Source.of(DisplayNames.folder(absolute), problems), Kinds.of(tree), false));
    } catch (ProblemException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  /** Reads a document that is at hand already, as {@link #loaded(Optional, List, Set)}. */
  public Optional<LoadedDocument> loaded(YamlNode.Mapping document, Set<Kind> wanted) {
    return document(document, Source.of(workingFolder, problems), Kinds.of(document, wanted), true);
  }

  private Optional<YamlNode.Mapping> mapping(Path file) {
    var found = new Problems();
    var read = YamlReader.read(file, names.of(file), found);
    problems.addAll(SecretFields.unquoted(found.all(), file));
    if (read.isEmpty()) {
      return Optional.empty();
    }
    if (read.get() instanceof YamlNode.Mapping mapping) {
      components.enter(file);
      return Optional.of(mapping);
    }
    problems.add(
        Problem.of(
                ErrorCode.WRONG_TYPE,
                "the document must be a mapping, not " + Describe.node(read.get()))
            .at(read.get().where())
            .fix("begin with fields such as 'type:' and 'jobs:'"));
    return Optional.empty();
  }

  /**
   * Reads a document that is to be of one of these kinds.
   *
   * @param file empty when all is said by the changes
   * @return empty when nothing could be made of it; otherwise it may still have errors
   */
  public Optional<LoadedDocument> loaded(Optional<Path> file, List<String> sets, Set<Kind> wanted) {
    try {
      var folder = file.map(DisplayNames::folder).orElse(workingFolder);
      return file.map(this::mapping)
          .orElse(Optional.of(new YamlNode.Mapping(Where.file("the command line"), List.of())))
          .map(read -> SetArguments.apply(ShownDocument.own(read), sets))
          .flatMap(
              tree -> document(tree, Source.of(folder, problems), Kinds.of(tree, wanted), true));
    } catch (ProblemException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private Optional<LoadedDocument> document(
      YamlNode.Mapping tree, Source source, Kinds.Answer answer, boolean kept) {
    return switch (answer) {
      case Kinds.Answer.Not(Problem problem) -> {
        problems.add(problem);
        yield Optional.empty();
      }
      case Kinds.Answer.Is(Kind kind) ->
          read(tree, kind, source, kept)
              .map(document -> new LoadedDocument(kind, document, tree, source.folder()));
    };
  }

  private Optional<Document> read(YamlNode.Mapping tree, Kind kind, Source source, boolean kept) {
    var entries = Entries.of(tree);
    var jobs = new JobReader(components, problems);
    if (!isComponent(kind)) {
      var quoted = mayHaveSecrets(kind) ? SecretFields.masked(tree, kept) : tree;
      new Validator(shapes, problems).check(quoted, shapes.of(kind), Trail.TOP);
    }
    return switch (kind) {
      case COMMAND_JOB -> Optional.of(jobs.command(entries, source));
      case PIPELINE_JOB -> Optional.of(jobs.pipeline(entries, source));
      case SWEEP_JOB -> Optional.of(jobs.sweep(entries, source));
      case SPARK_JOB -> Optional.of(jobs.spark(entries, source));
      case IMPORT_JOB -> Optional.of(jobs.importing(entries));
      case DATA_IMPORT -> Optional.of(jobs.dataImport(entries));
      case AUTOML_JOB -> Optional.of(jobs.cloud(entries, "automl"));
      case FINETUNING_JOB -> Optional.of(jobs.cloud(entries, "finetuning"));
      case DISTILLATION_JOB -> Optional.of(jobs.cloud(entries, "distillation"));
      case COMMAND_COMPONENT,
          PIPELINE_COMPONENT,
          PARALLEL_COMPONENT,
          SPARK_COMPONENT,
          IMPORT_COMPONENT,
          DATA_TRANSFER_COMPONENT ->
          components.own(withType(tree, kind), source).map(component -> component);
      case ENVIRONMENT -> Optional.of(components.parts().environment(entries, source));
      case DATA,
          MLTABLE,
          MODEL,
          MODEL_PACKAGE,
          COMPUTE,
          DATASTORE,
          SCHEDULE,
          CONNECTION,
          FEATURE_STORE,
          FEATURE_SET,
          FEATURE_STORE_ENTITY,
          ONLINE_ENDPOINT,
          ONLINE_DEPLOYMENT,
          BATCH_ENDPOINT,
          BATCH_DEPLOYMENT,
          SERVERLESS_ENDPOINT,
          REGISTRY,
          WORKSPACE ->
          Optional.of(new ResourceReader(components.parts()).resource(kind, entries, source));
    };
  }

  private static boolean mayHaveSecrets(Kind kind) {
    return kind == Kind.DATASTORE || kind == Kind.CONNECTION || kind == Kind.COMPUTE;
  }

  /** These validate themselves, since nodes read them too. */
  private static boolean isComponent(Kind kind) {
    return Kinds.COMPONENT_TYPES.containsValue(kind);
  }

  /** A component's kind may be known by its schema alone. */
  private static YamlNode.Mapping withType(YamlNode.Mapping tree, Kind kind) {
    if (tree.get("type").isPresent()) {
      return tree;
    }
    var entries = new java.util.ArrayList<>(tree.entries());
    String type = Kinds.componentType(kind);
    entries.add(
        new YamlNode.Entry(
            new YamlNode.Scalar(tree.where(), "type", new YamlNode.Value.Text("type")),
            new YamlNode.Scalar(tree.where(), type, new YamlNode.Value.Text(type))));
    return new YamlNode.Mapping(tree.where(), entries);
  }
}
