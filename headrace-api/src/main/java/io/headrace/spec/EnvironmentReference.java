package io.headrace.spec;

import io.headrace.problem.Where;

/** The {@code environment:} of a job. */
public sealed interface EnvironmentReference {
  Where where();

  /** {@code azureml:name:version}, {@code azureml:name@label}, {@code azureml:name}, or a URI. */
  record Named(Written reference) implements EnvironmentReference {
    @Override
    public Where where() {
      return reference.where();
    }
  }

  /** An inline definition, or the file that {@code file:} names. */
  record Defined(Environment environment) implements EnvironmentReference {
    @Override
    public Where where() {
      return environment.where();
    }
  }

  /** A binding, to be replaced by the pipeline's input. */
  record Bound(Written expression) implements EnvironmentReference {
    @Override
    public Where where() {
      return expression.where();
    }
  }
}
