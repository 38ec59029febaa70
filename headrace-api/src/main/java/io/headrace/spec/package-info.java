/**
 * What the user wrote, as records: jobs, components, environments, inputs, outputs, bindings.
 *
 * <p>May depend on: {@code name}, {@code problem}, {@code plan}.
 */
@NullMarked
package io.headrace.spec;

import org.jspecify.annotations.NullMarked;
