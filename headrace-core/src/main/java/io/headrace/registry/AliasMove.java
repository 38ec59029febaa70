package io.headrace.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * That an alias was moved.
 *
 * @param from the version that it named before; empty when it was new
 * @param to empty when it was taken away
 * @param user empty when it is not known
 */
public record AliasMove(
    String model, String alias, Optional<Long> from, Optional<Long> to, Instant at, String user) {}
