package io.headrace.mlflow;

import io.headrace.tracking.Assessment;
import io.headrace.tracking.Assessments;
import io.headrace.tracking.Page;
import io.headrace.tracking.TraceInfo;
import io.headrace.tracking.TraceSearch;
import io.headrace.tracking.Traces;
import io.headrace.tracking.Tracking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls below {@code /mlflow/traces}: those of MLflow 3, and those of clients before it. */
final class TraceCalls {
  private static final int MOST_BATCH = 1_000;

  private TraceCalls() {}

  /** Empty for a route that is not known. */
  static Optional<ObjectNode> answer(Tracking tracking, String method, String path, Fields fields) {
    String[] parts = path.substring(1).split("/", -1);
    if (!parts[0].equals("traces")) {
      return Optional.empty();
    }
    Optional<ObjectNode> known = named(tracking, method + " " + path, fields);
    if (known.isPresent() || parts.length < 2) {
      return known;
    }
    String id = Query.decodePath(parts[1]);
    String third = parts.length > 2 ? parts[2] : "";
    return switch (method + " " + parts.length + " " + third) {
      case "GET 2 " -> Optional.of(info(tracking.traces().get(id)));
      case "GET 3 info" -> Optional.of(old(tracking.traces().get(id)));
      case "PATCH 2 " -> Optional.of(end(tracking, id, fields));
      case "PATCH 3 tags" -> {
        tracking.traces().setTag(id, tagKey(fields, "set"), fields.text("value"));
        yield Optional.of(Json.object());
      }
      case "DELETE 3 tags" -> {
        tracking.traces().deleteTag(id, tagKey(fields, "deleted"));
        yield Optional.of(Json.object());
      }
      case "POST 3 assessments" -> Optional.of(create(tracking.assessments(), id, fields));
      case "GET 4 assessments" ->
          Optional.of(one(tracking.assessments().get(id, Query.decodePath(parts[3]))));
      case "PATCH 4 assessments" ->
          Optional.of(update(tracking.assessments(), id, Query.decodePath(parts[3]), fields));
      case "DELETE 4 assessments" -> {
        tracking.assessments().delete(id, Query.decodePath(parts[3]));
        yield Optional.of(Json.object());
      }
      default -> Optional.empty();
    };
  }

  private static Optional<ObjectNode> named(Tracking tracking, String route, Fields fields) {
    return switch (route) {
      case "POST /traces" -> Optional.of(start(tracking, fields));
      case "GET /traces" -> Optional.of(searchOld(tracking, fields));
      case "POST /traces/search" -> Optional.of(search(tracking, fields));
      case "GET /traces/get" -> Optional.of(get(tracking, fields));
      case "GET /traces/batchGet" -> Optional.of(batch(tracking, fields));
      case "POST /traces/batchGetInfos" -> Optional.of(batchInfos(tracking, fields));
      case "POST /traces/delete-traces" -> Optional.of(delete(tracking, fields));
      case "POST /traces/link-to-run" -> {
        fields.requiredList("trace_ids");
        tracking.traces().linkToRun(fields.texts("trace_ids"), fields.required("run_id"));
        yield Optional.of(Json.object());
      }
      case "POST /traces/link-prompts" -> Optional.of(linkPrompts(tracking, fields));
      case "POST /traces/calculate-filter-correlation" ->
          Optional.of(Correlation.answer(tracking.traceSearch(), fields));
      default -> Optional.empty();
    };
  }

  private static ObjectNode info(TraceInfo info) {
    ObjectNode answer = Json.object();
    answer.set("trace", TraceWords.trace(info));
    return answer;
  }

  private static ObjectNode old(TraceInfo info) {
    ObjectNode answer = Json.object();
    answer.set("trace_info", TraceWords.old(info));
    return answer;
  }

  /** A request of MLflow 3 brings the whole trace; one from before, its beginning. */
  private static ObjectNode start(Tracking tracking, Fields fields) {
    if (fields.has("trace") || !fields.has("experiment_id")) {
      Fields trace = fields.object("trace").object("trace_info");
      return info(tracking.traces().start(TraceWords.readInfo(trace)));
    }
    return old(
        tracking
            .traces()
            .begin(
                fields.text("experiment_id"),
                fields.integer("timestamp_ms").orElse(0),
                fields.pairs("request_metadata"),
                fields.pairs("tags")));
  }

  private static ObjectNode end(Tracking tracking, String id, Fields fields) {
    return old(
        tracking
            .traces()
            .end(
                id,
                fields.integer("timestamp_ms").orElse(0),
                TraceWords.readState(fields, "status"),
                fields.pairs("request_metadata"),
                fields.pairs("tags")));
  }

  private static ObjectNode search(Tracking tracking, Fields fields) {
    fields.requiredList("locations");
    List<String> experiments = new ArrayList<>();
    for (Fields location : fields.objects("locations")) {
      if (location.has("mlflow_experiment")) {
        experiments.add(location.object("mlflow_experiment").text("experiment_id"));
      }
    }
    Page<TraceInfo> page = page(tracking, experiments, fields);
    ObjectNode answer = Json.object();
    ArrayNode traces = Json.array();
    page.items().forEach(trace -> traces.add(TraceWords.info(trace)));
    Json.putTold(answer, "traces", traces);
    return Words.next(answer, page.next());
  }

  private static ObjectNode searchOld(Tracking tracking, Fields fields) {
    fields.requiredList("experiment_ids");
    Page<TraceInfo> page = page(tracking, fields.texts("experiment_ids"), fields);
    ObjectNode answer = Json.object();
    ArrayNode traces = Json.array();
    page.items().forEach(trace -> traces.add(TraceWords.old(trace)));
    Json.putTold(answer, "traces", traces);
    return Words.next(answer, page.next());
  }

