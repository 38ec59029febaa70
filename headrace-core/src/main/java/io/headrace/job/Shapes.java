package io.headrace.job;

import io.headrace.job.Shape.AnyOf;
import io.headrace.job.Shape.Anything;
import io.headrace.job.Shape.Bindable;
import io.headrace.job.Shape.Choice;
import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Fields;
import io.headrace.job.Shape.Flag;
import io.headrace.job.Shape.Items;
import io.headrace.job.Shape.Literal;
import io.headrace.job.Shape.Named;
import io.headrace.job.Shape.NotYet;
import io.headrace.job.Shape.Table;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.Unknown;
import io.headrace.job.Shape.Version;
import io.headrace.job.Shape.When;
import io.headrace.job.Shape.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every kind of document and what it may hold, as Azure's client (azure-ai-ml 1.35) has it. Made
 * when first asked for; one instance serves one reading.
 */
final class Shapes {
  static final String COMMAND_JOB = "commandJob";
  static final String PIPELINE_JOB = "pipelineJob";
  static final String COMMAND_COMPONENT = "commandComponent";
  static final String PIPELINE_COMPONENT = "pipelineComponent";
  static final String ENVIRONMENT = "environment";

  /** As the kinds above where a node uses them: they need no name. */
  static final String INLINE_COMMAND_COMPONENT = "inlineCommandComponent";

  static final String INLINE_PIPELINE_COMPONENT = "inlinePipelineComponent";

  private static final String NODE = "node";
  private static final String JOB_INPUT = "jobInput";
  private static final String NODE_INPUT = "nodeInput";

  private static final Shape TEXT = new Text(Form.ANY);
  private static final Shape FLAG = new Flag();
  private static final Shape ANYTHING = new Anything();
  private static final Shape TEXTS = new Table(Form.ANY, TEXT, false);
  private static final Shape COUNT = new Whole(1, Integer.MAX_VALUE);
  private static final Unknown REFUSE = new Unknown.Refuse();

  /** Other kinds that Azure has; the next versions read them. */
  private static final List<String> LATER_NODES =
      List.of(
          "sweep",
          "parallel",
          "spark",
          "import",
          "data_transfer",
          "automl",
          "if_else",
          "do_while",
          "parallel_for");

  private final Map<String, Shape> made = new HashMap<>();

  /** The description under a name. */
  Shape named(String name) {
    Shape known = made.get(name);
    if (known == null) {
      known = make(name);
      made.put(name, known);
    }
    return known;
  }

