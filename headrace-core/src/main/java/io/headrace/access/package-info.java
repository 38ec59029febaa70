/**
 * Who may do what: users, their tokens, passwords and sessions, roles everywhere or for one
 * experiment or model, and the log of what was done and refused. Knows nothing of HTTP.
 *
 * <p>May depend on: {@code sql}, {@code spi}, {@code name}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.access.Entrance} and {@link io.headrace.access.Rights}.
 */
@NullMarked
package io.headrace.access;

import org.jspecify.annotations.NullMarked;
