package io.headrace.job;

import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.TEXTS;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.oneOrMore;
import static io.headrace.job.Terms.table;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Bindable;
import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Fields;
import io.headrace.job.Shape.Named;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.Unknown;
import io.headrace.job.Shape.When;
import io.headrace.job.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** What may stand under a pipeline's {@code jobs:}. */
final class NodeShapes {
  private NodeShapes() {}

  static Shape node() {
    var kinds = new LinkedHashMap<String, Shape>();
    var command = new When("component", new Bindable(componentNode()), inlineCommand());
    kinds.put("command", command);
    kinds.put("pipeline", new Bindable(pipeline()));
    kinds.put("sweep", new Bindable(sweep()));
    kinds.put("parallel", new Bindable(parallel()));
    kinds.put("spark", new Bindable(spark()));
    kinds.put("import", new Bindable(importing()));
    kinds.put("data_transfer", new Bindable(dataTransfer()));
    kinds.put("automl", new Bindable(new Named(Shapes.AUTOML_NODE)));
    kinds.put("if_else", ifElse());
    kinds.put("do_while", doWhile());
    kinds.put("parallel_for", parallelFor());
    return new Tagged("type", kinds, Optional.of(command), TagSpelling.ANY_CASE);
  }

  private static Shape componentNode() {
    return node(
        "a command node",
        all(
            header("command"),
            ports(),
            List.of(
                needed("component", componentUse(Shapes.INLINE_COMMAND_COMPONENT)),
                field("environment", CommonShapes.environment()),
                field("environment_variables", bindableVariables()),
                field("resources", CommonShapes.resources()),
                field("distribution", either("a mapping", CommonShapes.distribution(), binding())),
                field("queue_settings", CommonShapes.queueSettings()),
                field("limits", CommonShapes.limits())),
            // Azure's client takes these beside a component and leaves the component's own in
            // force.
            each(TEXT, "command", "code")));
  }

  private static Shape inlineCommand() {
    return node(
        "a command node",
        all(
            header("command"),
            CommonShapes.command(),
            ports(),
            List.of(
                field("limits", CommonShapes.limits()),
                field("parent_job_name", TEXT),
                field("additional_includes", items(PATH)),
                field("is_deterministic", FLAG))));
  }

  private static Shape pipeline() {
    return node(
        "a pipeline node",
        all(
            header("pipeline"),
            ports(),
            List.of(needed("component", componentUse(Shapes.INLINE_PIPELINE_COMPONENT)))));
  }

  private static Shape sweep() {
    return node(
        "a sweep node",
        all(
            header("sweep"),
            SweepShapes.fields(),
            ports(),
            List.of(
                needed("trial", componentUse(Shapes.INLINE_COMMAND_COMPONENT)),
                field("resources", CommonShapes.resources()),
                field("queue_settings", CommonShapes.queueSettings()))));
  }

  private static Shape parallel() {
    return new When(
        "component",
        node(
            "a parallel node",
            all(
                parallelFields(),
                List.of(
                    needed("component", componentUse(Shapes.INLINE_PARALLEL_COMPONENT)),
                    field("task", WorkShapes.parallelTask())))),
        node(
            "a parallel node",
            all(
                parallelFields(),
                List.of(
                    needed("task", WorkShapes.parallelTask()),
                    field("environment", CommonShapes.environment())))));
  }

  private static List<Field> parallelFields() {
    return all(
        header("parallel"),
        WorkShapes.parallel(),
        ports(),
        List.of(field("environment_variables", bindableVariables())));
  }

  private static Shape spark() {
    var entry = WorkShapes.sparkEntry();
    return new When(
        "component",
        node(
            "a spark node",
            all(
                sparkFields(),
                List.of(
                    needed("component", componentUse(Shapes.INLINE_SPARK_COMPONENT)),
                    field("entry", either("a mapping", entry, binding()))))),
        node("a spark node", all(sparkFields(), List.of(needed("entry", entry)))));
  }

  private static List<Field> sparkFields() {
    return all(
        header("spark"),
        WorkShapes.spark(),
        ports(),
        List.of(field("code", PATH), field("resources", WorkShapes.sparkResources())));
  }