  private static Shape make(String name) {
    return switch (name) {
      case COMMAND_JOB -> commandJob();
      case PIPELINE_JOB -> pipelineJob();
      case COMMAND_COMPONENT -> commandComponent(true);
      case INLINE_COMMAND_COMPONENT -> commandComponent(false);
      case PIPELINE_COMPONENT -> pipelineComponent(true);
      case INLINE_PIPELINE_COMPONENT -> pipelineComponent(false);
      case NODE -> node();
      case JOB_INPUT -> input(false);
      case NODE_INPUT -> input(true);
      case ENVIRONMENT -> environmentFields(true);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Shape commandJob() {
    var fields = new ArrayList<Field>();
    addJobHeader(fields);
    fields.add(Field.of("type", new Choice(List.of("command"))));
    addCommand(fields);
    fields.add(Field.of("limits", limits()));
    fields.add(Field.of("inputs", new Table(Form.PORT_NAME, new Named(JOB_INPUT), false)));
    fields.add(Field.of("outputs", new Table(Form.PORT_NAME, jobOutput(), true)));
    fields.add(Field.of("parent_job_name", TEXT));
    return new Fields("a command job", REFUSE, fields);
  }

  private static Shape pipelineJob() {
    var fields = new ArrayList<Field>();
    addJobHeader(fields);
    fields.add(Field.of("type", new Choice(List.of("pipeline"))));
    fields.add(Field.of("settings", settings()));
    fields.add(Field.of("inputs", new Table(Form.PORT_NAME, new Named(JOB_INPUT), false)));
    fields.add(Field.of("outputs", new Table(Form.PORT_NAME, jobOutput(), true)));
    fields.add(Field.of("jobs", new Table(Form.NODE_NAME, new Named(NODE), false)));
    fields.add(Field.of("component", componentUse(INLINE_PIPELINE_COMPONENT)));
    return new Fields("a pipeline job", REFUSE, fields);
  }

  private static void addJobHeader(List<Field> fields) {
    fields.add(Field.of("$schema", ANYTHING));
    fields.add(Field.of("name", new Text(Form.JOB_NAME)));
    fields.add(Field.of("display_name", TEXT));
    fields.add(Field.of("experiment_name", TEXT));
    fields.add(Field.of("description", TEXT));
    fields.add(Field.of("tags", TEXTS));
    fields.add(Field.of("properties", TEXTS));
    fields.add(Field.of("compute", TEXT));
    fields.add(Field.of("identity", identity()));
    fields.add(Field.of("services", new Table(Form.ANY, service(), false)));
    // Azure writes these into a job that it shows, and leaves them unread.
    fields.add(Field.of("id", ANYTHING));
    fields.add(Field.of("status", ANYTHING));
    fields.add(Field.of("log_files", ANYTHING));
    fields.add(Field.of("creation_context", ANYTHING));
  }

  /** What a command job, an inline node and a command component share. */
  private static void addCommand(List<Field> fields) {
    fields.add(Field.required("command", new Text(Form.NOT_BLANK)));
    fields.add(Field.of("code", new Text(Form.NOT_BLANK)));
    fields.add(Field.required("environment", environment()));
    fields.add(Field.of("environment_variables", environmentVariables()));
    fields.add(Field.of("resources", resources()));
    fields.add(Field.of("distribution", distribution()));
    fields.add(Field.of("queue_settings", queueSettings()));
  }

  private static Shape commandComponent(boolean ownFile) {
    var fields = new ArrayList<Field>();
    addComponentHeader(fields, ownFile);
    fields.add(Field.of("type", new Choice(List.of("command"))));
    addCommand(fields);
    fields.add(Field.of("inputs", new Table(Form.PORT_NAME, inputDeclaration(), false)));
    fields.add(Field.of("outputs", new Table(Form.PORT_NAME, outputDeclaration(), false)));
    fields.add(Field.of("properties", new Table(Form.ANY, ANYTHING, true)));
    fields.add(Field.of("additional_includes", new Items(new Text(Form.NOT_BLANK))));
    return new Fields("a command component", componentUnknown(), fields);
  }

  private static Shape pipelineComponent(boolean ownFile) {
    var fields = new ArrayList<Field>();
    addComponentHeader(fields, ownFile);
    fields.add(Field.of("type", new Choice(List.of("pipeline"))));
    fields.add(Field.of("inputs", new Table(Form.PORT_NAME, inputDeclaration(), false)));
    fields.add(Field.of("outputs", new Table(Form.PORT_NAME, outputDeclaration(), false)));
    fields.add(Field.required("jobs", new Table(Form.NODE_NAME, new Named(NODE), false)));
    return new Fields("a pipeline component", componentUnknown(), fields);
  }

  private static Unknown componentUnknown() {
    return new Unknown.WarnFor(
        List.of(
            "limits",
            "compute",
            "services",
            "identity",
            "experiment_name",
            "settings",
            "properties",
            "environment_variables"),
        "it says nothing in a component; write it in the node that uses the component");
  }

  private static void addComponentHeader(List<Field> fields, boolean ownFile) {
    fields.add(Field.of("$schema", ANYTHING));
    fields.add(
        ownFile ? Field.required("name", new Text(Form.COMPONENT_NAME)) : Field.of("name", TEXT));
    fields.add(Field.of("version", new Version()));
    fields.add(Field.of("id", TEXT));
    fields.add(Field.of("display_name", TEXT));
    fields.add(Field.of("description", TEXT));
    fields.add(Field.of("tags", TEXTS));
    fields.add(Field.of("is_deterministic", FLAG));
    fields.add(Field.of("auto_delete_setting", autoDeleteSetting()));
    fields.add(Field.of("creation_context", ANYTHING));
  }

  private static Shape node() {
    var kinds = new LinkedHashMap<String, Shape>();
    var command = new When("component", new Bindable(componentNode()), inlineCommandNode());
    kinds.put("command", command);
    kinds.put("pipeline", new Bindable(pipelineNode()));
    LATER_NODES.forEach(type -> kinds.put(type, new NotYet("a node of type '" + type + "'")));
    return new Tagged("type", kinds, Optional.of(command), TagSpelling.ANY_CASE);
  }

  private static Shape componentNode() {
    var fields = new ArrayList<Field>();
    addNodeHeader(fields);
    fields.add(Field.of("type", new Choice(List.of("command"))));
    fields.add(Field.required("component", componentUse(INLINE_COMMAND_COMPONENT)));
    fields.add(Field.of("environment", environment()));
    fields.add(
        Field.of(
            "environment_variables",
            new AnyOf("a mapping", List.of(environmentVariables(), binding()))));
    fields.add(Field.of("resources", resources()));
    fields.add(
        Field.of("distribution", new AnyOf("a mapping", List.of(distribution(), binding()))));
    fields.add(Field.of("queue_settings", queueSettings()));
    fields.add(Field.of("limits", limits()));
    fields.add(Field.of("inputs", new Table(Form.PORT_NAME, new Named(NODE_INPUT), false)));
    fields.add(Field.of("outputs", new Table(Form.PORT_NAME, nodeOutput(), true)));
    // Azure's client takes these beside a component and leaves the component's own in force.
    fields.add(Field.of("command", TEXT));
    fields.add(Field.of("code", TEXT));
    return new Fields("a command node", nodeUnknown(), fields);
  }

  private static Shape pipelineNode() {
    var fields = new ArrayList<Field>();
    addNodeHeader(fields);
    fields.add(Field.required("type", new Choice(List.of("pipeline"))));
    fields.add(Field.required("component", componentUse(INLINE_PIPELINE_COMPONENT)));
    fields.add(Field.of("inputs", new Table(Form.PORT_NAME, new Named(NODE_INPUT), false)));
    fields.add(Field.of("outputs", new Table(Form.PORT_NAME, nodeOutput(), true)));
    return new Fields("a pipeline node", nodeUnknown(), fields);
  }

  private static Shape inlineCommandNode() {
    var fields = new ArrayList<Field>();
    addNodeHeader(fields);
    fields.add(Field.of("type", new Choice(List.of("command"))));
    addCommand(fields);
    fields.add(Field.of("limits", limits()));
    fields.add(Field.of("inputs", new Table(Form.PORT_NAME, new Named(NODE_INPUT), false)));
    fields.add(Field.of("outputs", new Table(Form.PORT_NAME, nodeOutput(), true)));
    fields.add(Field.of("parent_job_name", TEXT));
    fields.add(Field.of("additional_includes", new Items(new Text(Form.NOT_BLANK))));
    fields.add(Field.of("is_deterministic", FLAG));
    return new Fields("a command node", nodeUnknown(), fields);
  }

  private static Unknown nodeUnknown() {
    return new Unknown.WarnFor(
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

  private static void addNodeHeader(List<Field> fields) {
    fields.add(Field.of("$schema", ANYTHING));
    fields.add(Field.of("name", TEXT));
    fields.add(Field.of("display_name", TEXT));
    fields.add(Field.of("experiment_name", TEXT));
    fields.add(Field.of("description", TEXT));
    fields.add(Field.of("tags", TEXTS));
    fields.add(Field.of("properties", TEXTS));
    fields.add(Field.of("comment", TEXT));
    fields.add(Field.of("compute", TEXT));
    fields.add(Field.of("identity", new AnyOf("a mapping", List.of(identity(), binding()))));
    fields.add(Field.of("services", new Table(Form.ANY, service(), false)));
  }

  private static Shape componentUse(String inline) {
    return new AnyOf(
        "a component's file, azureml:NAME:VERSION, or a mapping",
        List.of(new Text(Form.NOT_BLANK), new Named(inline)));
  }

  private static Shape binding() {
    return new Text(Form.OUTPUT_BINDING);
  }

  private static Shape input(boolean inNode) {
    var kinds = new LinkedHashMap<String, Shape>();
    var plain = List.of("ro_mount", "download", "direct");
    var data = inputFields(plain, true);
    kinds.put("uri_folder", data);
    kinds.put("uri_file", data);
    kinds.put(
        "mltable",
        inputFields(
            List.of("ro_mount", "download", "direct", "eval_mount", "eval_download"), true));
    var model = inputFields(plain, false);
    kinds.put("mlflow_model", model);
    kinds.put("custom_model", model);
    kinds.put("triton_model", model);
    Shape mapping =
        new When(
            "value",
            new Fields("a literal input", REFUSE, List.of(Field.required("value", new Literal()))),
            new Tagged("type", kinds, Optional.of(data), TagSpelling.ANY_CASE));
    var shape = new AnyOf("a value, or a mapping with path", List.of(new Literal(), mapping));
    return inNode ? new Bindable(shape) : shape;
  }

  private static Shape inputFields(List<String> modes, boolean onCompute) {
    var fields = new ArrayList<Field>();
    fields.add(Field.of("type", TEXT));
    fields.add(Field.of("mode", new Choice(modes)));
    fields.add(Field.of("path", new Text(Form.DATA_PATH)));
    if (onCompute) {
      fields.add(Field.of("path_on_compute", new Text(Form.FILE_URI)));
    }
    fields.add(Field.of("datastore", TEXT));
    return new Fields("an input", REFUSE, fields);
  }

  private static Shape jobOutput() {
    return new AnyOf("nothing, or a mapping", List.of(outputFields()));
  }

  private static Shape nodeOutput() {
    return new AnyOf(
        "nothing, a mapping, or ${{parent.outputs.x}}", List.of(binding(), outputFields()));
  }

  private static Shape outputFields() {
    return new Fields(
        "an output",
        REFUSE,
        List.of(
            Field.of("name", TEXT),
            Field.of("version", new Version()),
            Field.of("mode", new Choice(List.of("rw_mount", "upload", "direct", "mount"))),
            Field.of("type", new Choice(dataTypes())),
            Field.of("path", TEXT)));
  }

  private static List<String> dataTypes() {
    return List.of(
        "uri_folder", "uri_file", "mltable", "mlflow_model", "custom_model", "triton_model");
  }

  private static List<String> portModes() {
    return List.of(
        "ro_mount",
        "rw_mount",
        "download",
        "upload",
        "direct",
        "mount",
        "eval_mount",
        "eval_download",
        "link");
  }

  private static Shape inputDeclaration() {
    var kinds = new LinkedHashMap<String, Shape>();
    var parameter =
        new Fields(
            "a parameter",
            REFUSE,
            List.of(
                Field.required("type", TEXT),
                Field.of("optional", FLAG),
                Field.of("default", new Literal()),
                Field.of("description", TEXT),
                Field.of("min", new Literal()),
                Field.of("max", new Literal()),
                Field.of("enum", new Items(TEXT))));
    for (String type : List.of("string", "integer", "number", "boolean")) {
      kinds.put(type, parameter);
    }
    var data =
        new Fields(
            "a data input",
            REFUSE,
            List.of(
                Field.required("type", TEXT),
                Field.of("description", TEXT),
                Field.of("optional", FLAG),
                Field.of("mode", new Choice(portModes()))));
    dataTypes().forEach(type -> kinds.put(type, data));
    kinds.put("path", data);
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.EXACT);
  }

  private static Shape outputDeclaration() {
    var kinds = new LinkedHashMap<String, Shape>();
    var output =
        new Fields(
            "an output",
            REFUSE,
            List.of(
                Field.required("type", TEXT),
                Field.of("description", TEXT),
                Field.of("mode", new Choice(portModes())),
                Field.of("is_control", FLAG),
                Field.of("early_available", FLAG)));
    dataTypes().forEach(type -> kinds.put(type, output));
    for (String type : List.of("path", "string", "integer", "number", "boolean")) {
      kinds.put(type, output);
    }
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.EXACT);
  }

  private static Shape environment() {
    return new AnyOf(
        "azureml:NAME:VERSION, file:PATH, or a mapping with image, conda_file or build",
        List.of(new Text(Form.ENVIRONMENT), environmentFields(false)));
  }

  private static Shape environmentFields(boolean ownFile) {
    var fields = new ArrayList<Field>();
    fields.add(Field.of("$schema", ANYTHING));
    fields.add(ownFile ? Field.required("name", TEXT) : Field.of("name", TEXT));
    fields.add(Field.of("id", TEXT));
    fields.add(Field.of("description", TEXT));
    fields.add(Field.of("tags", new Table(Form.ANY, ANYTHING, true)));
    fields.add(Field.of("version", new Version()));
    fields.add(Field.of("auto_delete_setting", autoDeleteSetting()));
    fields.add(
        Field.of(
            "build",
            new Fields(
                "a build",
                REFUSE,
                List.of(
                    Field.of("path", new Text(Form.NOT_BLANK)),
                    Field.of("dockerfile_path", TEXT)))));
    fields.add(Field.of("image", new Text(Form.NOT_BLANK)));
    fields.add(
        Field.of(
            "conda_file",
            new AnyOf(
                "a path, or a mapping",
                List.of(
                    new Text(Form.NOT_BLANK),
                    new Fields("a conda file", new Unknown.Keep(), List.of())))));
    fields.add(Field.of("inference_config", inferenceConfig()));
    fields.add(Field.of("os_type", new Choice(List.of("linux", "windows"))));
    fields.add(Field.of("datastore", TEXT));
    fields.add(Field.of("creation_context", ANYTHING));
    return new Fields("an environment", REFUSE, fields);
  }

  private static Shape inferenceConfig() {
    var route =
        new Fields(
            "a route",
            REFUSE,
            List.of(Field.required("port", new Whole(0, 65_535)), Field.required("path", TEXT)));
    return new Fields(
        "an inference_config",
        REFUSE,
        List.of(
            Field.required("liveness_route", route),
            Field.required("readiness_route", route),
            Field.required("scoring_route", route)));
  }

  private static Shape environmentVariables() {
    return new Table(Form.ANY, ANYTHING, true);
  }

  private static Shape limits() {
    return new Fields(
        "limits", REFUSE, List.of(Field.of("timeout", new Whole(1, Integer.MAX_VALUE))));
  }

  private static Shape resources() {
    return new Fields(
        "resources",
        REFUSE,
        List.of(
            Field.of("instance_count", COUNT),
            Field.of("instance_type", TEXT),
            Field.of("max_instance_count", COUNT),
            Field.of("properties", new Table(Form.ANY, ANYTHING, true)),
            Field.of("locations", new Items(TEXT)),
            Field.of("shm_size", new Text(Form.MEMORY)),
            Field.of(
                "docker_args", new AnyOf("a text or a list", List.of(TEXT, new Items(TEXT))))));
  }

  private static Shape distribution() {
    var kinds = new LinkedHashMap<String, Shape>();
    var type = Field.required("type", TEXT);
    var processes =
        new Fields(
            "a distribution", REFUSE, List.of(type, Field.of("process_count_per_instance", COUNT)));
    kinds.put("pytorch", processes);
    kinds.put("mpi", processes);
    kinds.put(
        "tensorflow",
        new Fields(
            "a tensorflow distribution",
            REFUSE,
            List.of(
                type,
                Field.of("worker_count", COUNT),
                Field.of("parameter_server_count", new Whole(0, Integer.MAX_VALUE)))));
    kinds.put(
        "ray",
        new Fields(
            "a ray distribution",
            REFUSE,
            List.of(
                type,
                Field.of("port", new Whole(0, 65_535)),
                Field.of("address", TEXT),
                Field.of("include_dashboard", FLAG),
                Field.of("dashboard_port", new Whole(0, 65_535)),
                Field.of("head_node_additional_args", TEXT),
                Field.of("worker_node_additional_args", TEXT))));
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.ANY_CASE);
  }

  private static Shape queueSettings() {
    return new Fields(
        "queue_settings",
        REFUSE,
        List.of(
            Field.of(
                "job_tier", new Choice(List.of("spot", "basic", "standard", "premium", "null"))),
            Field.of("priority", new Choice(List.of("low", "medium", "high")))));
  }

  private static Shape identity() {
    var kinds = new LinkedHashMap<String, Shape>();
    var type = Field.required("type", TEXT);
    var managed =
        new Fields(
            "a managed identity",
            REFUSE,
            List.of(
                type,
                Field.of("client_id", TEXT),
                Field.of("object_id", TEXT),
                Field.of("msi_resource_id", TEXT)));
    kinds.put("managed", managed);
    kinds.put("managed_identity", managed);
    kinds.put("aml_token", new Fields("an aml_token identity", REFUSE, List.of(type)));
    kinds.put("user_identity", new Fields("a user_identity", REFUSE, List.of(type)));
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.ANY_CASE_OR_CAMEL);
  }

