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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EvaluationCallsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DATASETS = "/api/3.0/mlflow/datasets/";

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

  private Reply send(String method, String path, String json) {
    return server.send(method, DATASETS + path, json.replace('\'', '"'));
  }

  private static JsonNode ok(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    return reply.body();
  }

  /** Field and value of a body whose value is JSON as text. */
  private static String wrapped(String field, String json) {
    ObjectNode body = JSON.createObjectNode();
    return JSON.writeValueAsString(body.put(field, json.replace('\'', '"')));
  }

  private String dataset(String name) {
    return ok(send("POST", "create", "{'name':'" + name + "','experiment_ids':['0']}"))
        .at("/dataset/dataset_id")
        .asString();
  }

  private JsonNode put(String id, String records) {
    return ok(server.send("POST", DATASETS + id + "/records", wrapped("records", records)));
  }

  private JsonNode records(String id, String query) {
    return JSON.readTree(ok(send("GET", id + "/records" + query, "")).path("records").asString());
  }

  @Test
  void given_records_with_the_same_inputs_then_they_are_one() {
    String id = dataset("d");
    JsonNode first =
        put(id, "[{'inputs':{'a':1,'b':{'y':1,'x':2}},'expectations':{'e':1}},{'inputs':{'a':2}}]");
    assertThat(first.path("inserted_count").asInt()).isEqualTo(2);
    JsonNode second =
        put(
            id,
            "[{'inputs':{'b':{'x':2,'y':1},'a':1},'expectations':{'f':[1]},'outputs':'o','tags':{'mlflow.user':'me'}}]");
    assertThat(second.path("updated_count").asInt()).isEqualTo(1);
    JsonNode record = records(id, "").get(0);
    assertThat(record.path("expectations").toString()).contains("\"e\":1", "\"f\":[1]");
    assertThat(record.path("outputs").asString()).isEqualTo("o");
    assertThat(record.path("last_updated_by").asString()).isEqualTo("me");
    JsonNode dataset = ok(send("GET", id, "")).path("dataset");
    assertThat(dataset.path("profile").asString()).isEqualTo("{\"num_records\":2}");
    assertThat(JSON.readTree(dataset.path("schema").asString()).path("inputs").toString())
        .isEqualTo("{\"a\":\"integer\",\"b\":\"object\"}");
    assertThat(dataset.path("last_updated_by").asString()).isEqualTo("me");
  }

  @Test
  void given_pages_of_records_then_each_comes_once_in_order() {
    String id = dataset("d");
    put(id, "[{'inputs':{'a':1}},{'inputs':{'a':2}},{'inputs':{'a':3}}]");
    JsonNode page = ok(send("GET", id + "/records?max_results=2", ""));
    String token = page.path("next_page_token").asString();
    assertThat(JSON.readTree(page.path("records").asString())).hasSize(2);
    JsonNode rest = records(id, "?max_results=2&page_token=" + token);
    assertThat(rest.toString()).contains("{\"a\":3}");
    assertThat(rest).hasSize(1);
    String record = rest.at("/0/dataset_record_id").asString();
    String gone = "{'dataset_record_ids':['" + record + "','none']}";
    assertThat(ok(send("DELETE", id + "/records", gone)).path("deleted_count").asInt()).isOne();
    assertThat(records(id, "")).hasSize(2);
  }

  @Test
  void given_datasets_then_name_tag_and_experiment_find_them() {
    String first = dataset("first");
    dataset("second");
    ok(server.send("PATCH", DATASETS + first + "/tags", wrapped("tags", "{'k':'v','n':null}")));
    String filter = "{'filter_string':'tags.k = \\u0027v\\u0027','experiment_ids':['0']}";
    assertThat(ok(send("POST", "search", filter)).path("datasets")).hasSize(1);
    JsonNode byName = ok(send("POST", "search", "{'order_by':['name'],'max_results':1}"));
    assertThat(byName.at("/datasets/0/name").asString()).isEqualTo("first");
    assertThat(byName.path("next_page_token").asString()).isNotEmpty();
    assertThat(ok(send("POST", "search", "{'experiment_ids':['7']}")).path("datasets")).isEmpty();
    ok(send("DELETE", first + "/tags/k", ""));
    assertThat(ok(send("POST", "search", filter)).path("datasets")).isEmpty();
    ok(send("POST", first + "/remove-experiments", "{'experiment_ids':['0']}"));
    assertThat(ok(send("GET", first + "/experiment-ids", "")).has("experiment_ids")).isFalse();
    ok(send("POST", first + "/add-experiments", "{'experiment_ids':['0']}"));
    assertThat(ok(send("GET", first + "/experiment-ids", "")).at("/experiment_ids/0").asString())
        .isEqualTo("0");
  }

  @Test
  void given_what_is_not_there_or_wrong_then_it_is_refused() {
    assertThat(send("GET", "d-none", "").status()).isEqualTo(404);
    assertThat(ok(send("DELETE", "d-none", "")).isEmpty()).isTrue();
    assertThat(send("POST", "create", "{}").status()).isEqualTo(400);
    String id = dataset("d");
    for (String records : new String[] {"x", "[1]"}) {
      assertThat(
              server.send("POST", DATASETS + id + "/records", wrapped("records", records)).status())
          .isEqualTo(400);
    }
    assertThat(send("POST", id + "/add-experiments", "{'experiment_ids':['99']}").status())
        .isEqualTo(404);
    put(id, "[{'inputs':{'a':1}}]");
    ok(send("DELETE", id, ""));
    assertThat(send("GET", id + "/records", "").status()).isEqualTo(404);
  }
}
