package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.Grant;
import io.headrace.access.Role;
import io.headrace.access.Scope;
import io.headrace.access.Users;
import io.headrace.engine.Ledger;
import io.headrace.name.Visible;
import io.headrace.tracking.Runs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who may see every third thing asks for all, four at a time. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SearchesTest {
  private static final Users.By BY = new Users.By("(test)", "here");
  private static final JsonMapper JSON = new JsonMapper();
  private static final int ALL = 30;

  @TempDir Path folder;
  private ServedWorkspace served;
  private String token = "";
  private final List<String> seen = new ArrayList<>();
  private final List<String> all = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    served = new ServedWorkspace(folder);
    var users = served.wiring().users();
    users.create(BY, "anna", "", Optional.empty(), Optional.empty());
    token = users.createToken(BY, "anna", "", Optional.empty());
    var tracking = served.wiring().tracking();
    for (int i = 0; i < ALL; i++) {
      var id = tracking.experiments().create("experiment " + i, "", Map.of());
      all.add(id);
      tracking.runs().create(new Runs.NewRun(id, "", "run of " + id, i, Map.of()));
      tracking.evaluation().create("of " + id, List.of(id), Map.of());
      served.wiring().registry().models().create("model " + id, Map.of(), "", "");
      tracking.traces().begin(id, i, Map.of(), Map.of());
      if (i % 3 == 0) {
        seen.add(id);
        users.grant(BY, "anna", new Grant(new Scope.Experiment(id), Role.READER));
        users.grant(BY, "anna", new Grant(new Scope.Model("model " + id), Role.READER));
      }
    }
    tracking.evaluation().create("of two", List.of(seen.get(0), all.get(1)), Map.of());
    tracking.evaluation().create("of none", List.of(), Map.of());
  }

  @AfterEach
  void close() {
    served.close();
  }

  private JsonNode ask(String call, String body) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(served.uri() + "/api/2.0/mlflow/" + call))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return JSON.readTree(answer.body());
    }
  }

  /** All pages' items, each page but the last being full. */
  private List<String> pages(String call, String list, String field, String more) throws Exception {
    var found = new ArrayList<String>();
    String next = "";
    do {
      var page = ask(call, "{\"max_results\": 4, \"page_token\": \"" + next + "\"" + more + "}");
      next = page.path("next_page_token").asString("");
      assertThat(page.path(list).size()).isLessThanOrEqualTo(4);
      if (!next.isEmpty()) {
        assertThat(page.path(list).size()).isEqualTo(4);
      }
      page.path(list).forEach(it -> found.add(it.at(field).asString("")));
    } while (!next.isEmpty());
    return found;
  }

  private String ofAll() {
    return ", \"experiment_ids\": [\"" + String.join("\", \"", all) + "\"]";
  }

  @Test
  void then_every_search_gives_just_that_in_full_pages() throws Exception {
    assertThat(pages("experiments/search", "experiments", "/experiment_id", ""))
        .containsExactlyInAnyOrderElementsOf(seen);
    assertThat(pages("runs/search", "runs", "/info/experiment_id", ofAll()))
        .containsExactlyInAnyOrderElementsOf(seen);
    assertThat(pages("registered-models/search", "registered_models", "/name", ""))
        .containsExactlyInAnyOrderElementsOf(seen.stream().map(it -> "model " + it).toList());
    assertThat(pages("datasets/search", "datasets", "/name", ""))
        .containsExactlyInAnyOrderElementsOf(seen.stream().map(it -> "of " + it).toList());
    var locations = new ArrayList<String>();
    all.forEach(
        it -> locations.add("{\"mlflow_experiment\": {\"experiment_id\": \"" + it + "\"}}"));
    assertThat(
            pages(
                "traces/search",
                "traces",
                "/trace_location/mlflow_experiment/experiment_id",
                ", \"locations\": [" + String.join(", ", locations) + "]"))
        .containsExactlyInAnyOrderElementsOf(seen);
  }

  private int status(String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(served.uri() + "/api/2.0/mlflow/" + path))
                  .header("Authorization", "Bearer " + token)
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void when_asked_for_what_is_not_there_then_it_is_as_what_may_not_be_seen() throws Exception {
    for (String path :
        List.of(
            "experiments/get-by-name?experiment_name=none",
            "experiments/get-by-name?experiment_name=experiment%201",
            "experiments/get?experiment_id=999",
            "experiments/get?experiment_id=" + all.get(1),
            "runs/get?run_id=none",
            "registered-models/get?name=none",
            "registered-models/get?name=model%20" + all.get(1),
            "datasets/none",
            "traces/none")) {
      assertThat(status(path)).as(path).isEqualTo(403);
    }
    assertThat(status("experiments/get-by-name?experiment_name=experiment%200")).isEqualTo(200);
  }

  @Test
  void when_the_roles_are_gone_then_so_is_everything() throws Exception {
    for (String id : seen) {
      served.wiring().users().revoke(BY, "anna", new Scope.Experiment(id));
      served.wiring().users().revoke(BY, "anna", new Scope.Model("model " + id));
    }
    assertThat(pages("experiments/search", "experiments", "/experiment_id", "")).isEmpty();
    assertThat(pages("runs/search", "runs", "/info/experiment_id", ofAll())).isEmpty();
    assertThat(pages("registered-models/search", "registered_models", "/name", "")).isEmpty();
    assertThat(pages("model-versions/search", "model_versions", "/name", "")).isEmpty();
    assertThat(pages("datasets/search", "datasets", "/name", "")).isEmpty();
    assertThat(pages("datasets/search", "datasets", "/name", ofAll())).isEmpty();
  }

  @Test
  void given_jobs_of_two_experiments_then_a_list_of_one_has_only_its_own() {
    var shell = new Shell(folder);
    for (String experiment : List.of("one", "two", "one")) {
      shell.write(
          experiment + ".yml",
          """
          type: command
          command: 'true'
          experiment_name: EXPERIMENT
          environment: azureml:local
          """
              .replace("EXPERIMENT", experiment));
      shell.run("run", experiment + ".yml").exits(0);
    }
    var one = served.wiring().tracking().experiments().named("one").orElseThrow().id();
    var ledger = served.wiring().ledger();
    var among = Runs.among(new Visible.Only(Set.of(one)));
    assertThat(ledger.runs(10, Optional.empty(), among))
        .extracting(Ledger.RunRow::experiment)
        .containsExactly("one", "one");
    var first = ledger.runs(1, Optional.empty(), among);
    assertThat(ledger.runs(10, Optional.of(first.getFirst()), among)).hasSize(1);
    assertThat(ledger.runs(10, Optional.empty(), Runs.among(new Visible.Only(Set.of())))).isEmpty();
    assertThat(ledger.runs(10, Optional.empty(), Runs.among(Visible.all()))).hasSize(3);
  }
}
