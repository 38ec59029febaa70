package io.headrace.mlflow;

import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.http.CallHandler;
import io.headrace.http.ServerLog;
import io.headrace.problem.ErrorCode.Blame;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.registry.Registry;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the call that a request means, and puts what it gives or refuses into an answer. The routes
 * are spread over {@link ExperimentCalls}, {@link RunCalls}, {@link ModelCalls}, {@link
 * RegistryCalls}, {@link WebhookCalls} and {@link ArtifactCalls}.
 */
final class MlflowApi implements CallHandler {
  /** The release of MLflow whose API this is. */
  static final String VERSION = "3.17.2";

  private static final int MOST_JSON = 10 * 1024 * 1024;
  private static final int MOST_BATCH = 1_000_000;

  /** The profile of a dataset may have 16 MiB, and JSON may write a character as six. */
  private static final int MOST_INPUTS = 64 * 1024 * 1024;

  private final Supplier<Tracking> tracking;
  private final Supplier<Registry> registry;
  private final ServerLog log;

  MlflowApi(Supplier<Tracking> tracking, Supplier<Registry> registry, ServerLog log) {
    this.tracking = tracking;
    this.registry = registry;
    this.log = log;
  }

  @Override
  public Answer answer(Call call) throws EOFException {
    try {
      return route(call);
    } catch (TrackingException e) {
      return error(code(e.reason()), message(e));
    } catch (Refusal e) {
      return error(e.code(), message(e));
    } catch (ProblemException e) {
      return problem(call, e);
    } catch (EOFException e) {
      // The client went away: nobody is left to be answered.
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      log.failed(call.method() + " " + call.path(), e);
      return error(Refusal.Code.INTERNAL_ERROR, "Internal error; the log of the server says more.");
    }
  }

  private Answer problem(Call call, ProblemException e) {
    var message = e.problems().stream().map(Problem::message).collect(Collectors.joining("; "));
    if (e.blame() == Blame.REQUEST) {
      return error(Refusal.Code.INVALID_PARAMETER_VALUE, message);
    }
    log.failed(call.method() + " " + call.path(), e);
    return error(Refusal.Code.TEMPORARILY_UNAVAILABLE, message);
  }

  private static String message(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }

  private static Refusal.Code code(TrackingException.Reason reason) {
    return switch (reason) {
      case INVALID -> Refusal.Code.INVALID_PARAMETER_VALUE;
      case NOT_FOUND -> Refusal.Code.RESOURCE_DOES_NOT_EXIST;
      case ALREADY_EXISTS -> Refusal.Code.RESOURCE_ALREADY_EXISTS;
    };
  }

  private static Answer error(Refusal.Code code, String message) {
    ObjectNode body = Json.object();
    body.put("error_code", code.name());
    body.put("message", message);
    return json(code.status(), body);
  }

  static Answer json(int status, ObjectNode body) {
    return Answer.of(status, "application/json", Json.bytes(body))
        .with("X-Content-Type-Options", "nosniff");
  }

  private Answer route(Call call) throws IOException {
    String path = call.path();
    Gate gate = new Gate(call, call.match().orElseThrow(() -> unknown(call)), tracking, registry);
    if (path.equals("/health")) {
      return Answer.text(200, "OK");
    }
    if (path.equals("/version")) {
      return Answer.text(200, VERSION);
    }
    String below = below(path);
    if (below.startsWith("/mlflow/") && !below.equals("/mlflow/upload-artifact")) {
      return mlflow(call, below.substring("/mlflow".length()), gate);
    }
    Fields query = gate.pass(Fields.ofQuery(call.query()));
    if (below.equals("/mlflow/upload-artifact")) {
      return ArtifactCalls.upload(tracking.get(), call);
    }
    if (below.startsWith(PartCalls.FOLDER)) {
      return PartCalls.answer(tracking.get(), call, below);
    }
    if (below.startsWith("/mlflow-artifacts/")) {
      return ArtifactCalls.proxied(tracking.get().artifacts(), call, below);
    }
    if (path.equals(TraceIntake.PATH)) {
      return TraceIntake.take(tracking.get(), call, gate);
    }
    if (path.equals("/get-artifact")) {
      return ArtifactCalls.ofRun(tracking.get(), call, query);
    }
    if (path.equals("/model-versions/get-artifact")) {
      return RegistryCalls.file(
          registry.get(), tracking.get(), call, new Strict(query.node(), true));
    }
    throw unknown(call);
  }

