package io.headrace.backend.local;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.JobRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Whether a text reaches a process unchanged. Java writes arguments and variables in the locale's
 * encoding, and puts '?' for what that lacks without a word: under {@code LC_ALL=C}, all but ASCII.
 */
final class NativeText {
  private static final Charset ENCODING = encoding();

  private NativeText() {}

  private static Charset encoding() {
    var name = System.getProperty("sun.jnu.encoding");
    return name == null ? StandardCharsets.UTF_8 : Charset.forName(name, StandardCharsets.UTF_8);
  }

  static Charset charset() {
    return ENCODING;
  }

  /** Refuses a job whose command or variables a process would not get as they are. */
  static void check(JobRequest request) {
    check("its command", request.command());
    request
        .environment()
        .forEach((name, value) -> {
          check("the name of a variable", name);
          check("variable " + name, value);
          if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw refused("'" + name + "' cannot be the name of a variable").asException();
          }
        });
  }

  private static void check(String what, String text) {
    if (text.indexOf('\0') >= 0) {
      throw refused(what + " holds a NUL character").asException();
    }
    if (!ENCODING.newEncoder().canEncode(text)) {
      throw refused(what + " holds characters that this locale (" + ENCODING + ") has not")
          .fix("run Headrace with LC_ALL=C.UTF-8 or another UTF-8 locale")
          .asException();
    }
  }

  private static Problem refused(String why) {
    return Problem.of(ErrorCode.STEP_NOT_STARTED, "a step could not be begun: " + why);
  }
}
