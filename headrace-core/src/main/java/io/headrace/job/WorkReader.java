package io.headrace.job;

import io.headrace.problem.Problems;
import io.headrace.spec.DataTransfer;
import io.headrace.spec.ExternalSource;
import io.headrace.spec.Parallel;
import io.headrace.spec.ParallelTask;
import io.headrace.spec.Spark;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads parallel, Spark, import and data transfer work, from a tree that has been validated. */
final class WorkReader {
  /** Azure's short names of Spark's settings. */
  private static final Map<String, String> SPARK_NAMES =
      Map.of(
          "driver_cores", "spark.driver.cores",
          "driver_memory", "spark.driver.memory",
          "executor_cores", "spark.executor.cores",
          "executor_memory", "spark.executor.memory",
          "executor_instances", "spark.executor.instances",
          "dynamic_allocation_enabled", "spark.dynamicAllocation.enabled",
          "dynamic_allocation_min_executors", "spark.dynamicAllocation.minExecutors",
          "dynamic_allocation_max_executors", "spark.dynamicAllocation.maxExecutors");

  private final PartsReader parts;
  private final Problems problems;

  WorkReader(PartsReader parts, Problems problems) {
    this.parts = parts;
    this.problems = problems;
  }

  Parallel parallel(Entries entries, Source source) {
    return new Parallel(
        entries.has("task") ? Optional.of(task(entries.mapping("task"), source)) : Optional.empty(),
        entries.written("mini_batch_size"),
        entries.list("partition_keys"),
        entries.written("input_data"),
        parts.resources(entries),
        retrySettings(entries),
        entries.whole("max_concurrency_per_instance"),
        entries.whole("error_threshold"),
        entries.whole("mini_batch_error_threshold"),
        entries.text("logging_level").map(text -> text.toUpperCase(Locale.ROOT)),
        entries.written("environment_variables").isPresent()
            ? Map.of()
            : parts.environmentVariables(entries),
        entries.where());
  }

  private ParallelTask task(Entries entries, Source source) {
    return new ParallelTask(
        entries.text("type").orElse("").toLowerCase(Locale.ROOT),
        parts.code(entries, source),
        entries.written("entry_script"),
        entries.written("program_arguments"),
        entries.written("model"),
        entries.written("append_row_to"),
        parts.environmentReference(entries, source),
        entries.where());
  }

  private static Optional<Parallel.RetrySettings> retrySettings(Entries entries) {
    if (!entries.has("retry_settings")) {
      return Optional.empty();
    }
    var settings = entries.mapping("retry_settings");
    return Optional.of(
        new Parallel.RetrySettings(settings.whole("timeout"), settings.whole("max_retries")));
  }

  Spark spark(Entries entries, Source source) {
    return new Spark(
        parts.code(entries, source),
        entry(entries.mapping("entry")),
        distinct(entries, "py_files"),
        distinct(entries, "jars"),
        distinct(entries, "files"),
        distinct(entries, "archives"),
        conf(entries),
        entries.written("args"),
        parts.environmentReference(entries, source),
        sparkResources(entries),
        PartsReader.additionalIncludes(entries, source),
        entries.where());
  }

  private static Optional<Spark.Entry> entry(Entries entries) {
    return entries
        .written("class_name")
        .<Spark.Entry>map(Spark.Entry.MainClass::new)
        .or(() -> entries.written("file").map(Spark.Entry.PythonFile::new));
  }

  /** A list that names nothing twice, as Azure's client has it. */
  private List<Written> distinct(Entries entries, String key) {
    var list = entries.list(key);
    var seen = new java.util.HashSet<String>();
    for (var each : list) {
      if (!seen.add(each.text())) {
        problems.add(
            io.headrace.problem.Problem.of(
                    io.headrace.problem.ErrorCode.WRONG_VALUE,
                    key + ": '" + Describe.brief(each.text()) + "' is given twice")
                .at(each.where())
                .fix("take one of them out"));
      }
    }
    return list;
  }

  private static Map<String, Written> conf(Entries entries) {
    var conf = new LinkedHashMap<String, Written>();
    for (var entry : entries.mapping("conf").entries()) {
      if (entry.value() instanceof Scalar scalar) {
        String name = entry.key().text();
        conf.put(
            SPARK_NAMES.getOrDefault(name, name),
            new Written(Scalars.sparkValue(scalar), scalar.where()));
      }
    }
    return conf;
  }

  private static Optional<Spark.SparkResources> sparkResources(Entries entries) {
    if (!entries.has("resources")) {
      return Optional.empty();
    }
    var resources = entries.mapping("resources");
    return Optional.of(
        new Spark.SparkResources(
            resources.written("instance_type"),
            resources
                .version("runtime_version")
                .map(version -> new Written(version, resources.at("runtime_version")))));
  }

  /** The mapping under a key; empty when it is missing or was wrong. */
  static Optional<ExternalSource> source(Entries entries, String key) {
    if (!(entries.get(key).orElse(null) instanceof YamlNode.Mapping)) {
      return Optional.empty();
    }
    var source = entries.mapping(key);
    String type = source.text("type").orElse("").toLowerCase(Locale.ROOT);
    var connection = source.written("connection");
    if (connection.isEmpty()) {
      return Optional.empty();
    }
    return switch (type.replace("_", "")) {
      case "s3", "filesystem" ->
          Optional.of(
              new ExternalSource.FileSystem(
                  type, connection.get(), source.written("path"), source.where()));
      default ->
          Optional.of(
              new ExternalSource.Database(
                  type,
                  connection.get(),
                  source.written("query"),
                  source.written("table_name"),
                  source.written("stored_procedure"),
                  parameters(source),
                  source.where()));
    };
  }

  private static List<ExternalSource.Parameter> parameters(Entries source) {
    return source.items("stored_procedure_params").stream()
        .map(Entries::of)
        .map(it -> new ExternalSource.Parameter(it.text("name"), it.text("value"), it.text("type")))
        .toList();
  }

  static DataTransfer transfer(Entries entries) {
    String task = entries.text("task").orElse("").toLowerCase(Locale.ROOT).replace("_", "");
    return switch (task) {
      case "importdata" -> new DataTransfer.Import(source(entries, "source"), entries.where());
      case "exportdata" -> new DataTransfer.Export(source(entries, "sink"), entries.where());
      default ->
          new DataTransfer.Copy(
              entries
                  .text("data_copy_mode")
                  .map(mode ->
                      mode.equalsIgnoreCase("fail_if_conflict")
                          ? DataTransfer.Mode.FAIL_IF_CONFLICT
                          : DataTransfer.Mode.MERGE_WITH_OVERWRITE),
              entries.where());
    };
  }
}
