/**
 * The object store in a folder.
 *
 * <p>May depend on: {@code spi}, and what it names.
 */
@NullMarked
package io.headrace.backend.file;

import org.jspecify.annotations.NullMarked;
