/**
 * Values as JSON text and back: what is kept in the records and what is shown to programs.
 *
 * <p>May depend on: {@code spec}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.json.ValueJson}.
 */
@NullMarked
package io.headrace.json;

import org.jspecify.annotations.NullMarked;
