/**
 * Runs a plan: states, attempts, reuse, cancel, recovery after a crash.
 *
 * <p>May depend on: {@code plan}, {@code run}, {@code store}, {@code sweep}, {@code shell}, {@code
 * table}, {@code json}, {@code sql}, {@code name}, {@code problem}, {@code spi}.
 */
@NullMarked
package io.headrace.engine;

import org.jspecify.annotations.NullMarked;
