/**
 * What the rooms with tables of their own share: statements with parameters, and the little in
 * which SQLite and PostgreSQL differ. Knows no table.
 *
 * <p>May depend on: nothing of ours.
 */
@NullMarked
package io.headrace.sql;

import org.jspecify.annotations.NullMarked;
