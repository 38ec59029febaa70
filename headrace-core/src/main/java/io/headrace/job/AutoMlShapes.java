package io.headrace.job;

import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.LITERAL;
import static io.headrace.job.Terms.NUMBER;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.TEXTS;
import static io.headrace.job.Terms.WHOLE;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.byType;
import static io.headrace.job.Terms.camelWords;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.oneOrMore;
import static io.headrace.job.Terms.table;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** AutoML jobs and nodes, told apart by their task. */
final class AutoMlShapes {
  private AutoMlShapes() {}

  private static final String[] CLASSIFICATION = {
    "auc_weighted",
    "accuracy",
    "norm_macro_recall",
    "average_precision_score_weighted",
    "precision_score_weighted"
  };
  private static final String[] REGRESSION = {
    "spearman_correlation",
    "normalized_root_mean_squared_error",
    "r2_score",
    "normalized_mean_absolute_error"
  };
  private static final String[] CLASSIFIERS = {
    "logistic_regression",
    "sgd",
    "multinomial_naive_bayes",
    "bernoulli_naive_bayes",
    "svm",
    "linear_svm",
    "knn",
    "decision_tree",
    "random_forest",
    "extreme_random_trees",
    "light_gbm",
    "gradient_boosting",
    "xg_boost_classifier"
  };
  private static final String[] REGRESSORS = {
    "elastic_net",
    "gradient_boosting",
    "decision_tree",
    "knn",
    "lasso_lars",
    "sgd",
    "random_forest",
    "extreme_random_trees",
    "light_gbm",
    "xg_boost_regressor"
  };
  private static final String[] FORECASTERS = {
    "auto_arima",
    "prophet",
    "naive",
    "seasonal_naive",
    "average",
    "seasonal_average",
    "exponential_smoothing",
    "arimax",
    "tcn_forecaster"
  };

  static Shape job() {
    return byTask(JobShapes.header("automl"), false);
  }

  static Shape node() {
    return byTask(all(JobShapes.header("automl"), List.of(field("comment", TEXT))), true);
  }

  private static Shape byTask(List<Field> header, boolean inNode) {
    var common =
        all(
            header,
            List.of(
                needed("task", TEXT),
                field("environment_id", TEXT),
                field("environment_variables", TEXTS),
                field("outputs", inNode ? PortShapes.nodeOutputs() : PortShapes.jobOutputs()),
                field("inputs", inNode ? PortShapes.nodeInputs() : PortShapes.jobInputs()),
                field("resources", CommonShapes.resources()),
                field("queue_settings", CommonShapes.queueSettings()),
                field(
                    "log_verbosity",
                    camelWords("not_set", "debug", "info", "warning", "error", "critical")),
                needed("training_data", data(inNode)),
                field("validation_data", data(inNode)),
                field("test_data", data(inNode))));
    var kinds = new LinkedHashMap<String, Shape>();
    tables(kinds, common);
    texts(kinds, common);
    images(kinds, common);
    return new Tagged("task", kinds, Optional.empty(), TagSpelling.ANY_CASE_OR_CAMEL);
  }

  /** Only a node's may be a text alone. */
  private static Shape data(boolean inNode) {
    return inNode
        ? either("a path, or a mapping with path", TEXT, PortShapes.tableInput())
        : PortShapes.tableInput();
  }

  // Tables

  private static void tables(Map<String, Shape> kinds, List<Field> common) {
    kinds.put(
        "classification",
        object(
            "an AutoML classification",
            all(
                tabular(common),
                List.of(
                    field("primary_metric", camelWords(CLASSIFICATION)),
                    field("positive_label", TEXT),
                    field("training", training(CLASSIFIERS))))));
    kinds.put(
        "regression",
        object(
            "an AutoML regression",
            all(
                tabular(common),
                List.of(
                    field("primary_metric", camelWords(REGRESSION)),
                    field("training", training(REGRESSORS))))));
    kinds.put(
        "forecasting",
        object(
            "an AutoML forecasting",
            all(
                tabular(common),
                List.of(
                    field("primary_metric", camelWords(REGRESSION)),
                    field("training", training(both(FORECASTERS, REGRESSORS))),
                    field("forecasting", forecasting())))));
  }

  private static List<Field> tabular(List<Field> common) {
    var limits =
        object(
            "limits",
            all(
                List.of(field("enable_early_termination", FLAG), field("exit_score", NUMBER)),
                each(
                    COUNT,
                    "max_concurrent_trials",
                    "max_cores_per_trial",
                    "max_nodes",
                    "max_trials",
                    "timeout_minutes",
                    "trial_timeout_minutes")));
    return all(
        common,
        List.of(
            needed("target_column_name", TEXT),
            field("limits", limits),
            field("featurization", featurization()),
            field("cv_split_column_names", items(TEXT)),
            field("n_cross_validations", either("auto, or a number", camelWords("auto"), COUNT)),
            field("weight_column_name", TEXT)),
        each(NUMBER, "validation_data_size", "test_data_size"));
  }

