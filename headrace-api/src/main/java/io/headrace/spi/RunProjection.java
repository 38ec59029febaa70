package io.headrace.spi;

import io.headrace.run.RunEvent;
import java.sql.Connection;
import java.sql.SQLException;

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
}
