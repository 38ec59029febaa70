/**
 * Headrace's own HTTP API, beside MLflow's: what `headrace` commands ask of a server. Paths are
 * below {@code /api/headrace/1.0}.
 *
 * <p>May depend on: {@code http}, {@code access}, {@code service}, {@code engine}, {@code
 * tracking}, {@code sql}, {@code plan}, {@code run}, {@code name}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.control.ControlApi}.
 */
@NullMarked
package io.headrace.control;

import org.jspecify.annotations.NullMarked;
