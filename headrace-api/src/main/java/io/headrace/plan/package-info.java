/**
 * What will be done: steps in order, with nothing left to resolve but the bytes that the steps
 * themselves will make.
 *
 * <p>May depend on: {@code name}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.plan.Plan}.
 */
@NullMarked
package io.headrace.plan;

import org.jspecify.annotations.NullMarked;
