package io.headrace.sweep;

/**
 * Which probabilities give one value of a hyperparameter: those from {@code low} to {@code high};
 * one alone where the distribution is continuous.
 *
 * @param isOption whether the value is one of a choice, where neighbours have nothing in common
 */
record Cell(double low, double high, boolean isOption) {
  static Cell at(double probability) {
    return new Cell(probability, probability, false);
  }

  boolean isPoint() {
    return low == high;
  }

  double size() {
    return high - low;
  }

  double middle() {
    return (low + high) / 2;
  }
}
