package io.headrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.Asker;
import io.headrace.access.Audit;
import io.headrace.access.Entrance;
import io.headrace.access.Rights;
import io.headrace.access.Role;
import io.headrace.backend.sqlite.SqliteMetadataStore;
import io.headrace.http.Answer;
import io.headrace.http.Concern;
import io.headrace.http.Guard;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import io.headrace.http.Route.Trail;
import io.headrace.http.RouteTable;
import io.headrace.http.Visits;
import io.headrace.http.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WatchTest {
  private static final String TOKEN = "s3cret";

  private static Visits.Visit visit(Route route, Asker asker, String object, int status) {
    return new Visits.Visit(
        Optional.of(route), route.method(), asker, object, "10.0.0.1", status, 3_000_000);
  }

  @Nested
  class Given_a_server_that_is_watched {
    private final AtomicBoolean broken = new AtomicBoolean();
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Metrics metrics =
        new Metrics(
            List.of(
                new Metrics.Reading(
                    "runs", "gauge", "Runs.", "state", () -> Map.of("a\"b\\c\nd", 2.5))));

    private HttpResponse<String> ask(WebServer server, String path, String token)
        throws IOException, InterruptedException {
      try (var client = HttpClient.newHttpClient()) {
        return client.send(
            HttpRequest.newBuilder(URI.create(server.uri() + path))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofString());
      }
    }

    private WebServer open() {
      var calls =
          new WatchCalls(
              metrics,
              List.of(
                  new WatchCalls.Check(
                      "the records do not answer",
                      () -> {
                        if (broken.get()) {
                          throw new IOException("no /secret/place");
                        }
                      })),
              (doing, cause) -> logged.add(doing + " " + cause));
      var routes = new ArrayList<>(WatchCalls.routes());
      routes.add(Route.of("GET", "/api/{thing}", Needs.entry()));
      return WebServer.onLoopback(
          0,
          new Guard(
              true,
              new RouteTable(routes),
              Entrance.ofToken(TOKEN),
              metrics,
              call ->
                  WatchCalls.isOurs(call.path()) ? calls.answer(call) : Answer.text(200, "here")),
          (doing, cause) -> logged.add(doing + " " + cause));
    }

    @Test
    void when_asked_for_numbers_then_each_line_is_one_that_prometheus_reads() throws Exception {
      try (var server = open()) {
        for (int i = 0; i < 3; i++) {
          ask(server, "/api/thing-" + i, TOKEN);
        }
        ask(server, "/api/thing", "wrong");
        ask(server, "/no/such/" + System.nanoTime(), TOKEN);
        var answer = ask(server, "/metrics", TOKEN);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
            .contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body().lines())
            .allMatch(line ->
                line.matches("# (HELP|TYPE) [a-z_]+ .+")
                    || line.matches(
                        "[a-z_]+(\\{([a-z]+=\"([^\"\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})? [-+.0-9Ee]+"));
        assertThat(answer.body())
            .contains(
                "headrace_http_request_seconds_count{method=\"GET\",route=\"/api/{thing}\",status=\"200\"} 3\n",
                "headrace_http_request_seconds_count{method=\"GET\",route=\"/api/{thing}\",status=\"401\"} 1\n",
                "headrace_http_request_seconds_count{method=\"\",route=\"none\",status=\"200\"} 1\n",
                "le=\"+Inf\"} 3\n",
                "headrace_runs{state=\"a\\\"b\\\\c\\nd\"} 2.5\n",
                "headrace_jvm_memory_used_bytes{area=\"heap\"} ")
            .doesNotContain("thing-1");
      }
    }

    @Test
    void when_nobody_asks_for_numbers_then_there_are_none_but_readiness_is_told() throws Exception {
      try (var server = open()) {
        assertThat(ask(server, "/metrics", "wrong").statusCode()).isEqualTo(401);
        assertThat(ask(server, "/ready", "wrong").body()).isEqualTo("ready\n");
        broken.set(true);
        var answer = ask(server, "/ready", "wrong");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("not ready: the records do not answer\n");
        assertThat(logged).singleElement().asString().contains("/secret/place");
      }
    }

    @Test
    void when_requests_took_all_sorts_of_times_then_buckets_grow_to_the_count() {
      var route = Route.of("GET", "/x", Needs.entry());
      for (long nanos : new long[] {1, 1_000_000, 1_000_001, 4_000_000, 60_000_000_000L}) {
        metrics.saw(
            new Visits.Visit(Optional.of(route), "GET", Asker.ANYONE, "", "10.0.0.1", 200, nanos));
      }
      var labels = "method=\"GET\",route=\"/x\",status=\"200\"";
      assertThat(metrics.text())
          .contains(
              "_bucket{" + labels + ",le=\"0.001\"} 2\n",
              "_bucket{" + labels + ",le=\"0.0025\"} 3\n",
              "_bucket{" + labels + ",le=\"0.005\"} 4\n",
              "_bucket{" + labels + ",le=\"10\"} 4\n",
              "_bucket{" + labels + ",le=\"+Inf\"} 5\n",
              "_sum{" + labels + "} 60.006000002\n");
    }
  }

  @Nested
  class Given_the_log_of_deeds {
    private static final Route CHANGE = Route.of("POST", "/runs/delete", Needs.entry());
    private static final Route LOGGING =
        Route.of("POST", "/runs/log-metric", Needs.entry()).with(Trail.FIRST);
    private static final Route LOOK =
        Route.of("GET", "/runs/get", Needs.role(Role.READER, Concern.EVERYTHING));
    private static final Asker ANNA = new Asker(Asker.Kind.USER, "anna", Rights.NONE);

    @TempDir Path folder;
    private final AtomicReference<Instant> now =
        new AtomicReference<>(Instant.parse("2026-11-25T10:00:00Z"));

    private List<String> lines(List<Visits.Visit> visits, Duration between) {
      try (var records = SqliteMetadataStore.open(folder.resolve("records.db"))) {
        var audit = Audit.open(records, now::get);
        var trail = new AuditTrail(audit, now::get, (_, _) -> {});
        for (Visits.Visit visit : visits) {
          trail.saw(visit);
          now.updateAndGet(it -> it.plus(between));
        }
        // A write of ours comes after those before it.
        audit.add(new Audit.Deed("end", "", "", "", 0)).join();
        return audit.list(Optional.empty(), Instant.EPOCH, 1_000).stream()
            .map(Audit.Line::deed)
            .filter(it -> !it.who().equals("end"))
            .map(it -> it.who() + " " + it.action() + " " + it.object() + " " + it.answer())
            .toList();
      }
    }

    @Test
    void when_something_changes_then_each_time_is_written_and_looking_is_not() {
      assertThat(
              lines(
                  List.of(
                      visit(CHANGE, ANNA, "run_id=1", 200),
                      visit(CHANGE, ANNA, "run_id=1", 404),
                      visit(LOOK, ANNA, "run_id=1", 200),
                      visit(CHANGE, Asker.ANYONE, "run_id=1", 200)),
                  Duration.ZERO))
          .containsExactly(
              "anna POST /runs/delete run_id=1 200", "anna POST /runs/delete run_id=1 404");
    }

    @Test
    void when_a_run_logs_then_the_first_in_an_hour_is_written() {
      var visits = new ArrayList<Visits.Visit>();
      for (int i = 0; i < 90; i++) {
        visits.add(visit(LOGGING, ANNA, "run_id=" + i % 2, 200));
      }
      assertThat(lines(visits, Duration.ofMinutes(1))).hasSize(4);
    }

    @Test
    void when_refused_then_it_is_written_and_a_strangers_knocking_once_a_minute() {
      var visits = new ArrayList<Visits.Visit>();
      for (int i = 0; i < 120; i++) {
        visits.add(visit(LOOK, Asker.NOBODY, "", 401));
      }
      visits.add(visit(LOOK, ANNA, "run_id=1", 403));
      visits.add(visit(LOOK, ANNA, "run_id=1", 403));
      assertThat(lines(visits, Duration.ofSeconds(1)))
          .containsExactly(
              " GET /runs/get  401",
              " GET /runs/get  401",
              "anna GET /runs/get run_id=1 403",
              "anna GET /runs/get run_id=1 403");
    }
  }
}
