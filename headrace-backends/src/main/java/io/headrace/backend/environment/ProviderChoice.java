package io.headrace.backend.environment;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.util.Locale;

/** How environments are to be provided. */
public enum ProviderChoice {
  /** A container for an image when an engine answers, else conda when there, else venv. */
  AUTO,
  /** Containers only. */
  CONTAINER,
  /** conda, mamba or micromamba only. */
  CONDA,
  /** Virtual environments of Python only. */
  VENV,
  /** Everything runs in the Python that is here. */
  HERE;

  /** The variable that chooses when no flag does. */
  public static final String VARIABLE = "HEADRACE_ENVIRONMENTS";

  /**
   * Reads a flag or a variable, in any letter case; empty means {@link #AUTO}.
   *
   * @throws io.headrace.problem.ProblemException when it is none of them
   */
  public static ProviderChoice parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "", "auto" -> AUTO;
      case "container" -> CONTAINER;
      case "conda" -> CONDA;
      case "venv" -> VENV;
      case "here" -> HERE;
      default ->
          throw Problem.of(
                  ErrorCode.BAD_ARGUMENT, "'" + text + "' is not a way to provide environments")
              .fix("one of: auto, container, conda, venv, here")
              .asException();
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
