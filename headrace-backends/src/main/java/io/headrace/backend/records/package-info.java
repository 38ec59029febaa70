/**
 * What the metadata stores share, whatever database is behind them: one writer with group commit, a
 * few readers, numbered migrations.
 *
 * <p>May depend on: {@code spi}, {@code problem}. Knows no database.
 *
 * <p>Begin with {@link io.headrace.backend.records.Database}, which a new one implements.
 */
@NullMarked
package io.headrace.backend.records;

import org.jspecify.annotations.NullMarked;
