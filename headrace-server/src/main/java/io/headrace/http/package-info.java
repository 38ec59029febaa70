/**
 * HTTP: a server that costs nothing until somebody connects, the table of its routes with what each
 * needs, the guard, and requests and answers as plain values, so that nobody else knows which
 * server library it is.
 *
 * <p>May depend on: {@code access}, {@code problem}.
 *
 * <p>Begin with {@link io.headrace.http.WebServer}.
 */
@NullMarked
package io.headrace.http;

import org.jspecify.annotations.NullMarked;
