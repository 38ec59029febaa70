/**
 * The pages that people look at: files of this program, served as they are. They ask the same calls
 * as other clients do, so nothing here knows of runs or models. And the form by which they sign in.
 *
 * <p>May depend on: {@code http}, {@code access}.
 *
 * <p>Begin with {@link io.headrace.web.WebPages}; the pages' own beginning is {@code main.js}
 * beside {@code index.html} in the resources.
 */
@NullMarked
package io.headrace.web;

import org.jspecify.annotations.NullMarked;
