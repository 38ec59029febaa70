/**
 * Environments on this machine: containers, conda, virtual environments, the Python that is here.
 *
 * <p>May depend on: {@code spi}, and what it names.
 */
@NullMarked
package io.headrace.backend.environment;

import org.jspecify.annotations.NullMarked;
