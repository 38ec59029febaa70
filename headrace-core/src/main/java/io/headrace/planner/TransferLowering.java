package io.headrace.planner;

import io.headrace.plan.DataType;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.CodeReference;
import io.headrace.spec.Command;
import io.headrace.spec.DataTransfer;
import io.headrace.spec.ExternalSource;
import io.headrace.spec.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the steps that move data: copies of folders, imports from and exports to a database or a
 * folder. Each is one process, which runs the driver that comes with Headrace.
 */
final class TransferLowering {
  /** The driver's files. */
  static final List<String> DRIVER_FILES =
      List.of(
          "__main__.py",
          "headrace_transfer/__init__.py",
          "headrace_transfer/copying.py",
          "headrace_transfer/databases.py",
          "headrace_transfer/driver.py",
          "headrace_transfer/rows.py",
          "headrace_transfer/settings.py");

  private static final StepInput.Supplied DRIVER =
      new StepInput.Supplied("io/headrace/transfer", DRIVER_FILES);
  private static final String SETTINGS = "HEADRACE_TRANSFER";

  /** The input that a source becomes whose files are on this machine. */
  private static final String SOURCE = "source_files";

  /** Python has SQLite itself. One environment for both, for it is built once. */
  private static final EnvironmentSpec DATABASES =
      new EnvironmentSpec(
          Optional.of("headrace-databases"),
          Optional.empty(),
          Optional.of("dependencies: [python>=3.8, {pip: ['pyarrow', 'pg8000>=1.30,<2']}]\n"),
          Optional.empty());

  private static final EnvironmentSpec HERE = EnvironmentSpec.named("azureml:local");

  private final CommandLowering commands;
  private final Bindings bindings;
  private final Problems problems;

  TransferLowering(CommandLowering commands, Bindings bindings, Problems problems) {
    this.commands = commands;
    this.bindings = bindings;
    this.problems = problems;
  }

  /**
   * What a component or a node names outside of its inputs, as far as it is text.
   *
   * @param statement the query, the table or the procedure of a database; the path in a file system
   */
  private record Place(
      String type,
      Written connection,
      String kind,
      Optional<Written> statement,
      List<ExternalSource.Parameter> parameters,
      Where where) {
    static Place of(ExternalSource source) {
      return switch (source) {
        case ExternalSource.FileSystem it ->
            new Place(it.type(), it.connection(), "path", it.path(), List.of(), it.where());
        case ExternalSource.Database it ->
            it.query().isPresent()
                ? new Place(it.type(), it.connection(), "query", it.query(), List.of(), it.where())
                : it.storedProcedure().isPresent()
                    ? new Place(
                        it.type(),
                        it.connection(),
                        "stored_procedure",
                        it.storedProcedure(),
                        it.storedProcedureParameters(),
                        it.where())
                    : new Place(
                        it.type(),
                        it.connection(),
                        "table_name",
                        it.tableName(),
                        List.of(),
                        it.where());
      };
    }

    boolean isFiles() {
      return kind.equals("path");
    }
  }

  // Copying

