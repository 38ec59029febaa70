/**
 * The MLflow REST API over {@code tracking}: translation to the words of the outside; no rule of
 * ours lives here.
 *
 * <p>May depend on: {@code tracking}, {@code problem}, {@code name}.
 */
@NullMarked
package io.headrace.mlflow;

import org.jspecify.annotations.NullMarked;
