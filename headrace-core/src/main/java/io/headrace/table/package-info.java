/**
 * What an MLTable file says: which files a table is made of, and how its rows come out of them.
 * Reads the file and picks the files; the rows are read by the step itself.
 *
 * <p>May depend on: {@code yaml}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.table.TableReader}.
 */
@NullMarked
package io.headrace.table;

import org.jspecify.annotations.NullMarked;