  /** What follows the version of the API, or nothing. Old clients also say {@code preview}. */
  private static String below(String path) {
    for (String prefix : new String[] {"/api/2.0", "/ajax-api/2.0", "/api/3.0", "/ajax-api/3.0"}) {
      if (path.startsWith(prefix + "/")) {
        String rest = path.substring(prefix.length());
        return rest.startsWith("/preview/") ? rest.substring("/preview".length()) : rest;
      }
    }
    return "";
  }

  static Refusal unknown(Call call) {
    return new Refusal(
        Refusal.Code.ENDPOINT_NOT_FOUND,
        "No such endpoint: " + call.method() + " " + limited(call.path()));
  }

  private static String limited(String path) {
    return path.length() > 200 ? path.substring(0, 200) + "…" : path;
  }

  private Answer mlflow(Call call, String path, Gate gate) throws IOException {
    Fields fields = gate.pass(fields(call, mostBody(path)));
    Optional<ObjectNode> answer = answer(call, path, fields, gate);
    return json(200, answer.orElseThrow(() -> unknown(call)));
  }

  private Optional<ObjectNode> answer(Call call, String path, Fields fields, Gate gate)
      throws IOException {
    if (path.equals("/server-info")) {
      return Optional.of(serverInfo());
    }
    String route = call.method() + " " + path;
    if (RegistryCalls.answers(path)) {
      return RegistryCalls.answer(registry.get(), route, fields, gate.models());
    }
    if (WebhookCalls.answers(path)) {
      return WebhookCalls.answer(registry.get(), call.method(), path, fields);
    }
    if (path.startsWith("/logged-models")) {
      return ModelCalls.answer(tracking.get(), call.method(), path, fields);
    }
    if (path.startsWith("/traces")) {
      return TraceCalls.answer(tracking.get(), call.method(), path, fields);
    }
    if (path.startsWith("/datasets/")) {
      return EvaluationCalls.answer(
          tracking.get().evaluation(), call.method(), path, fields, gate.experiments());
    }
    if (path.startsWith("/experiments/")) {
      return ExperimentCalls.answer(tracking.get(), route, fields, gate.experiments());
    }
    if (path.startsWith("/runs/")
        || path.startsWith("/metrics/")
        || path.startsWith("/artifacts/")) {
      return RunCalls.answer(tracking.get(), route, fields);
    }
    return Optional.empty();
  }

  private static int mostBody(String path) {
    return switch (path) {
      case "/runs/log-batch" -> MOST_BATCH;
      case "/runs/log-inputs" -> MOST_INPUTS;
      default -> path.startsWith("/datasets/") ? MOST_INPUTS : MOST_JSON;
    };
  }

  private static ObjectNode serverInfo() {
    ObjectNode info = Json.object();
    info.put("store_type", "SqlStore");
    info.put("workspaces_enabled", false);
    info.put("trace_archival_enabled", false);
    info.put("multipart_uploads_enabled", true);
    info.put("multipart_downloads_enabled", true);
    info.put("presigned_upload_run_id_supported", false);
    info.put("presigned_upload_model_id_supported", false);
    info.putObject("features_enabled").put("gateway", false);
    return info;
  }

  /** A GET brings its fields in the query, or as old clients do in a body. */
  static Fields fields(Call call) throws IOException {
    return fields(call, MOST_JSON);
  }

  private static Fields fields(Call call, int mostBytes) throws IOException {
    if (call.method().equals("GET") && !call.query().isEmpty()) {
      return Fields.ofQuery(call.query());
    }
    byte[] body = call.body().readNBytes(mostBytes + 1);
    if (body.length > mostBytes) {
      throw Refusal.invalid(
          "The request's body has more than the %d bytes allowed.".formatted(mostBytes));
    }
    if (body.length == 0) {
      return new Fields(Json.object());
    }
    String type = call.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!call.method().equals("GET") && !type.startsWith("application/json")) {
      throw Refusal.invalid("Bad Request. Content-Type must be application/json.");
    }
    return new Fields(Json.parse(body));
  }
}
