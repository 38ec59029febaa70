/**
 * What happened: the states of runs and steps, and the events that everything else is told in.
 *
 * <p>May depend on: {@code problem}, {@code name}, {@code plan}.
 *
 * <p>Begin with {@link io.headrace.run.RunEvent}.
 */
@NullMarked
package io.headrace.run;

import org.jspecify.annotations.NullMarked;