  private static Shape service() {
    return new Fields(
        "a service",
        REFUSE,
        List.of(
            Field.of("type", TEXT),
            Field.of("port", new Whole(0, 65_535)),
            Field.of("nodes", TEXT),
            Field.of("properties", new Table(Form.ANY, ANYTHING, true)),
            Field.of("ssh_public_keys", TEXT),
            Field.of("log_dir", TEXT)));
  }

  private static Shape settings() {
    Shape compute =
        new AnyOf(
            "serverless, local, or azureml:NAME",
            List.of(new Choice(List.of("serverless", "local")), new Text(Form.AZUREML_NAME)));
    return new Fields(
        "settings",
        new Unknown.Warn(),
        List.of(
            Field.of("default_compute", compute),
            Field.of("default_datastore", new Text(Form.AZUREML_NAME)),
            Field.of("continue_on_step_failure", FLAG),
            Field.of("force_rerun", FLAG),
            Field.of("on_init", TEXT),
            Field.of("on_finalize", TEXT)));
  }

  private static Shape autoDeleteSetting() {
    return new Fields(
        "auto_delete_setting",
        REFUSE,
        List.of(
            Field.of("value", TEXT),
            Field.of(
                "condition",
                new Choice(List.of("created_greater_than", "last_accessed_greater_than")))));
  }
}
