/**
 * Where connections lead on this machine: what {@code connections.yml} says of their names.
 * Passwords stay where they are; only where that is, is read.
 *
 * <p>May depend on: {@code planner}, {@code yaml}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.connection.Connections}.
 */
@NullMarked
package io.headrace.connection;

import org.jspecify.annotations.NullMarked;
