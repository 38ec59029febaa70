/**
 * Turns a job into a plan: resolves references, binds expressions, orders the steps, finds cycles.
 *
 * <p>{@code Checks} says all that is wrong with one document by itself; {@code Lowering} then
 * replaces every expression by what it stands for. Neither reads a clock or a disk: files are read
 * by {@code job}, references answered by {@link io.headrace.planner.References}.
 *
 * <p>May depend on: {@code job}, {@code yaml}, {@code spec}, {@code plan}, {@code name}, {@code
 * problem}, {@code sweep}, {@code shell}, {@code json}.
 *
 * <p>Begin with {@link io.headrace.planner.Planner}.
 */
@NullMarked
package io.headrace.planner;

import org.jspecify.annotations.NullMarked;
