package io.headrace.tracking;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Points of one metric, as compact as may be: a run may have millions. Not thread-safe.
 *
 * <p>As bytes: a format, 1, then for each point its time, step and value, eight bytes each, the
 * highest first; the value's bits are kept as they are.
 */
final class PointList {
  private static final byte FORMAT = 1;
  private static final int BYTES = 3 * Long.BYTES;

  /** How points are put in order; equal only where the points are. */
  enum Order {
    BY_TIME,
    BY_STEP
  }

  private long[] at;
  private long[] step;
  private double[] value;
  private int size;

  PointList(int room) {
    at = new long[room];
    step = new long[room];
    value = new double[room];
  }

  int size() {
    return size;
  }

  long at(int i) {
    return at[i];
  }

  long step(int i) {
    return step[i];
  }

  double value(int i) {
    return value[i];
  }

  Metric metric(String key, int i) {
    return new Metric(key, value[i], at[i], step[i]);
  }

  void add(long pointAt, long pointStep, double pointValue) {
    if (size == at.length) {
      int room = Math.max(16, 2 * size);
      at = Arrays.copyOf(at, room);
      step = Arrays.copyOf(step, room);
      value = Arrays.copyOf(value, room);
    }
    at[size] = pointAt;
    step[size] = pointStep;
    value[size++] = pointValue;
  }

  byte[] bytes() {
    var bytes = ByteBuffer.allocate(1 + size * BYTES).put(FORMAT);
    for (int i = 0; i < size; i++) {
      bytes.putLong(at[i]).putLong(step[i]).putDouble(value[i]);
    }
    return bytes.array();
  }

  /**
   * Adds points that were written by {@link #bytes}.
   *
   * @throws IllegalStateException when these are others
   */
  void addAll(byte[] written) {
    var bytes = ByteBuffer.wrap(written);
    if (written.length % BYTES != 1 || bytes.get() != FORMAT) {
      throw new IllegalStateException("points of an unknown format");
    }
    while (bytes.hasRemaining()) {
      add(bytes.getLong(), bytes.getLong(), bytes.getDouble());
    }
  }

  /** The same points in order, exact copies once. */
  PointList sorted(Order order) {
    boolean done = true;
    for (int i = 1; i < size && done; i++) {
      done = compare(order, i - 1, i) < 0;
    }
    if (done) {
      return this;
    }
    var places = IntStream.range(0, size).boxed().toArray(Integer[]::new);
    Arrays.sort(places, (a, b) -> compare(order, a, b));
    var sorted = new PointList(size);
    for (int i = 0; i < size; i++) {
      int place = places[i];
      if (i == 0 || compare(order, places[i - 1], place) != 0) {
        sorted.add(at[place], step[place], value[place]);
      }
    }
    return sorted;
  }

  private int compare(Order order, int one, int other) {
    int byTime = Long.compare(at[one], at[other]);
    int byStep = Long.compare(step[one], step[other]);
    int first =
        switch (order) {
          case BY_TIME -> byTime != 0 ? byTime : byStep;
          case BY_STEP -> byStep != 0 ? byStep : byTime;
        };
    return first != 0 ? first : compare(value[one], value[other]);
  }

  /** Where NaN counts as 0, but after it. */
  static int compare(double one, double other) {
    int stored = Double.compare(Metric.stored(one), Metric.stored(other));
    return stored != 0 ? stored : Boolean.compare(Double.isNaN(one), Double.isNaN(other));
  }
}