  private static Shape importing() {
    return new When(
        "component",
        node(
            "an import node",
            all(
                header("import"),
                ports(),
                List.of(needed("component", componentUse(Shapes.INLINE_IMPORT_COMPONENT))))),
        node(
            "an import node",
            all(
                header("import"),
                List.of(
                    needed("source", WorkShapes.importSource()),
                    needed("output", PortShapes.nodeOutput())))));
  }

  private static Shape dataTransfer() {
    var tasks = new LinkedHashMap<String, Shape>();
    var common =
        all(
            header("data_transfer"),
            ports(),
            List.of(
                needed("task", TEXT),
                field("component", componentUse(Shapes.INLINE_DATA_TRANSFER_COMPONENT))));
    var place = either("a mapping", WorkShapes.externalSource(), binding());
    tasks.put(
        "copy_data",
        node(
            "a copy_data node",
            all(
                common,
                List.of(
                    field("data_copy_mode", words("merge_with_overwrite", "fail_if_conflict"))))));
    tasks.put(
        "import_data", node("an import_data node", all(common, List.of(needed("source", place)))));
    tasks.put(
        "export_data", node("an export_data node", all(common, List.of(needed("sink", place)))));
    return new Tagged("task", tasks, Optional.empty(), TagSpelling.ANY_CASE_OR_CAMEL);
  }

  private static Shape ifElse() {
    var block = oneOrMore("${{parent.jobs.NODE}}, or a list", new Text(Form.NODE_BINDING));
    return node(
        "an if_else node",
        all(
            controlFlow("if_else"),
            List.of(
                needed("condition", either("true, false or a binding", FLAG, binding())),
                field("true_block", block),
                field("false_block", block))));
  }

  private static Shape doWhile() {
    return node(
        "a do_while node",
        all(
            controlFlow("do_while"),
            List.of(
                needed("body", new Text(Form.NODE_BINDING)),
                field("condition", TEXT),
                needed("mapping", table(oneOrMore("a text, or a list", TEXT))),
                needed(
                    "limits",
                    object(
                        "limits of a do_while",
                        needed("max_iteration_count", new Whole(1, 1000)))))));
  }

  private static Shape parallelFor() {
    return node(
        "a parallel_for node",
        all(
            controlFlow("parallel_for"),
            List.of(
                needed("body", new Text(Form.NODE_BINDING)),
                needed(
                    "items",
                    either(
                        "a list, a mapping, JSON text or a binding",
                        TEXT,
                        items(PortShapes.nodeInputs()),
                        table(PortShapes.nodeInputs()))),
                field("max_concurrency", COUNT),
                field("outputs", PortShapes.nodeOutputs()))));
  }

  private static List<Field> controlFlow(String type) {
    return all(
        List.of(field("$schema", ANYTHING), field("type", words(type))),
        each(TEXT, "name", "display_name", "description", "comment"),
        each(TEXTS, "tags", "properties"));
  }

  private static List<Field> header(String type) {
    return all(
        List.of(field("$schema", ANYTHING), field("type", words(type))),
        each(TEXT, "name", "display_name", "experiment_name", "description"),
        each(TEXTS, "tags", "properties"),
        each(TEXT, "comment", "compute"),
        List.of(
            field("identity", either("a mapping", CommonShapes.identity(), binding())),
            field("services", table(CommonShapes.service()))));
  }

  private static List<Field> ports() {
    return List.of(
        field("inputs", PortShapes.nodeInputs()), field("outputs", PortShapes.nodeOutputs()));
  }

  private static Shape bindableVariables() {
    return either("a mapping", CommonShapes.environmentVariables(), binding());
  }

  private static Shape binding() {
    return new Text(Form.OUTPUT_BINDING);
  }

  /** A file, a reference, or a component written in place. */
  static Shape componentUse(String inline) {
    return either(
        "a component's file, azureml:NAME:VERSION, or a mapping", PATH, new Named(inline));
  }

  private static Shape node(String title, List<Field> fields) {
    return new Fields(title, UNKNOWN, fields);
  }

  private static final Unknown UNKNOWN =
      new Unknown.WarnFor(
          List.of(
              "settings",
              "jobs",
              "task",
              "mini_batch_size",
              "partition_keys",
              "input_data",
              "retry_settings",
              "max_concurrency_per_instance",
              "error_threshold",
              "mini_batch_error_threshold",
              "logging_level",
              "is_deterministic",
              "version",
              "additional_includes"),
          "a node of this kind has no such field; it is left unread");
}
