package io.headrace.asset;

import io.headrace.asset.AssetRows.Maker;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.StepOutput;
import io.headrace.problem.ProblemException;
import io.headrace.run.OutputData;
import io.headrace.run.RunEvent;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.spi.RunProjection;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the outputs that a job names ({@code outputs.model.name}) into versions of data and models
 * when their step succeeds, in the transaction that says so: a crash leaves both or neither, and a
 * run that is taken up again makes no second version.
 */
public final class RegisteredOutputs implements RunProjection {
  private final AssetWatch watch;

  /** Opens the records, making their tables when they are not there. */
  public RegisteredOutputs(MetadataStore records, AssetWatch watch) {
    Tables.migrate(records);
    this.watch = watch;
  }

  @Override
  public void planned(Connection connection, RunId run, Plan plan) throws SQLException {
    want(connection, run, new Group.Body(plan.steps(), plan.groups()));
  }

  private static void want(Connection connection, RunId run, Group.Body body) throws SQLException {
    for (var step : body.steps()) {
      want(connection, run, step.id(), step.outputs());
    }
    for (var group : body.groups()) {
      switch (group) {
        case Group.Sweep it ->
            want(connection, run, it.id(), it.trial().outputs()); // the best trial's
        case Group.Branch it -> {
          want(connection, run, it.whenTrue());
          want(connection, run, it.whenFalse());
        }
        case Group.ForEach _, Group.Loop _ -> {
          // The ids of their members are known only while they run.
        }
      }
    }
  }

  private static void want(
      Connection connection, RunId run, StepId step, Map<String, StepOutput> outputs)
      throws SQLException {
    for (var output : outputs.entrySet()) {
      var wanted = output.getValue().registerAs();
      if (wanted.isPresent()) {
        Sql.update(
            connection,
            "insert into asset_output (run_id, step, output, name, version, made, refused)"
                + " values (?, ?, ?, ?, ?, '', '') on conflict do nothing",
            run.value(),
            step.value(),
            output.getKey(),
            wanted.get().name(),
            wanted.get().version().orElse(""));
      }
    }
  }

  @Override
  public void apply(Connection connection, RunEvent event) throws SQLException {
    switch (event) {
      case RunEvent.StepSucceeded it -> register(connection, it, it.child(), it.outputs());
      case RunEvent.StepReused it -> register(connection, it, it.child(), it.outputs());
      case RunEvent.GroupClosed it -> register(connection, it, it.child(), it.outputs());
      case RunEvent.Created _,
          RunEvent.StepStarted _,
          RunEvent.StepFailed _,
          RunEvent.StepCanceled _,
          RunEvent.StepSkipped _,
          RunEvent.GroupOpened _,
          RunEvent.Ended _ -> {}
    }
  }

  @Override
  public Optional<String> objection(
      Connection connection, RunId run, StepId step, Map<String, OutputData> outputs)
      throws SQLException {
    for (var wanted : wanted(connection, run, step)) {
      var data = outputs.get(wanted.output());
      if (data == null) {
        continue;
      }
      var draft = draft(wanted, data);
      var why = watch.objection(connection, draft.kind(), draft.name());
      if (why.isPresent()) {
        return Optional.of(refusal(wanted, why.get()));
      }
      if (wanted.version().isEmpty()) {
        continue;
      }
      var known = AssetRows.one(connection, draft.kind(), draft.name(), wanted.version());
      if (known.isPresent()) {
        try {
          AssetRows.checkSame(known.get(), draft.body());
        } catch (ProblemException e) {
          return Optional.of(refusal(wanted, e.problems().getFirst().message()));
        }
      }
    }
    return Optional.empty();
  }

  private static String refusal(Wanted wanted, String why) {
    return "output '%s' was not registered: %s".formatted(wanted.output(), why);
  }

  /** What a step's output is to be registered as; an empty version is the next one. */
  private record Wanted(String output, String name, String version) {}

  private static List<Wanted> wanted(Connection connection, RunId run, StepId step)
      throws SQLException {
    return Sql.list(
        connection,
        "select output, name, version from asset_output"
            + " where run_id = ? and step = ? and made = '' order by output",
        row -> new Wanted(row.getString(1), row.getString(2), row.getString(3)),
        run.value(),
        step.value());
  }

  private void register(
      Connection connection, RunEvent.StepEvent event, RunId child, Map<String, OutputData> outputs)
      throws SQLException {
    for (var wanted : wanted(connection, event.run(), event.step())) {
      var data = outputs.get(wanted.output());
      if (data != null) {
        register(connection, event, child, wanted, draft(wanted, data));
      }
    }
  }

  private void register(
      Connection connection, RunEvent.StepEvent event, RunId child, Wanted wanted, Draft draft)
      throws SQLException {
    try {
      Assets.check(draft);
      var why = watch.objection(connection, draft.kind(), draft.name());
      if (why.isPresent()) {
        note(connection, event, wanted, "refused", refusal(wanted, why.get()));
        return;
      }
      var made = made(connection, draft, child, event.at());
      watch.written(connection, made);
      note(connection, event, wanted, "made", made.version());
    } catch (ProblemException e) {
      // The step is done all the same (a reused one, or another run was faster): it is told.
      note(
          connection, event, wanted, "refused", refusal(wanted, e.problems().getFirst().message()));
    }
  }

  /** The same bytes as the newest version's are that version. */
  private static Asset made(Connection connection, Draft draft, RunId child, Instant at)
      throws SQLException {
    if (draft.version().isEmpty()) {
      var newest = AssetRows.newest(connection, draft.kind(), draft.name());
      if (newest.isPresent() && newest.get().body().equals(draft.body())) {
        return newest.get();
      }
    }
    return AssetRows.create(connection, draft, new Maker(at, "", child.value()));
  }

  private static void note(
      Connection connection, RunEvent.StepEvent event, Wanted wanted, String column, String text)
      throws SQLException {
    Sql.update(
        connection,
        "update asset_output set " + column + " = ? where run_id = ? and step = ? and output = ?",
        text,
        event.run().value(),
        event.step().value(),
        wanted.output());
  }

  private static Draft draft(Wanted wanted, OutputData data) {
    var body = new LinkedHashMap<String, Value>();
    body.put("type", new Value.Text(data.type().yaml()));
    var path =
        new StoredPath(
            data.digest(),
            data.name().isEmpty() ? wanted.output() : data.name(),
            data.name().isEmpty());
    body.put("path", new Value.Text(path.uri()));
    return new Draft(
        kind(data.type()),
        wanted.name(),
        wanted.version().isEmpty() ? Optional.empty() : Optional.of(wanted.version()),
        new Value.Table(body),
        Draft.Told.NOTHING);
  }

  private static AssetKind kind(DataType type) {
    return switch (type) {
      case URI_FILE, URI_FOLDER, MLTABLE -> AssetKind.DATA;
      case CUSTOM_MODEL, MLFLOW_MODEL, TRITON_MODEL -> AssetKind.MODEL;
    };
  }
}
