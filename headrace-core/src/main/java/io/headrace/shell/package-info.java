/**
 * Puts values and paths into the text of a shell command so that none of them can become a command.
 *
 * <p>May depend on: {@code plan}, {@code problem}.
 */
@NullMarked
package io.headrace.shell;

import org.jspecify.annotations.NullMarked;
