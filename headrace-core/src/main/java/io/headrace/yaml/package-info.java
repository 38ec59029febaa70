/**
 * Text to a tree whose every node knows its line and column. Knows nothing of jobs.
 *
 * <p>May depend on: {@code problem}.
 */
@NullMarked
package io.headrace.yaml;

import org.jspecify.annotations.NullMarked;
