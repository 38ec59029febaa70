/**
 * This machine as a compute: one process group a step, each with a wrapper that writes its exit
 * status itself.
 *
 * <p>May depend on: {@code spi}, and what it names.
 */
@NullMarked
package io.headrace.backend.local;

import org.jspecify.annotations.NullMarked;
