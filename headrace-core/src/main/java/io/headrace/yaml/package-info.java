/**
 * Text to a tree whose every node knows its line and column. Knows nothing of jobs.
 *
 * <p>May depend on: {@code problem}.
 *
 * <p>Begin with {@link io.headrace.yaml.YamlReader}.
 */
@NullMarked
package io.headrace.yaml;

import org.jspecify.annotations.NullMarked;
