package io.headrace.control;

import io.headrace.engine.Engine;
import io.headrace.engine.Ledger;
import io.headrace.engine.Ledger.RunRow;
import io.headrace.engine.RunState;
import io.headrace.http.Answer;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.sql.SqlPart;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a page or a program wants to see of jobs. Changes nothing. */
final class JobCalls {
  private static final int MOST_JOBS = 200;
  private static final int MOST_LOG = 256 * 1024;

  private final Engine engine;
  private final Ledger ledger;
  private final Optional<SqlPart> seen;

  /**
   * For one call.
   *
   * @param seen a question for the runs that a list may tell of
   */
  JobCalls(Engine engine, Ledger ledger, Optional<SqlPart> seen) {
    this.engine = engine;
    this.ledger = ledger;
    this.seen = seen;
  }

  /**
   * Answers a GET.
   *
   * @param path what follows {@code /jobs}
   */
  Answer answer(String path, Parameters parameters) throws IOException {
    if (path.isEmpty()) {
      return list(parameters);
    }
    String[] parts = path.substring(1).split("/", -1);
    RunId run = new RunId(parts[0]);
    return switch (parts.length == 1 ? "" : parts.length == 2 ? parts[1] : "/") {
      case "" -> job(run);
      case "state" -> state(run, parameters.number("events", -1));
      case "log" -> log(run, parameters);
      case "why" -> why(run, step(run, parameters).id());
      default -> throw ControlApi.unknown("GET /jobs" + path);
    };
  }

  private Answer list(Parameters parameters) throws IOException {
    int most = Math.clamp(parameters.number("limit", 50), 1, MOST_JOBS);
    String before = parameters.text("before");
    Optional<RunRow> last =
        before.isEmpty() ? Optional.empty() : Optional.of(row(new RunId(before)));
    ObjectNode answer = ControlApi.object();
    ArrayNode jobs = answer.putArray("jobs");
    for (RunRow row : ledger.runs(most, last, seen)) {
      jobs.add(json(row));
    }
    return ControlApi.json(200, answer);
  }

  private RunRow row(RunId run) {
    return ledger
        .run(run)
        .orElseThrow(
            () -> Problem.of(ErrorCode.NOT_FOUND, "there is no run called " + run).asException());
  }

  private ObjectNode json(RunRow row) throws IOException {
    ObjectNode job = ControlApi.object();
    job.put("name", row.id().value());
    job.put("display_name", row.displayName());
    job.put("experiment", row.experiment());
    job.put("status", engine.isInterrupted(row) ? "Interrupted" : row.status().azure());
    job.put("created", row.created().toEpochMilli());
    row.ended().ifPresent(it -> job.put("ended", it.toEpochMilli()));
    job.put("source", row.source());
    job.put("message", row.message());
    return job;
  }

  /** A job with the graph of its steps. */
  private Answer job(RunId run) throws IOException {
    RunRow row = row(run);
    ObjectNode answer = json(row);
    RunState state = engine.state(run);
    state
        .created()
        .ifPresent(it -> {
          answer.put("user", it.user());
          answer.put("description", it.description());
          answer.put("seed", it.seed());
          ObjectNode tags = answer.putObject("tags");
          it.tags().forEach(tags::put);
          ObjectNode given = answer.putObject("parameters");
          it.parameters().forEach(given::put);
        });
    Plan plan = engine.plan(row.plan());
    ArrayNode nodes = answer.putArray("nodes");
    nodes(plan.steps(), plan.groups(), "", nodes);
    answer.set("state", states(state));
    return ControlApi.json(200, answer);
  }

  private static void nodes(
      Collection<Step> steps, Collection<Group> groups, String within, ArrayNode into) {
    for (Step step : steps) {
      ObjectNode node = into.addObject();
      node.put("id", step.id().value());
      node.put("name", step.displayName());
      node.put("within", within);
      ArrayNode after = node.putArray("after");
      step.after().forEach(it -> after.add(it.value()));
      step.afterEnd().forEach(it -> after.add(it.value()));
    }
    for (Group group : groups) {
      ObjectNode node = into.addObject();
      node.put("id", group.id().value());
      node.put("name", group.displayName());
      node.put("within", within);
      node.put("group", kind(group));
      ArrayNode after = node.putArray("after");
      group.after().forEach(it -> after.add(it.value()));
    }
  }

