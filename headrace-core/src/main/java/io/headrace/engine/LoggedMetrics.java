package io.headrace.engine;

import io.headrace.name.RunId;
import java.util.List;

/** What steps have logged so far, for sweeps to look at. Thread-safe. */
@FunctionalInterface
public interface LoggedMetrics {
  /** Every value of a metric in the order logged; empty when there is none. */
  List<Double> of(RunId child, String metric);
}
