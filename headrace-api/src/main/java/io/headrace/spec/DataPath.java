package io.headrace.spec;

import io.headrace.problem.Where;

/** Where data is. */
public sealed interface DataPath {
  Where where();

  /** On this machine. */
  record Local(LocalPath path) implements DataPath {
    @Override
    public Where where() {
      return path.where();
    }
  }

  /** {@code azureml:…}, to be looked up. */
  record Reference(Written reference) implements DataPath {
    @Override
    public Where where() {
      return reference.where();
    }
  }

  /** {@code https://}, {@code abfss://}, {@code wasbs://} and their like. */
  record Uri(Written uri) implements DataPath {
    @Override
    public Where where() {
      return uri.where();
    }
  }
}
