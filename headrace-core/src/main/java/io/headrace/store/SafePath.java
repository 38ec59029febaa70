package io.headrace.store;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Visible;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The one place where a relative name from outside becomes a path below a root. Refuses what is
 * absolute, empty, has a part {@code .} or {@code ..} or an empty part, or holds NUL.
 */
public final class SafePath {
  private SafePath() {}

  /**
   * The path of {@code relative} below {@code root}, by its words alone: links are not looked at.
   *
   * @param relative parts joined by {@code /}
   * @throws ProblemException UNSAFE_PATH
   */
  public static Path resolve(Path root, String relative) {
    if (!isSafe(relative)) {
      throw unsafe(relative, "must name something below its folder");
    }
    return FileNames.resolve(root, relative);
  }

  /**
   * As {@link #resolve}, and no link on the way leads out of the root. What is not there yet is
   * safe. Only sure while nobody else changes the folder.
   *
   * @throws ProblemException UNSAFE_PATH
   */
  public static Path resolveWithin(Path root, String relative) throws IOException {
    var path = resolve(root, relative);
    Path home = null;
    var at = root;
    for (var part : relative.split("/", -1)) {
      at = FileNames.resolve(at, part);
      if (Files.isSymbolicLink(at)) {
        home = home == null ? root.toRealPath() : home;
        if (!staysWithin(home, at)) {
          throw unsafe(relative, "a link on the way leads out of " + root);
        }
      } else if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        break;
      }
    }
    return path;
  }

  private static boolean staysWithin(Path home, Path link) throws IOException {
    try {
      return link.toRealPath().startsWith(home);
    } catch (NoSuchFileException e) {
      return false; // a write through it would make a file who knows where
    }
  }

  /** Whether {@link #resolve} takes it. */
  public static boolean isSafe(String relative) {
    if (relative.isEmpty() || relative.indexOf('\0') >= 0) {
      return false;
    }
    int start = 0;
    while (start <= relative.length()) {
      int slash = relative.indexOf('/', start);
      int end = slash < 0 ? relative.length() : slash;
      if (end == start || isDots(relative, start, end)) {
        return false;
      }
      start = end + 1;
    }
    return true;
  }

  private static boolean isDots(String text, int start, int end) {
    return text.charAt(start) == '.'
        && (end - start == 1 || (end - start == 2 && text.charAt(start + 1) == '.'));
  }

  private static ProblemException unsafe(String relative, String why) {
    return Problem.of(
            ErrorCode.UNSAFE_PATH, "'" + Visible.text(relative) + "' is not a safe path: " + why)
        .fix("use a relative path without '..' that stays in its folder")
        .asException();
  }
}
