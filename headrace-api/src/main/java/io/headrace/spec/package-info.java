/**
 * What the user wrote, as records: jobs, components, environments, inputs, outputs, bindings.
 * Values are read and typed, but nothing is looked up and no expression is replaced yet.
 *
 * <p>May depend on: {@code name}, {@code problem}, {@code plan}.
 *
 * <p>Begin with {@link io.headrace.spec.Document}.
 */
@NullMarked
package io.headrace.spec;

import org.jspecify.annotations.NullMarked;
