package io.headrace.job;

import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.LITERAL;
import static io.headrace.job.Terms.NUMBER;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.camelWords;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.table;

import io.headrace.job.Shape.When;
import java.util.List;

/** Fine-tuning and distillation. */
final class TuningShapes {
  private TuningShapes() {}

  static Shape finetuning() {
    return object(
        "a fine-tuning job",
        all(
            JobShapes.header("finetuning"),
            List.of(
                needed("model", model()),
                needed("training_data", data()),
                field("validation_data", data()),
                needed(
                    "task",
                    camelWords(
                        "chatCompletion",
                        "textCompletion",
                        "textClassification",
                        "questionAnswering",
                        "textSummarization",
                        "tokenClassification",
                        "textTranslation",
                        "imageClassification",
                        "imageInstanceSegmentation",
                        "imageObjectDetection",
                        "videoMultiObjectTracking")),
                needed("model_provider", camelWords("custom", "azure_openai")),
                field("hyperparameters", table(LITERAL)),
                field("resources", object("resources", field("instance_types", items(TEXT)))),
                field("queue_settings", CommonShapes.queueSettings()),
                field("outputs", PortShapes.jobOutputs()))));
  }

  static Shape distillation() {
    var settings =
        object(
            "teacher_model_settings",
            field("inference_parameters", OPEN_TABLE),
            field(
                "endpoint_request_settings",
                object(
                    "endpoint_request_settings",
                    field("request_batch_size", COUNT),
                    field("min_endpoint_success_ratio", NUMBER))));
    return object(
        "a distillation job",
        all(
            JobShapes.header("distillation"),
            List.of(
                needed("data_generation_type", camelWords("label_generation", "data_generation")),
                needed(
                    "data_generation_task_type",
                    camelWords("NLI", "NLU_QA", "CONVERSATION", "MATH", "SUMMARIZATION")),
                needed("teacher_model_endpoint_connection", teacher()),
                needed("student_model", model()),
                field("training_data", data()),
                field("validation_data", data()),
                field("teacher_model_settings", settings),
                field(
                    "prompt_settings",
                    object(
                        "prompt_settings",
                        field("enable_chain_of_thought", FLAG),
                        field("enable_chain_of_density", FLAG),
                        field("max_len_summary", COUNT))),
                field("hyperparameters", table(LITERAL)),
                field(
                    "resources",
                    object(
                        "resources",
                        field("instance_count", COUNT),
                        field("instance_type", TEXT),
                        field("properties", OPEN_TABLE))),
                field("outputs", PortShapes.jobOutputs()))));
  }

  private static Shape teacher() {
    return new When(
        "api_key", WorkspaceShapes.serverlessConnection(), WorkspaceShapes.connection());
  }

  private static Shape model() {
    return either("a reference, or a mapping with path", TEXT, PortShapes.modelInput());
  }

  private static Shape data() {
    return either("a path, or a mapping with path", TEXT, PortShapes.dataInput());
  }
}
