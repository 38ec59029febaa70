package io.headrace.run;

import io.headrace.name.Digest;
import io.headrace.plan.DataType;

/**
 * What a step made under one output's name.
 *
 * @param digest of the file's bytes, or of the folder's manifest
 * @param name the file's base name for a file; empty for a folder
 * @param bytes the sum of all files' sizes
 * @param files how many
 */
public record OutputData(Digest digest, DataType type, String name, long bytes, long files) {}
