package io.headrace.shell;

/**
 * Why the author's text is not surely understood.
 *
 * @param why as the rest of a sentence
 * @param runs whether something that a value may reach is run as a program, so that even a plain
 *     word could be a command
 */
record Doubt(String why, boolean runs) {}
