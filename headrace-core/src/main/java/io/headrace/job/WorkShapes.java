package io.headrace.job;

import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.NOT_BLANK;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.VERSION;
import static io.headrace.job.Terms.byType;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.kinds;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.When;
import io.headrace.job.Shape.Whole;
import java.util.List;
import java.util.Optional;

/** The work that parallel, Spark, import and data transfer jobs, nodes and components describe. */
final class WorkShapes {
  private static final Shape ERRORS = new Whole(-1, Integer.MAX_VALUE);

  private WorkShapes() {}

  /** What parallel nodes and components share. */
  static List<Field> parallel() {
    return List.of(
        field("logging_level", words("DEBUG", "INFO", "WARNING")),
        field("mini_batch_size", TEXT),
        field("partition_keys", items(TEXT)),
        field("input_data", TEXT),
        field("resources", CommonShapes.resources()),
        field(
            "retry_settings",
            object("retry_settings", field("timeout", COUNT), field("max_retries", Terms.AMOUNT))),
        field("max_concurrency_per_instance", COUNT),
        field("error_threshold", ERRORS),
        field("mini_batch_error_threshold", ERRORS));
  }

  static Shape parallelTask() {
    return object(
        "a task",
        needed("type", words("run_function", "model", "function")),
        field("code", PATH),
        field("entry_script", NOT_BLANK),
        field("program_arguments", TEXT),
        field("model", TEXT),
        field("append_row_to", TEXT),
        needed("environment", CommonShapes.environment()));
  }

  /** What Spark jobs, nodes and components share, but for {@code entry}. */
  static List<Field> spark() {
    return List.of(
        field("py_files", items(TEXT)),
        field("jars", items(TEXT)),
        field("files", items(TEXT)),
        field("archives", items(TEXT)),
        field("conf", OPEN_TABLE),
        field("environment", CommonShapes.environment()),
        field("args", TEXT));
  }

  static Shape sparkEntry() {
    return new When(
        "class_name",
        object("an entry", needed("class_name", NOT_BLANK)),
        object("an entry", needed("file", NOT_BLANK)));
  }

  static Shape sparkResources() {
    return object("resources", field("instance_type", TEXT), field("runtime_version", VERSION));
  }

  /** The {@code source:} of an import job. */
  static Shape importSource() {
    var type = needed("type", TEXT);
    var connection = needed("connection", NOT_BLANK);
    var sources =
        kinds(
            object("a database", type, connection, needed("query", NOT_BLANK)),
            "azuresqldb",
            "azuresynapseanalytics",
            "snowflake");
    sources.put("s3", object("a file system", type, connection, needed("path", NOT_BLANK)));
    return new Tagged("type", sources, Optional.empty(), TagSpelling.ANY_CASE);
  }

  /** The {@code source:} or {@code sink:} of a data transfer, and of data that is imported. */
  static Shape externalSource() {
    var connection = needed("connection", NOT_BLANK);
    var parameter = object("a parameter", Terms.each(TEXT, "name", "value", "type"));
    var sources =
        kinds(
            object(
                "a database",
                needed("type", TEXT),
                connection,
                field("query", TEXT),
                field("table_name", TEXT),
                field("stored_procedure", TEXT),
                field("stored_procedure_params", items(parameter))),
            "database");
    sources.put(
        "file_system",
        object("a file system", needed("type", TEXT), connection, field("path", TEXT)));
    return byType(sources);
  }
}
