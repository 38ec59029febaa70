package io.headrace.mlflow;

import io.headrace.name.Visible;
import io.headrace.tracking.EvaluationDataset;
import io.headrace.tracking.EvaluationDataset.Entry;
import io.headrace.tracking.EvaluationDatasets;
import io.headrace.tracking.Page;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls below {@code /mlflow/datasets}: evaluation datasets. */
final class EvaluationCalls {
  private static final String USER = "mlflow.user";

  private EvaluationCalls() {}

  /** Empty for a route that is not known. */
  static Optional<ObjectNode> answer(
      EvaluationDatasets datasets, String method, String path, Fields fields, Visible visible) {
    String[] parts = path.substring(1).split("/", -1);
    if (!parts[0].equals("datasets") || parts.length < 2) {
      return Optional.empty();
    }
    String id = Query.decodePath(parts[1]);
    String third = parts.length > 2 ? parts[2] : "";
    if (parts.length == 2 && id.equals("search")) {
      return Optional.of(search(datasets, fields, visible));
    }
    return switch (method + " " + parts.length + " " + third) {
      case "POST 2 " ->
          id.equals("create") ? Optional.of(create(datasets, fields)) : Optional.empty();
      case "GET 2 " -> Optional.of(one(datasets.get(id)));
      case "DELETE 2 " -> {
        datasets.delete(id);
        yield Optional.of(Json.object());
      }
      case "PATCH 3 tags" -> {
        datasets.setTags(id, tags(fields.required("tags")));
        yield Optional.of(Json.object());
      }
      case "DELETE 4 tags" -> {
        datasets.deleteTag(id, Query.decodePath(parts[3]));
        yield Optional.of(Json.object());
      }
      case "POST 3 records" -> Optional.of(put(datasets, id, fields));
      case "GET 3 records" -> Optional.of(records(datasets, id, fields));
      case "DELETE 3 records" ->
          Optional.of(
              Json.object()
                  .put(
                      "deleted_count",
                      datasets.deleteRecords(id, fields.texts("dataset_record_ids"))));
      case "GET 3 experiment-ids" -> {
        ObjectNode answer = Json.object();
        ArrayNode ids = Json.array();
        datasets.get(id).experimentIds().forEach(ids::add);
        Json.putTold(answer, "experiment_ids", ids);
        yield Optional.of(answer);
      }
      case "POST 3 add-experiments" ->
          Optional.of(one(datasets.addTo(id, fields.texts("experiment_ids"))));
      case "POST 3 remove-experiments" ->
          Optional.of(one(datasets.removeFrom(id, fields.texts("experiment_ids"))));
      default -> Optional.empty();
    };
  }

  private static JsonNode parsed(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> tags(String json) {
    Map<String, String> tags = new LinkedHashMap<>();
    parsed(json)
        .forEachEntry((key, value) -> {
          if (!value.isNull()) {
            tags.put(key, plain(value));
          }
        });
    return tags;
  }

  private static String plain(JsonNode value) {
    return value.isString() ? value.stringValue() : Json.text(value);
  }

  private static ObjectNode create(EvaluationDatasets datasets, Fields fields) {
    String name = fields.required("name");
    List<String> experiments = fields.texts("experiment_ids");
    String tags = fields.text("tags");
    return one(datasets.create(name, experiments, tags.isEmpty() ? Map.of() : tags(tags)));
  }

  private static ObjectNode one(EvaluationDataset dataset) {
    ObjectNode answer = Json.object();
    answer.set("dataset", dataset(dataset));
    return answer;
  }

  private static ObjectNode dataset(EvaluationDataset dataset) {
    ObjectNode node = Json.object();
    node.put("dataset_id", dataset.id());
    node.put("name", dataset.name());
    ObjectNode tags = Json.object();
    dataset.tags().forEach(tags::put);
    node.put("tags", Json.text(tags));
    if (!dataset.schema().isEmpty()) {
      ObjectNode schema = Json.object();
      for (String part : new String[] {"inputs", "outputs", "expectations"}) {
        ObjectNode types = schema.putObject(part);
        dataset.schema().getOrDefault(part, new TreeMap<>()).forEach(types::put);
      }
      schema.put("version", "1.0");
      node.put("schema", Json.text(schema));
    }
    if (dataset.records() > 0) {
      node.put("profile", Json.text(Json.object().put("num_records", dataset.records())));
    }
    node.put("digest", dataset.digest());
    node.put("created_time", dataset.created());
    node.put("last_update_time", dataset.updated());
    dataset.createdBy().ifPresent(user -> node.put("created_by", user));
    dataset.updatedBy().ifPresent(user -> node.put("last_updated_by", user));
    ArrayNode experiments = Json.array();
    dataset.experimentIds().forEach(experiments::add);
    Json.putTold(node, "experiment_ids", experiments);
    return node;
  }

  private static ObjectNode search(EvaluationDatasets datasets, Fields fields, Visible visible) {
    Page<EvaluationDataset> page =
        datasets.search(
            new EvaluationDatasets.Question(
                visible,
                fields.texts("experiment_ids"),
                fields.text("filter_string"),
                fields.texts("order_by"),
                fields.pageSize("max_results", EvaluationDatasets.MOST).orElse(50),
                fields.pageToken()));
    ObjectNode answer = Json.object();
    ArrayNode found = Json.array();
    page.items().forEach(dataset -> found.add(dataset(dataset)));
    Json.putTold(answer, "datasets", found);
    return Words.next(answer, page.next());
  }

  private static ObjectNode put(EvaluationDatasets datasets, String id, Fields fields) {
    List<Entry> entries = new ArrayList<>();
    Map<String, Map<String, String>> schema = new HashMap<>();
    for (JsonNode node : parsed(fields.required("records"))) {
      if (!(node instanceof ObjectNode record)) {
        throw Refusal.invalid("Each record must be a JSON object.");
      }
      entries.add(entry(record));
      for (String part : new String[] {"inputs", "outputs", "expectations"}) {
        types(record.path(part), schema.computeIfAbsent(part, _ -> new HashMap<>()));
      }
    }
    EvaluationDatasets.Count count = datasets.put(id, entries, schema);
    return Json.object()
        .put("inserted_count", count.inserted())
        .put("updated_count", count.updated());
  }

  private static void types(JsonNode part, Map<String, String> types) {
    if (part instanceof ObjectNode object) {
      object.forEachEntry((key, value) -> types.putIfAbsent(key, type(value)));
    }
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> "null";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "float";
      case STRING, BINARY -> "string";
      case ARRAY -> "array";
      case OBJECT, POJO -> "object";
    };
  }

