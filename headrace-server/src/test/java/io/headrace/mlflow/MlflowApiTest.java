package io.headrace.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.mlflow.ServerFixture.Reply;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Each rule of MLflow's REST API, over the wire. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MlflowApiTest {
  @Parameter TestDatabase database;
  @TempDir Path workspace;
  private ServerFixture server;

  @BeforeEach
  void open() {
    server = ServerFixture.open(database, workspace);
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.logged).isEmpty();
  }

  private static void assertRefused(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
    assertThat(reply.code()).isEqualTo(code);
    assertThat(reply.message()).isNotEmpty();
  }

  private String experiment(String name) {
    return server
        .post("/experiments/create", "{'name':'" + name + "'}")
        .body()
        .path("experiment_id")
        .asString();
  }

  private void ok(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
  }

  @Nested
  class Given_experiments {
    @Test
    void when_the_store_is_new_then_default_is_there() {
      JsonNode experiment = server.get("/experiments/get?experiment_id=0", "/experiment");
      assertThat(experiment.path("name").asString()).isEqualTo("Default");
      assertThat(experiment.path("artifact_location").asString()).isEqualTo("mlflow-artifacts:/0");
    }

    @Test
    void when_a_name_is_taken_even_by_a_deleted_one_then_it_is_refused() {
      String id = experiment("a");
      assertRefused(
          server.post("/experiments/create", "{'name':'a'}"), 400, "RESOURCE_ALREADY_EXISTS");
      ok(server.post("/experiments/delete", "{'experiment_id':'" + id + "'}"));
      assertRefused(
          server.post("/experiments/create", "{'name':'a'}"), 400, "RESOURCE_ALREADY_EXISTS");
      assertThat(
              server
                  .get("/experiments/get-by-name?experiment_name=a", "/experiment/lifecycle_stage")
                  .asString())
          .isEqualTo("deleted");
    }

    @Test
    void when_asked_for_what_is_not_there_then_the_answer_is_404() {
      assertRefused(
          server.get("/experiments/get-by-name?experiment_name=nobody"),
          404,
          "RESOURCE_DOES_NOT_EXIST");
      assertRefused(
          server.get("/experiments/get?experiment_id=77"), 404, "RESOURCE_DOES_NOT_EXIST");
      assertRefused(server.get("/experiments/get?experiment_id=x"), 400, "INVALID_PARAMETER_VALUE");
      assertRefused(
          server.post("/experiments/create", "{'name':''}"), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void when_deleted_then_its_runs_are_too_and_come_back_with_it() {
      String id = experiment("a");
      String create = "{'experiment_id':'" + id + "'}";
      String kept = server.post("/runs/create", create).body().at("/run/info/run_id").asString();
      String gone = server.post("/runs/create", create).body().at("/run/info/run_id").asString();
      ok(server.post("/runs/delete", "{'run_id':'" + gone + "'}"));
      ok(server.post("/experiments/delete", create));
      assertRefused(server.post("/experiments/delete", create), 404, "RESOURCE_DOES_NOT_EXIST");
      assertRefused(server.post("/runs/create", create), 400, "INVALID_PARAMETER_VALUE");
      assertRefused(
          server.post("/experiments/update", "{'experiment_id':'" + id + "','new_name':'b'}"),
          400,
          "INVALID_PARAMETER_VALUE");
      assertThat(stage(kept)).isEqualTo("deleted");
      ok(server.post("/experiments/restore", create));
      assertThat(stage(kept)).isEqualTo("active");
      assertThat(stage(gone)).isEqualTo("deleted");
    }

    private String stage(String run) {
      return server.get("/runs/get?run_id=" + run, "/run/info/lifecycle_stage").asString();
    }

    @Test
    void when_tagged_and_renamed_then_both_are_seen() {
      String id = experiment("a");
      ok(
          server.post(
              "/experiments/set-experiment-tag",
              "{'experiment_id':'" + id + "','key':'team','value':'x'}"));
      ok(server.post("/experiments/update", "{'experiment_id':'" + id + "','new_name':'b'}"));
      JsonNode experiment = server.get("/experiments/get?experiment_id=" + id, "/experiment");
      assertThat(experiment.path("name").asString()).isEqualTo("b");
      assertThat(experiment.at("/tags/0/key").asString()).isEqualTo("team");
      String untag = "{'experiment_id':'" + id + "','key':'team'}";
      ok(server.post("/experiments/delete-experiment-tag", untag));
      assertRefused(
          server.post("/experiments/delete-experiment-tag", untag), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void when_searched_then_filter_order_and_pages_work() {
      for (String name : new String[] {"ab", "AB", "b", "c"}) {
        experiment(name);
      }
      assertThat(names("'filter':\"name LIKE 'a%'\"")).containsExactly("ab");
      assertThat(names("'filter':\"name ILIKE 'a%'\",'order_by':['name']"))
          .containsExactly("AB", "ab");
      assertThat(names("'order_by':['name DESC']"))
          .containsExactly("c", "b", "ab", "Default", "AB");
      Reply first = server.post("/experiments/search", "{'max_results':3,'order_by':['name']}");
      String token = first.body().path("next_page_token").asString();
      Reply second =
          server.post(
              "/experiments/search",
              "{'max_results':3,'order_by':['name'],'page_token':'" + token + "'}");
      assertThat(second.body().path("experiments")).hasSize(2);
      assertThat(second.body().has("next_page_token")).isFalse();
      assertRefused(
          server.post("/experiments/search", "{'max_results':0}"), 400, "INVALID_PARAMETER_VALUE");
      assertRefused(
          server.post("/experiments/search", "{'max_results':3,'page_token':'%%'}"),
          400,
          "INVALID_PARAMETER_VALUE");
    }

    private java.util.List<String> names(String fields) {
      // The fixture turns ' into ": quotes within the filter are put in afterwards.
      String json = "{'max_results':100," + fields + "}";
      String body = json.replace("\"", "\u0001").replace('\'', '"');
      int begin = body.indexOf('\u0001');
      if (begin >= 0) {
        int end = body.indexOf('\u0001', begin + 1);
        body =
            body.substring(0, begin)
                + '"'
                + body.substring(begin + 1, end).replace('"', '\'')
                + '"'
                + body.substring(end + 1);
      }
      Reply reply = server.send("POST", "/api/2.0/mlflow/experiments/search", body);
      ok(reply);
      return reply
          .body()
          .path("experiments")
          .valueStream()
          .map(e -> e.path("name").asString())
          .toList();
    }
  }

  @Nested
  class Given_a_run {
    private String run;

    @BeforeEach
    void create() {
      run = server.run();
    }

    private Reply write(String call, String rest) {
      return server.post("/runs/" + call, "{'run_id':'" + run + "'" + rest + "}");
    }

    private JsonNode seen() {
      return server.get("/runs/get?run_id=" + run, "/run");
    }

    @Test
    void when_made_then_it_runs_and_has_a_name_and_a_place() {
      JsonNode info = seen().path("info");
      assertThat(info.path("status").asString()).isEqualTo("RUNNING");
      assertThat(info.path("run_uuid").asString()).isEqualTo(run).matches("[0-9a-f]{32}");
      assertThat(info.path("artifact_uri").asString())
          .isEqualTo("mlflow-artifacts:/0/" + run + "/artifacts");
      assertThat(info.path("run_name").asString()).matches("[a-z]+-[a-z]+-[0-9]+");
      assertThat(seen().at("/data/tags/0/key").asString()).isEqualTo("mlflow.runName");
      assertThat(seen().has("inputs")).isTrue();
    }

    @Test
    void when_named_twice_differently_then_it_is_refused() {
      assertRefused(
          server.post(
              "/runs/create",
              "{'experiment_id':'0','run_name':'a','tags':[{'key':'mlflow.runName','value':'b'}]}"),
          400,
          "INVALID_PARAMETER_VALUE");
    }

    @Test
    void when_updated_then_what_was_told_changes_and_the_rest_stays() {
      Reply reply = write("update", ",'status':'FINISHED','end_time':5,'run_name':'new'");
      assertThat(reply.body().at("/run_info/status").asString()).isEqualTo("FINISHED");
      assertThat(reply.body().at("/run_info/end_time").asLong()).isEqualTo(5);
      ok(write("update", ",'status':'FAILED'"));
      assertThat(seen().at("/info/run_name").asString()).isEqualTo("new");
      assertThat(seen().at("/info/end_time").asLong()).isEqualTo(5);
      assertRefused(write("update", ",'status':'DONE'"), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void when_a_param_is_logged_again_then_only_the_same_value_is_taken() {
      ok(write("log-parameter", ",'key':'k','value':'a'"));
      ok(write("log-parameter", ",'key':'k','value':'a'"));
      Reply reply = write("log-parameter", ",'key':'k','value':'b'");
      assertRefused(reply, 400, "INVALID_PARAMETER_VALUE");
      assertThat(reply.message())
          .contains("Changing param values is not allowed", "'k'", "'a'", "'b'", run);
    }

    @Test
    void when_a_batch_has_a_param_twice_then_nothing_of_it_is_kept() {
      Reply reply =
          write(
              "log-batch",
              ",'metrics':[{'key':'m','value':1,'timestamp':1}],"
                  + "'params':[{'key':'d','value':'1'},{'key':'d','value':'2'}]");
      assertRefused(reply, 400, "INVALID_PARAMETER_VALUE");
      assertThat(reply.message()).contains("Duplicate parameter keys", "['d']");
      ok(write("log-parameter", ",'key':'p','value':'1'"));
      assertRefused(
          write(
              "log-batch",
              ",'metrics':[{'key':'m','value':1,'timestamp':1}],"
                  + "'params':[{'key':'q','value':'1'},{'key':'p','value':'2'}],"
                  + "'tags':[{'key':'t','value':'1'}]"),
          400,
          "INVALID_PARAMETER_VALUE");
      assertThat(seen().path("data").has("metrics")).isFalse();
      assertThat(seen().at("/data/params")).hasSize(1);
      assertThat(seen().at("/data/tags")).hasSize(1);
    }

    @Test
    void when_values_are_too_long_then_they_are_cut_and_keys_refused() {
      ok(write("log-parameter", ",'key':'k','value':'" + "v".repeat(7_000) + "'"));
      ok(write("set-tag", ",'key':'k','value':'" + "v".repeat(9_000) + "'"));
      assertThat(seen().at("/data/params/0/value").asString()).hasSize(6_000);
      assertThat(seen().at("/data/tags/0/value").asString()).hasSize(8_000);
      assertRefused(
          write("set-tag", ",'key':'" + "k".repeat(251) + "','value':'v'"),
          400,
          "INVALID_PARAMETER_VALUE");
    }

    @Test
    void when_the_name_tag_is_set_then_the_run_is_renamed() {
      ok(write("set-tag", ",'key':'mlflow.runName','value':'other'"));
      assertThat(seen().at("/info/run_name").asString()).isEqualTo("other");
    }

    @Test
    void when_a_tag_is_deleted_twice_then_the_second_is_404() {
      ok(write("set-tag", ",'key':'k','value':''"));
      ok(write("delete-tag", ",'key':'k'"));
      assertRefused(write("delete-tag", ",'key':'k'"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void when_deleted_then_it_is_seen_but_not_written() {
      ok(write("delete", ""));
      assertThat(seen().at("/info/lifecycle_stage").asString()).isEqualTo("deleted");
      Reply reply = write("log-metric", ",'key':'m','value':1,'timestamp':1");
      assertRefused(reply, 400, "INVALID_PARAMETER_VALUE");
      assertThat(reply.message()).contains("must be in the 'active' state");
      ok(write("restore", ""));
      ok(write("log-metric", ",'key':'m','value':1,'timestamp':1"));
    }

    @Test
    void when_it_is_unknown_or_misnamed_then_it_is_said() {
      assertRefused(server.get("/runs/get?run_id=abc"), 404, "RESOURCE_DOES_NOT_EXIST");
      assertRefused(server.get("/runs/get?run_id=..%2Fx"), 404, "RESOURCE_DOES_NOT_EXIST");
      assertRefused(server.get("/runs/get"), 400, "INVALID_PARAMETER_VALUE");
      assertRefused(server.get("/runs/get?run_id=a&run_uuid=b"), 400, "INVALID_PARAMETER_VALUE");
      assertThat(server.get("/runs/get?run_uuid=" + run).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
      "'1.5', 1.5",
      "'\"2\"', 2.0",
      "true, 1.0",
      "'\"NaN\"', NaN",
      "NaN, NaN",
      "'\"Infinity\"', Infinity",
      "'\"-Infinity\"', -Infinity",
      "5e-324, 4.9E-324",
      "1.7976931348623157e308, 1.7976931348623157E308",
      "0.1, 0.1"
    })
    void when_a_metric_is_logged_then_its_value_comes_back_exactly(String json, double value) {
      Reply reply =
          server.send(
              "POST",
              "/api/2.0/mlflow/runs/log-metric",
              "{\"run_id\":\"%s\",\"key\":\"m\",\"timestamp\":\"7\",\"value\":%s}"
                  .formatted(run, json));
      ok(reply);
      JsonNode latest = seen().at("/data/metrics/0");
      JsonNode point = server.get("/metrics/get-history?metric_key=m&run_id=" + run, "/metrics/0");
      assertThat(Double.valueOf(latest.path("value").asString())).isEqualTo(Double.valueOf(value));
      assertThat(point).isEqualTo(latest);
      assertThat(latest.path("timestamp").isNumber()).isTrue();
      assertThat(latest.path("step").asLong()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'value':'abc','timestamp':1,'key':'m'",
          "'value':'0x1p3','timestamp':1,'key':'m'",
          "'value':[],'timestamp':1,'key':'m'",
          "'timestamp':1,'key':'m'",
          "'value':1,'key':'m'",
          "'value':1,'timestamp':-1,'key':'m'",
          "'value':1,'timestamp':1.5,'key':'m'",
          "'value':1,'timestamp':1,'step':'x','key':'m'",
          "'value':1,'timestamp':1",
          "'value':1,'timestamp':1,'key':'../m'"
        })
    void when_a_metric_is_wrong_then_it_is_refused(String fields) {
      assertRefused(write("log-metric", "," + fields), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void when_a_point_is_logged_twice_then_it_is_one_and_any_difference_is_another() {
      String point = "{'key':'m','value':1,'timestamp':1,'step':1}";
      ok(write("log-batch", ",'metrics':[" + point + "," + point + "]"));
      ok(write("log-metric", "," + point.substring(1, point.length() - 1)));
      ok(write("log-metric", ",'key':'m','value':'NaN','timestamp':1,'step':1"));
      ok(write("log-metric", ",'key':'m','value':0,'timestamp':1,'step':1"));
      assertThat(server.get("/metrics/get-history?metric_key=m&run_id=" + run, "/metrics"))
          .hasSize(3);
    }

    @Test
    void when_limits_of_a_batch_are_passed_then_it_is_refused() {
      String metric = "{'key':'m','value':1,'timestamp':1,'step':%d}";
      StringBuilder metrics = new StringBuilder(metric.formatted(0));
      for (int i = 1; i < 1_000; i++) {
        metrics.append(',').append(metric.formatted(i));
      }
      ok(write("log-batch", ",'metrics':[" + metrics + "]"));
      assertRefused(
          write("log-batch", ",'metrics':[" + metrics + "," + metric.formatted(1_000) + "]"),
          400,
          "INVALID_PARAMETER_VALUE");
      String param = "{'key':'p','value':'1'}";
      assertRefused(
          write("log-batch", ",'params':[" + (param + ",").repeat(100) + param + "]"),
          400,
          "INVALID_PARAMETER_VALUE");
      assertRefused(
          write("log-batch", ",'metrics':[" + metrics + "],'params':[" + param + "]"),
          400,
          "INVALID_PARAMETER_VALUE");
      assertRefused(
          write("log-batch", ",'x':'" + "x".repeat(1_000_000) + "'"),
          400,
          "INVALID_PARAMETER_VALUE");
      assertThat(
              server.get(
                  "/metrics/get-history?metric_key=m&max_results=999&run_id=" + run, "/metrics"))
          .hasSize(999);
      ok(write("log-batch", ""));
    }

    @Test
    void when_a_history_is_paged_then_all_points_come_once_in_order() {
      for (int i = 0; i < 7; i++) {
        ok(
            write(
                "log-metric",
                ",'key':'m','value':" + i % 2 + ",'timestamp':" + i / 3 + ",'step':" + i));
      }
      ok(write("log-metric", ",'key':'m','value':'NaN','timestamp':0,'step':0"));
      String all = "/metrics/get-history?metric_key=m&run_id=" + run;
      JsonNode whole = server.get(all, "/metrics");
      java.util.List<JsonNode> pages = new java.util.ArrayList<>();
      String token = "";
      do {
        Reply page =
            server.get(all + "&max_results=3" + (token.isEmpty() ? "" : "&page_token=" + token));
        page.body().path("metrics").forEach(pages::add);
        token = page.body().path("next_page_token").asString("");
      } while (!token.isEmpty());
      assertThat(pages).hasSize(8).isEqualTo(whole.valueStream().toList());
      ok(server.get(all + "&max_results=25001"));
      assertRefused(server.get(all + "&max_results=0"), 400, "INVALID_PARAMETER_VALUE");
      assertThat(server.get("/metrics/get-history?metric_key=none&run_id=" + run).body().size())
          .isZero();
    }

    @Test
    void when_inputs_are_logged_again_then_they_are_there_once() {
      String input =
          ",'datasets':[{'tags':[{'key':'mlflow.data.context','value':'training'}],"
              + "'dataset':{'name':'d','digest':'1','source_type':'local','source':'s'}}]";
      ok(write("log-inputs", input));
      ok(write("log-inputs", input));
      JsonNode inputs = seen().at("/inputs/dataset_inputs");
      assertThat(inputs).hasSize(1);
      assertThat(inputs.at("/0/tags/0/value").asString()).isEqualTo("training");
      assertThat(
              server
                  .post("/experiments/search-datasets", "{'experiment_ids':['0']}")
                  .body()
                  .at("/dataset_summaries/0/context")
                  .asString())
          .isEqualTo("training");
    }

    @Test
    void when_old_clients_log_a_model_then_the_tag_grows() {
      String model =
          ",'model_json':'{\\'artifact_path\\':\\'m\\',\\'flavors\\':{},\\'utc_time_created\\':\\'t\\',\\'run_id\\':\\'r\\'}'"
              .replace("\\'", "\\\"");
      ok(write("log-model", model));
      ok(write("log-model", model));
      String history =
          seen()
              .at("/data/tags")
              .valueStream()
              .filter(tag -> tag.path("key").asString().equals("mlflow.log-model.history"))
              .findFirst()
              .orElseThrow()
              .path("value")
              .asString();
      assertThat(history).startsWith("[{").contains("},{").endsWith("}]");
      assertRefused(write("log-model", ",'model_json':'{}'"), 400, "INVALID_PARAMETER_VALUE");
    }
  }

  @Nested
  class Given_a_logged_model {
    private JsonNode create(String rest) {
      Reply reply = server.post("/logged-models", "{'experiment_id':'0'" + rest + "}");
      ok(reply);
      return reply.body().path("model");
    }

    @Test
    void when_it_lives_its_life_then_each_step_is_seen() {
      JsonNode model =
          create(",'name':'iris','model_type':'agent','params':[{'key':'a','value':'1'}]");
      String id = model.at("/info/model_id").asString();
      assertThat(id).matches("m-[0-9a-f]{32}");
      assertThat(model.at("/info/status").asString()).isEqualTo("LOGGED_MODEL_PENDING");
      assertThat(model.at("/info/artifact_uri").asString())
          .isEqualTo("mlflow-artifacts:/0/models/" + id + "/artifacts");
      Reply finished =
          server.send(
              "PATCH",
              "/api/2.0/mlflow/logged-models/" + id,
              "{\"model_id\":\"" + id + "\",\"status\":\"LOGGED_MODEL_READY\"}");
      assertThat(finished.body().at("/model/info/status").asString())
          .isEqualTo("LOGGED_MODEL_READY");
      String run = server.run();
      ok(
          server.post(
              "/runs/outputs",
              "{'run_id':'" + run + "','models':[{'model_id':'" + id + "','step':3}]}"));
      ok(
          server.post(
              "/runs/log-metric",
              "{'run_id':'"
                  + run
                  + "','key':'acc','value':0.5,'timestamp':1,'model_id':'"
                  + id
                  + "','dataset_name':'d','dataset_digest':'1'}"));
      assertThat(
              server.get("/runs/get?run_id=" + run, "/run/outputs/model_outputs/0/step").asLong())
          .isEqualTo(3);
      JsonNode metric = server.get("/logged-models/" + id, "/model/data/metrics/0");
      assertThat(metric.path("value").asDouble()).isEqualTo(0.5);
      assertThat(metric.path("run_id").asString()).isEqualTo(run);
      ok(server.send("DELETE", "/api/2.0/mlflow/logged-models/" + id, ""));
      assertRefused(server.get("/logged-models/" + id), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void when_tags_are_set_and_deleted_then_they_are_seen() {
      String id = create("").at("/info/model_id").asString();
      String path = "/api/2.0/mlflow/logged-models/" + id + "/tags";
      ok(server.send("PATCH", path, "{\"tags\":[{\"key\":\"a b\",\"value\":\"1\"}]}"));
      assertThat(server.get("/logged-models/" + id, "/model/info/tags/0/key").asString())
          .isEqualTo("a b");
      ok(server.send("DELETE", path + "/a%20b", ""));
      assertRefused(server.send("DELETE", path + "/a%20b", ""), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void when_searched_by_metric_then_only_those_that_have_it_are_found() {
      String run = server.run();
      String good = create(",'name':'good'").at("/info/model_id").asString();
      String bad = create(",'name':'bad'").at("/info/model_id").asString();
      create(",'name':'unmeasured'");
      for (String id : new String[] {good, bad}) {
        ok(
            server.post(
                "/runs/log-metric",
                "{'run_id':'%s','key':'acc','value':%s,'timestamp':1,'model_id':'%s'}"
                    .formatted(run, id.equals(good) ? "0.9" : "0.1", id)));
      }
      Reply found =
          server.post(
              "/logged-models/search", "{'experiment_ids':['0'],'filter':'metrics.acc > 0.5'}");
      assertThat(found.body().path("models")).hasSize(1);
      assertThat(found.body().at("/models/0/info/name").asString()).isEqualTo("good");
      Reply ordered =
          server.post(
              "/logged-models/search",
              "{'experiment_ids':['0'],'order_by':[{'field_name':'metrics.acc','ascending':true}]}");
      assertThat(
              ordered
                  .body()
                  .path("models")
                  .valueStream()
                  .map(model -> model.at("/info/name").asString()))
          .containsExactly("bad", "good", "unmeasured");
    }

    @Test
    void when_its_name_has_odd_signs_then_it_is_refused() {
      assertRefused(
          server.post("/logged-models", "{'experiment_id':'0','name':'a/b'}"),
          400,
          "INVALID_PARAMETER_VALUE");
    }
  }

  @Nested
  class Given_requests_that_are_wrong {
    @Test
    void when_the_route_is_unknown_then_it_is_404() {
      assertThat(server.get("/nothing").status()).isEqualTo(404);
      assertThat(server.send("DELETE", "/api/2.0/mlflow/runs/create", "").status()).isEqualTo(404);
      assertThat(server.send("GET", "/", "").status()).isEqualTo(404);
      assertThat(server.get("/registered-models/nothing").status()).isEqualTo(404);
    }

    @Test
    void when_asked_under_the_other_prefixes_then_it_is_answered_alike() {
      for (String prefix :
          new String[] {"/api/3.0", "/ajax-api/2.0", "/ajax-api/3.0", "/api/2.0/preview"}) {
        assertThat(
                server.send("GET", prefix + "/mlflow/experiments/get?experiment_id=0", "").status())
            .isEqualTo(200);
      }
    }

    @Test
    void when_the_body_is_no_json_then_it_is_400() {
      for (String body : new String[] {"{", "[]", "1", "{\"a\":", "[".repeat(200_000)}) {
        assertRefused(
            server.send("POST", "/api/2.0/mlflow/runs/create", body),
            400,
            "INVALID_PARAMETER_VALUE");
      }
    }

    @Test
    void when_a_get_has_its_fields_in_a_body_then_they_are_read() {
      assertThat(
              server
                  .send("GET", "/api/2.0/mlflow/experiments/get", "{\"experiment_id\":\"0\"}")
                  .status())
          .isEqualTo(200);
    }

    @Test
    void when_asked_for_health_and_version_then_they_are_told() {
      assertThat(server.send("GET", "/health", "").response().body()).asString().isEqualTo("OK");
      assertThat(server.send("GET", "/version", "").response().body())
          .asString()
          .isEqualTo(MlflowApi.VERSION);
      assertThat(server.send("GET", "/api/3.0/mlflow/server-info", "").status()).isEqualTo(200);
    }
  }
}
