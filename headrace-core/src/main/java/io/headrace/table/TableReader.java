package io.headrace.table;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.table.TableDefinition.Selection;
import io.headrace.table.TableDefinition.Transformation;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlReader;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads an MLTable file. All that is wrong with it is collected, each with its line. */
public final class TableReader {
  private static final Set<String> FIELDS =
      Set.of("$schema", "type", "paths", "transformations", "metadata", "name", "version");

  /** What each transformation's arguments may be called; empty for those that are no mapping. */
  private static final Map<String, Set<String>> TRANSFORMATIONS =
      Map.ofEntries(
          Map.entry(
              "read_delimited",
              Set.of(
                  "delimiter",
                  "header",
                  "encoding",
                  "empty_as_string",
                  "include_path_column",
                  "infer_column_types",
                  "support_multi_line")),
          Map.entry("read_parquet", Set.of("include_path_column")),
          Map.entry("read_json_lines", Set.of("include_path_column", "invalid_lines", "encoding")),
          Map.entry("keep_columns", Set.of()),
          Map.entry("drop_columns", Set.of()),
          Map.entry("convert_column_types", Set.of()),
          Map.entry("filter", Set.of()),
          Map.entry("skip", Set.of()),
          Map.entry("take", Set.of()),
          Map.entry("take_random_sample", Set.of("probability", "seed")),
          Map.entry("extract_columns_from_partition_format", Set.of()),
          Map.entry("extract_partition_format", Set.of()));

  private final Problems problems = new Problems();
  private final List<Selection> paths = new ArrayList<>();
  private final List<Transformation> transformations = new ArrayList<>();
  private Optional<Transformation> read = Optional.empty();

  private TableReader() {}

  /**
   * Reads the text of an MLTable file.
   *
   * @param file how problems name it
   * @throws io.headrace.problem.ProblemException with all that is wrong
   */
  public static TableDefinition read(String text, String file) {
    var reader = new TableReader();
    reader.document(YamlReader.read(text, file));
    reader.problems.throwIfErrors();
    return new TableDefinition(file, reader.paths, reader.read, reader.transformations);
  }

  private void document(YamlNode node) {
    if (!(node instanceof Mapping document)) {
      wrong(ErrorCode.WRONG_TYPE, node.where(), "an MLTable file is a mapping", "write 'paths:'");
      return;
    }
    for (var entry : document.entries()) {
      if (!FIELDS.contains(entry.key().text())) {
        wrong(
            ErrorCode.UNKNOWN_FIELD,
            entry.key().where(),
            "'" + entry.key().text() + "' is not a field of an MLTable file",
            "fields: paths, transformations, type");
      }
    }
    var listed = document.get("paths");
    if (listed.isEmpty()) {
      wrong(ErrorCode.MISSING_FIELD, node.where(), "'paths' is missing", "add 'paths:'");
    } else if (listed.get() instanceof Sequence(Where _, List<YamlNode> items)) {
      items.forEach(this::path);
    } else {
      wrong(
          ErrorCode.WRONG_TYPE, listed.get().where(), "paths must be a list", "write '- file: …'");
    }
    document.get("transformations").ifPresent(this::transformations);
  }

  // Paths

  private void path(YamlNode item) {
    if (item instanceof Mapping(Where where, List<Entry> entries)
        && entries.size() == 1
        && entries.getFirst().value() instanceof Scalar(Where at, String text, var _)) {
      var kind = entries.getFirst().key().text();
      inside(text, at)
          .ifPresent(path -> {
            switch (kind) {
              case "file" -> paths.add(new Selection.File(path, at));
              case "folder" -> paths.add(new Selection.Folder(path, at));
              case "pattern" -> paths.add(new Selection.Pattern(path, at));
              default ->
                  wrong(
                      ErrorCode.UNKNOWN_FIELD,
                      where,
                      "'" + kind + "' is not a kind of path",
                      "write file:, folder: or pattern:");
            }
          });
      return;
    }
    wrong(
        ErrorCode.WRONG_TYPE,
        item.where(),
        "an entry of paths has one key, file, folder or pattern, with a path",
        "write '- file: ./data.csv'");
  }

