/**
 * Names as types: each checks its own shape once, so that no other code has to.
 *
 * <p>May depend on: {@code problem}.
 */
@NullMarked
package io.headrace.name;

import org.jspecify.annotations.NullMarked;
