package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import io.headrace.spec.Kind;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What kind of document a file is: its {@code $schema}, then its {@code type}, then its fields.
 * Where the first two differ, the type decides between the kinds of job, as in Azure.
 */
final class Kinds {
  /** What a job's {@code type} may be. */
  static final Map<String, Kind> JOB_TYPES =
      ordered(
          List.of(
              Map.entry("command", Kind.COMMAND_JOB),
              Map.entry("pipeline", Kind.PIPELINE_JOB),
              Map.entry("sweep", Kind.SWEEP_JOB),
              Map.entry("spark", Kind.SPARK_JOB),
              Map.entry("import", Kind.IMPORT_JOB),
              Map.entry("automl", Kind.AUTOML_JOB),
              Map.entry("finetuning", Kind.FINETUNING_JOB),
              Map.entry("distillation", Kind.DISTILLATION_JOB)));

  /** What a component's {@code type} may be. */
  static final Map<String, Kind> COMPONENT_TYPES =
      ordered(
          List.of(
              Map.entry("command", Kind.COMMAND_COMPONENT),
              Map.entry("pipeline", Kind.PIPELINE_COMPONENT),
              Map.entry("parallel", Kind.PARALLEL_COMPONENT),
              Map.entry("spark", Kind.SPARK_COMPONENT),
              Map.entry("import", Kind.IMPORT_COMPONENT),
              Map.entry("data_transfer", Kind.DATA_TRANSFER_COMPONENT)));

  /** What stands only under a pipeline's {@code jobs:}. */
  private static final Set<String> NODE_TYPES =
      Set.of("parallel", "data_transfer", "if_else", "do_while", "parallel_for");

  private static final List<String> COMPONENT_FIELDS =
      List.of("is_deterministic", "version", "additional_includes", "auto_delete_setting");
  private static final Set<String> PARAMETERS = Set.of("string", "integer", "number", "boolean");

  /** The last parts of Azure's schemas, in small letters, but for jobs and components. */
  private static final Map<String, Kind> SCHEMAS =
      Map.ofEntries(
          Map.entry("environment", Kind.ENVIRONMENT),
          Map.entry("data", Kind.DATA),
          Map.entry("dataimport", Kind.DATA_IMPORT),
          Map.entry("mltable", Kind.MLTABLE),
          Map.entry("model", Kind.MODEL),
          Map.entry("modelversionpackage", Kind.MODEL_PACKAGE),
          Map.entry("modelpackage", Kind.MODEL_PACKAGE),
          Map.entry("compute", Kind.COMPUTE),
          Map.entry("amlcompute", Kind.COMPUTE),
          Map.entry("computeinstance", Kind.COMPUTE),
          Map.entry("vmcompute", Kind.COMPUTE),
          Map.entry("virtualmachinecompute", Kind.COMPUTE),
          Map.entry("kubernetescompute", Kind.COMPUTE),
          Map.entry("synapsesparkcompute", Kind.COMPUTE),
          Map.entry("datastore", Kind.DATASTORE),
          Map.entry("azureblob", Kind.DATASTORE),
          Map.entry("azurefile", Kind.DATASTORE),
          Map.entry("azuredatalakegen1", Kind.DATASTORE),
          Map.entry("azuredatalakegen2", Kind.DATASTORE),
          Map.entry("onelake", Kind.DATASTORE),
          Map.entry("schedule", Kind.SCHEDULE),
          Map.entry("monitorschedule", Kind.SCHEDULE),
          Map.entry("featurestore", Kind.FEATURE_STORE),
          Map.entry("featureset", Kind.FEATURE_SET),
          Map.entry("featurestoreentity", Kind.FEATURE_STORE_ENTITY),
          Map.entry("onlineendpoint", Kind.ONLINE_ENDPOINT),
          Map.entry("managedonlineendpoint", Kind.ONLINE_ENDPOINT),
          Map.entry("kubernetesonlineendpoint", Kind.ONLINE_ENDPOINT),
          Map.entry("onlinedeployment", Kind.ONLINE_DEPLOYMENT),
          Map.entry("managedonlinedeployment", Kind.ONLINE_DEPLOYMENT),
          Map.entry("kubernetesonlinedeployment", Kind.ONLINE_DEPLOYMENT),
          Map.entry("batchendpoint", Kind.BATCH_ENDPOINT),
          Map.entry("batchdeployment", Kind.BATCH_DEPLOYMENT),
          Map.entry("modelbatchdeployment", Kind.BATCH_DEPLOYMENT),
          Map.entry("pipelinecomponentbatchdeployment", Kind.BATCH_DEPLOYMENT),
          Map.entry("serverlessendpoint", Kind.SERVERLESS_ENDPOINT),
          Map.entry("registry", Kind.REGISTRY),
          Map.entry("workspace", Kind.WORKSPACE));

  private Kinds() {}