  private static String kind(Group group) {
    return switch (group) {
      case Group.Sweep _ -> "sweep";
      case Group.ForEach _ -> "for each";
      case Group.Branch _ -> "branch";
      case Group.Loop _ -> "loop";
    };
  }

  /** Where the steps stand, unless nothing has happened since so many events. */
  private Answer state(RunId run, long known) throws IOException {
    ObjectNode answer = json(row(run));
    if (known >= 0 && ledger.events(run, known).isEmpty()) {
      answer.put("events", known);
      return ControlApi.json(200, answer);
    }
    RunState state = engine.state(run);
    answer.put("events", state.events());
    answer.set("state", states(state));
    return ControlApi.json(200, answer);
  }

  private static ObjectNode states(RunState state) {
    ObjectNode answer = ControlApi.object();
    answer.put("events", state.events());
    ArrayNode steps = answer.putArray("steps");
    for (RunState.StepRecord it : state.steps().values()) {
      ObjectNode step = steps.addObject();
      step.put("id", it.id().value());
      step.put("name", it.displayName());
      step.put("state", it.state().name().toLowerCase(Locale.ROOT));
      step.put("group", it.group());
      it.started().ifPresent(at -> step.put("started", at.toEpochMilli()));
      it.ended().ifPresent(at -> step.put("ended", at.toEpochMilli()));
      it.child().ifPresent(child -> step.put("run", child.value()));
      it.from().ifPresent(from -> step.put("from", from.value()));
      step.put("attempt", it.attempt());
      step.put("message", it.message());
      ArrayNode outputs = step.putArray("outputs");
      it.outputs().keySet().forEach(outputs::add);
    }
    return answer;
  }

  /** Only a step that the records know names a file. */
  private RunState.StepRecord step(RunId run, Parameters parameters) {
    String id = parameters.text("step");
    return engine.state(run).steps().values().stream()
        .filter(it -> it.id().value().equals(id))
        .findFirst()
        .orElseThrow(() ->
            Problem.of(ErrorCode.NOT_FOUND, "run " + run + " has no such step").asException());
  }

  /** A part of a step's log, and where the next one begins. */
  private Answer log(RunId run, Parameters parameters) throws IOException {
    RunState.StepRecord step = step(run, parameters);
    int attempt = Math.clamp(parameters.number("attempt", step.attempt()), 1, 1_000_000);
    Path file = engine.log(run, step.id(), attempt);
    ObjectNode answer = ControlApi.object();
    if (!Files.exists(file)) {
      answer.put("text", "");
      answer.put("next", 0);
      answer.put("size", 0);
      return ControlApi.json(200, answer);
    }
    try (var log = new RandomAccessFile(file.toFile(), "r")) {
      long size = log.length();
      long asked = parameters.number("from", 0);
      long from = Math.clamp(asked < 0 ? size + asked : asked, 0, size);
      log.seek(from);
      byte[] bytes = new byte[(int) Math.min(MOST_LOG, size - from)];
      log.readFully(bytes);
      answer.put("text", new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
      answer.put("from", from);
      answer.put("next", from + bytes.length);
      answer.put("size", size);
    }
    return ControlApi.json(200, answer);
  }

  private Answer why(RunId run, StepId step) {
    var why = engine.why(run, step);
    ObjectNode answer = ControlApi.object();
    answer.put("because", why.because());
    ArrayNode differences = answer.putArray("differences");
    why.differences()
        .forEach(it ->
            differences.addObject().put("part", it.part()).put("was", it.was()).put("is", it.is()));
    ObjectNode sees = answer.putObject("recipe");
    why.recipe().forEach(sees::put);
    return ControlApi.json(200, answer);
  }
}
