package io.headrace.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.mlflow.ServerFixture.Reply;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TraceCallsTest {
  private static final String V3 = "/api/3.0/mlflow/traces";

  /** The ids of OpenTelemetry, in hexadecimal. */
  private static final String HEX = "0123456789abcdef0123456789abcd0";

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
    return server.send(method, V3 + path, json.replace('\'', '"'));
  }

  private static void assertRefused(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
    assertThat(reply.code()).isEqualTo(code);
  }

  private static JsonNode ok(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    return reply.body();
  }

  private static String id(int number) {
    return "tr-" + HEX + number;
  }

  /** A trace of the default experiment that began so many seconds after 2025. */
  private JsonNode trace(int number, String more) {
    String json =
        "{'trace':{'trace_info':{'trace_id':'%s','trace_location':{'type':'MLFLOW_EXPERIMENT','mlflow_experiment':{'experiment_id':'0'}},'request_time':'2025-01-01T00:00:0%dZ'%s}}}"
            .formatted(id(number), number, more);
    return ok(send("POST", "", json)).at("/trace/trace_info");
  }

  /** Quotes of a filter are not those of the JSON around it. */
  private static String quoted(String filter) {
    return filter.replace("'", "\\u0027");
  }

  private List<String> found(String filter, String... more) {
    String json =
        "{'locations':[{'type':'MLFLOW_EXPERIMENT','mlflow_experiment':{'experiment_id':'0'}}],'filter':\"%s\"%s}"
            .formatted(quoted(filter), String.join("", more));
    JsonNode traces = ok(send("POST", "/search", json)).path("traces");
    List<String> found = new ArrayList<>();
    traces.forEach(trace -> found.add(trace.path("trace_id").asString().substring(34)));
    return found;
  }

  private Reply spans(String json) {
    return server.send(
        "POST", "/v1/traces", json.replace('\'', '"'), "x-mlflow-experiment-id", "0");
  }

  private static String span(int trace, String span, String parent, String more) {
    return "{'traceId':'%s','spanId':'%s','parentSpanId':'%s','name':'%s','startTimeUnixNano':'1735689601000000000','endTimeUnixNano':1735689602500000000%s}"
        .formatted(HEX + trace, span, parent, span.startsWith("a") ? "na" : "nb", more);
  }

  private static String request(String... spans) {
    return "{'resourceSpans':[{'resource':{'attributes':[{'key':'service.name','value':{'stringValue':'shop'}}]},'scopeSpans':[{'spans':[%s]}]}]}"
        .formatted(String.join(",", spans));
  }

  @Test
  void given_a_trace_then_it_is_answered_as_it_was_told() {
    JsonNode info =
        trace(
            1,
            ",'execution_duration':'1.5s','state':'OK','client_request_id':'c','request_preview':'q',"
                + "'trace_metadata':{'m':'x','mlflow.trace.session':'s'},'tags':{'mlflow.traceName':'n','t':'y'}");
    assertThat(ok(send("GET", "/" + id(1), "")).at("/trace/trace_info")).isEqualTo(info);
    assertThat(info.path("execution_duration").asString()).isEqualTo("1.500s");
    assertThat(info.path("request_time").asString()).isEqualTo("2025-01-01T00:00:01Z");
    assertThat(info.at("/trace_metadata/mlflow.trace.session").asString()).isEqualTo("s");
    assertThat(info.at("/tags/mlflow.traceName").asString()).isEqualTo("n");
    assertThat(info.at("/tags/mlflow.artifactLocation").asString())
        .isEqualTo("mlflow-artifacts:/0/traces/" + id(1) + "/artifacts");
    JsonNode old = ok(server.get("/traces/" + id(1) + "/info")).path("trace_info");
    assertThat(old.path("execution_time_ms").asLong()).isEqualTo(1_500);
    assertThat(old.path("status").asString()).isEqualTo("OK");
  }

  @Test
  void given_a_trace_that_is_told_again_then_what_was_known_is_kept() {
    trace(1, ",'state':'IN_PROGRESS','request_preview':'q','tags':{'a':'1'}");
    JsonNode info = trace(1, ",'state':'ERROR','response_preview':'r','tags':{'b':'2'}");
    assertThat(info.path("request_preview").asString()).isEqualTo("q");
    assertThat(info.path("response_preview").asString()).isEqualTo("r");
    assertThat(info.at("/tags/a").asString()).isEqualTo("1");
    assertThat(found("")).containsExactly("1");
  }

  @Test
  void given_no_such_trace_then_the_answer_is_404() {
    assertRefused(send("GET", "/tr-none", ""), 404, "RESOURCE_DOES_NOT_EXIST");
    assertRefused(
        send("PATCH", "/tr-none/tags", "{'key':'k','value':'v'}"), 404, "RESOURCE_DOES_NOT_EXIST");
    assertRefused(
        server.send("GET", V3 + "/get?trace_id=tr-none", ""), 404, "RESOURCE_DOES_NOT_EXIST");
    assertRefused(send("POST", "", "{'trace':{'trace_info':{}}}"), 400, "INVALID_PARAMETER_VALUE");
  }

  @Test
  void given_spans_before_anything_else_then_a_trace_is_made_from_them() {
    String attributes =
        ",'attributes':[{'key':'mlflow.spanType','value':{'stringValue':'LLM'}},"
            + "{'key':'mlflow.spanInputs','value':{'kvlistValue':{'values':[{'key':'q','value':{'intValue':'7'}}]}}},"
            + "{'key':'mlflow.traceTag.team','value':{'stringValue':'a'}},{'key':'session.id','value':{'stringValue':'s1'}}],"
            + "'status':{'code':2,'message':'oh'},'events':[{'name':'e','timeUnixNano':'5'}]";
    ok(spans(request(span(1, "b000000000000002", "a000000000000001", ""))));
    assertThat(ok(send("GET", "/" + id(1), "")).at("/trace/trace_info/state").asString())
        .isEqualTo("IN_PROGRESS");
    ok(spans(request(span(1, "a000000000000001", "", attributes))));
    JsonNode trace = ok(server.send("GET", V3 + "/get?trace_id=" + id(1), "")).path("trace");
    JsonNode info = trace.path("trace_info");
    assertThat(info.path("state").asString()).isEqualTo("ERROR");
    assertThat(info.path("execution_duration").asString()).isEqualTo("1.500s");
    assertThat(info.path("request_preview").asString()).isEqualTo("{\"q\":7}");
    assertThat(info.at("/tags/team").asString()).isEqualTo("a");
    assertThat(info.at("/tags/service.name").asString()).isEqualTo("shop");
    assertThat(info.at("/trace_metadata/mlflow.trace.session").asString()).isEqualTo("s1");
    assertThat(trace.path("spans")).hasSize(2);
    JsonNode root = trace.at("/spans/0");
    assertThat(root.path("name").asString()).isEqualTo("na");
    assertThat(root.at("/status/code").asString()).isEqualTo("STATUS_CODE_ERROR");
    assertThat(root.at("/events/0/name").asString()).isEqualTo("e");
    assertThat(root.path("attributes").toString())
        .contains("{\"key\":\"q\",\"value\":{\"int_value\":7}}");
    assertThat(found("span.type = 'LLM' AND span.name = 'na'")).containsExactly("1");
    assertThat(found("span.type = 'LLM' AND span.name = 'nb'")).isEmpty();
    assertThat(found("span.attributes.mlflow.spanType LIKE '%LLM%'")).containsExactly("1");
    assertThat(found("trace.text LIKE '%team%'")).containsExactly("1");
  }

  @Test
  void given_the_same_span_twice_then_it_is_there_once() {
    for (int i = 0; i < 2; i++) {
      ok(spans(request(span(1, "a000000000000001", "", ""))));
    }
    assertThat(
            ok(server.send("GET", V3 + "/batchGet?trace_ids=" + id(1), "")).at("/traces/0/spans"))
        .hasSize(1);
  }

  @Test
  void given_spans_as_protobuf_and_packed_then_they_are_read() throws IOException {
    byte[] span =
        joined(
            bytes(1, hex(HEX + "1")),
            bytes(2, hex("a000000000000001")),
            bytes(5, "proto".getBytes(StandardCharsets.UTF_8)),
            fixed(7, 1_735_689_601_000_000_000L),
            fixed(8, 1_735_689_602_000_000_000L),
            bytes(
                9,
                joined(
                    bytes(1, "k".getBytes(StandardCharsets.UTF_8)),
                    bytes(2, new byte[] {0x18, 5}))));
    byte[] request = bytes(1, bytes(2, bytes(2, span)));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(request);
    }
    assertThat(otlp(packed.toByteArray(), "gzip").status()).isEqualTo(200);
    JsonNode trace = ok(server.send("GET", V3 + "/get?trace_id=" + id(1), "")).path("trace");
    assertThat(trace.at("/spans/0/name").asString()).isEqualTo("proto");
    assertThat(trace.at("/spans/0/attributes").toString())
        .contains("{\"key\":\"k\",\"value\":{\"int_value\":5}}");
    assertThat(otlp("not gzip".getBytes(StandardCharsets.UTF_8), "gzip").status()).isEqualTo(400);
    assertThat(otlp(new byte[0], "").status()).isEqualTo(400);
    // Each way to cut the message off is refused or read, and never an error of ours.
    Random chance = new Random(11);
    for (int i = 0; i < 300; i++) {
      byte[] broken = java.util.Arrays.copyOf(request, chance.nextInt(request.length));
      if (broken.length > 0) {
        broken[chance.nextInt(broken.length)] ^= (byte) (1 << chance.nextInt(8));
      }
      assertThat(otlp(broken, "").status()).isIn(200, 400, 422);
    }
  }

  private Reply otlp(byte[] body, String encoding) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.server.uri() + "/v1/traces"))
            .header("Authorization", "Bearer " + ServerFixture.TOKEN)
            .header("Content-Type", "application/x-protobuf")
            .header("x-mlflow-experiment-id", "0")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (!encoding.isEmpty()) {
      request.header("Content-Encoding", encoding);
    }
    return server.send(request.build());
  }

  private static byte[] hex(String hex) {
    return java.util.HexFormat.of().parseHex(hex);
  }

  private static byte[] bytes(int field, byte[] content) {
    assertThat(content.length).isLessThan(1 << 14);
    byte[] head =
        content.length < 128
            ? new byte[] {(byte) (field << 3 | 2), (byte) content.length}
            : new byte[] {
              (byte) (field << 3 | 2), (byte) (content.length | 0x80), (byte) (content.length >> 7)
            };
    return joined(head, content);
  }

  private static byte[] fixed(int field, long value) {
    byte[] bytes = new byte[9];
    bytes[0] = (byte) (field << 3 | 1);
    for (int i = 0; i < 8; i++) {
      bytes[i + 1] = (byte) (value >> (8 * i));
    }
    return bytes;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void given_spans_for_nobody_then_they_are_refused() {
    String good = request(span(1, "a000000000000001", "", ""));
    assertThat(server.send("POST", "/v1/traces", good.replace('\'', '"')).status()).isEqualTo(422);
    assertThat(
            server
                .send("POST", "/v1/traces", good.replace('\'', '"'), "x-mlflow-experiment-id", "99")
                .status())
        .isEqualTo(404);
    assertThat(spans("{'resourceSpans':[]}").status()).isEqualTo(400);
    assertThat(spans(request(span(1, "", "", ""))).status()).isEqualTo(422);
    assertThat(spans(request(span(1, "xyz", "", ""))).status()).isEqualTo(400);
    assertThat(found("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "trace.status = 'OK' | 1",
        "status IN ('OK','ERROR') | 21",
        "status != 'OK' | 32",
        "timestamp >= 1735689602000 | 32",
        "execution_time > 1000 | 2",
        "end_time_ms = 1735689604000 | 2",
        "name LIKE 'o%' | 1",
        "name IS NULL | 3",
        "tags.t = 'x' | 1",
        "tags.t ILIKE 'x' | 21",
        "tags.t IS NULL | 3",
        "metadata.m != 'none' | 1",
        "run_id = 'r1' | 1",
        "feedback.good = 'yes' | 1",
        "feedback.score > 0.5 | 1",
        "feedback.score < 0.5 | ",
        "feedback.score IS NULL | 32",
        "expectation.e IS NOT NULL | 1",
      })
  void given_a_filter_then_only_such_traces_are_found(String filter, String expected) {
    trace(
        1,
        ",'state':'OK','tags':{'mlflow.traceName':'one','t':'x'},'trace_metadata':{'m':'y','mlflow.sourceRun':'r1'}");
    trace(
        2, ",'state':'ERROR','execution_duration':'2s','tags':{'mlflow.traceName':'two','t':'X'}");
    trace(3, ",'state':'IN_PROGRESS'");
    assess(1, "'assessment_name':'good','feedback':{'value':'yes'}");
    assess(1, "'assessment_name':'score','feedback':{'value':0.75}");
    assess(1, "'assessment_name':'e','expectation':{'value':'x'}");
    assertThat(String.join("", found(filter))).isEqualTo(expected == null ? "" : expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing = 'x'",
        "params.x = 'y'",
        "status > 'OK'",
        "timestamp = 'x'",
        "span.x = 'y'",
        "span.content = 'x'",
        "prompt = 'p'",
        "issue.id != 'x'",
        "feedback.f IN ('x')",
        "name = 'a' OR name = 'b'",
        "tags.t RLIKE 'x'"
      })
  void given_a_filter_that_asks_for_what_cannot_be_then_it_is_refused(String filter) {
    String json =
        "{'locations':[{'mlflow_experiment':{'experiment_id':'0'}}],'filter':\""
            + quoted(filter)
            + "\"}";
    assertRefused(send("POST", "/search", json), 400, "INVALID_PARAMETER_VALUE");
  }

  @Test
  void given_pages_then_new_traces_do_not_shift_them() {
    for (int i = 1; i <= 5; i++) {
      trace(i, "");
    }
    String ask = "{'locations':[{'mlflow_experiment':{'experiment_id':'0'}}],'max_results':2%s}";
    JsonNode first = ok(send("POST", "/search", ask.formatted("")));
    trace(6, "");
    String token = first.path("next_page_token").asString();
    JsonNode second = ok(send("POST", "/search", ask.formatted(",'page_token':'" + token + "'")));
    assertThat(second.at("/traces/0/trace_id").asString()).isEqualTo(id(3));
    assertThat(found("", ",'order_by':['timestamp']"))
        .containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(found("", ",'order_by':['tags.t DESC','request_id DESC'],'max_results':1"))
        .containsExactly("6");
    for (String most : new String[] {"0", "501"}) {
      assertRefused(
          send("POST", "/search", ask.replace(":2", ":" + most).formatted("")),
          400,
          "INVALID_PARAMETER_VALUE");
    }
  }

  private JsonNode assess(int trace, String more) {
    String json =
        "{'assessment':{'source':{'source_type':'HUMAN','source_id':'me'},%s}}".formatted(more);
    return ok(send("POST", "/" + id(trace) + "/assessments", json)).path("assessment");
  }

  @Test
  void given_feedback_that_overrides_another_then_only_one_is_valid() {
    trace(1, "");
    String first =
        assess(1, "'assessment_name':'f','feedback':{'value':1}").path("assessment_id").asString();
    String second =
        assess(1, "'assessment_name':'f','feedback':{'value':2},'overrides':'" + first + "'")
            .path("assessment_id")
            .asString();
    String place = "/" + id(1) + "/assessments/";
    assertThat(ok(send("GET", place + first, "")).at("/assessment/valid").asBoolean()).isFalse();
    assertThat(found("feedback.f > 1.5")).containsExactly("1");
    assertThat(found("feedback.f < 1.5")).isEmpty();
    ok(send("DELETE", place + second, ""));
    ok(send("DELETE", place + second, ""));
    assertThat(ok(send("GET", place + first, "")).at("/assessment/valid").asBoolean()).isTrue();
    assertRefused(send("GET", place + second, ""), 404, "RESOURCE_DOES_NOT_EXIST");
    assertRefused(
        send(
            "POST",
            "/" + id(1) + "/assessments",
            "{'assessment':{'assessment_name':'f','feedback':{'value':1},'overrides':'none'}}"),
        404,
        "RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void given_an_assessment_then_what_the_mask_names_is_changed() {
    trace(1, "");
    String id =
        assess(
                1,
                "'assessment_name':'f','feedback':{'value':null,'error':{'error_code':'E','stack_trace':'t'}},"
                    + "'rationale':'r','metadata':{'a':'b'},'span_id':'s'")
            .path("assessment_id")
            .asString();
    String place = "/" + id(1) + "/assessments/" + id;
    JsonNode told = ok(send("GET", place, "")).path("assessment");
    assertThat(told.at("/feedback/error/error_code").asString()).isEqualTo("E");
    assertThat(told.at("/feedback/error/stack_trace").asString()).isEqualTo("t");
    assertThat(told.at("/feedback/error").has("error_message")).isFalse();
    assertThat(told.at("/feedback/value").isNull()).isTrue();
    JsonNode changed =
        ok(send(
                "PATCH",
                place,
                "{'assessment':{'feedback':{'value':[1,'x']},'metadata':{'c':'d'},'rationale':'other'},"
                    + "'update_mask':'feedback,metadata'}"))
            .path("assessment");
    assertThat(changed.at("/feedback/value").toString()).isEqualTo("[1,\"x\"]");
    assertThat(changed.path("rationale").asString()).isEqualTo("r");
    assertThat(changed.path("metadata")).hasSize(2);
    assertRefused(
        send(
            "PATCH",
            place,
            "{'assessment':{'expectation':{'value':1}},'update_mask':'expectation'}"),
        400,
        "INVALID_PARAMETER_VALUE");
  }

  @Test
  void given_tags_and_links_then_they_are_found_and_taken_away() {
    trace(1, "");
    String run = server.run();
    ok(send("PATCH", "/" + id(1) + "/tags", "{'key':'k','value':'v'}"));
    ok(send("PATCH", "/" + id(1) + "/tags", "{'key':'mlflow.traceName','value':'renamed'}"));
    assertThat(found("tags.k = 'v' AND name = 'renamed'")).containsExactly("1");
    ok(send("DELETE", "/" + id(1) + "/tags", "{'key':'k'}"));
    assertRefused(
        send("DELETE", "/" + id(1) + "/tags", "{'key':'k'}"), 404, "RESOURCE_DOES_NOT_EXIST");
    assertRefused(
        send("PATCH", "/" + id(1) + "/tags", "{'key':'mlflow.trace.spansLocation','value':'x'}"),
        400,
        "INVALID_PARAMETER_VALUE");
    ok(
        server.post(
            "/traces/link-to-run",
            "{'trace_ids':['" + id(1) + "','tr-none'],'run_id':'" + run + "'}"));
    assertThat(found("run_id = '" + run + "'")).containsExactly("1");
    ok(
        server.post(
            "/traces/link-prompts",
            "{'trace_id':'" + id(1) + "','prompt_versions':[{'name':'p','version':'2'}]}"));
    assertThat(found("prompt = 'p/2'")).containsExactly("1");
  }

  @Test
  void given_traces_to_delete_then_exactly_those_go_with_their_spans() {
    for (int i = 1; i <= 4; i++) {
      trace(i, "");
    }
    ok(spans(request(span(4, "a000000000000001", "", ""))));
    String ask = "{'experiment_id':'0',%s}";
    assertRefused(
        send("POST", "/delete-traces", "{'experiment_id':'0'}"), 400, "INVALID_PARAMETER_VALUE");
    assertThat(
            ok(send(
                    "POST",
                    "/delete-traces",
                    ask.formatted("'max_timestamp_millis':1735689603000,'max_traces':2")))
                .path("traces_deleted")
                .asInt())
        .isEqualTo(2);
    assertThat(found("")).containsExactly("4", "3");
    ok(send("POST", "/delete-traces", ask.formatted("'request_ids':['" + id(4) + "','x']")));
    assertThat(found("")).containsExactly("3");
    trace(4, "");
    assertRefused(
        server.send("GET", V3 + "/get?trace_id=" + id(4), ""), 400, "INVALID_PARAMETER_VALUE");
  }

  @Test
  void given_a_client_before_mlflow_3_then_it_begins_and_ends_traces() {
    JsonNode begun =
        ok(server.post(
                "/traces",
                "{'experiment_id':'0','timestamp_ms':5,'tags':[{'key':'mlflow.traceName','value':'n'}]}"))
            .path("trace_info");
    assertThat(begun.path("status").asString()).isEqualTo("IN_PROGRESS");
    String place = "/api/2.0/mlflow/traces/" + begun.path("request_id").asString();
    JsonNode ended =
        ok(server.send("PATCH", place, "{\"timestamp_ms\":25,\"status\":\"OK\"}"))
            .path("trace_info");
    assertThat(ended.path("execution_time_ms").asLong()).isEqualTo(20);
    assertThat(ok(server.get("/traces?experiment_ids=0")).path("traces")).hasSize(1);
  }

  @Test
  void given_two_filters_then_their_correlation_is_between_minus_one_and_one() {
    assertThat(Correlation.npmi(5, 5, 5, 10, 0)).isEqualTo(1.0);
    assertThat(Correlation.npmi(0, 5, 5, 10, 0)).isEqualTo(-1.0);
    assertThat(Correlation.npmi(0, 0, 5, 10, 0)).isNaN();
    assertThatThrownBy(() -> new ProtoReader(new byte[] {(byte) 0x80}).next())
        .isInstanceOf(Refusal.class);
  }
}