  /** A path within the MLTable file's folder, without {@code .} and {@code ..}. */
  private Optional<String> inside(String text, Where where) {
    if (text.contains("://") || text.startsWith("azureml:")) {
      wrong(
          ErrorCode.NOT_SUPPORTED,
          where,
          "'" + text + "' is not on this machine, and a table's files must be",
          "put the files beside the MLTable file and name them relative to it");
      return Optional.empty();
    }
    var parts = new ArrayDeque<String>();
    boolean outside = text.startsWith("/");
    for (var part : text.split("/", -1)) {
      if (part.equals("..")) {
        outside |= parts.pollLast() == null;
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    if (outside) {
      wrong(
          ErrorCode.UNSAFE_PATH,
          where,
          "'" + text + "' leads out of the MLTable file's folder, and only that folder is given",
          "move the MLTable file to a folder that holds all its files");
      return Optional.empty();
    }
    return Optional.of(String.join("/", parts));
  }

  // Transformations

  private void transformations(YamlNode node) {
    if (node instanceof Scalar scalar && scalar.value() instanceof YamlNode.Value.Null) {
      return;
    }
    if (!(node instanceof Sequence(Where _, List<YamlNode> items))) {
      wrong(
          ErrorCode.WRONG_TYPE,
          node.where(),
          "transformations must be a list",
          "write '- take: 5'");
      return;
    }
    for (var item : items) {
      switch (item) {
        case Scalar name -> transformation(name, new Mapping(name.where(), List.of()));
        case Mapping(Where _, List<Entry> entries) when entries.size() == 1 ->
            transformation(entries.getFirst().key(), entries.getFirst().value());
        case Mapping _, Sequence _ ->
            wrong(
                ErrorCode.WRONG_TYPE,
                item.where(),
                "a transformation is one name with its arguments",
                "write '- take: 5'");
      }
    }
  }

  private void transformation(Scalar name, YamlNode arguments) {
    var known = TRANSFORMATIONS.get(name.text());
    if (known == null) {
      boolean delta = name.text().equals("read_delta_lake");
      wrong(
          delta ? ErrorCode.NOT_SUPPORTED : ErrorCode.UNKNOWN_FIELD,
          name.where(),
          delta
              ? "read_delta_lake: a Delta table cannot be read by this version"
              : "'" + name.text() + "' is not a transformation",
          delta
              ? "write the table as Parquet and use read_parquet"
              : "transformations: "
                  + String.join(", ", TRANSFORMATIONS.keySet().stream().sorted().toList()));
      return;
    }
    var transformation = new Transformation(name.text(), arguments, name.where());
    arguments(transformation, known);
    if (!name.text().startsWith("read_")) {
      transformations.add(transformation);
    } else if (read.isEmpty()) {
      read = Optional.of(transformation);
    } else {
      wrong(
          ErrorCode.CONFLICT,
          name.where(),
          "a table is read in one way, and " + read.get().name() + " stands above",
          "remove one of both");
    }
  }

  private void arguments(Transformation it, Set<String> known) {
    switch (it.name()) {
      case "read_delimited", "read_parquet", "read_json_lines", "take_random_sample" ->
          names(it, known);
      case "skip", "take" -> {
        if (!(it.arguments() instanceof Scalar scalar
            && scalar.value() instanceof YamlNode.Value.Int(BigInteger count)
            && count.signum() >= 0
            && count.bitLength() < Integer.SIZE)) {
          wrongValue(it, "must be a number of rows, from 0 up");
        }
      }
      case "keep_columns", "drop_columns" -> {
        if (it.arguments() instanceof Mapping) {
          wrongValue(it, "must be a column's name, or a list of names");
        }
      }
      case "convert_column_types" -> conversions(it);
      default -> { // a filter, a partition format
        if (!(it.arguments() instanceof Scalar)) {
          wrongValue(it, "must be a text");
        }
      }
    }
  }

  private void names(Transformation it, Set<String> known) {
    switch (it.arguments()) {
      case Mapping(Where _, List<Entry> entries) ->
          entries.stream()
              .map(Entry::key)
              .filter(key -> !known.contains(key.text()))
              .forEach(key ->
                  wrong(
                      ErrorCode.UNKNOWN_FIELD,
                      key.where(),
                      it.name() + " has no argument '" + key.text() + "'",
                      "arguments: " + String.join(", ", known.stream().sorted().toList())));
      case Scalar scalar when scalar.value() instanceof YamlNode.Value.Null -> {}
      case Scalar _, Sequence _ -> wrongValue(it, "takes arguments by name");
    }
    if (it.name().equals("take_random_sample")
        && !(it.arguments() instanceof Mapping mapping && mapping.get("probability").isPresent())) {
      wrongValue(it, "needs a probability, from 0 to 1");
    }
  }

  private void conversions(Transformation it) {
    boolean right =
        it.arguments() instanceof Sequence(Where _, List<YamlNode> items)
            && items.stream()
                .allMatch(item ->
                    item instanceof Mapping mapping
                        && mapping.get("columns").isPresent()
                        && mapping.get("column_type").isPresent());
    if (!right) {
      wrongValue(it, "is a list of entries with columns and column_type");
    }
  }

  private void wrongValue(Transformation it, String what) {
    wrong(
        ErrorCode.WRONG_VALUE,
        it.arguments().where(),
        it.name() + " " + what,
        "see docs/tables.md");
  }

  private void wrong(ErrorCode code, Where where, String message, String fix) {
    problems.add(Problem.of(code, "MLTable: " + message).at(where).fix(fix));
  }
}
