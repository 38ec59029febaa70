package io.headrace.planner;

import java.nio.file.Path;

/**
 * What the planner must know of the command that asks.
 *
 * @param workingFolder where it runs; problems name files relative to it
 * @param experiment the experiment when the job names none; Azure takes the name of the folder that
 *     the command runs in
 */
public record PlanSettings(Path workingFolder, String experiment) {
  /** For a command that runs in this folder. */
  public static PlanSettings in(Path workingFolder) {
    Path absolute = workingFolder.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    return new PlanSettings(absolute, name == null ? "default" : name.toString());
  }
}
