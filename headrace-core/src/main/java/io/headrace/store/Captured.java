package io.headrace.store;

import io.headrace.name.Digest;

/**
 * Local bytes, named.
 *
 * @param digest of the file's bytes, or of the folder's manifest
 * @param folder which of both
 * @param name the base name
 * @param bytes the sum of all files' sizes
 * @param files how many
 */
public record Captured(Digest digest, boolean folder, String name, long bytes, long files) {}
