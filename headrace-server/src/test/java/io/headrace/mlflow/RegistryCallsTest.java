package io.headrace.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.mlflow.ServerFixture.Reply;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** Each call of the model registry, over the wire; texts are those of MLflow 3.17.2's server. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RegistryCallsTest {
  private static final String MODELS = "/registered-models/";
  private static final String VERSIONS = "/model-versions/";

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

  private static void assertRefused(Reply reply, int status, String code, String message) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
    assertThat(reply.code()).isEqualTo(code);
    assertThat(reply.message()).contains(message);
  }

  private static JsonNode ok(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    return reply.body();
  }

  private JsonNode post(String path, String json) {
    return ok(server.post(path, json));
  }

  private Reply send(String method, String path, String json) {
    return server.send(method, "/api/2.0/mlflow" + path, json.replace('\'', '"'));
  }

  private void model(String name) {
    post(MODELS + "create", "{'name':'" + name + "'}");
  }

  private void version(String name, String more) {
    post(VERSIONS + "create", "{'name':'%s','source':'s3://b/x'%s}".formatted(name, more));
  }

  private static List<String> texts(JsonNode list, String field) {
    List<String> texts = new ArrayList<>();
    list.forEach(it -> texts.add(it.path(field).asString()));
    return texts;
  }

  @Nested
  class Given_models {
    @Test
    void when_made_then_all_that_was_said_is_there_and_nothing_else() {
      JsonNode made =
          post(
              MODELS + "create",
              "{'name':'m','description':'d','tags':[{'key':'k','value':'v'},{'key':'k','value':'w'}]}");
      assertThat(made.at("/registered_model/tags").toString())
          .isEqualTo("[{\"key\":\"k\",\"value\":\"w\"}]");
      JsonNode got = server.get(MODELS + "get?name=m", "/registered_model");
      assertThat(got.path("description").asString()).isEqualTo("d");
      assertThat(got.has("latest_versions")).isFalse();
      assertThat(got.path("creation_timestamp")).isEqualTo(got.path("last_updated_timestamp"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '^',
        value = {
          "{} | Missing value for required parameter 'name'. See the API docs for more information about request parameters.",
          "{'name':''} | Missing value for required parameter 'name'. See the API docs for more information about request parameters.",
          "{'name':'  '} | Missing value for required parameter 'name'.",
          "{'name':5} | Invalid value 5 for parameter 'name' supplied:  Hint: Value was of type 'int'. See the API docs for more information about request parameters.",
          "{'name':['x']} | Invalid value [\"x\"] for parameter 'name' supplied:  Hint: Value was of type 'list'.",
          "{'name':'m9','tags':'x'} | Invalid value \"x\" for parameter 'tags' supplied:  Hint: Value was of type 'str'.",
          "{'name':'a/b'} | Invalid model name 'a/b'. Names cannot contain '/' or ':'.",
          "{'name':'..'} | Invalid value \"..\" for parameter 'name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '..'",
          "{'name':'m9','tags':[{'key':'a,b'}]} | Invalid value \"a,b\" for parameter 'key' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).",
          "{'name':'a\\u0000b'} | Names cannot contain control characters.",
        })
    void when_a_name_or_tag_is_wrong_then_it_is_refused_in_mlflows_words(
        String body, String message) {
      assertRefused(server.post(MODELS + "create", body), 400, "INVALID_PARAMETER_VALUE", message);
    }

    @Test
    void when_a_name_is_taken_then_models_and_prompts_are_told_apart() {
      model("m");
      post(
          MODELS + "create",
          "{'name':'p','tags':[{'key':'mlflow.prompt.is_prompt','value':'true'}]}");
      assertRefused(
          server.post(MODELS + "create", "{'name':'m'}"),
          400,
          "RESOURCE_ALREADY_EXISTS",
          "Registered Model (name=m) already exists.");
      assertRefused(
          server.post(MODELS + "create", "{'name':'p'}"),
          400,
          "RESOURCE_ALREADY_EXISTS",
          "Tried to create a registered model with name 'p', but the name is already taken by a"
              + " prompt. MLflow does not allow creating a model and a prompt with the same name.");
    }

    @Test
    void when_renamed_then_versions_tags_and_aliases_go_with_it() {
      model("m");
      version("m", "");
      post(MODELS + "alias", "{'name':'m','alias':'a','version':'1'}");
      post(MODELS + "set-tag", "{'name':'m','key':'k','value':'v'}");
      post(MODELS + "rename", "{'name':'m','new_name':'n'}");
      assertRefused(
          server.get(MODELS + "get?name=m"),
          404,
          "RESOURCE_DOES_NOT_EXIST",
          "Registered Model with name=m not found");
      JsonNode got = server.get(MODELS + "get?name=n", "/registered_model");
      assertThat(got.at("/latest_versions/0/name").asString()).isEqualTo("n");
      assertThat(got.at("/aliases/0/alias").asString()).isEqualTo("a");
      assertThat(got.at("/tags/0/key").asString()).isEqualTo("k");
      model("m");
      assertRefused(
          server.post(MODELS + "rename", "{'name':'m','new_name':'n'}"),
          400,
          "RESOURCE_ALREADY_EXISTS",
          "Registered Model (name=n) already exists.");
    }

    @Test
    void when_changed_and_deleted_then_that_is_seen() {
      model("m");
      version("m", "");
      ok(send("PATCH", MODELS + "update", "{'name':'m','description':'new'}"));
      assertThat(server.get(MODELS + "get?name=m", "/registered_model/description").asString())
          .isEqualTo("new");
      ok(send("DELETE", MODELS + "delete-tag", "{'name':'m','key':'nothing'}"));
      ok(send("DELETE", MODELS + "delete", "{'name':'m'}"));
      assertThat(server.get(MODELS + "get?name=m").status()).isEqualTo(404);
      assertThat(server.get(VERSIONS + "get?name=m&version=1").status()).isEqualTo(404);
      model("m");
      version("m", "");
      assertThat(
              server
                  .get(MODELS + "get?name=m", "/registered_model/latest_versions/0/version")
                  .asString())
          .isEqualTo("1");
    }
  }

  @Nested
  class Given_versions {
    @BeforeEach
    void make() {
      model("m");
      version("m", ",'tags':[{'key':'t','value':'1'}],'description':'d','run_link':'l'");
      version("m", "");
    }

    @Test
    void when_asked_for_then_what_was_not_said_is_an_empty_text_until_it_is_taken_away() {
      JsonNode second = server.get(VERSIONS + "get?name=m&version=2", "/model_version");
      assertThat(second.path("version").asString()).isEqualTo("2");
      assertThat(second.path("status").asString()).isEqualTo("READY");
      assertThat(second.path("current_stage").asString()).isEqualTo("None");
      assertThat(second.path("description").isString()).isTrue();
      assertThat(second.path("run_id").isString()).isTrue();
      assertThat(second.has("user_id")).isFalse();
      ok(send("PATCH", VERSIONS + "update", "{'name':'m','version':'2'}"));
      assertThat(server.get(VERSIONS + "get?name=m&version=2", "/model_version").has("description"))
          .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
      "abc, 400, 'Parameter ''version'' must be an integer, got ''abc''.'",
      "1.0, 400, 'Parameter ''version'' must be an integer, got ''1.0''.'",
      "99, 404, 'Model Version (name=m, version=99) not found'",
      "-1, 404, 'Model Version (name=m, version=-1) not found'",
    })
    void when_there_is_no_such_version_then_it_is_told_so(
        String version, int status, String message) {
      Reply reply = server.get(VERSIONS + "get?name=m&version=" + version);
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.message()).isEqualTo(message);
    }

    @Test
    void when_deleted_then_its_number_is_not_given_again_and_its_aliases_go() {
      post(MODELS + "alias", "{'name':'m','alias':'a','version':'2'}");
      ok(send("DELETE", VERSIONS + "delete", "{'name':'m','version':'2'}"));
      assertThat(server.get(VERSIONS + "get?name=m&version=2").status()).isEqualTo(404);
      assertRefused(
          server.get(MODELS + "alias?name=m&alias=a"),
          400,
          "INVALID_PARAMETER_VALUE",
          "Registered model alias a not found.");
      version("m", "");
      assertThat(
              texts(
                  server.get(VERSIONS + "search?order_by=version_number", "/model_versions"),
                  "version"))
          .containsExactly("1", "3");
      assertThat(server.registry.aliases().moves("m", "a")).hasSize(2);
    }

    @Test
    void when_moved_to_a_stage_then_others_may_be_archived_and_the_latest_of_each_are_found() {
      stage("1", "staging", false);
      assertThat(stage("2", "STAGING", true).at("/model_version/current_stage").asString())
          .isEqualTo("Staging");
      assertThat(
              texts(
                  server.get(
                      MODELS + "get-latest-versions?name=m&stages=Archived", "/model_versions"),
                  "version"))
          .containsExactly("1");
      assertRefused(
          server.post(VERSIONS + "transition-stage", "{'name':'m','version':'1','stage':'bogus'}"),
          400,
          "INVALID_PARAMETER_VALUE",
          "Invalid Model Version stage: bogus. Value must be one of None, Staging, Production, Archived.");
      assertRefused(
          server.post(
              VERSIONS + "transition-stage",
              "{'name':'m','version':'1','stage':'None','archive_existing_versions':true}"),
          400,
          "INVALID_PARAMETER_VALUE",
          "Model version transition cannot archive existing model versions because 'None' is not an"
              + " Active stage. Valid stages are ['Staging', 'Production']");
    }

    private JsonNode stage(String version, String stage, boolean archive) {
      return post(
          VERSIONS + "transition-stage",
          "{'name':'m','version':'%s','stage':'%s','archive_existing_versions':%s}"
              .formatted(version, stage, archive));
    }

    @Test
    void when_tagged_then_a_tag_is_set_again_and_taken_away_once() {
      post(VERSIONS + "set-tag", "{'name':'m','version':'1','key':'t','value':'2'}");
      assertThat(
              server
                  .get(VERSIONS + "get?name=m&version=1", "/model_version/tags/0/value")
                  .asString())
          .isEqualTo("2");
      ok(send("DELETE", VERSIONS + "delete-tag", "{'name':'m','version':'1','key':'t'}"));
      ok(send("DELETE", VERSIONS + "delete-tag", "{'name':'m','version':'1','key':'t'}"));
      assertThat(
              server
                  .post(VERSIONS + "set-tag", "{'name':'m','version':'9','key':'t','value':'2'}")
                  .status())
          .isEqualTo(404);
    }
  }

  @Nested
  class Given_aliases {
    @BeforeEach
    void make() {
      model("m");
      version("m", "");
      version("m", "");
    }

    @Test
    void when_moved_then_the_trail_tells_from_where() {
      for (String version : List.of("1", "2", "2")) {
        post(MODELS + "alias", "{'name':'m','alias':'champion','version':'" + version + "'}");
      }
      ok(send("DELETE", MODELS + "alias", "{'name':'m','alias':'champion'}"));
      ok(send("DELETE", MODELS + "alias", "{'name':'m','alias':'champion'}"));
      assertThat(server.registry.aliases().moves("m", ""))
          .extracting(it ->
              it.from().map(Object::toString).orElse("-")
                  + it.to().map(Object::toString).orElse("-"))
          .containsExactly("2-", "12", "-1");
      assertThat(
              server.get(MODELS + "alias?name=m&alias=Latest", "/model_version/version").asString())
          .isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '^',
        value = {
          "latest | 'latest' alias name (case insensitive) is reserved.",
          "V12 | Version alias name 'V12' is reserved.",
          "a b | Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-).",
        })
    void when_an_alias_is_none_then_it_is_refused(String alias, String message) {
      assertRefused(
          server.post(MODELS + "alias", "{'name':'m','alias':'" + alias + "','version':'1'}"),
          400,
          "INVALID_PARAMETER_VALUE",
          message);
    }
  }

  @Nested
  class Given_sources {
    @BeforeEach
    void make() {
      model("m");
    }

    private Reply create(String source, String more) {
      return server.post(
          VERSIONS + "create", "{'name':'m','source':'%s'%s}".formatted(source, more));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/etc/passwd",
          "relative/x",
          "file:///etc",
          "file://host/x",
          "s3://b/../x",
          "s3://b/%2e%2e/x",
          "s3://b/%252e%252e/x",
          "s3://b/x%00",
          "s3://b",
          "mlflow-artifacts:/0/someone/artifacts/x",
          "mlflow-artifacts://host/x",
          "http://host/x",
          "ftp://host/x",
          "runs:/abc/x",
          "models:/m-123",
          "models://host/m/1",
          "models:/",
        })
    void when_a_source_is_not_the_makers_own_then_it_is_refused(String source) {
      assertThat(create(source, "").status()).isIn(400, 404);
      assertThat(create(source, ",'run_id':'" + server.run() + "'").status()).isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://b/x", "gs://b/x?y=1", "dbfs:/x", "s3://b//x/"})
    void when_a_source_is_elsewhere_then_it_is_taken_as_it_is(String source) {
      assertThat(ok(create(source, "")).at("/model_version/source").asString()).isEqualTo(source);
      assertThat(
              server
                  .get(VERSIONS + "get-download-uri?name=m&version=1", "/artifact_uri")
                  .asString())
          .isEqualTo(source);
    }

    @Test
    void when_it_is_another_version_then_its_run_and_its_place_are_taken_over() {
      String run = server.run();
      version("m", ",'run_id':'" + run + "'");
      model("copy");
      JsonNode copy =
          post(VERSIONS + "create", "{'name':'copy','source':'models:/m/latest'}")
              .path("model_version");
      assertThat(copy.path("source").asString()).isEqualTo("models:/m/1");
      assertThat(copy.path("run_id").asString()).isEqualTo(run);
      assertThat(
              server
                  .get(VERSIONS + "get-download-uri?name=copy&version=1", "/artifact_uri")
                  .asString())
          .isEqualTo("s3://b/x");
      assertRefused(
          server.post(
              VERSIONS + "create", "{'name':'copy','source':'models:/m/1','run_id':'other'}"),
          400,
          "INVALID_PARAMETER_VALUE",
          "The run_id and model_id request parameters must match the referenced model version.");
    }

    @Test
    void when_the_files_change_after_registration_then_those_of_then_are_served() {
      String run = server.run();
      String root = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/model";
      put(root + "/weights.txt", "approved");
      put(root + "/model.pkl", "cposix\nsystem\n(Vid\ntR.");
      String source = "mlflow-artifacts:/0/" + run + "/artifacts/model";
      JsonNode made = ok(create(source, ",'run_id':'" + run + "'")).path("model_version");
      assertThat(made.path("status_message").asString())
          .isEqualTo("Look before you load: model.pkl: loading it runs posix.system");
      put(root + "/weights.txt", "swapped");
      String uri =
          server.get(VERSIONS + "get-download-uri?name=m&version=1", "/artifact_uri").asString();
      assertThat(uri).startsWith("mlflow-artifacts:/.stored/folder/");
      String frozen =
          "/api/2.0/mlflow-artifacts/artifacts/" + uri.substring("mlflow-artifacts:/".length());
      assertThat(text("GET", frozen + "/weights.txt")).isEqualTo("approved");
      assertThat(text("GET", "/model-versions/get-artifact?name=m&version=1&path=weights.txt"))
          .isEqualTo("approved");
      assertThat(server.send("PUT", frozen + "/weights.txt", "x").status()).isEqualTo(400);
      assertThat(server.send("DELETE", frozen, "").status()).isEqualTo(400);
      assertThat(
              server
                  .send("GET", "/model-versions/get-artifact?name=m&version=1&path=../x", "")
                  .status())
          .isEqualTo(400);
      assertThat(
              server
                  .send("GET", "/api/2.0/mlflow-artifacts/artifacts?path=.stored", "")
                  .body()
                  .path("files"))
          .isEmpty();
    }

    private void put(String path, String content) {
      ok(server.send("PUT", path, content));
    }

    private String text(String method, String path) {
      return new String(server.send(method, path, "").response().body(), StandardCharsets.UTF_8);
    }
  }

  @Nested
  class Given_searches {
    @BeforeEach
    void make() {
      for (String name : List.of("Alpha", "alpha", "be_ta", "p")) {
        String tags = name.equals("p") ? "mlflow.prompt.is_prompt" : "k";
        String value = name.equals("p") ? "true" : name;
        post(
            MODELS + "create",
            "{'name':'%s','tags':[{'key':'%s','value':'%s'}]}".formatted(name, tags, value));
      }
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '^',
        value = {
          "'' | Alpha alpha be_ta",
          "name LIKE 'a%' | alpha",
          "name ILIKE 'A%' | Alpha alpha",
          "name LIKE '%e_t%' | be_ta",
          "name != 'alpha' AND tags.k != 'x' | Alpha be_ta",
          "name IN ('alpha', 'be_ta') | alpha be_ta",
          "name NOT IN ('alpha') AND name ILIKE '%a' | Alpha be_ta",
          "tags.`mlflow.prompt.is_prompt` = 'true' | p",
          "tags.`mlflow.prompt.is_prompt` != 'true' | Alpha alpha be_ta",
          "tags.nothing != 'x' | ''",
        })
    void when_filtered_then_the_right_ones_are_found(String filter, String names) {
      String query =
          filter.equals("''")
              ? ""
              : "?filter=" + java.net.URLEncoder.encode(filter, StandardCharsets.UTF_8);
      assertThat(
              String.join(
                  " ", texts(server.get(MODELS + "search" + query, "/registered_models"), "name")))
          .isEqualTo(names.equals("''") ? "" : names);
    }

    @Test
    void when_models_are_added_while_paging_then_none_is_shown_twice_or_hidden() {
      List<String> seen = new ArrayList<>();
      String token = "";
      for (int page = 0; page < 3; page++) {
        JsonNode found = ok(server.get(MODELS + "search?max_results=1&page_token=" + token));
        seen.addAll(texts(found.path("registered_models"), "name"));
        model("AAA " + page);
        token = found.path("next_page_token").asString("");
      }
      assertThat(seen).containsExactly("Alpha", "alpha", "be_ta");
      assertThat(token).isEmpty();
      assertRefused(
          server.get(MODELS + "search?page_token=abcd"),
          400,
          "INVALID_PARAMETER_VALUE",
          "Invalid page token");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '^',
        value = {
          "registered-models/search?max_results=1001 | Invalid value \"1001\" for parameter 'max_results' supplied:  Hint: Value was of type 'str'.",
          "model-versions/search?max_results=0 | Invalid value for max_results. It must be a positive integer, but got 0",
          "registered-models/search?order_by=foo | Invalid order by key 'foo' specified. Valid keys are",
          "registered-models/search?order_by=name&order_by=name+DESC | `order_by` contains duplicate fields: ['name', 'name DESC']",
          "registered-models/search?filter=name+%3E+'a' | Invalid comparator for attribute: >",
          "model-versions/search?filter=version_number+%3D+'a' | Invalid value for numeric attribute 'version_number': 'a'",
        })
    void when_a_question_is_wrong_then_it_is_refused_in_mlflows_words(String path, String message) {
      assertRefused(server.get("/" + path), 400, "INVALID_PARAMETER_VALUE", message);
    }
  }

  @Nested
  class Given_webhooks {
    @Test
    void when_a_url_leads_inside_then_it_is_refused_and_nothing_is_kept() {
      for (String url :
          List.of(
              "http://example.com/",
              "https://127.0.0.1/",
              "https://localhost/",
              "https://169.254.169.254/latest",
              "https://[::1]/",
              "https://user@127.0.0.1/",
              "https://10.0.0.1:8080/",
              "https:///x",
              "file:///etc/passwd")) {
        assertRefused(
            server.post(
                "/webhooks",
                "{'name':'w','url':'%s','events':[{'entity':'MODEL_VERSION','action':'CREATED'}]}"
                    .formatted(url)),
            400,
            "INVALID_PARAMETER_VALUE",
            "ebhook URL");
      }
      assertThat(ok(server.get("/webhooks")).has("webhooks")).isFalse();
      assertRefused(
          server.get("/webhooks/nobody"),
          404,
          "RESOURCE_DOES_NOT_EXIST",
          "Webhook with ID nobody not found.");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '^',
        value = {
          "{} | Missing value for required parameter 'name'.",
          "{'name':'w','url':'https://x'} | Missing value for required parameter 'events'.",
          "{'name':'-x','url':'https://x','events':[]} | Webhook name '-x' is invalid.",
          "{'name':'w','url':'https://x','events':[{'entity':'MODEL_VERSION','action':'SET'}]} | Invalid action 'set' for entity 'model_version'. Valid actions are: ['created']",
        })
    void when_a_webhook_is_wrong_then_it_is_refused_in_mlflows_words(String body, String message) {
      assertRefused(server.post("/webhooks", body), 400, "INVALID_PARAMETER_VALUE", message);
    }
  }
}