  private static Shape featurization() {
    var transformer =
        object("a transformer", field("fields", items(TEXT)), field("parameters", table(LITERAL)));
    return object(
        "featurization",
        field("dataset_language", TEXT),
        field("mode", camelWords("auto", "off", "custom")),
        field(
            "blocked_transformers",
            items(
                camelWords(
                    "text_target_encoder",
                    "one_hot_encoder",
                    "cat_target_encoder",
                    "tf_idf",
                    "wo_e_target_encoder",
                    "label_encoder",
                    "word_embedding",
                    "naive_bayes",
                    "count_vectorizer",
                    "hash_one_hot_encoder"))),
        field("column_name_and_types", TEXTS),
        field("transformer_params", table(items(transformer))),
        field("enable_dnn_featurization", FLAG));
  }

  private static Shape training(String... algorithms) {
    var ensemble =
        object(
            "stack_ensemble_settings",
            field("stack_meta_learner_kwargs", OPEN_TABLE),
            field("stack_meta_learner_train_percentage", NUMBER),
            field(
                "stack_meta_learner_type",
                camelWords(
                    "none",
                    "logistic_regression",
                    "logistic_regression_cv",
                    "light_gbm_classifier",
                    "elastic_net",
                    "elastic_net_cv",
                    "light_gbm_regressor",
                    "linear_regression")));
    return object(
        "training",
        all(
            each(
                FLAG,
                "enable_dnn_training",
                "enable_model_explainability",
                "enable_onnx_compatible_models",
                "enable_stack_ensemble",
                "enable_vote_ensemble"),
            List.of(
                field("ensemble_model_download_timeout_minutes", COUNT),
                field("stack_ensemble_settings", ensemble),
                field("training_mode", camelWords("auto", "distributed", "non_distributed"))),
            each(
                items(camelWords(algorithms)),
                "allowed_training_algorithms",
                "blocked_training_algorithms")));
  }

  private static Shape forecasting() {
    var autoOrWhole = either("auto, or a number", camelWords("auto"), WHOLE);
    var columns = oneOrMore("a column, or a list", TEXT);
    return object(
        "forecasting",
        all(
            each(TEXT, "country_or_region_for_holidays", "time_column_name", "frequency"),
            each(autoOrWhole, "forecast_horizon", "target_rolling_window_size", "seasonality"),
            each(columns, "time_series_id_column_names", "features_unknown_at_forecast_time"),
            List.of(
                field("cv_step_size", WHOLE),
                field(
                    "target_lags",
                    either("auto, a number or a list", camelWords("auto"), WHOLE, items(WHOLE))),
                field("feature_lags", camelWords("none", "auto")),
                field("short_series_handling_config", camelWords("none", "auto", "pad", "drop")),
                field("use_stl", camelWords("none", "season", "seasontrend")),
                field(
                    "target_aggregate_function",
                    camelWords("none", "sum", "max", "min", "mean")))));
  }

  // Texts

  private static void texts(Map<String, Shape> kinds, List<Field> common) {
    kinds.put("text_classification", text(common, true, CLASSIFICATION));
    kinds.put("text_classification_multilabel", text(common, true, "accuracy"));
    kinds.put("text_ner", text(common, false, "accuracy"));
  }

  private static Shape text(List<Field> common, boolean target, String... metrics) {
    var limits =
        object(
            "limits",
            each(
                COUNT,
                "max_concurrent_trials",
                "max_trials",
                "max_nodes",
                "timeout_minutes",
                "trial_timeout_minutes"));
    return object(
        "an AutoML text job",
        all(
            common,
            List.of(
                target ? needed("target_column_name", TEXT) : field("target_column_name", TEXT),
                field("primary_metric", camelWords(metrics)),
                field("limits", limits),
                field("sweep", sweep()),
                field("training_parameters", textParameters(false)),
                field("search_space", items(textParameters(true))),
                field("featurization", object("featurization", field("dataset_language", TEXT))))));
  }

  private static Shape textParameters(boolean space) {
    var schedulers =
        camelWords(
            "none",
            "linear",
            "cosine",
            "cosine_with_restarts",
            "polynomial",
            "constant",
            "constant_with_warmup");
    return object(
        "text parameters",
        all(
            each(
                whole(space),
                "gradient_accumulation_steps",
                "number_of_epochs",
                "training_batch_size",
                "validation_batch_size"),
            each(number(space), "learning_rate", "warmup_ratio", "weight_decay"),
            List.of(
                field("learning_rate_scheduler", orChoice(space, schedulers)),
                field("model_name", orChoice(space, TEXT)))));
  }

