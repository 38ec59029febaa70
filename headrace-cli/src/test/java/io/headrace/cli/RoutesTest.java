package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.Grant;
import io.headrace.access.Role;
import io.headrace.access.Scope;
import io.headrace.access.Users;
import io.headrace.http.Concern;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import io.headrace.registry.ModelVersions;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.LoggedModels;
import io.headrace.tracking.Runs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call of the server, by everybody. A new call must be written into {@code routes.txt} with
 * what it needs; the real server is then asked whether that is so.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RoutesTest {
  private static final Users.By BY = new Users.By("(test)", "here");

  @TempDir Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, String> tokens = new LinkedHashMap<>();
  private ServedWorkspace served;
  private Wiring wiring;

  /** What there is for a call to be about. */
  private record Things(
      String experiment,
      String run,
      String model,
      String logged,
      String trace,
      String dataset,
      String upload) {}

  @BeforeEach
  void open() throws IOException {
    served = new ServedWorkspace(folder);
    wiring = served.wiring();
    for (String name : List.of("reader", "contributor", "stranger", "admin")) {
      wiring.users().create(BY, name, "", Optional.empty(), Optional.empty());
      tokens.put(name, wiring.users().createToken(BY, name, "", Optional.empty()));
    }
    grant("reader", new Scope.Everywhere(), Role.READER);
    grant("admin", new Scope.Everywhere(), Role.ADMIN);
    var other = wiring.tracking().experiments().create("of the stranger", "", Map.of());
    grant("stranger", new Scope.Experiment(other), Role.CONTRIBUTOR);
    grant("stranger", new Scope.Model("the stranger's"), Role.CONTRIBUTOR);
  }

  private void grant(String user, Scope scope, Role role) {
    wiring.users().grant(BY, user, new Grant(scope, role));
  }

  @AfterEach
  void close() {
    served.close();
  }

  /** New ones, in an experiment and a model for which the contributor has the role. */
  private Things things(int number) throws IOException {
    var tracking = wiring.tracking();
    var experiment = tracking.experiments().create("experiment " + number, "", Map.of());
    var run = tracking.runs().create(new Runs.NewRun(experiment, "", "", 1, Map.of())).info();
    tracking
        .artifacts()
        .put(
            ArtifactPath.of(experiment + "/" + run.runId() + "/artifacts/m/x.txt"),
            new ByteArrayInputStream(new byte[] {1}));
    var logged =
        tracking
            .models()
            .create(new LoggedModels.NewModel(experiment, "m", "", "", Map.of(), Map.of()));
    var trace = tracking.traces().begin(experiment, 1, Map.of(), Map.of());
    var dataset = tracking.evaluation().create("d", List.of(experiment), Map.of());
    var model = "model" + number;
    wiring.registry().models().create(model, Map.of(), "", "");
    wiring
        .registry()
        .versions()
        .create(
            new ModelVersions.NewVersion(
                model,
                "runs:/" + run.runId() + "/m",
                Optional.of(run.runId()),
                Optional.empty(),
                "",
                "",
                Map.of()),
            "");
    wiring.registry().aliases().set(model, "best", "1", "");
    var upload =
        tracking
            .uploads()
            .begin(ArtifactPath.of(experiment + "/" + run.runId() + "/artifacts/big"), 1);
    grant("contributor", new Scope.Experiment(experiment), Role.CONTRIBUTOR);
    grant("contributor", new Scope.Model(model), Role.CONTRIBUTOR);
    return new Things(
        experiment, run.runId(), model, logged.id(), trace.traceId(), dataset.id(), upload);
  }

  private static String path(Route route, Things it) {
    return route
        .path()
        .replace("{model}", it.logged)
        .replace("{trace}", it.trace)
        .replace("{dataset}", it.dataset)
        .replace("{run}", it.run)
        .replace("{upload}", it.upload)
        .replace("{number}", "1")
        .replace("{webhook}", "none")
        .replace("{key}", "k")
        .replace("{assessment}", "none")
        .replace("{path...}", it.experiment + "/" + it.run + "/artifacts/m/x.txt");
  }

  /** All fields that any call reads; others are passed over. */
  private static String fields(Things it) {
    return """
    {"experiment_id": "EXPERIMENT", "experiment_name": "experiment NUMBER", "run_id": "RUN",
     "experiment_ids": ["EXPERIMENT"], "run_ids": ["RUN"], "trace_ids": ["TRACE"],
     "trace_id": "TRACE", "name": "MODEL", "new_name": "MODEL", "version": "1",
     "alias": "best", "key": "k", "value": "v", "metric_key": "m", "source": "runs:/RUN/m",
     "locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "EXPERIMENT"}}],
     "timestamp": 1, "filter_string1": "", "path": "m/x.txt"}
    """
        .replace("EXPERIMENT", it.experiment)
        .replace("NUMBER", it.model.substring("model".length()))
        .replace("RUN", it.run)
        .replace("TRACE", it.trace)
        .replace("MODEL", it.model);
  }

  private static String query(Route route, Things it) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("experiment_id", it.experiment);
    fields.put("experiment_name", "experiment " + it.model.substring("model".length()));
    fields.put("experiment_ids", it.experiment);
    fields.put("run_id", it.run);
    fields.put("run_ids", it.run);
    fields.put("trace_id", it.trace);
    fields.put("trace_ids", it.trace);
    fields.put("name", it.model);
    fields.put("version", "1");
    fields.put("alias", "best");
    fields.put("metric_key", "m");
    fields.put(
        "path",
        route.label().startsWith("/mlflow-artifacts")
            ? it.experiment + "/" + it.run + "/artifacts"
            : "m/x.txt");
    if (route.label().equals("/mlflow/metrics/get-history-bulk")) {
      fields.remove("run_ids");
    }
    return fields.entrySet().stream()
        .map(field ->
            field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&", "?", ""));
  }

  private int ask(Route route, Things it, String user) throws Exception {
    boolean asks = route.method().equals("GET") || route.label().equals("/mlflow/upload-artifact");
    var uri = URI.create(served.uri() + path(route, it) + (asks ? query(route, it) : ""));
    var request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .header("x-mlflow-experiment-id", it.experiment)
            .method(
                route.method(),
                asks ? BodyPublishers.noBody() : BodyPublishers.ofString(fields(it)));
    if (!user.isEmpty()) {
      request.header("Authorization", "Bearer " + tokens.get(user));
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static boolean isRefused(int status) {
    return status == 401 || status == 403;
  }

  /** Who of the four may make a call, in the words of the table. */
  private static List<String> allowed(Needs needs) {
    return switch (needs) {
      case Needs.Nothing(), Needs.Entry() -> List.of("reader", "contributor", "stranger", "admin");
      case Needs.Roles(List<Needs.Need> all, boolean _) -> {
        var allowed = new ArrayList<String>();
        if (all.stream().allMatch(it -> it.role() == Role.READER)) {
          allowed.add("reader");
        }
        if (all.stream()
            .allMatch(it ->
                Role.CONTRIBUTOR.includes(it.role()) && !it.concern().equals(Concern.EVERYTHING))) {
          allowed.add("contributor");
        }
        allowed.add("admin");
        yield allowed;
      }
    };
  }

  /** Those of MLflow's API once, not under each of its prefixes. */
  private static Map<String, Route> once() {
    var routes = new LinkedHashMap<String, Route>();
    ServerRooms.routes().forEach(it -> routes.putIfAbsent(it.text(), it));
    return routes;
  }

  @Test
  void given_every_call_and_everybody_then_each_answer_is_as_the_table_says() throws Exception {
    var wrong = new ArrayList<String>();
    int number = 0;
    for (Route route : once().values()) {
      var it = things(++number);
      var allowed = allowed(route.needs());
      boolean open = route.needs() instanceof Needs.Nothing;
      int nobody = ask(route, it, "");
      // The form for signing in refuses by itself, whoever sends it.
      boolean form = route.text().equals("POST /signin");
      if (!form && (nobody == 401) == open) {
        wrong.add(route.text() + " by nobody: " + nobody);
      }
      for (String user : List.of("stranger", "reader", "contributor", "admin")) {
        int status = ask(route, it, user);
        if (!form && isRefused(status) == allowed.contains(user)) {
          wrong.add(route.text() + " by " + user + ": " + status);
        }
        if (status == 500) {
          wrong.add(route.text() + " by " + user + ": an unexpected " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(number).isGreaterThan(120);
  }

  @Test
  void given_the_table_then_it_is_the_one_that_was_agreed_on() throws IOException {
    var table =
        once().values().stream().map(it -> it.text() + "  " + text(it.needs())).sorted().toList();
    try (var agreed = RoutesTest.class.getResourceAsStream("routes.txt")) {
      assertThat(String.join("\n", table))
          .as("a call without a line in routes.txt, or with other needs than there")
          .isEqualTo(
              new String(Objects.requireNonNull(agreed).readAllBytes(), StandardCharsets.UTF_8)
                  .strip());
    }
  }

  private static String text(Needs needs) {
    return switch (needs) {
      case Needs.Nothing() -> "open";
      case Needs.Entry() -> "any user, who gets what that user may see";
      case Needs.Roles(List<Needs.Need> all, boolean known) ->
          all.stream()
                  .map(it ->
                      it.role().word()
                          + " of "
                          + (it.concern().equals(Concern.EVERYTHING) ? "everything" : it.concern()))
                  .collect(Collectors.joining(", "))
              + (known ? ", known" : "");
    };
  }

  @Test
  void given_the_table_then_all_prefixes_of_a_call_need_the_same() {
    var once = once();
    assertThat(ServerRooms.routes())
        .allSatisfy(it ->
            assertThat(it.needs()).isEqualTo(Objects.requireNonNull(once.get(it.text())).needs()));
  }

  @Test
  void given_a_path_that_is_no_call_then_nobody_is_told_so_and_users_get_404() throws Exception {
    var route = Route.of("POST", "/api/2.0/mlflow/runs/no-such-call", Needs.entry());
    assertThat(ask(route, things(1), "")).isEqualTo(401);
    assertThat(ask(route, things(2), "admin")).isEqualTo(404);
  }
}
