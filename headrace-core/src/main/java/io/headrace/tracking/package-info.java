/**
 * Experiments, runs, params, metrics, tags, inputs, logged models and artifacts: the records that
 * MLflow clients read and write.
 *
 * <p>May depend on: {@code sql}, {@code run}, {@code store}, {@code name}, {@code problem}, {@code
 * spi}.
 */
@NullMarked
package io.headrace.tracking;

import org.jspecify.annotations.NullMarked;
