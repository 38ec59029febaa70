package io.headrace.job;

import static io.headrace.job.Terms.AMOUNT;
import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.NOT_BLANK;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.PORT;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.VERSION;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.asked;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Fields;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.Unknown;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** What many kinds of document have in them: environments, resources, identities and the like. */
final class CommonShapes {
  private CommonShapes() {}

  /** A reference, a file, or a definition. */
  static Shape environment() {
    return either(
        "azureml:NAME:VERSION, file:PATH, or a mapping with image, conda_file or build",
        new Text(Form.ENVIRONMENT),
        environmentFields(false));
  }

  static Shape environmentFields(boolean ownFile) {
    return object(
        "an environment",
        all(
            List.of(
                field("$schema", ANYTHING),
                ownFile ? asked("name", new Text(Form.ASSET_NAME)) : field("name", TEXT)),
            each(TEXT, "id", "description"),
            List.of(
                field("tags", OPEN_TABLE),
                field("version", VERSION),
                field("auto_delete_setting", autoDeleteSetting()),
                field("build", object("a build", build())),
                field("image", NOT_BLANK),
                field(
                    "conda_file",
                    either(
                        "a path, or a mapping",
                        PATH,
                        new Fields("a conda file", new Unknown.Keep(), List.of()))),
                field("inference_config", inferenceConfig()),
                field("os_type", words("linux", "windows")),
                field("datastore", TEXT),
                field("creation_context", ANYTHING))));
  }

  private static List<Field> build() {
    return List.of(field("path", PATH), field("dockerfile_path", TEXT));
  }

  private static Shape inferenceConfig() {
    var route = object("a route", needed("port", PORT), needed("path", TEXT));
    return object(
        "an inference_config",
        needed("liveness_route", route),
        needed("readiness_route", route),
        needed("scoring_route", route));
  }

  static Shape environmentVariables() {
    return OPEN_TABLE;
  }

  static Shape limits() {
    return object("limits", field("timeout", COUNT));
  }

  static Shape resources() {
    return object(
        "resources",
        field("instance_count", COUNT),
        field("instance_type", TEXT),
        field("max_instance_count", COUNT),
        field("properties", OPEN_TABLE),
        field("locations", items(TEXT)),
        field("shm_size", new Text(Form.MEMORY)),
        field("docker_args", either("a text or a list", TEXT, items(TEXT))));
  }

  static Shape distribution() {
    var kinds = new LinkedHashMap<String, Shape>();
    var type = needed("type", TEXT);
    var processes = object("a distribution", type, field("process_count_per_instance", COUNT));
    kinds.put("pytorch", processes);
    kinds.put("mpi", processes);
    kinds.put(
        "tensorflow",
        object(
            "a tensorflow distribution",
            type,
            field("worker_count", COUNT),
            field("parameter_server_count", AMOUNT)));
    kinds.put(
        "ray",
        object(
            "a ray distribution",
            type,
            field("port", PORT),
            field("address", TEXT),
            field("include_dashboard", FLAG),
            field("dashboard_port", PORT),
            field("head_node_additional_args", TEXT),
            field("worker_node_additional_args", TEXT)));
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.ANY_CASE);
  }

  static Shape queueSettings() {
    return object(
        "queue_settings",
        field("job_tier", words("spot", "basic", "standard", "premium", "null")),
        field("priority", words("low", "medium", "high")));
  }

  /** As whom a job speaks to the cloud. */
  static Shape identity() {
    var kinds = new LinkedHashMap<String, Shape>();
    var type = needed("type", TEXT);
    var managed =
        object(
            "a managed identity",
            type,
            field("client_id", TEXT),
            field("object_id", TEXT),
            field("msi_resource_id", TEXT));
    kinds.put("managed", managed);
    kinds.put("managed_identity", managed);
    kinds.put("aml_token", object("an aml_token identity", type));
    kinds.put("user_identity", object("a user_identity", type));
    return Terms.byType(kinds);
  }

  static Shape service() {
    return object(
        "a service",
        field("type", TEXT),
        field("port", PORT),
        field("nodes", TEXT),
        field("properties", OPEN_TABLE),
        field("ssh_public_keys", TEXT),
        field("log_dir", TEXT));
  }

  static Shape autoDeleteSetting() {
    return object(
        "auto_delete_setting",
        field("value", TEXT),
        field("condition", words("created_greater_than", "last_accessed_greater_than")));
  }

  /** What command jobs, inline nodes, trials and command components share. */
  static List<Field> command() {
    return all(
        List.of(needed("command", NOT_BLANK), field("code", PATH)),
        List.of(needed("environment", environment())),
        List.of(
            field("environment_variables", environmentVariables()),
            field("resources", resources()),
            field("distribution", distribution()),
            field("queue_settings", queueSettings())));
  }
}
