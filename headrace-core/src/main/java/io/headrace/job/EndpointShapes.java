package io.headrace.job;

import static io.headrace.job.Terms.AMOUNT;
import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.NUMBER;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.asked;
import static io.headrace.job.Terms.byType;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.table;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Endpoints and deployments. */
final class EndpointShapes {
  private EndpointShapes() {}

  static Shape onlineEndpoint() {
    return new Tagged(
        "type",
        Map.of("kubernetes", online(true), "managed", online(false)),
        Optional.of(online(false)),
        TagSpelling.ANY_CASE);
  }

  private static Shape online(boolean kubernetes) {
    return object(
        "an online endpoint",
        all(
            endpointHeader(),
            List.of(
                field("type", words("managed", "kubernetes")),
                field("traffic", table(new Whole(0, 100))),
                field("mirror_traffic", table(new Whole(0, 100))),
                kubernetes
                    ? field("compute", new Text(Form.AZUREML_NAME))
                    : field("public_network_access", words("enabled", "disabled"))),
            kubernetes ? List.of(field("public_network_access", ANYTHING)) : List.of()));
  }

  static Shape batchEndpoint() {
    return object(
        "a batch endpoint",
        all(
            endpointHeader(),
            List.of(
                field("defaults", object("defaults", field("deployment_name", TEXT))),
                field("public_network_access", words("enabled", "disabled")))));
  }

  static Shape serverlessEndpoint() {
    return object(
        "a serverless endpoint",
        all(
            List.of(field("$schema", ANYTHING), asked("name", TEXT)),
            List.of(needed("model_id", TEXT), field("auth_mode", words("key", "aad"))),
            each(TEXT, "id", "description", "display_name", "scoring_uri", "location"),
            each(OPEN_TABLE, "tags", "properties", "headers"),
            List.of(field("provisioning_state", ANYTHING), field("content_safety", OPEN_TABLE))));
  }

  private static List<Field> endpointHeader() {
    return all(
        List.of(field("$schema", ANYTHING), asked("name", new Text(Form.ENDPOINT_NAME))),
        each(
            TEXT,
            "id",
            "description",
            "provisioning_state",
            "scoring_uri",
            "location",
            "openapi_uri"),
        each(OPEN_TABLE, "tags", "properties"),
        List.of(
            field("auth_mode", words("aml_token", "key", "aad_token")),
            field("identity", ComputeShapes.identity())));
  }

  /** What a model needs to answer. */
  static Shape codeConfiguration() {
    return object("a code configuration", field("code", PATH), field("scoring_script", TEXT));
  }

  private static List<Field> deploymentHeader() {
    return all(
        List.of(field("$schema", ANYTHING), asked("name", TEXT), asked("endpoint_name", TEXT)),
        each(TEXT, "id", "description", "provisioning_state"),
        each(OPEN_TABLE, "tags", "properties", "environment_variables"),
        List.of(
            field(
                "model",
                either(
                    "azureml:NAME:VERSION, or a mapping",
                    new Text(Form.AZUREML_REFERENCE),
                    AssetShapes.model(false))),
            field("code_configuration", codeConfiguration()),
            field("environment", CommonShapes.environment())));
  }

  static Shape onlineDeployment() {
    return new Tagged(
        "type",
        Map.of("kubernetes", onlineDeployment(true), "managed", onlineDeployment(false)),
        Optional.of(onlineDeployment(false)),
        TagSpelling.ANY_CASE);
  }

  private static Shape onlineDeployment(boolean kubernetes) {
    var probe =
        object(
            "a probe",
            each(
                AMOUNT,
                "period",
                "initial_delay",
                "timeout",
                "success_threshold",
                "failure_threshold"));
    var requests =
        object(
            "request_settings",
            each(
                AMOUNT,
                "request_timeout_ms",
                "max_concurrent_requests_per_instance",
                "max_queue_wait_ms"));
    return object(
        "an online deployment",
        all(
            deploymentHeader(),
            List.of(
                field("type", words("managed", "kubernetes")),
                field("app_insights_enabled", FLAG),
                field("scale_settings", scaleSettings()),
                field("request_settings", requests),
                field("instance_count", COUNT),
                field("model_mount_path", TEXT),
                field("data_collector", dataCollector()),
                kubernetes ? field("instance_type", TEXT) : needed("instance_type", TEXT)),
            each(probe, "liveness_probe", "readiness_probe", "startup_probe"),
            kubernetes
                ? List.of(field("resources", resources()))
                : List.of(
                    field("egress_public_network_access", words("enabled", "disabled")),
                    field("private_network_connection", FLAG))));
  }