  // Images

  private static void images(Map<String, Shape> kinds, List<Field> common) {
    kinds.put("image_classification", image(common, true, CLASSIFICATION));
    kinds.put(
        "image_classification_multilabel",
        image(common, true, both(CLASSIFICATION, new String[] {"iou"})));
    kinds.put("image_object_detection", image(common, false, "mean_average_precision"));
    kinds.put("image_instance_segmentation", image(common, false, "mean_average_precision"));
  }

  private static Shape image(List<Field> common, boolean classification, String... metrics) {
    var limits =
        object("limits", each(COUNT, "max_concurrent_trials", "max_trials", "timeout_minutes"));
    return object(
        "an AutoML image job",
        all(
            common,
            List.of(
                needed("target_column_name", TEXT),
                field("primary_metric", camelWords(metrics)),
                field("limits", limits),
                field("sweep", sweep()),
                field("training_parameters", imageParameters(classification, false)),
                field("search_space", items(imageParameters(classification, true)))),
            each(NUMBER, "validation_data_size", "test_data_size")));
  }

  private static Shape imageParameters(boolean classification, boolean space) {
    return object(
        "image parameters",
        all(
            each(
                orChoice(space, FLAG),
                "ams_gradient",
                "distributed",
                "early_stopping",
                "enable_onnx_normalization",
                "nesterov"),
            each(
                number(space),
                "beta1",
                "beta2",
                "learning_rate",
                "momentum",
                "step_lr_gamma",
                "warmup_cosine_lr_cycles",
                "weight_decay"),
            each(
                whole(space),
                "early_stopping_delay",
                "early_stopping_patience",
                "evaluation_frequency",
                "gradient_accumulation_step",
                "layers_to_freeze",
                "number_of_epochs",
                "number_of_workers",
                "random_seed",
                "step_lr_step_size",
                "training_batch_size",
                "validation_batch_size",
                "warmup_cosine_lr_warmup_epochs"),
            List.of(
                field(
                    "learning_rate_scheduler",
                    orChoice(space, camelWords("none", "warmup_cosine", "step"))),
                field("optimizer", orChoice(space, camelWords("none", "sgd", "adam", "adamw"))),
                field("model_name", orChoice(space, TEXT))),
            space
                ? List.of(field("augmentations", orChoice(true, TEXT)))
                : List.of(
                    field("advanced_settings", TEXT),
                    field("checkpoint_frequency", WHOLE),
                    field("checkpoint_run_id", TEXT)),
            classification ? classificationParameters(space) : detectionParameters(space)));
  }

  private static List<Field> classificationParameters(boolean space) {
    return each(
        whole(space),
        "training_crop_size",
        "validation_crop_size",
        "validation_resize_size",
        "weighted_loss");
  }

  private static List<Field> detectionParameters(boolean space) {
    return all(
        each(whole(space), "box_detections_per_image", "image_size", "max_size", "min_size"),
        each(
            number(space),
            "box_score_threshold",
            "nms_iou_threshold",
            "tile_overlap_ratio",
            "tile_predictions_nms_threshold",
            "validation_iou_threshold"),
        List.of(
            field(
                "model_size",
                orChoice(space, camelWords("none", "small", "medium", "large", "extra_large"))),
            field("multi_scale", orChoice(space, FLAG)),
            field("tile_grid_size", orChoice(space, TEXT)),
            field(
                "validation_metric_type",
                orChoice(space, camelWords("none", "coco", "voc", "coco_voc")))),
        space ? List.of() : each(TEXT, "log_training_metrics", "log_validation_loss"));
  }

  // Spaces

  private static Shape sweep() {
    return object(
        "a sweep",
        field("sampling_algorithm", SweepShapes.sampling()),
        field("early_termination", SweepShapes.earlyTermination()));
  }

  private static Shape whole(boolean space) {
    return space ? orSpace(WHOLE, SweepShapes.distributions(WHOLE)) : WHOLE;
  }

  private static Shape number(boolean space) {
    return space ? orSpace(NUMBER, SweepShapes.distributions(NUMBER)) : NUMBER;
  }

  private static Shape orChoice(boolean space, Shape value) {
    return space ? orSpace(value, Map.of()) : value;
  }

  /** A value, a choice of such, or one of these distributions. */
  private static Shape orSpace(Shape value, Map<String, Shape> distributions) {
    var kinds = new LinkedHashMap<>(distributions);
    kinds.put("choice", object("a choice", needed("type", TEXT), needed("values", items(value))));
    return either("a value, or a mapping with type", value, byType(kinds));
  }

  private static String[] both(String[] first, String[] second) {
    var both = new ArrayList<>(List.of(first));
    both.addAll(List.of(second));
    return both.toArray(String[]::new);
  }
}
