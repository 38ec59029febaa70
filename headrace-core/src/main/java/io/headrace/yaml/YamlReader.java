package io.headrace.yaml;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads YAML as PyYAML's {@code safe_load} does (YAML 1.1), into a tree that knows its places.
 *
 * <p>Takes bounded time and memory whatever the text. The limits: {@value #MOST_BYTES} bytes,
 * {@value #MOST_DEPTH} levels, {@value #MOST_NODES} nodes and as many bytes of text counted with
 * every alias written out; from the {@value #FREE_ALIASES}th alias of a list or mapping on, {@value
 * #MOST_NODES_OF_MANY_ALIASES} nodes.
 *
 * <p>Differs from PyYAML on purpose: a key written twice is an error, as are several documents in
 * one file, tags beyond those for single values, and keys that are lists or mappings; a key that is
 * not text is taken by its text. Every method is thread-safe, and throws {@link ProblemException}
 * with all that is wrong (after a mistake of syntax nothing further can be read).
 */
public final class YamlReader {
  /** The largest file, 10 MiB. */
  public static final int MOST_BYTES = 10 * 1024 * 1024;

  /** How deep lists and mappings may nest. */
  public static final int MOST_DEPTH = 100;

  /** Nodes, counted with every alias written out. */
  public static final int MOST_NODES = 1_000_000;

  /** Aliases of lists and mappings that a file may have before the tighter limit holds. */
  public static final int FREE_ALIASES = 50;

  /** As {@link #MOST_NODES}, for a file of more than {@link #FREE_ALIASES} aliases. */
  public static final int MOST_NODES_OF_MANY_ALIASES = 100_000;

  private YamlReader() {}

  /**
   * Reads a file.
   *
   * @param displayName how problems and {@link Where} name the file
   * @throws ProblemException also when the file is missing, unreadable, too large or has no content
   */
  public static YamlNode read(Path file, String displayName) {
    return parse(YamlText.decode(bytes(file, displayName), displayName), displayName);
  }

  /**
   * As {@link #read(Path, String)}, for a reader that goes on where it can, so that a user sees all
   * that is wrong at once.
   *
   * @param problems takes what is wrong
   * @return the tree when nothing is worse than a key given twice; of such a key it holds the first
   *     value, or when both are mappings the entries of both. Otherwise empty
   */
  public static Optional<YamlNode> read(Path file, String displayName, Problems problems) {
    try {
      var text =
          YamlText.checked(YamlText.decode(bytes(file, displayName), displayName), displayName);
      return new TreeBuilder(text, displayName).build(problems);
    } catch (ProblemException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  /** A file's text, for who takes it apart first. {@code displayName} as in the others. */
  public static String text(Path file, String displayName) {
    return YamlText.decode(bytes(file, displayName), displayName);
  }

  /** Reads a text. {@code displayName} as in {@link #read(Path, String)}. */
  public static YamlNode read(String text, String displayName) {
    // A character is at least a byte; the exact count is not worth a copy.
    if (text.length() > MOST_BYTES) {
      throw tooLarge(displayName, text.length() + " characters").asException();
    }
    return parse(text, displayName);
  }

  private static YamlNode parse(String text, String displayName) {
    var problems = new Problems();
    var tree = new TreeBuilder(YamlText.checked(text, displayName), displayName).build(problems);
    problems.throwIfErrors();
    return tree.orElseThrow();
  }

  private static byte[] bytes(Path file, String displayName) {
    try {
      if (Files.isDirectory(file)) {
        throw unreadable(displayName, "is a folder", "name a YAML file in it").asException();
      }
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw tooLarge(displayName, size + " bytes").asException();
      }
      try (var in = Files.newInputStream(file)) {
        // Its size may have been wrong: it may be a pipe or a device, or be growing.
        var bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw tooLarge(displayName, "more than " + MOST_BYTES + " bytes").asException();
        }
        return bytes;
      }
    } catch (NoSuchFileException e) {
      throw unreadable(
              displayName,
              "does not exist",
              "check the name; it is looked up from the folder you are in")
          .asException(e);
    } catch (IOException e) {
      throw unreadable(displayName, "cannot be read: " + e.getMessage(), "check its permissions")
          .asException(e);
    }
  }

  private static Problem unreadable(String displayName, String why, String fix) {
    return Problem.of(ErrorCode.MISSING_PATH, "'" + displayName + "' " + why).fix(fix);
  }

  private static Problem tooLarge(String displayName, String size) {
    return Problem.of(
            ErrorCode.YAML_LIMIT,
            "the file has " + size + "; a YAML file may have at most " + MOST_BYTES)
        .at(Where.file(displayName))
        .fix("keep data in files of their own and name their paths here");
  }
}
