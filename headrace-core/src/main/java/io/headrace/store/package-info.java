/**
 * Folders over the object store: manifests, code snapshots, the capture of local data, giving
 * inputs and taking outputs.
 *
 * <p>May depend on: {@code name}, {@code problem}, {@code plan}, {@code run}, {@code spi}.
 */
@NullMarked
package io.headrace.store;

import org.jspecify.annotations.NullMarked;
