package io.headrace.tracking;

import java.util.Optional;

/**
 * One measured point.
 *
 * @param value any double; NaN and the infinities are kept as they are
 * @param timestamp epoch milliseconds, not negative
 * @param step may be negative
 * @param subject the logged model and data that it was measured on, when told
 */
public record Metric(
    String key, double value, long timestamp, long step, Optional<Subject> subject) {

  /** A point that says nothing of a model. */
  public Metric(String key, double value, long timestamp, long step) {
    this(key, value, timestamp, step, Optional.empty());
  }

  /**
   * What was measured.
   *
   * @param modelId of a logged model
   * @param datasetName empty when not told
   * @param datasetDigest empty when not told
   */
  public record Subject(String modelId, String datasetName, String datasetDigest) {}

  /**
   * Whether this point, and not {@code other}, is the latest of both: the greater step, then time,
   * then value, where NaN counts as 0. Not the one that was written last.
   */
  boolean isLaterThan(Metric other) {
    if (step != other.step) {
      return step > other.step;
    }
    if (timestamp != other.timestamp) {
      return timestamp > other.timestamp;
    }
    return stored(value) > stored(other.value);
  }

  /** NaN has no place in an SQL order: it is kept as 0 and a mark. */
  static double stored(double value) {
    return Double.isNaN(value) ? 0.0 : value;
  }
}