  private static Page<TraceInfo> page(Tracking tracking, List<String> experiments, Fields fields) {
    return tracking
        .traceSearch()
        .search(
            new TraceSearch.Question(
                experiments,
                fields.text("filter"),
                fields.texts("order_by"),
                fields.pageSize("max_results", TraceSearch.MOST).orElse(100),
                fields.pageToken()));
  }

  private static ObjectNode get(Tracking tracking, Fields fields) {
    String id = fields.required("trace_id");
    List<Traces.Whole> found = tracking.traces().whole(List.of(id));
    if (found.isEmpty()) {
      tracking.traces().get(id);
      throw Refusal.invalid("Trace data not stored in tracking store");
    }
    ObjectNode answer = Json.object();
    answer.set("trace", TraceWords.trace(found.getFirst()));
    return answer;
  }

  private static List<String> ids(Fields fields) {
    fields.requiredList("trace_ids");
    List<String> ids = fields.texts("trace_ids");
    if (ids.size() > MOST_BATCH) {
      throw Refusal.invalid("At most %d traces a request.".formatted(MOST_BATCH));
    }
    return ids;
  }

  private static boolean isWithin(Fields fields, TraceInfo info) {
    return !fields.has("experiment_ids")
        || fields.texts("experiment_ids").contains(info.experimentId());
  }

  private static ObjectNode batch(Tracking tracking, Fields fields) {
    ArrayNode traces = Json.array();
    tracking.traces().whole(ids(fields)).stream()
        .filter(whole -> isWithin(fields, whole.info()) && !whole.spans().isEmpty())
        .forEach(whole -> traces.add(TraceWords.trace(whole)));
    ObjectNode answer = Json.object();
    Json.putTold(answer, "traces", traces);
    return answer;
  }

  private static ObjectNode batchInfos(Tracking tracking, Fields fields) {
    ArrayNode infos = Json.array();
    tracking.traces().all(ids(fields)).stream()
        .filter(info -> isWithin(fields, info))
        .forEach(info -> infos.add(TraceWords.info(info)));
    ObjectNode answer = Json.object();
    Json.putTold(answer, "trace_infos", infos);
    return answer;
  }

  private static ObjectNode delete(Tracking tracking, Fields fields) {
    String experiment = fields.required("experiment_id");
    OptionalLong upTo = fields.integer("max_timestamp_millis");
    OptionalLong most = fields.integer("max_traces");
    List<String> ids = fields.texts("request_ids");
    if (upTo.isEmpty() && ids.isEmpty()) {
      throw Refusal.invalid("Either `max_timestamp_millis` or `trace_ids` must be specified.");
    }
    if (upTo.isPresent() && !ids.isEmpty()) {
      throw Refusal.invalid("Only one of `max_timestamp_millis` and `trace_ids` can be specified.");
    }
    if (most.isPresent() && !ids.isEmpty()) {
      throw Refusal.invalid("`max_traces` can't be specified if `trace_ids` is specified.");
    }
    if (most.isPresent() && most.getAsLong() <= 0) {
      throw Refusal.invalid(
          "`max_traces` must be a positive integer, received %d.".formatted(most.getAsLong()));
    }
    int gone =
        upTo.isPresent()
            ? tracking.traces().deleteUpTo(experiment, upTo.getAsLong(), most)
            : tracking.traces().delete(experiment, ids);
    return Json.object().put("traces_deleted", gone);
  }

  /** Where a trace's spans are is our own affair. */
  private static String tagKey(Fields fields, String doing) {
    String key = fields.required("key");
    if (key.equals("mlflow.trace.spansLocation") || key.equals("mlflow.trace.archiveLocation")) {
      throw Refusal.invalid(
          "Tag '%s' is immutable and cannot be %s on a trace.".formatted(key, doing));
    }
    return key;
  }

  private static ObjectNode linkPrompts(Tracking tracking, Fields fields) {
    String id = fields.required("trace_id");
    fields.requiredList("prompt_versions");
    List<String> prompts =
        fields.objects("prompt_versions").stream()
            .map(prompt -> prompt.required("name") + "/" + prompt.required("version"))
            .toList();
    tracking.traces().linkPrompts(id, prompts);
    return Json.object();
  }

  private static ObjectNode one(Assessment assessment) {
    ObjectNode answer = Json.object();
    answer.set("assessment", TraceWords.assessment(assessment));
    return answer;
  }

  private static ObjectNode create(Assessments assessments, String traceId, Fields fields) {
    return one(assessments.create(TraceWords.readAssessment(fields.object("assessment"), traceId)));
  }

  private static ObjectNode update(
      Assessments assessments, String traceId, String id, Fields fields) {
    Fields wanted = fields.object("assessment");
    List<String> mask = List.of(fields.required("update_mask").split(",", -1));
    boolean isValue = mask.contains("feedback") || mask.contains("expectation");
    return one(
        assessments.update(
            traceId,
            id,
            new Assessments.Change(
                mask.contains("assessment_name") || mask.contains("assessmentName")
                    ? Optional.of(wanted.text("assessment_name"))
                    : Optional.empty(),
                isValue ? TraceWords.readValue(wanted) : Optional.empty(),
                mask.contains("rationale")
                    ? Optional.of(wanted.text("rationale"))
                    : Optional.empty(),
                mask.contains("metadata") ? TraceWords.map(wanted, "metadata") : Map.of())));
  }
}
