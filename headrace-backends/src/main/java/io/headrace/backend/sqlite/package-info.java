/**
 * The metadata store in an SQLite file: write-ahead log, full sync, one writer with group commit.
 *
 * <p>May depend on: {@code backend.records}, {@code spi}, and what it names.
 */
@NullMarked
package io.headrace.backend.sqlite;

import org.jspecify.annotations.NullMarked;
