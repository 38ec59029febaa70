package io.headrace.table;

import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import java.util.List;
import java.util.Optional;

/**
 * An MLTable file, checked.
 *
 * @param file how problems name it
 * @param read how rows come out of the files; without it the table is a list of files
 * @param transformations in order, without {@code read}
 */
public record TableDefinition(
    String file,
    List<Selection> paths,
    Optional<Transformation> read,
    List<Transformation> transformations) {
  /** The file's name in its folder. */
  public static final String FILE = "MLTable";

  public TableDefinition {
    paths = List.copyOf(paths);
    transformations = List.copyOf(transformations);
  }

  /**
   * One entry under {@code paths}; relative to the MLTable file's folder, parts joined by {@code
   * /}.
   */
  public sealed interface Selection {
    Where where();

    /** One file. */
    record File(String path, Where where) implements Selection {}

    /** All files below a folder; the empty path is the whole folder. */
    record Folder(String path, Where where) implements Selection {}

    /** A pattern with wildcards. */
    record Pattern(String glob, Where where) implements Selection {}
  }

  /**
   * One step of making the table.
   *
   * @param name as written
   * @param arguments as written; their names are checked, their values by who applies them
   */
  public record Transformation(String name, YamlNode arguments, Where where) {}
}
