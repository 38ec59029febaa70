package io.headrace.control;

import io.headrace.access.Asker;
import io.headrace.access.Role;
import io.headrace.access.Scope;
import io.headrace.engine.Engine;
import io.headrace.engine.Ledger;
import io.headrace.engine.RunListener;
import io.headrace.engine.RunOptions;
import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.http.CallHandler;
import io.headrace.http.Concern;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import io.headrace.http.RouteTable;
import io.headrace.http.ServerLog;
import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.plan.Plan;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ErrorCode.Blame;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.service.RunService;
import io.headrace.tracking.Runs;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /server}: which program and workspace this is. {@code GET /me}: who asks. {@code POST
 * /runs}: begins a run of a plan that lies in the store, answered when it is in the records. {@code
 * POST /runs/NAME/cancel}.
 */
public final class ControlApi implements CallHandler {
  /** What all paths begin with. */
  public static final String BASE = "/api/headrace/1.0";

  private static final int MOST_BODY = 10 * 1024 * 1024;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .build())
          .build();

  /**
   * Who is asked.
   *
   * @param version the program's
   * @param workspace its folder
   */
  public record About(String version, String workspace) {}

  private final About about;
  private final Supplier<RunService> service;
  private final Supplier<Engine> engine;
  private final Supplier<Ledger> ledger;
  private final Supplier<Tracking> tracking;
  private final ServerLog log;

  /** What the calls of one run are about: the experiment that it is in. */
  private enum Subject implements Concern {
    RUN
  }

  /** Answers for one workspace. */
  public ControlApi(
      About about,
      Supplier<RunService> service,
      Supplier<Engine> engine,
      Supplier<Ledger> ledger,
      Supplier<Tracking> tracking,
      ServerLog log) {
    this.about = about;
    this.service = service;
    this.engine = engine;
    this.ledger = ledger;
    this.tracking = tracking;
    this.log = log;
  }

  /** Whether a path is one of this API's. */
  public static boolean isOurs(String path) {
    return path.startsWith(BASE + "/");
  }

  /**
   * What there is to call. A step can do all that the server's own user can, its records included:
   * so beginning a run is for admins, who are known.
   */
  public static List<Route> routes() {
    Needs look = Needs.role(Role.READER, Subject.RUN);
    return List.of(
        Route.of("GET", BASE + "/server", Needs.entry()),
        Route.of("GET", BASE + "/me", Needs.entry()),
        Route.of("GET", BASE + "/jobs", Needs.entry()),
        Route.of("GET", BASE + "/jobs/{run}", look),
        Route.of("GET", BASE + "/jobs/{run}/state", look),
        Route.of("GET", BASE + "/jobs/{run}/log", look),
        Route.of("GET", BASE + "/jobs/{run}/why", look),
        Route.of("POST", BASE + "/runs", Needs.role(Role.ADMIN, Concern.EVERYTHING).ofKnown()),
        Route.of(
            "POST",
            BASE + "/runs/{run}/cancel",
            Needs.role(Role.CONTRIBUTOR, Subject.RUN).ofKnown()));
  }

  @Override
  public Answer answer(Call call) throws IOException {
    try {
      return route(call);
    } catch (ProblemException e) {
      if (e.blame() == Blame.PLATFORM) {
        log.failed(call.method() + " " + call.path(), e);
      }
      return problem(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(503, ErrorCode.INTERNAL.name(), "the server is stopping");
    }
  }

  private Answer route(Call call) throws IOException, InterruptedException {
    String path = call.path().substring(BASE.length());
    String route = call.method() + " " + path;
    RouteTable.Match match = call.match().orElseThrow(() -> unknown(route));
    match.parts().values().forEach(call::concerns);
    if (!isAllowed(call, match)) {
      return error(403, "PERMISSION_DENIED", call.asker().name() + " may not do this");
    }
    if (route.equals("GET /me")) {
      return json(200, me(call.asker()));
    }
    if (route.equals("GET /server")) {
      ObjectNode body = object();
      body.put("version", about.version());
      body.put("workspace", about.workspace());
      return json(200, body);
    }
    if (route.equals("GET /jobs") || route.startsWith("GET /jobs/")) {
      var seen = call.asker().rights().visibleExperiments();
      return new JobCalls(engine.get(), ledger.get(), Runs.among(seen))
          .answer(path.substring("/jobs".length()), Parameters.of(call.query()));
    }
    if (route.equals("POST /runs")) {
      return submit(body(call));
    }
    if (route.startsWith("POST /runs/") && path.endsWith("/cancel")) {
      return cancel(
          new RunId(path.substring("/runs/".length(), path.length() - "/cancel".length())));
    }
    throw unknown(route);
  }

  private boolean isAllowed(Call call, RouteTable.Match match) {
    return match
        .route()
        .needs()
        .areMetBy(
            call.asker().rights(), _ -> experimentOf(String.valueOf(match.parts().get("run"))));
  }

  /** A run that is not there is in no experiment that somebody has a role for. */
  private Collection<Scope> experimentOf(String run) {
    try {
      return List.of(new Scope.Experiment(tracking.get().runs().get(run).info().experimentId()));
    } catch (TrackingException e) {
      return List.of(new Scope.Everywhere());
    }
  }

  private static ObjectNode me(Asker asker) {
    ObjectNode me = object();
    me.put("name", asker.name());
    me.put("kind", asker.kind().name().toLowerCase(Locale.ROOT));
    me.put("role", asker.rights().everywhere().map(Role::word).orElse(""));
    return me;
  }

  static ProblemException unknown(String route) {
    String shown = route.length() > 200 ? route.substring(0, 200) : route;
    return Problem.of(ErrorCode.NOT_FOUND, "there is no such call: " + shown).asException();
  }

  private Answer submit(JsonNode body) throws IOException, InterruptedException {
    var plan = plan(text(body, "plan"));
    String name = text(body, "name");
    RunId run = name.isEmpty() ? engine.get().newName() : new RunId(name);
    Set<String> noReuse = new HashSet<>();
    body.path("no_reuse").forEach(step -> noReuse.add(step.asString("")));
    service
        .get()
        .submit(
            run,
            plan.named(Optional.of(run.value())),
            new RunOptions(
                Math.max(1, body.path("parallel").asInt(1)),
                noReuse,
                body.path("seed").asLong(0),
                text(body, "source"),
                text(body, "user")));
    ObjectNode answer = object();
    answer.put("name", run.value());
    return json(200, answer);
  }

  private Plan plan(String digest) throws IOException {
    try {
      return engine.get().plan(new Digest(digest));
    } catch (IllegalArgumentException e) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "'plan' must be the digest of a plan")
          .asException(e);
    } catch (FileNotFoundException e) {
      throw Problem.of(ErrorCode.NOT_FOUND, "there is no plan " + digest).asException(e);
    }
  }

  private Answer cancel(RunId run) throws IOException, InterruptedException {
    var outcome = engine.get().cancel(run, RunListener.none());
    ObjectNode answer = object();
    answer.put("name", run.value());
    answer.put("ended", outcome.isPresent());
    return json(200, answer);
  }

  private static JsonNode body(Call call) throws IOException {
    String type = call.header("Content-Type").orElse("");
    byte[] bytes = call.body().readNBytes(MOST_BODY + 1);
    if (bytes.length > MOST_BODY || !type.startsWith("application/json")) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "the body must be JSON of at most 10 MiB")
          .asException();
    }
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "the body is not JSON: " + e.getOriginalMessage())
          .asException();
    }
  }

  private static String text(JsonNode body, String field) {
    return body.path(field).asString("");
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static Answer problem(ProblemException e) {
    String message = e.problems().stream().map(Problem::message).collect(Collectors.joining("; "));
    ErrorCode code = e.problems().getFirst().code();
    int status =
        switch (e.blame()) {
          case REQUEST -> code == ErrorCode.NOT_FOUND ? 404 : 400;
          case WORK -> 409;
          case PLATFORM -> 503;
        };
    return error(status, code.name(), message);
  }

  private static Answer error(int status, String code, String message) {
    ObjectNode body = object();
    body.put("error_code", code);
    body.put("message", message);
    return json(status, body);
  }

  static Answer json(int status, ObjectNode body) {
    return Answer.of(status, "application/json", body.toString().getBytes(StandardCharsets.UTF_8))
        .with("X-Content-Type-Options", "nosniff");
  }
}
