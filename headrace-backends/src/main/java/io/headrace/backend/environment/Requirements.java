package io.headrace.backend.environment;

import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A conda file in pip's words.
 *
 * @param lines of a requirements file
 * @param files digests of the requirements and constraints files that the lines name
 * @param warnings what had to be left out
 */
record Requirements(List<String> lines, List<String> files, List<Problem> warnings) {
  private static final List<String> FILE_OPTIONS =
      List.of("-r", "--requirement", "-c", "--constraint", "-e", "--editable");

  /** Come with every environment, in a version that suits its Python. */
  private static final List<String> COME_ALONG = List.of("python", "pip", "wheel");

  /** Ends a line whose package is installed by itself, without what it depends on. */
  static final String ALONE = " --no-deps";

  Requirements {
    lines = List.copyOf(lines);
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
  }

  /**
   * Maps names and versions.
   *
   * @param label names the conda file to its author
   * @throws io.headrace.problem.ProblemException when a line names a file by a relative path, or
   *     one that is not there
   */
  static Requirements of(CondaFile conda, String label) {
    List<String> lines = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (String line : conda.packages()) {
      CondaSpec spec = CondaSpec.parse(line);
      if (COME_ALONG.contains(spec.name())) {
        continue;
      }
      CondaNames.pip(spec.name())
          .ifPresentOrElse(
              name -> lines.add(name + spec.extras() + spec.version()),
              () -> leftOut.add(spec.name()));
    }
    List<String> files = new ArrayList<>();
    for (String line : conda.pip()) {
      lines.add(line);
      checkFile(line, label, files);
    }
    return new Requirements(lines, files, warnings(leftOut, label));
  }

  private static List<Problem> warnings(List<String> leftOut, String label) {
    if (leftOut.isEmpty()) {
      return List.of();
    }
    return List.of(
        Problem.of(
                ErrorCode.PACKAGE_LEFT_OUT,
                label
                    + ": left out, since only conda has "
                    + (leftOut.size() == 1 ? "it: " : "them: ")
                    + String.join(", ", leftOut))
            .fix("when a step needs one of them, install conda, mamba or micromamba")
            .warning());
  }

  /** Only the text of a conda file travels (to Azure ML too), so a relative path means nothing. */
  private static void checkFile(String line, String label, List<String> files) {
    String path = line;
    boolean read = false;
    for (String option : FILE_OPTIONS) {
      if (line.startsWith(option)
          && line.length() > option.length()
          && " =\t".indexOf(line.charAt(option.length())) >= 0) {
        path = line.substring(option.length() + 1).strip();
        read = !option.endsWith("e") && !option.endsWith("editable");
      }
    }
    boolean relative = path.startsWith(".") || path.startsWith("file:.") || (read && isPath(path));
    if (relative) {
      throw Problem.of(
              ErrorCode.ENVIRONMENT_WRONG,
              label
                  + ": '"
                  + line
                  + "' names a file relative to the conda file, which is not known here")
          .fix(
              "Azure ML gets only the conda file's text, too: write the requirements into it, or"
                  + " give an absolute path")
          .asException();
    }
    if (read && path.startsWith("/")) {
      files.add(digest(Path.of(path), line, label));
    }
  }

  private static boolean isPath(String text) {
    return !text.startsWith("/") && !text.contains("://");
  }

  private static String digest(Path file, String line, String label) {
    try {
      return Digest.ofText(Files.readString(file)).hex();
    } catch (IOException | java.io.UncheckedIOException e) {
      throw Problem.of(ErrorCode.MISSING_PATH, label + ": '" + line + "': cannot be read")
          .asException(e);
    }
  }

  /** The lines to install together, with what the packages depend on. */
  static List<String> together(List<String> lines) {
    return lines.stream().filter(line -> !line.endsWith(ALONE)).toList();
  }

  /** The lines to install by themselves after the others; none when no line says so. */
  static List<String> alone(List<String> lines) {
    if (lines.stream().noneMatch(line -> line.endsWith(ALONE))) {
      return List.of();
    }
    return lines.stream()
        .filter(line -> line.endsWith(ALONE) || line.startsWith("--")) // with where to find them
        .map(
            line -> line.endsWith(ALONE) ? line.substring(0, line.length() - ALONE.length()) : line)
        .toList();
  }

  /** Whether a line asks for a package of this name. */
  boolean names(String distribution) {
    return lines.stream()
        .anyMatch(line ->
            line.startsWith(distribution)
                && (line.length() == distribution.length()
                    || " =<>!~[;@".indexOf(line.charAt(distribution.length())) >= 0));
  }
}
