package io.headrace.mlflow;

import io.headrace.access.Role;
import io.headrace.access.Scope;
import io.headrace.http.Call;
import io.headrace.http.Needs;
import io.headrace.http.RouteTable;
import io.headrace.name.Visible;
import io.headrace.registry.Registry;
import io.headrace.registry.RegistrySearch;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.Artifacts;
import io.headrace.tracking.TraceInfo;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks, for one call, whether the caller may make it: finds the objects that the call is about, and
 * compares what its route needs with what the caller has. Nothing is looked up for somebody who has
 * the role for everything.
 */
final class Gate {
  private static final int MOST_SHOWN = 3;

  private final Call call;
  private final RouteTable.Match match;
  private final Supplier<Tracking> tracking;
  private final Supplier<Registry> registry;

  /** Stands before the call of a route. */
  Gate(
      Call call, RouteTable.Match match, Supplier<Tracking> tracking, Supplier<Registry> registry) {
    this.call = call;
    this.match = match;
    this.tracking = tracking;
    this.registry = registry;
  }

  /**
   * Lets a call through, or refuses it.
   *
   * @return the fields, without experiments that the caller may not search
   */
  Fields pass(Fields fields) {
    call.concerns(Shown.of(match, fields));
    Needs needs = match.route().needs();
    try {
      if (!needs.areMetBy(call.asker().rights(), concern -> objects((Subject) concern, fields))) {
        throw refused();
      }
    } catch (TrackingException e) {
      // Who may see only some things learns of no other that it is not there.
      throw e.reason() == TrackingException.Reason.NOT_FOUND ? refused() : e;
    }
    // Evaluation datasets may be of several experiments, or of none: their search is told more.
    return needs instanceof Needs.Entry && !match.route().label().equals("/mlflow/datasets/search")
        ? narrowed(fields)
        : fields;
  }

  private Refusal refused() {
    return new Refusal(
        Refusal.Code.PERMISSION_DENIED,
        "Permission denied: %s may not do this.".formatted(call.asker().name()));
  }

  /** The experiments of which searches may tell. */
  Visible experiments() {
    return call.asker().rights().visibleExperiments();
  }

  /** The registered models of which searches may tell. */
  Visible models() {
    return call.asker().rights().visibleModels();
  }

  /** Makes sure that those of some traces that are there may be written to. */
  void requireTraces(List<String> ids) {
    boolean may =
        call.asker().rights().mayEverywhere(Role.CONTRIBUTOR)
            || traces(ids).stream().allMatch(it -> call.asker().rights().may(Role.CONTRIBUTOR, it));
    if (!may) {
      throw refused();
    }
  }

  private Fields narrowed(Fields fields) {
    if (!(experiments() instanceof Visible.Only(Set<String> seen))) {
      return fields;
    }
    ObjectNode node = fields.node();
    if (node.get("experiment_ids") != null) {
      node = node.deepCopy();
      ArrayNode ids = Json.array();
      experiments().of(fields.texts("experiment_ids")).forEach(ids::add);
      node.set("experiment_ids", ids);
    }
    if (node.get("locations") instanceof ArrayNode locations) {
      node = node.deepCopy();
      ArrayNode kept = Json.array();
      for (JsonNode location : locations) {
        if (seen.contains(location.at("/mlflow_experiment/experiment_id").asString(""))) {
          kept.add(location);
        }
      }
      node.set("locations", kept);
    }
    return new Fields(node, fields.path(), fields.isQuery());
  }

  private Collection<Scope> objects(Subject subject, Fields fields) {
    return switch (subject) {
      case EXPERIMENT -> experiments(List.of(fields.required("experiment_id")));
      case EXPERIMENT_OR_DEFAULT ->
          experiments(
              List.of(fields.optional("experiment_id").filter(id -> !id.isEmpty()).orElse("0")));
      case EXPERIMENT_NAME -> named(fields.required("experiment_name"));
      case EXPERIMENTS -> experiments(fields.texts("experiment_ids"));
      case EXPERIMENT_HEADER ->
          experiments(call.header("x-mlflow-experiment-id").map(List::of).orElse(List.of()));
      case RUN -> runs(List.of(fields.runId()));
      case RUNS -> runs(both(fields.texts("run_id"), fields.texts("run_ids")));
      case RUN_HEADER ->
          runs(call.header("x-mlflow-run-id").filter(id -> !id.isEmpty()).stream().toList());
      case RUN_OR_LOGGED_MODEL ->
          fields.text("model_id").isEmpty()
              ? runs(List.of(fields.runId()))
              : loggedModels(List.of(fields.text("model_id")));
      case SOURCE_RUN ->
          runs(fields.optional("source_run_id").filter(id -> !id.isEmpty()).stream().toList());
      case LOGGED_MODEL -> loggedModels(List.of(part("model")));
      case METRIC_MODELS -> loggedModels(metricModels(fields));
      case LOGGED_MODELS -> loggedModels(modelIds(fields.objects("models")));
      case TRACE -> trace(part("trace"));
      case TRACE_ID -> trace(fields.required("trace_id"));
      case TRACE_IDS -> traces(fields.texts("trace_ids"));
      case NEW_TRACE -> newTrace(fields);
      case DATASET -> experiments(tracking.get().evaluation().get(part("dataset")).experimentIds());
      case MODEL -> List.of(new Scope.Model(fields.required("name")));
      case NEW_MODEL -> List.of(new Scope.Model(fields.required("new_name")));
      case SOURCE -> source(fields);
      case FILES -> files(path(Optional.ofNullable(match.parts().get("path")).orElse("")));
      case FILES_FIELD -> files(ArtifactPath.of(fields.text("path")));
      case UPLOAD -> files(tracking.get().uploads().file(part("upload")));
    };
  }

