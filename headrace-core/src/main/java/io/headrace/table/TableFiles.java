package io.headrace.table;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.table.TableDefinition.Selection;
import io.headrace.table.TableDefinition.Transformation;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;

/** Which files of a folder a table is made of. */
public final class TableFiles {
  private TableFiles() {}

  /**
   * The files in the table's order: as its paths stand, below one path by name. Where the table is
   * a list of files, {@code skip}, {@code take} and {@code take_random_sample} choose among them.
   *
   * @param files all of the folder, by path, sorted
   * @throws io.headrace.problem.ProblemException MISSING_PATH for each path that selects nothing
   */
  public static List<String> of(TableDefinition table, List<String> files) {
    var problems = new Problems();
    var chosen = new LinkedHashSet<String>();
    for (var selection : table.paths()) {
      var found = files.stream().filter(it -> isSelected(selection, it)).toList();
      if (found.isEmpty()) {
        problems.add(
            Problem.of(ErrorCode.MISSING_PATH, "MLTable: no file is " + describe(selection))
                .at(selection.where())
                .fix("paths are relative to the MLTable file's folder"));
      }
      chosen.addAll(found);
    }
    problems.throwIfErrors();
    List<String> ordered = List.copyOf(chosen);
    if (table.read().isPresent()) {
      return ordered;
    }
    for (var transformation : table.transformations()) {
      ordered = transformed(transformation, ordered);
    }
    return ordered;
  }

  private static boolean isSelected(Selection selection, String file) {
    if (file.equals(TableDefinition.FILE)) {
      return false;
    }
    return switch (selection) {
      case Selection.File(String path, var _) -> file.equals(path);
      case Selection.Folder(String path, var _) -> path.isEmpty() || file.startsWith(path + "/");
      case Selection.Pattern(String glob, var _) -> matches(glob, file);
    };
  }

  /** A part {@code **} stands for any number of folders, none too. */
  private static boolean matches(String glob, String file) {
    return isMatch(glob.split("/", -1), 0, file.split("/", -1), 0);
  }

  private static boolean isMatch(String[] glob, int at, String[] file, int part) {
    if (at == glob.length) {
      return part == file.length;
    }
    if (glob[at].equals("**")) {
      for (int next = part; next <= file.length; next++) {
        if (isMatch(glob, at + 1, file, next)) {
          return true;
        }
      }
      return false;
    }
    return part < file.length
        && matcher(glob[at]).matches(Path.of(file[part]))
        && isMatch(glob, at + 1, file, part + 1);
  }

  private static PathMatcher matcher(String part) {
    // Braces are no wildcards in an MLTable file.
    var plain = part.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}");
    return FileSystems.getDefault().getPathMatcher("glob:" + plain);
  }

  private static String describe(Selection selection) {
    return switch (selection) {
      case Selection.File(String path, var _) -> "called '" + path + "'";
      case Selection.Folder(String path, var _) -> "in the folder '" + path + "'";
      case Selection.Pattern(String glob, var _) -> "like '" + glob + "'";
    };
  }

  private static List<String> transformed(Transformation it, List<String> files) {
    return switch (it.name()) {
      case "skip" -> files.subList(Math.min(files.size(), count(it)), files.size());
      case "take" -> files.subList(0, Math.min(files.size(), count(it)));
      case "take_random_sample" -> sample(it, files);
      case "extract_columns_from_partition_format", "extract_partition_format" -> files;
      default ->
          throw Problem.of(
                  ErrorCode.WRONG_VALUE,
                  "MLTable: " + it.name() + " needs rows, but nothing says how to read them")
              .at(it.where())
              .fix("add read_delimited, read_parquet or read_json_lines before it")
              .asException();
    };
  }

  private static int count(Transformation it) {
    return it.arguments() instanceof Scalar(var _, String text, var _)
        ? Integer.parseInt(text.replace("_", ""))
        : 0;
  }

  private static List<String> sample(Transformation it, List<String> files) {
    double probability = Double.parseDouble(argument(it, "probability", "1"));
    var random = new Random(Long.parseLong(argument(it, "seed", "0")));
    return files.stream().filter(_ -> random.nextDouble() < probability).toList();
  }

  private static String argument(Transformation it, String name, String otherwise) {
    return it.arguments() instanceof Mapping mapping
            && mapping.get(name).orElse(mapping) instanceof Scalar(var _, String text, var _)
        ? text
        : otherwise;
  }
}
