package io.headrace.spec;

import io.headrace.problem.Where;
import java.nio.file.Path;

/**
 * A path of this machine.
 *
 * @param written as the user wrote it
 * @param absolute resolved against the folder of the file that holds it; normalised, not checked
 */
public record LocalPath(String written, Path absolute, Where where) {}
