/**
 * The MLflow REST API over {@code tracking} and {@code registry}: translation to the words of the
 * outside; no rule of ours lives here.
 *
 * <p>May depend on: {@code tracking}, {@code registry}, {@code http}, {@code access}, {@code
 * problem}, {@code name}.
 *
 * <p>Begin with {@link io.headrace.mlflow.MlflowServer}.
 */
@NullMarked
package io.headrace.mlflow;

import org.jspecify.annotations.NullMarked;
