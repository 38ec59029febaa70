/**
 * The {@code headrace} command: one class a command; parse, call, print. All is wired together in
 * {@code Wiring}.
 *
 * <p>May depend on: everything.
 */
@NullMarked
package io.headrace.cli;

import org.jspecify.annotations.NullMarked;