  private static Entry entry(ObjectNode record) {
    JsonNode inputs = record.path("inputs");
    Optional<String> user =
        Optional.ofNullable(record.path("tags").get(USER)).map(EvaluationCalls::plain);
    JsonNode source = record.path("source");
    return new Entry(
        Json.text(inputs instanceof ObjectNode object ? sorted(object) : Json.object()),
        told(record.path("outputs")),
        fields(record.path("expectations")),
        fields(record.path("tags")),
        told(source),
        source.path("source_type").isString()
            ? source.path("source_type").stringValue()
            : "UNSPECIFIED",
        user);
  }

  private static Optional<String> told(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(Json.text(value));
  }

  private static Map<String, String> fields(JsonNode object) {
    Map<String, String> fields = new HashMap<>();
    object.forEachEntry((key, value) -> fields.put(key, Json.text(value)));
    return fields;
  }

  /** With its keys in order, at every depth: the same inputs are then the same text. */
  private static ObjectNode sorted(ObjectNode object) {
    TreeMap<String, JsonNode> byKey = new TreeMap<>();
    object.forEachEntry(
        (key, value) -> byKey.put(key, value instanceof ObjectNode inner ? sorted(inner) : value));
    ObjectNode sorted = Json.object();
    byKey.forEach(sorted::set);
    return sorted;
  }

  private static ObjectNode records(EvaluationDatasets datasets, String id, Fields fields) {
    Page<EvaluationDataset.Kept> page =
        datasets.records(
            id, fields.pageSize("max_results", 1_000).orElse(1_000), fields.pageToken());
    ArrayNode records = Json.array();
    page.items().forEach(record -> records.add(record(record)));
    ObjectNode answer = Json.object().put("records", Json.text(records));
    return Words.next(answer, page.next());
  }

  private static ObjectNode record(EvaluationDataset.Kept record) {
    ObjectNode node = Json.object();
    node.put("dataset_record_id", record.id());
    node.put("dataset_id", record.datasetId());
    node.set("inputs", parsed(record.entry().inputs()));
    record.entry().outputs().ifPresent(json -> node.set("outputs", parsed(json)));
    putFields(node, "expectations", record.entry().expectations());
    putFields(node, "tags", record.entry().tags());
    record.entry().source().ifPresent(json -> node.set("source", parsed(json)));
    node.put("source_type", record.entry().sourceType());
    node.put("created_time", record.created());
    node.put("last_update_time", record.updated());
    record.createdBy().ifPresent(user -> node.put("created_by", user));
    record.updatedBy().ifPresent(user -> node.put("last_updated_by", user));
    return node;
  }

  private static void putFields(ObjectNode node, String name, Map<String, String> fields) {
    if (!fields.isEmpty()) {
      ObjectNode inner = node.putObject(name);
      fields.forEach((key, json) -> inner.set(key, parsed(json)));
    }
  }
}
