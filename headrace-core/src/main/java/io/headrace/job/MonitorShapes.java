package io.headrace.job;

import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.MOMENT;
import static io.headrace.job.Terms.NUMBER;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.TEXTS;
import static io.headrace.job.Terms.VERSION;
import static io.headrace.job.Terms.all;
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
import io.headrace.job.Shape.Named;
import io.headrace.job.Shape.Text;
import java.util.LinkedHashMap;
import java.util.List;

/** What a schedule may watch: drift, quality, performance of what is deployed. */
final class MonitorShapes {
  private MonitorShapes() {}

  static Shape monitor() {
    return object(
        "a monitor",
        field(
            "compute",
            object(
                "a compute",
                all(
                    each(TEXT, "compute_type", "instance_type"),
                    List.of(field("runtime_version", VERSION))))),
        field(
            "monitoring_target",
            object(
                "a monitoring target",
                field("model_id", new Text(Form.AZUREML_REFERENCE)),
                field(
                    "ml_task",
                    words(
                        "classification", "regression", "questionanswering", "question_answering")),
                field("endpoint_deployment_id", TEXT))),
        field("monitoring_signals", table(signal())),
        field(
            "alert_notification",
            either(
                "azmonitoring, or a mapping",
                words("azmonitoring"),
                object("an alert", field("emails", items(TEXT))))));
  }

  private static Shape signal() {
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put("data_drift", drift(driftThresholds(), true));
    kinds.put("data_quality", drift(qualityThresholds(), true));
    kinds.put("prediction_drift", drift(driftThresholds(), false));
    kinds.put("feature_attribution_drift", attribution());
    kinds.put("custom", custom());
    kinds.put("generation_safety_quality", generation(true));
    kinds.put("model_performance", performance());
    kinds.put("generation_token_statistics", generation(false));
    return byType(kinds);
  }

  private static List<Field> signalHeader() {
    return List.of(
        needed("type", TEXT), field("alert_enabled", FLAG), field("properties", OPEN_TABLE));
  }

  private static Shape drift(Shape thresholds, boolean features) {
    return object(
        "a signal",
        all(
            signalHeader(),
            List.of(
                field("production_data", data(false)),
                field("reference_data", data(true)),
                field("metric_thresholds", thresholds)),
            features
                ? List.of(
                    field(
                        "features",
                        either(
                            "all_features, a list or a mapping",
                            words("all_features"),
                            items(TEXT),
                            object("a filter", field("top_n_feature_importance", COUNT)))),
                    field("feature_type_override", OPEN_TABLE),
                    field("data_segment", segment()))
                : List.of()));
  }

  private static Shape attribution() {
    return object(
        "a signal",
        all(
            signalHeader(),
            List.of(
                field("production_data", items(data(false))),
                field("reference_data", data(true)),
                field(
                    "metric_thresholds",
                    object(
                        "thresholds",
                        each(NUMBER, "threshold", "normalized_discounted_cumulative_gain"))))));
  }

  private static Shape custom() {
    return object(
        "a signal",
        all(
            signalHeader(),
            List.of(
                field(
                    "connection",
                    object("a connection", each(TEXTS, "environment_variables", "secret_config"))),
                field("component_id", new Text(Form.AZUREML_REFERENCE)),
                field(
                    "metric_thresholds",
                    items(
                        object(
                            "a threshold",
                            field("threshold", NUMBER),
                            field("metric_name", TEXT)))),
                field("input_data", table(data(true))),
                field("inputs", table(new Named(Shapes.JOB_INPUT))))));
  }

  private static Shape generation(boolean safety) {
    var data =
        object(
            "production data",
            field("input_data", input()),
            field("data_column_names", OPEN_TABLE),
            field("data_window", window()));
    var metrics = table(NUMBER);
    return object(
        "a signal",
        all(
            signalHeader(),
            List.of(
                field("production_data", safety ? items(data) : data),
                field("sampling_rate", NUMBER),
                field(
                    "metric_thresholds",
                    safety
                        ? object(
                            "thresholds",
                            each(
                                metrics,
                                "groundedness",
                                "relevance",
                                "coherence",
                                "fluency",
                                "similarity"))
                        : object("thresholds", field("totaltoken", metrics)))),
            safety ? each(TEXT, "connection_id", "workspace_connection_id") : List.of()));
  }

  private static Shape performance() {
    return object(
        "a signal",
        all(
            signalHeader(),
            List.of(
                field("production_data", data(false)),
                field("reference_data", data(true)),
                field("data_segment", segment()),
                field(
                    "metric_thresholds",
                    object(
                        "thresholds",
                        field("threshold", NUMBER),
                        field(
                            "classification",
                            object("thresholds", each(NUMBER, "accuracy", "precision", "recall"))),
                        field(
                            "regression",
                            object("thresholds", each(NUMBER, "mae", "mse", "rmse"))))))));
  }

  private static Shape data(boolean reference) {
    return object(
        reference ? "reference data" : "production data",
        all(
            List.of(
                field("input_data", input()),
                field(
                    "data_context",
                    words(
                        "model_inputs",
                        "model_outputs",
                        "training",
                        "test",
                        "validation",
                        "ground_truth")),
                field("pre_processing_component", TEXT),
                field("data_window", window()),
                field("data_column_names", TEXTS)),
            reference ? List.of(field("target_column_name", TEXT)) : List.of()));
  }

  private static Shape input() {
    return either("a mapping with path", new Named(Shapes.JOB_INPUT));
  }

  private static Shape window() {
    return object(
        "a data window",
        each(
            either("a text or a moment", TEXT, MOMENT),
            "window_start",
            "window_end",
            "lookback_window_size",
            "lookback_window_offset"));
  }

  private static Shape segment() {
    return object(
        "a data segment", field("feature_name", TEXT), field("feature_values", items(TEXT)));
  }

  private static Shape driftThresholds() {
    var categorical =
        each(
            NUMBER,
            "jensen_shannon_distance",
            "population_stability_index",
            "pearsons_chi_squared_test");
    var numerical =
        each(
            NUMBER,
            "jensen_shannon_distance",
            "normalized_wasserstein_distance",
            "population_stability_index",
            "two_sample_kolmogorov_smirnov_test");
    return thresholds(numerical, categorical);
  }

  private static Shape qualityThresholds() {
    var rates = each(NUMBER, "null_value_rate", "data_type_error_rate", "out_of_bounds_rate");
    return thresholds(rates, rates);
  }

  private static Shape thresholds(List<Field> numerical, List<Field> categorical) {
    return object(
        "thresholds",
        field("threshold", NUMBER),
        field("data_type", words("numerical", "categorical")),
        field("numerical", object("thresholds", numerical)),
        field("categorical", object("thresholds", categorical)));
  }
}