  private static Shape scaleSettings() {
    var kinds = new LinkedHashMap<String, Shape>();
    var type = needed("type", TEXT);
    kinds.put("default", object("scale_settings", type));
    kinds.put(
        "target_utilization",
        object(
            "scale_settings",
            all(
                List.of(type),
                each(
                    AMOUNT,
                    "polling_interval",
                    "target_utilization_percentage",
                    "min_instances",
                    "max_instances"))));
    return byType(kinds);
  }

  private static Shape dataCollector() {
    var asset =
        object("data", all(each(TEXT, "name", "path", "data_id"), List.of(field("version", TEXT))));
    var collection =
        object(
            "a collection",
            needed("enabled", either("true or false", FLAG)),
            field("data", either("a text, or a mapping", TEXT, asset)),
            field("client_id", TEXT));
    return object(
        "a data collector",
        field("collections", table(collection)),
        field("rolling_rate", words("minute", "day", "hour")),
        field("sampling_rate", NUMBER),
        field("request_logging", object("request_logging", field("capture_headers", items(TEXT)))));
  }

  private static Shape resources() {
    var amounts = object("resources", each(TEXT, "cpu", "memory", "gpu"));
    return object("resources", each(amounts, "requests", "limits"));
  }

  static Shape batchDeployment() {
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put("model", modelBatch());
    kinds.put("pipeline", pipelineBatch());
    return new Tagged("type", kinds, Optional.of(plainBatch()), TagSpelling.ANY_CASE);
  }

  private static List<Field> batchSettings() {
    return all(
        List.of(
            field("error_threshold", new Whole(-1, Integer.MAX_VALUE)),
            field(
                "retry_settings", object("retry_settings", each(AMOUNT, "max_retries", "timeout"))),
            field("output_action", words("append_row", "summary_only"))),
        each(COUNT, "mini_batch_size", "max_concurrency_per_instance"),
        each(TEXT, "logging_level", "output_file_name"));
  }

  private static Shape plainBatch() {
    return object(
        "a batch deployment",
        all(
            deploymentHeader(),
            batchSettings(),
            List.of(
                field("type", words("model", "pipeline")),
                field("compute", TEXT),
                field("resources", CommonShapes.resources()),
                field("job_definition", TEXT),
                field("component", PATH))));
  }

  private static Shape modelBatch() {
    return object(
        "a batch deployment of a model",
        all(
            deploymentHeader(),
            List.of(
                field("type", words("model")),
                needed("compute", TEXT),
                field("error_threshold", new Whole(-1, Integer.MAX_VALUE)),
                field("resources", CommonShapes.resources()),
                field(
                    "settings",
                    object(
                        "settings",
                        all(
                            batchSettings(),
                            List.of(
                                field("instance_count", COUNT),
                                field("environment_variables", OPEN_TABLE))))))));
  }

  private static Shape pipelineBatch() {
    return object(
        "a batch deployment of a pipeline",
        field("$schema", ANYTHING),
        asked("name", TEXT),
        asked("endpoint_name", TEXT),
        field("type", words("pipeline")),
        field("description", TEXT),
        field("tags", OPEN_TABLE),
        field("settings", OPEN_TABLE),
        field("component", NodeShapes.componentUse(Shapes.INLINE_PIPELINE_COMPONENT)),
        field(
            "job_definition",
            either("azureml:JOB, or a mapping", new Text(Form.AZUREML_REFERENCE), OPEN_TABLE)));
  }
}
