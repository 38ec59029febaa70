package io.headrace.spec;

import java.util.Optional;

/**
 * Bounds of one job.
 *
 * @param timeout seconds, a whole number; or an expression
 */
public record Limits(Optional<Written> timeout) {}
