/**
 * What went wrong, where, and how to mend it, as values that a person reads and a program matches.
 *
 * <p>May depend on: nothing but the JDK.
 *
 * <p>Begin with {@link io.headrace.problem.Problem}.
 */
@NullMarked
package io.headrace.problem;

import org.jspecify.annotations.NullMarked;