  /** All inputs into the one output. */
  Optional<Step> copy(NodeWork node, Optional<DataTransfer.Mode> mode, Scope scope) {
    var output = output(node);
    boolean data = true;
    for (var given : node.given().entrySet()) {
      if (given.getValue() instanceof Given.Literal) {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_TYPE,
                    node.field() + "inputs." + given.getKey() + " is a value, and data is copied")
                .at(node.where())
                .fix("write {type: uri_folder, path: …}"));
        data = false;
      }
    }
    if (output.isEmpty() || !data) {
      return Optional.empty();
    }
    return Optional.of(
        copying(node, output.get(), List.copyOf(node.given().keySet()), mode, scope));
  }

  private Step copying(
      NodeWork node,
      String output,
      List<String> inputs,
      Optional<DataTransfer.Mode> mode,
      Scope scope) {
    var told =
        new Told(SETTINGS)
            .text("task", "copy")
            .text(
                "mode",
                mode.orElse(DataTransfer.Mode.FAIL_IF_CONFLICT).name().toLowerCase(Locale.ROOT))
            .words(
                "sources",
                inputs.stream().map(it -> List.<Segment>of(new Segment.InputPath(it))).toList())
            .word("target", List.of(new Segment.OutputPath(output)))
            .text("target_type", type(node, output).yaml());
    return step(node, HERE, told, scope);
  }

  private Optional<String> output(NodeWork node) {
    if (node.outputs().size() == 1) {
      return Optional.of(node.outputs().keySet().iterator().next());
    }
    problems.add(
        Problem.of(
                ErrorCode.WRONG_VALUE,
                node.field() + "outputs: it has one output, not " + node.outputs().size())
            .at(node.where())
            .fix("declare one, such as {type: uri_folder}"));
    return Optional.empty();
  }

  private static DataType type(NodeWork node, String output) {
    var declared = node.outputs().get(output);
    return declared == null ? DataType.URI_FOLDER : declared.type();
  }

  // Importing

  /** The source into the one output. */
  Optional<Step> bring(NodeWork node, Optional<ExternalSource> source, Scope scope) {
    var output = output(node);
    if (source.isEmpty() || output.isEmpty()) {
      sourceMissing(node, source, "source");
      return Optional.empty();
    }
    return bring(node, Place.of(source.get()), output.get(), scope);
  }

  /** The same, of a component whose inputs say the source. */
  Optional<Step> bringAsGiven(NodeWork node, Scope scope) {
    var output = output(node);
    var type = literal(node, "type");
    var connection = literal(node, "connection");
    if (output.isEmpty() || type.isEmpty() || connection.isEmpty()) {
      return Optional.empty();
    }
    String kind = node.given().containsKey("path") ? "path" : "query";
    var statement = literal(node, kind);
    return statement.flatMap(it ->
        bring(
            node,
            new Place(
                type.get().text().toLowerCase(Locale.ROOT),
                connection.get(),
                kind,
                Optional.of(it),
                List.of(),
                node.where()),
            output.get(),
            scope));
  }

  private Optional<Written> literal(NodeWork node, String input) {
    var given = node.given().getOrDefault(input, Given.UNSET);
    if (given instanceof Given.Literal(String text) && !Slot.isIn(text)) {
      return Optional.of(new Written(text, node.where()));
    }
    if (!(given instanceof Given.Broken)) {
      problems.add(
          Problem.of(
                  ErrorCode.MISSING_FIELD,
                  node.field() + "inputs." + input + " must be known before anything runs")
              .at(node.where())
              .fix("give it a text"));
    }
    return Optional.empty();
  }

  private Optional<Step> bring(NodeWork node, Place place, String output, Scope scope) {
    var connection = connection(node, place);
    if (connection.isEmpty()) {
      return Optional.empty();
    }
    return switch (connection.get()) {
      case Connection.Folder folder -> bringFiles(node, place, folder, output, scope);
      case Connection.Database database -> bringRows(node, place, database, output, scope);
    };
  }

  /**
   * The files are an input like any other: what they hold decides whether they are copied again.
   */
  private Optional<Step> bringFiles(
      NodeWork node, Place place, Connection.Folder folder, String output, Scope scope) {
    if (!place.isFiles()) {
      return wrongKind(node, place, "a folder, and rows are wanted");
    }
    String path = text(node, place, scope);
    var given = new LinkedHashMap<>(node.given());
    given.put(
        SOURCE,
        new Given.Data(
            new Given.Origin.Local(folder.path().resolve(path.replaceFirst("^/+", "")).normalize()),
            Optional.of(DataType.URI_FOLDER),
            Optional.empty()));
    return Optional.of(
        copying(node.withGiven(given), output, List.of(SOURCE), Optional.empty(), scope));
  }

  /** What a database holds changes unseen, so an earlier import is never given. */
  private Optional<Step> bringRows(
      NodeWork node, Place place, Connection.Database database, String output, Scope scope) {
    if (place.isFiles()) {
      return wrongKind(node, place, "a database, and files are wanted");
    }
    if (place.statement().isEmpty()) {
      problems.add(
          Problem.of(ErrorCode.MISSING_FIELD, node.field() + "source has neither query nor table")
              .at(place.where())
              .fix("add 'query: select …', 'table_name:' or 'stored_procedure:'"));
      return Optional.empty();
    }
    var told =
        database(new Told(SETTINGS).text("task", "import"), place, database)
            .word(place.kind(), words(node, place, scope))
            .objects("parameters", place.parameters(), TransferLowering::parameter)
            .word("target", List.of(new Segment.OutputPath(output)))
            .text("target_type", type(node, output).yaml());
    return Optional.of(step(node.eachTime(), DATABASES, told, scope));
  }

  private static void parameter(Told told, ExternalSource.Parameter parameter) {
    parameter.name().ifPresent(it -> told.text("name", it));
    parameter.value().ifPresent(it -> told.text("value", it));
    parameter.type().ifPresent(it -> told.text("type", it));
  }

  // Exporting

  /** The one input into the sink. It changes something outside, so it is done each time. */
  Optional<Step> take(NodeWork node, Optional<ExternalSource> sink, Scope scope) {
    var data = new ArrayList<String>();
    node.given()
        .forEach((name, given) -> {
          if (given instanceof Given.Data) {
            data.add(name);
          }
        });
    if (data.size() != 1) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  node.field() + "inputs: one input of data is exported, not " + data.size())
              .at(node.where()));
    }
    if (sink.isEmpty() || data.size() != 1) {
      sourceMissing(node, sink, "sink");
      return Optional.empty();
    }
    var place = Place.of(sink.get());
    var connection = connection(node, place);
    if (connection.isEmpty()) {
      return Optional.empty();
    }
    var source = List.<Segment>of(new Segment.InputPath(data.getFirst()));
    return switch (connection.get()) {
      case Connection.Folder folder -> takeFiles(node, place, folder, source, scope);
      case Connection.Database database -> takeRows(node, place, database, source, scope);
    };
  }

  private Optional<Step> takeFiles(
      NodeWork node, Place place, Connection.Folder folder, List<Segment> source, Scope scope) {
    if (!place.isFiles()) {
      return wrongKind(node, place, "a folder, and rows are exported");
    }
    String path = text(node, place, scope).replaceFirst("^/+", "");
    var told =
        new Told(SETTINGS)
            .text("task", "copy")
            .text("mode", "merge_with_overwrite")
            .words("sources", List.of(source))
            .text("target", folder.path().resolve(path).normalize().toString())
            .text("target_type", DataType.URI_FOLDER.yaml());
    return Optional.of(step(node.eachTime(), HERE, told, scope));
  }

  private Optional<Step> takeRows(
      NodeWork node, Place place, Connection.Database database, List<Segment> source, Scope scope) {
    if (place.isFiles()) {
      return wrongKind(node, place, "a database, and files are exported");
    }
    if (!place.kind().equals("table_name") || place.statement().isEmpty()) {
      problems.add(
          Problem.of(ErrorCode.NOT_SUPPORTED, node.field() + "sink: rows go into a table only")
              .at(place.where())
              .fix("write 'table_name:' with a table that is there"));
      return Optional.empty();
    }
    var told =
        database(new Told(SETTINGS).text("task", "export"), place, database)
            .word("table_name", words(node, place, scope))
            .word("source", source);
    return Optional.of(step(node.eachTime(), DATABASES, told, scope));
  }

  // What all have

  private static Told database(Told told, Place place, Connection.Database database) {
    told.text("connection", name(place)).text("target_database", database.target());
    database.username().ifPresent(it -> told.text("username", it));
    database.password().ifPresent(it -> told.text("password", it));
    return told;
  }

  private void sourceMissing(NodeWork node, Optional<ExternalSource> source, String field) {
    if (source.isEmpty()) {
      problems.add(
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  node.field() + field + " must be written here: type, connection and what")
              .at(node.where())
              .fix("write " + field + ": {type: database, connection: azureml:NAME, …}"));
    }
  }

  private Optional<Step> wrongKind(NodeWork node, Place place, String what) {
    problems.add(
        Problem.of(
                ErrorCode.WRONG_VALUE,
                node.field() + "connection '" + name(place) + "' leads to " + what)
            .at(place.connection().where())
            .fix("name another connection, or say in connections.yml where this one leads"));
    return Optional.empty();
  }

  private Optional<Connection> connection(NodeWork node, Place place) {
    return bindings.connection(
        node.field() + "connection", new Written(name(place), place.connection().where()));
  }

  /** {@code azureml:NAME}, perhaps with a version, which connections do not have. */
  private static String name(Place place) {
    return place.connection().text().replaceFirst("^azureml:", "").replaceFirst("[:@].*$", "");
  }

  private String text(NodeWork node, Place place, Scope scope) {
    var text = new StringBuilder();
    for (var segment : words(node, place, scope)) {
      switch (segment) {
        case Segment.Text(String it) -> text.append(it);
        case Segment.Value(var _, String it) -> text.append(it);
        case Segment.InputPath _, Segment.OutputPath _ ->
            problems.add(
                Problem.of(
                        ErrorCode.BAD_EXPRESSION,
                        node.field() + place.kind() + " names data, and is a text")
                    .at(place.where()));
      }
    }
    return text.toString();
  }

  private List<Segment> words(NodeWork node, Place place, Scope scope) {
    var around = new CommandLowering.Work(node, nothing(node));
    return place
        .statement()
        .map(it -> commands.segments(around, place.kind(), it, scope))
        .orElse(List.of());
  }

  private Step step(NodeWork node, EnvironmentSpec environment, Told told, Scope scope) {
    var step =
        commands.step(new CommandLowering.Work(node, nothing(node)), DriverStep.COMMAND, scope);
    return DriverStep.of(step, environment, DRIVER, told.variables(), false);
  }

  private static Command nothing(NodeWork node) {
    return new Command(
        new Written("", node.where()),
        new CodeReference.None(),
        List.of(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
