package io.headrace.store;

import io.headrace.name.Digest;
import java.nio.file.Path;

/**
 * An input as a step got it.
 *
 * @param input its name
 * @param digest of the file, or of the folder's manifest
 * @param folder which of both
 * @param path where it was given
 */
public record Given(String input, Digest digest, boolean folder, Path path) {}
