/**
 * Turns a job into a plan: resolves references, binds expressions, orders the steps, finds cycles.
 *
 * <p>May depend on: {@code job}, {@code yaml}, {@code spec}, {@code plan}, {@code name}, {@code
 * problem}, {@code shell}.
 */
@NullMarked
package io.headrace.planner;

import org.jspecify.annotations.NullMarked;
