package io.headrace.job;

import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.LITERAL;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.PORT;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.VERSION;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.asked;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.table;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Text;
import java.util.List;

/** Data, models and what packages them. */
final class AssetShapes {
  private AssetShapes() {}

  static Shape data() {
    return object(
        "a data asset", all(dataFields(), List.of(needed("path", new Text(Form.DATA_PATH)))));
  }

  /** Data that comes from elsewhere. */
  static Shape dataImport() {
    return object(
        "a data import",
        all(
            dataFields(),
            List.of(needed("path", TEXT), needed("source", WorkShapes.externalSource()))));
  }

  private static List<Field> dataFields() {
    return all(
        List.of(field("$schema", ANYTHING), asked("name", new Text(Form.ASSET_NAME))),
        each(TEXT, "id", "description", "datastore"),
        List.of(
            field("tags", OPEN_TABLE),
            field("properties", OPEN_TABLE),
            field("version", new Text(Form.ASSET_VERSION)),
            field("auto_delete_setting", CommonShapes.autoDeleteSetting()),
            field("type", words("uri_folder", "uri_file", "mltable")),
            field("creation_context", ANYTHING)));
  }

  /** A registered model, or one that a deployment defines. */
  static Shape model(boolean ownFile) {
    var template = object("a deployment template", field("asset_id", TEXT));
    return object(
        "a model",
        all(
            List.of(
                field("$schema", ANYTHING),
                ownFile ? asked("name", new Text(Form.ASSET_NAME)) : field("name", TEXT),
                ownFile
                    ? needed("path", new Text(Form.DATA_PATH))
                    : field("path", new Text(Form.DATA_PATH)),
                field("version", VERSION),
                field("type", words("custom_model", "mlflow_model", "triton_model"))),
            each(TEXT, "description", "stage", "datastore"),
            each(OPEN_TABLE, "tags", "flavors", "system_metadata"),
            List.of(
                field("properties", table(LITERAL)),
                field("default_deployment_template", template),
                field("allowed_deployment_templates", items(template)),
                field("creation_context", ANYTHING))));
  }

  /** How a model and its environment become one image. */
  static Shape modelPackage() {
    var route = object("a route", field("port", PORT), field("path", TEXT));
    var server =
        object(
            "an inferencing server",
            needed("type", words("azureml_online", "azureml_batch", "triton", "custom")),
            field("code_configuration", EndpointShapes.codeConfiguration()),
            field(
                "inference_configuration",
                object(
                    "an inference configuration",
                    all(
                        each(route, "liveness_route", "readiness_route", "scoring_route"),
                        each(TEXT, "entry_script", "configuration")))));
    var input =
        object(
            "an input of a package",
            field("type", words("uri_file", "uri_folder")),
            field("mode", words("copy", "download")),
            field("mount_path", TEXT),
            field(
                "path",
                object(
                    "a path",
                    each(TEXT, "input_path_type", "resource_id", "data_path_uri", "url"))));
    return object(
        "a model package",
        List.of(
            field("$schema", ANYTHING),
            field("target_environment", TEXT),
            field("target_environment_name", TEXT),
            field("target_environment_version", VERSION),
            needed("inferencing_server", server),
            field(
                "base_environment_source",
                object(
                    "a base environment",
                    needed("type", words("environment_asset")),
                    field("resource_id", new Text(Form.AZUREML_REFERENCE)))),
            field(
                "model_configuration",
                object(
                    "a model configuration",
                    field("mode", words("copy", "download")),
                    field("mount_path", TEXT))),
            field("environment_variables", OPEN_TABLE),
            field("inputs", items(input)),
            field("tags", OPEN_TABLE)));
  }
}
