/**
 * The doors: small interfaces behind which computes, stores and environments are exchanged. Open to
 * strangers; the answers they give are sealed types of ours.
 *
 * <p>May depend on: {@code name}, {@code problem}, {@code plan}, {@code run}.
 */
@NullMarked
package io.headrace.spi;

import org.jspecify.annotations.NullMarked;
