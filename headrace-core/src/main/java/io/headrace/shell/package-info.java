/**
 * Puts values and paths into the text of a shell command so that none of them can become a command.
 *
 * <p>{@code Scanner} reads the author's text to know the quoting at each insertion; {@code
 * SimpleCommand} knows the command that it is in, and so which {@code Rule} holds; {@code
 * Insertions} writes the value as rule and quoting want it, or refuses it.
 *
 * <p>May depend on: {@code plan}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.shell.ShellText}.
 */
@NullMarked
package io.headrace.shell;

import org.jspecify.annotations.NullMarked;
