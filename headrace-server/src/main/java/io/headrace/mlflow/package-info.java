/**
 * The MLflow REST API over {@code tracking}: translation to the words of the outside; no rule of
 * ours lives here.
 *
 * <p>May depend on: {@code tracking}, {@code http}, {@code problem}, {@code name}.
 *
 * <p>Begin with {@link io.headrace.mlflow.MlflowServer}.
 */
@NullMarked
package io.headrace.mlflow;

import org.jspecify.annotations.NullMarked;
