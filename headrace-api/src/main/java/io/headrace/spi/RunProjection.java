package io.headrace.spi;

import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.Plan;
import io.headrace.run.OutputData;
import io.headrace.run.RunEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Tables that follow the events of runs. Called within the transaction that writes the event: both
 * or neither.
 */
@FunctionalInterface
public interface RunProjection {
  /**
   * Brings the tables up to date; events come in order within a run. Must not commit or roll back.
   */
  void apply(Connection connection, RunEvent event) throws SQLException;

  /** Told what a new run is to do, within the transaction of its first event, after that event. */
  default void planned(Connection connection, RunId run, Plan plan) throws SQLException {}

  /**
   * Why a step that has ended well may not count as done, in one line; asked before the event is
   * written. Only reads.
   */
  default Optional<String> objection(
      Connection connection, RunId run, StepId step, Map<String, OutputData> outputs)
      throws SQLException {
    return Optional.empty();
  }
}
