package io.headrace.planner;

import io.headrace.plan.EnvironmentSpec;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.spec.Spark;
import io.headrace.spec.Written;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which Spark an application runs on, and what goes with it.
 *
 * @param series such as {@code 3.4}
 * @param python conda's words for the Pythons that this Spark knows
 * @param others what Azure's runtime of the time had beside Spark, as far as Spark's own Python
 *     parts need it
 */
record SparkVersion(String series, String python, List<String> others) {
  private static final Pattern VERSION = Pattern.compile("([0-9]+\\.[0-9]+)(\\..*)?");

  private static final List<SparkVersion> KNOWN =
      List.of(
          new SparkVersion("3.2", ">=3.7,<3.11", List.of("numpy<1.24", "pandas<2", "pyarrow<13")),
          new SparkVersion("3.3", ">=3.7,<3.11", List.of("numpy<1.24", "pandas<2", "pyarrow<15")),
          new SparkVersion("3.4", ">=3.8,<3.12", List.of("numpy<2", "pandas<2", "pyarrow<18")),
          new SparkVersion("3.5", ">=3.8,<3.13", List.of("numpy<2", "pandas<3", "pyarrow<20")),
          new SparkVersion("4.0", ">=3.9,<3.14", List.of("numpy<3", "pandas<3", "pyarrow")),
          new SparkVersion("4.1", ">=3.10,<3.15", List.of("numpy<3", "pandas<3", "pyarrow")));

  private static final SparkVersion USUAL = KNOWN.get(3);

  SparkVersion {
    others = List.copyOf(others);
  }

  /** The wanted one; where it is not known, that is said. */
  static SparkVersion of(Spark spark, String field, Problems problems) {
    var wanted = spark.resources().flatMap(Spark.SparkResources::runtimeVersion);
    return wanted.map(it -> of(it, field, problems)).orElse(USUAL);
  }

  private static SparkVersion of(Written wanted, String field, Problems problems) {
    var match = VERSION.matcher(wanted.text().strip());
    var known =
        match.matches()
            ? KNOWN.stream().filter(it -> it.series.equals(match.group(1))).findFirst()
            : Optional.<SparkVersion>empty();
    if (known.isEmpty()) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  field
                      + "resources.runtime_version: there is no Spark '"
                      + wanted.text()
                      + "' for this version of Headrace")
              .at(wanted.where())
              .fix(
                  "known: "
                      + String.join(", ", KNOWN.stream().map(SparkVersion::series).toList())));
    }
    return known.orElse(USUAL);
  }

  /** As pip is told. */
  String requirement() {
    return "pyspark==" + series + ".*";
  }

  /** What an application gets that names no environment. */
  EnvironmentSpec environment() {
    var file = new StringBuilder("dependencies:\n  - \"python" + python + "\"\n  - pip:\n");
    file.append("    - \"").append(requirement()).append("\"\n");
    others.forEach(it -> file.append("    - \"").append(it).append("\"\n"));
    return new EnvironmentSpec(
        Optional.of("spark-" + series),
        Optional.empty(),
        Optional.of(file.toString()),
        Optional.empty());
  }
}
