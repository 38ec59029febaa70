package io.headrace.planner;

import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepOutput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.spec.CodeReference;
import io.headrace.spec.Command;
import io.headrace.spec.Node;
import io.headrace.spec.Spark;
import io.headrace.spec.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the step of a Spark application: one process like any other, whose driver calls Spark's own
 * {@code spark-submit}. What the driver is told goes in a variable, as data.
 */
final class SparkLowering {
  private static final String DRIVER = "io/headrace/spark";

  /** The driver's files. */
  static final List<String> DRIVER_FILES =
      List.of(
          "__main__.py",
          "headrace_spark/__init__.py",
          "headrace_spark/driver.py",
          "headrace_spark/files.py",
          "headrace_spark/java.py",
          "headrace_spark/settings.py",
          "headrace_spark/size.py");

  private static final String SETTINGS = "HEADRACE_SPARK";
  private static final StepInput.Supplied DRIVER_SUPPLY =
      new StepInput.Supplied(DRIVER, DRIVER_FILES);

  private final CommandLowering commands;
  private final Bindings bindings;
  private final Problems problems;

  SparkLowering(CommandLowering commands, Bindings bindings, Problems problems) {
    this.commands = commands;
    this.bindings = bindings;
    this.problems = problems;
  }

  /** Empty when what is wrong leaves nothing to run, which has been said. */
  Optional<Step> step(Spark spark, NodeWork node, Scope scope) {
    var around = around(spark, node);
    var conf = conf(spark, node, scope);
    new SparkSettings(node.field(), problems).check(spark.conf(), conf);
    if (spark.entry().isEmpty() || isWithoutFiles(spark, node)) {
      return Optional.empty();
    }
    var version = SparkVersion.of(spark, node.field(), problems);
    var step = commands.step(around, DriverStep.COMMAND, scope);
    var told =
        new Told(SETTINGS)
            .text("version", version.series())
            .object("entry", it -> entry(spark.entry().get(), it))
            .texts("py_files", files(spark.pyFiles(), "py_files", node, scope))
            .texts("jars", files(spark.jars(), "jars", node, scope))
            .texts("files", files(spark.files(), "files", node, scope))
            .texts("archives", files(spark.archives(), "archives", node, scope))
            .table("conf", conf)
            .words("args", arguments(spark, around, scope))
            .texts("direct", direct(step.outputs()));
    return Optional.of(
        DriverStep.of(
            step, software(spark, node, step, version), DRIVER_SUPPLY, told.variables(), false));
  }

  private static CommandLowering.Work around(Spark spark, NodeWork node) {
    var command =
        new Command(
            new Written("", spark.where()),
            spark.code(),
            spark.additionalIncludes(),
            spark.environment(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var given = new LinkedHashMap<String, Given>();
    node.given().forEach((name, it) -> given.put(name, local(it)));
    return new CommandLowering.Work(node.withGiven(given), command);
  }

  /**
   * In direct mode Azure hands Spark an address in its storage. Here the data is on this machine,
   * and is given as in any other step, so that its content counts; an address that only Spark knows
   * how to read stays what it is.
   */
  private static Given local(Given given) {
    if (!(given instanceof Given.Data data)) {
      return given;
    }
    boolean direct = data.mode().filter(it -> it.equals("direct") || it.equals("hdfs")).isPresent();
    if (data.origin() instanceof Given.Origin.Uri(String uri)) {
      boolean web = uri.startsWith("http://") || uri.startsWith("https://");
      return web && !direct ? data : data.with(Optional.empty(), Optional.of(web ? "" : "direct"));
    }
    return direct ? data.with(Optional.empty(), Optional.of("")) : data;
  }

  /** A file of the application is in its code; a class in a jar may also be elsewhere. */
  private boolean isWithoutFiles(Spark spark, NodeWork node) {
    return switch (spark.entry().orElseThrow()) {
      case Spark.Entry.PythonFile(Written file) -> {
        if (spark.code() instanceof CodeReference.None) {
          problems.add(
              Problem.of(ErrorCode.MISSING_FIELD, node.field() + "code is missing")
                  .at(file.where())
                  .fix("name the folder that holds " + file.text() + ": 'code: ./src'"));
          yield true;
        }
        yield false;
      }
      case Spark.Entry.MainClass(Written name) -> {
        if (spark.jars().isEmpty()) {
          problems.add(
              Problem.of(ErrorCode.MISSING_FIELD, node.field() + "jars is missing")
                  .at(name.where())
                  .fix("name the jar that holds " + name.text() + " first: 'jars: [app.jar]'"));
          yield true;
        }
        yield false;
      }
    };
  }

  private static void entry(Spark.Entry entry, Told told) {
    switch (entry) {
      case Spark.Entry.PythonFile(Written file) -> told.text("file", file.text());
      case Spark.Entry.MainClass(Written name) -> told.text("class_name", name.text());
    }
  }

  private Map<String, String> conf(Spark spark, NodeWork node, Scope scope) {
    var conf = LinkedHashMap.<String, String>newLinkedHashMap(spark.conf().size());
    spark
        .conf()
        .forEach((name, value) ->
            conf.put(name, bindings.text(node.field() + "conf." + name, value, scope)));
    return conf;
  }

  private List<String> files(List<Written> written, String field, NodeWork node, Scope scope) {
    var files = new ArrayList<String>(written.size());
    for (var each : written) {
      String file = bindings.text(node.field() + field, each, scope);
      if (file.startsWith("azureml:")) {
        problems.add(
            Problem.of(
                    ErrorCode.NOT_SUPPORTED,
                    node.field() + field + ": '" + file + "' cannot be fetched by this version")
                .at(each.where())
                .fix("get the file onto this machine, into the folder that 'code' names"));
      }
      files.add(file);
    }
    return files;
  }

  private List<List<Segment>> arguments(Spark spark, CommandLowering.Work around, Scope scope) {
    return spark
        .args()
        .map(it ->
            DriverStep.byName(
                commands.segments(around, "args", it, scope), around.node().given().keySet()))
        .map(ShellWords::of)
        .orElse(List.of());
  }

  /** The outputs of which Azure gives an address only: nothing is there before Spark writes. */
  private static List<String> direct(Map<String, StepOutput> outputs) {
    return outputs.entrySet().stream()
        .filter(it -> it.getValue().mode() == StepOutput.Mode.DIRECT)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static EnvironmentSpec software(
      Spark spark, NodeWork node, Step step, SparkVersion version) {
    boolean said =
        spark
            .environment()
            .or(() -> node.overrides().flatMap(Node.Overrides::environment))
            .isPresent();
    return said
        ? step.environment().withPackages(List.of(version.requirement()))
        : version.environment();
  }
}
