/**
 * Named things that outlive a run: versions of data, models, environments and components, and the
 * computes, datastores and schedules of a workspace. The records hold what each one is; the bytes
 * are in the object store, named by {@link io.headrace.asset.StoredPath}s.
 *
 * <p>Secrets of datastores, connections and computes are in files for their owner alone; {@link
 * io.headrace.asset.Assets#credentials} is the one door to them.
 *
 * <p>A version, once made, never changes but for its description, tags and properties.
 *
 * <p>May depend on: {@code json}, {@code yaml}, {@code job} (to read documents), {@code spec},
 * {@code sql}, {@code plan}, {@code run}, {@code store}, {@code spi}.
 *
 * <p>Begin with {@link io.headrace.asset.Assets}; a document becomes a {@link
 * io.headrace.asset.Draft} in {@link io.headrace.asset.Drafting}.
 */
@NullMarked
package io.headrace.asset;

import org.jspecify.annotations.NullMarked;
