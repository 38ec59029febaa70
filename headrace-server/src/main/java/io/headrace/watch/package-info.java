/**
 * Watching the server: the log of deeds, metrics in Prometheus' text format, whether it is ready.
 *
 * <p>May depend on: {@code http}, {@code access}.
 *
 * <p>Begin with {@link io.headrace.watch.WatchCalls}.
 */
@NullMarked
package io.headrace.watch;

import org.jspecify.annotations.NullMarked;