  /** A name that nobody has is answered as one that somebody else has. */
  private Collection<Scope> named(String name) {
    return tracking
        .get()
        .experiments()
        .named(name)
        .<Collection<Scope>>map(it -> List.of(new Scope.Experiment(it.id())))
        .orElseGet(() -> List.of(new Scope.Everywhere()));
  }

  private String part(String name) {
    return Query.decodePath(String.valueOf(match.parts().get(name)));
  }

  private static List<String> both(List<String> some, List<String> others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /** Without any, everything. */
  private static Collection<Scope> experiments(Collection<String> ids) {
    return ids.isEmpty()
        ? List.of(new Scope.Everywhere())
        : ids.stream().<Scope>map(Scope.Experiment::new).toList();
  }

  private Collection<Scope> runs(List<String> ids) {
    Set<Scope> found = new LinkedHashSet<>();
    for (String id : ids) {
      found.add(new Scope.Experiment(tracking.get().runs().get(id).info().experimentId()));
    }
    return found;
  }

  private Collection<Scope> loggedModels(Collection<String> ids) {
    Set<Scope> found = new LinkedHashSet<>();
    for (String id : ids) {
      found.add(new Scope.Experiment(tracking.get().models().getEvenDeleted(id).experimentId()));
    }
    return found;
  }

  private static Collection<String> metricModels(Fields fields) {
    Set<String> ids = new LinkedHashSet<>();
    fields.optional("model_id").filter(id -> !id.isEmpty()).ifPresent(ids::add);
    ids.addAll(modelIds(fields.objects("metrics")));
    return ids;
  }

  private static Collection<String> modelIds(List<Fields> objects) {
    Set<String> ids = new LinkedHashSet<>();
    for (Fields it : objects) {
      it.optional("model_id").filter(id -> !id.isEmpty()).ifPresent(ids::add);
    }
    return ids;
  }

  private Collection<Scope> trace(String id) {
    return List.of(new Scope.Experiment(tracking.get().traces().get(id).experimentId()));
  }

  private Collection<Scope> traces(List<String> ids) {
    Set<Scope> found = new LinkedHashSet<>();
    for (TraceInfo info : tracking.get().traces().all(ids)) {
      found.add(new Scope.Experiment(info.experimentId()));
    }
    return found;
  }

  private Collection<Scope> newTrace(Fields fields) {
    if (!fields.has("trace") && fields.has("experiment_id")) {
      return experiments(List.of(fields.text("experiment_id")));
    }
    TraceInfo wanted = TraceWords.readInfo(fields.object("trace").object("trace_info"));
    Set<Scope> found = new LinkedHashSet<>(traces(List.of(wanted.traceId())));
    found.add(new Scope.Experiment(wanted.experimentId()));
    return found;
  }

  /** The registry itself makes sure that the source is the run's or the logged model's. */
  private Collection<Scope> source(Fields fields) {
    Set<Scope> found = new LinkedHashSet<>();
    Optional<String> run = fields.optional("run_id").filter(id -> !id.isEmpty());
    found.addAll(runs(run.stream().toList()));
    found.addAll(
        loggedModels(fields.optional("model_id").filter(id -> !id.isEmpty()).stream().toList()));
    RegistrySearch.modelOf(fields.text("source")).ifPresent(it -> found.add(new Scope.Model(it)));
    return found;
  }

  private static ArtifactPath path(String encoded) {
    return ArtifactPath.of(Query.decodePath(encoded));
  }

  /** Whoever may read a model may read the files of its versions, wherever they lie. */
  private Collection<Scope> files(ArtifactPath path) {
    if (call.method().equals("GET") && models() instanceof Visible.Only(Set<String> names)) {
      for (RegistrySearch.Place place : registry.get().search().places(names)) {
        if (Artifacts.placeOf(place.uri()).filter(it -> isWithin(path, it)).isPresent()) {
          return List.of(new Scope.Model(place.model()));
        }
      }
    }
    return experiments(tracking.get().experiments().owners(path));
  }

  private static boolean isWithin(ArtifactPath path, ArtifactPath folder) {
    return !folder.isRoot()
        && path.parts().size() >= folder.parts().size()
        && path.parts().subList(0, folder.parts().size()).equals(folder.parts());
  }

  /** What a call is about, for the log of deeds. */
  private static final class Shown {
    private static final List<String> NAMES =
        List.of(
            "experiment_id",
            "run_id",
            "run_uuid",
            "name",
            "new_name",
            "experiment_name",
            "version",
            "alias",
            "model_id",
            "trace_id",
            "key",
            "path");

    private Shown() {}

    static String of(RouteTable.Match match, Fields fields) {
      List<String> all = new ArrayList<>();
      match.parts().forEach((name, value) -> all.add(name + "=" + value));
      for (String name : NAMES) {
        JsonNode value = fields.node().get(name);
        if (value != null && value.isValueNode() && all.size() < MOST_SHOWN) {
          all.add(name + "=" + value.asString());
        }
      }
      return String.join(" ", all);
    }
  }
}
