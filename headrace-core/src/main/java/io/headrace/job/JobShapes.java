package io.headrace.job;

import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.TEXTS;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.table;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Fields;
import io.headrace.job.Shape.Named;
import io.headrace.job.Shape.Table;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.Unknown;
import java.util.List;

/** Jobs that stand alone. */
final class JobShapes {
  private JobShapes() {}

  static Shape command() {
    return object(
        "a command job",
        all(
            header("command"),
            CommonShapes.command(),
            ports(),
            List.of(field("limits", CommonShapes.limits()), field("parent_job_name", TEXT))));
  }

  static Shape pipeline() {
    return object(
        "a pipeline job",
        all(
            header("pipeline"),
            ports(),
            List.of(
                field("settings", settings()),
                field("jobs", new Table(Form.NODE_NAME, new Named(Shapes.NODE), false)),
                field("component", NodeShapes.componentUse(Shapes.INLINE_PIPELINE_COMPONENT)))));
  }

  static Shape sweep() {
    return object(
        "a sweep job",
        all(
            header("sweep"),
            SweepShapes.fields(),
            ports(),
            List.of(
                needed("trial", object("a trial", CommonShapes.command())),
                field("resources", CommonShapes.resources()),
                field("queue_settings", CommonShapes.queueSettings()))));
  }

  static Shape spark() {
    return object(
        "a spark job",
        all(
            header("spark"),
            WorkShapes.spark(),
            ports(),
            List.of(
                needed("code", PATH),
                needed("entry", WorkShapes.sparkEntry()),
                field("resources", WorkShapes.sparkResources()))));
  }

  static Shape importing() {
    return object(
        "an import job",
        all(
            header("import"),
            List.of(
                needed("source", WorkShapes.importSource()),
                needed("output", PortShapes.output()))));
  }

  /** What all jobs may say of themselves. */
  static List<Field> header(String type) {
    return all(
        List.of(
            field("$schema", ANYTHING),
            field("type", words(type)),
            field("name", new Text(Form.JOB_NAME))),
        each(TEXT, "display_name", "experiment_name", "description"),
        each(TEXTS, "tags", "properties"),
        List.of(
            field("compute", TEXT),
            field("identity", CommonShapes.identity()),
            field("services", table(CommonShapes.service()))),
        // Azure writes these into a job that it shows, and leaves them unread.
        each(ANYTHING, "id", "status", "log_files", "creation_context"));
  }

  private static List<Field> ports() {
    return List.of(
        field("inputs", PortShapes.jobInputs()), field("outputs", PortShapes.jobOutputs()));
  }

  static Shape settings() {
    Shape compute =
        either(
            "serverless, local, or azureml:NAME",
            words("serverless", "local"),
            new Text(Form.AZUREML_NAME));
    return new Fields(
        "settings",
        new Unknown.Warn(),
        List.of(
            field("default_compute", compute),
            field("default_datastore", new Text(Form.AZUREML_NAME)),
            field("continue_on_step_failure", FLAG),
            field("force_rerun", FLAG),
            field("on_init", TEXT),
            field("on_finalize", TEXT)));
  }
}
