/**
 * The metadata store in a PostgreSQL database, for several servers and machines: one writer at a
 * time over all processes, group commit, lost connections taken up again.
 *
 * <p>May depend on: {@code backend.records}, {@code spi}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.backend.postgres.PostgresMetadataStore}.
 */
@NullMarked
package io.headrace.backend.postgres;

import org.jspecify.annotations.NullMarked;