  private static Map<String, Kind> ordered(List<Map.Entry<String, Kind>> entries) {
    var map = new LinkedHashMap<String, Kind>();
    entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
    return Collections.unmodifiableMap(map);
  }

  /** The word that a component of a kind has as its type. */
  static String componentType(Kind kind) {
    for (var entry : COMPONENT_TYPES.entrySet()) {
      if (entry.getValue() == kind) {
        return entry.getKey();
      }
    }
    return "command";
  }

  /** The kind, or why it cannot be read. */
  sealed interface Answer {
    record Is(Kind kind) implements Answer {}

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
    var named = Optional.ofNullable(SCHEMAS.get(schema));
    if (named.isPresent()) {
      return new Answer.Is(named.get());
    }
    if (schema.endsWith("connection")) {
      return new Answer.Is(Kind.CONNECTION);
    }
    if (!schema.isEmpty()) {
      Where where = entries.get("$schema").map(YamlNode::where).orElse(document.where());
      return new Answer.Not(unknownSchema(schema, where));
    }
    return byFields(entries, type, typePlace);
  }

  /** The kind of a document that is to be of one of these: without a schema, it is believed. */
  static Answer of(Mapping document, Set<Kind> wanted) {
    var entries = Entries.of(document);
    if (schema(entries).isEmpty()) {
      Where typePlace = entries.get("type").map(YamlNode::where).orElse(document.where());
      return wanted.size() == 1
          ? new Answer.Is(wanted.iterator().next())
          : component(entries, "", entries.text("type"), typePlace);
    }
    var answer = of(document);
    return answer instanceof Answer.Is(Kind kind) && !wanted.contains(kind)
        ? new Answer.Not(
            Problem.of(
                    ErrorCode.WRONG_VALUE,
                    "this is "
                        + kind.title()
                        + ", not "
                        + (wanted.size() == 1 ? wanted.iterator().next().title() : "a component"))
                .at(entries.get("$schema").map(YamlNode::where).orElse(document.where()))
                .fix("name another file, or correct the $schema"))
        : answer;
  }

  private static Answer byFields(Entries entries, Optional<String> type, Where typePlace) {
    boolean work = entries.has("command") || entries.has("jobs") || entries.has("component");
    if (!work) {
      var found = KindByFields.of(entries, type.orElse("").toLowerCase(Locale.ROOT));
      if (found.isPresent()) {
        return new Answer.Is(found.get());
      }
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
      var kind = type.flatMap(it -> Optional.ofNullable(JOB_TYPES.get(it)));
      return kind.<Answer>map(Answer.Is::new)
          .orElseGet(() ->
              new Answer.Not(unknownType(type.orElse(""), typePlace, JOB_TYPES.keySet(), "job")));
    }
    var named = Kind.of(schema).filter(JOB_TYPES::containsValue);
    boolean pipeline = schema.isEmpty() && entries.has("jobs") && !entries.has("command");
    return new Answer.Is(named.orElse(pipeline ? Kind.PIPELINE_JOB : Kind.COMMAND_JOB));
  }

  private static Answer component(
      Entries entries, String schema, Optional<String> type, Where typePlace) {
    if (entries.has("type")) {
      String word = type.orElse("").toLowerCase(Locale.ROOT);
      var kind = Optional.ofNullable(COMPONENT_TYPES.get(word));
      return kind.<Answer>map(Answer.Is::new)
          .orElseGet(() ->
              new Answer.Not(
                  unknownType(type.orElse(""), typePlace, COMPONENT_TYPES.keySet(), "component")));
    }
    var named = Kind.of(schema).filter(COMPONENT_TYPES::containsValue);
    boolean pipeline = schema.isEmpty() && entries.has("jobs") && !entries.has("command");
    return new Answer.Is(named.orElse(pipeline ? Kind.PIPELINE_COMPONENT : Kind.COMMAND_COMPONENT));
  }

  /** {@code https://…/commandJob.schema.json} is {@code commandjob}. */
  private static String schema(Entries entries) {
    String text = entries.text("$schema").orElse("");
    String last = text.substring(text.lastIndexOf('/') + 1);
    int dot = last.indexOf('.');
    return (dot < 0 ? last : last.substring(0, dot)).toLowerCase(Locale.ROOT);
  }

  /** A type that is wrong, or that is not one of a document of its own. */
  static Problem unknownType(String type, Where where, Collection<String> types, String what) {
    if (NODE_TYPES.contains(type)) {
      return Problem.of(
              ErrorCode.WRONG_VALUE, "type: '" + type + "' cannot be a " + what + " of its own")
          .at(where)
          .fix("write it as a node under the jobs: of a pipeline");
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

  private static Problem unknownSchema(String schema, Where where) {
    var known = new java.util.ArrayList<String>();
    for (var kind : Kind.values()) {
      known.add(kind.yaml());
    }
    return Problem.of(ErrorCode.NOT_SUPPORTED, "$schema: there is no document of kind " + schema)
        .at(where)
        .fix(Names.advice(schema, known, "kinds"));
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
