package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.LocalPath;
import io.headrace.spec.Written;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The folder that a file's relative paths start from, and whether what they name is there.
 *
 * @param seen answers already got; a pipeline of thousands of nodes names few paths
 */
record Source(
    Path folder, Problems problems, Map<Path, Source.Kind> seen, Suggestions suggestions) {
  /** What a path names. */
  enum Kind {
    FILE,
    FOLDER,
    MISSING
  }

  static Source of(Path folder, Problems problems) {
    return new Source(folder, problems, new HashMap<>(), new Suggestions());
  }

  /** The same for a file in another folder. */
  Source in(Path other) {
    return new Source(other, problems, seen, suggestions);
  }

  /** Resolves a path, {@code file:} before it or not. A text that cannot be a path is reported. */
  Optional<LocalPath> path(Written written) {
    String text = written.text();
    String bare = text.startsWith("file:") ? withoutScheme(text) : text;
    try {
      Path absolute = folder.resolve(bare).normalize();
      return Optional.of(new LocalPath(text, absolute, written.where()));
    } catch (InvalidPathException e) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  "'" + Describe.brief(text.replace('\0', '?')) + "' cannot be a path")
              .at(written.where()));
      return Optional.empty();
    }
  }

  private static String withoutScheme(String text) {
    String bare = text.substring("file:".length());
    return bare.startsWith("///") ? bare.substring(2) : bare;
  }

  Kind kind(Path path) {
    return seen.computeIfAbsent(
        path,
        it ->
            Files.isRegularFile(it)
                ? Kind.FILE
                : Files.isDirectory(it) ? Kind.FOLDER : Kind.MISSING);
  }

  boolean exists(Path path) {
    return kind(path) != Kind.MISSING;
  }

  /**
   * Reports a path that is not there. {@code what} begins the sentence: {@code the code folder}.
   */
  void mustExist(LocalPath path, String what) {
    if (!exists(path.absolute())) {
      problems.add(missing(path.written(), path.absolute(), what, path.where()));
    }
  }

  private Problem missing(String written, Path absolute, String what, Where where) {
    var problem =
        Problem.of(
                ErrorCode.MISSING_PATH, what + " '" + Describe.brief(written) + "' does not exist")
            .at(where);
    return problem.fix(suggestions.once(() -> nearby(absolute)).orElse("looked at " + absolute));
  }

  /** A name in the same folder that was probably meant. */
  private static Optional<String> nearby(Path absolute) {
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null || !Files.isDirectory(parent)) {
      return Optional.empty();
    }
    try (var listing = Files.list(parent)) {
      var names = listing.limit(1_000).map(each -> String.valueOf(each.getFileName())).toList();
      return Names.nearest(name.toString(), names)
          .map(near -> "did you mean '" + near + "'? Looked at " + absolute);
    } catch (java.io.IOException | java.io.UncheckedIOException e) {
      return Optional.empty(); // advice only
    }
  }
}
