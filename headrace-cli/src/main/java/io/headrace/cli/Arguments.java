package io.headrace.cli;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Arguments that several commands share, checked. */
final class Arguments {
  private static final long MOST_SEED = 4294967295L;

  private Arguments() {}

  /** A file that is there, as an absolute path. */
  static Path file(Context context, Optional<Path> given, String command) {
    if (given.isEmpty()) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "which file? `" + command + "` needs a job's YAML")
          .fix("such as `" + command + " pipeline.yml`; `" + command + " --help` shows more")
          .asException();
    }
    var file = context.resolve(given.get());
    if (!Files.exists(file)) {
      throw Problem.of(ErrorCode.MISSING_PATH, "there is no file " + given.get())
          .fix("check the path; it is looked for in " + context.around().here())
          .asException();
    }
    if (Files.isDirectory(file)) {
      throw Problem.of(ErrorCode.MISSING_PATH, given.get() + " is a folder")
          .fix("name the YAML file in it")
          .asException();
    }
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw Problem.of(ErrorCode.MISSING_PATH, given.get() + " cannot be read: " + e.getMessage())
          .asException(e);
    }
  }

  /** How many steps at once: the option, the variable, the cores. */
  static int parallel(Context context, Optional<Integer> given) {
    long number =
        given
            .map(Integer::longValue)
            .or(() -> context.number("HEADRACE_PARALLEL"))
            .orElse((long) Runtime.getRuntime().availableProcessors());
    if (number < 1 || number > 10_000) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "--parallel " + number + " is out of range")
          .fix("give a number from 1 to 10000")
          .asException();
    }
    return (int) number;
  }

  /** The seed: the option, the variable, 0. PYTHONHASHSEED sets the range. */
  static long seed(Context context, Optional<Long> given) {
    long seed = given.or(() -> context.number("HEADRACE_SEED")).orElse(0L);
    if (seed < 0 || seed > MOST_SEED) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "--seed " + seed + " is out of range")
          .fix("give a number from 0 to " + MOST_SEED)
          .asException();
    }
    return seed;
  }
}
