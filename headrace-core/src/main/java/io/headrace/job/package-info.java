/**
 * The kinds of document: reads each from the located tree, reporting all that is wrong at once.
 *
 * <p>May depend on: {@code yaml}, {@code spec}, {@code plan}, {@code name}, {@code problem}.
 */
@NullMarked
package io.headrace.job;

import org.jspecify.annotations.NullMarked;
