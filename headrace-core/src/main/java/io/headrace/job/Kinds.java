package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What kind of document a file is: its {@code $schema}, then its {@code type}, then its fields.
 * Where the first two differ, the type decides between the kinds of job, as in Azure.
 */
enum Kinds {
  COMMAND_JOB,
  PIPELINE_JOB,
  COMMAND_COMPONENT,
  PIPELINE_COMPONENT,
  ENVIRONMENT;

  static final List<String> JOB_TYPES =
      List.of(
          "command",
          "pipeline",
          "sweep",
          "automl",
          "spark",
          "parallel",
          "import",
          "finetuning",
          "distillation");
  static final List<String> COMPONENT_TYPES =
      List.of(
          "command", "pipeline", "parallel", "spark", "automl", "import", "data_transfer", "sweep");
  private static final List<String> COMPONENT_FIELDS =
      List.of("is_deterministic", "version", "additional_includes", "auto_delete_setting");
  private static final Set<String> PARAMETERS = Set.of("string", "integer", "number", "boolean");

  /** The kind, or why it cannot be read. */
  sealed interface Answer {
    record Is(Kinds kind) implements Answer {}

    record Not(Problem problem) implements Answer {}
  }

  static Answer of(Mapping document) {
    var entries = Entries.of(document);
    String schema = schema(entries);
    var type = entries.text("type");
    Where typePlace = entries.get("type").map(YamlNode::where).orElse(document.where());
    if (schema.endsWith("component")) {
      return component(entries, schema, type, typePlace);
    }
    if (schema.endsWith("job") || schema.startsWith("automl")) {
      return job(entries, schema, type, typePlace);
    }
    if (schema.equals("environment")) {
      return new Answer.Is(ENVIRONMENT);
    }
    if (!schema.isEmpty()) {
      Where where = entries.get("$schema").map(YamlNode::where).orElse(document.where());
      return new Answer.Not(notYet("a document with $schema " + schema, where));
    }
    return byFields(entries, type, typePlace);
  }

  private static Answer byFields(Entries entries, Optional<String> type, Where typePlace) {
    boolean work =
        entries.has("command")
            || entries.has("jobs")
            || entries.has("component")
            || type.isPresent();
    if (!work && (entries.has("image") || entries.has("conda_file") || entries.has("build"))) {
      return new Answer.Is(ENVIRONMENT);
    }
    if (COMPONENT_FIELDS.stream().anyMatch(entries::has) || declares(entries)) {
      return component(entries, "", type, typePlace);
    }
    return job(entries, "", type, typePlace);
  }

  /** Whether inputs or outputs are declared (a component) rather than given (a job). */
  private static boolean declares(Entries entries) {
    for (var entry : entries.mapping("inputs").entries()) {
      var input = Entries.of(entry.value());
      if (input.has("type") && !input.has("path") && !input.has("value")) {
        return true;
      }
    }
    for (var entry : entries.mapping("outputs").entries()) {
      if (Entries.of(entry.value()).text("type").filter(PARAMETERS::contains).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static Answer job(
      Entries entries, String schema, Optional<String> type, Where typePlace) {
    if (entries.has("type")) {
      return switch (type.orElse("")) {
        case "command" -> new Answer.Is(COMMAND_JOB);
        case "pipeline" -> new Answer.Is(PIPELINE_JOB);
        default -> new Answer.Not(unknownType(type.orElse(""), typePlace, JOB_TYPES, "job"));
      };
    }
    if (schema.isEmpty() || schema.equals("commandjob") || schema.equals("pipelinejob")) {
      boolean pipeline =
          schema.equals("pipelinejob")
              || (schema.isEmpty() && entries.has("jobs") && !entries.has("command"));
      return new Answer.Is(pipeline ? PIPELINE_JOB : COMMAND_JOB);
    }
    return new Answer.Not(notYet("a document with $schema " + schema, typePlace));
  }

  private static Answer component(
      Entries entries, String schema, Optional<String> type, Where typePlace) {
    if (entries.has("type")) {
      return switch (type.orElse("").toLowerCase(Locale.ROOT)) {
        case "command" -> new Answer.Is(COMMAND_COMPONENT);
        case "pipeline" -> new Answer.Is(PIPELINE_COMPONENT);
        default ->
            new Answer.Not(unknownType(type.orElse(""), typePlace, COMPONENT_TYPES, "component"));
      };
    }
    if (schema.isEmpty()
        || schema.equals("commandcomponent")
        || schema.equals("pipelinecomponent")) {
      boolean pipeline =
          schema.equals("pipelinecomponent")
              || (schema.isEmpty() && entries.has("jobs") && !entries.has("command"));
      return new Answer.Is(pipeline ? PIPELINE_COMPONENT : COMMAND_COMPONENT);
    }
    return new Answer.Not(notYet("a document with $schema " + schema, typePlace));
  }

  /** {@code https://…/commandJob.schema.json} is {@code commandjob}. */
  private static String schema(Entries entries) {
    String text = entries.text("$schema").orElse("");
    String last = text.substring(text.lastIndexOf('/') + 1);
    int dot = last.indexOf('.');
    return (dot < 0 ? last : last.substring(0, dot)).toLowerCase(Locale.ROOT);
  }

  /** A type that is wrong, or that this version does not read yet. */
  static Problem unknownType(String type, Where where, List<String> types, String what) {
    if (types.contains(type.toLowerCase(Locale.ROOT)) && !isKnown(type)) {
      return notYet("a " + what + " of type '" + type + "'", where);
    }
    return Problem.of(
            ErrorCode.WRONG_VALUE,
            "type must be one of "
                + String.join(", ", types)
                + (type.isEmpty() ? "" : ", not '" + Describe.brief(type) + "'"))
        .at(where)
        .fix(
            Names.nearest(type, types)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("choose one of these words"));
  }

  private static boolean isKnown(String type) {
    return type.equalsIgnoreCase("command") || type.equalsIgnoreCase("pipeline");
  }

  private static Problem notYet(String what, Where where) {
    return Problem.of(ErrorCode.NOT_SUPPORTED, what + " cannot be read by this version yet")
        .at(where)
        .fix("command and pipeline jobs, their components and environments can");
  }

  /** What to say of a pipeline without nodes. */
  static Optional<Problem> noNodes(Entries pipeline) {
    var jobs = pipeline.get("jobs");
    return jobs.isPresent()
            && jobs.get() instanceof Mapping(Where where, var nodes)
            && nodes.isEmpty()
        ? Optional.of(
            Problem.of(ErrorCode.MISSING_FIELD, "jobs: a pipeline needs at least one node")
                .at(where)
                .fix("add a node below 'jobs:'"))
        : Optional.empty();
  }
}
