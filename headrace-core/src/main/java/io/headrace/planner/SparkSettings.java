package io.headrace.planner;

import io.headrace.plan.Slot;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.spec.Written;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks those of Spark's settings that say how large an application is. */
final class SparkSettings {
  private static final List<String> COUNTS =
      List.of("spark.driver.cores", "spark.executor.cores", "spark.executor.instances");
  private static final List<String> SIZES = List.of("spark.driver.memory", "spark.executor.memory");
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";
  private static final String LEAST = "spark.dynamicAllocation.minExecutors";
  private static final String MOST = "spark.dynamicAllocation.maxExecutors";
  private static final Pattern SIZE =
      Pattern.compile("\\s*0*[1-9][0-9]*\\s*([kmgtp]?b?)?\\s*", Pattern.CASE_INSENSITIVE);

  private final String field;
  private final Problems problems;

  SparkSettings(String field, Problems problems) {
    this.field = field;
    this.problems = problems;
  }

  /**
   * Checks.
   *
   * @param written where each setting stands
   * @param values their texts, expressions replaced
   */
  void check(Map<String, Written> written, Map<String, String> values) {
    COUNTS.forEach(name -> number(name, 1, written, values));
    SIZES.forEach(name -> size(name, written, values));
    flag(written, values);
    var least = number(LEAST, 0, written, values);
    var most = number(MOST, 1, written, values);
    if (least.isPresent() && most.isPresent() && least.get() > most.get()) {
      wrong(LEAST, written, "must not be above maxExecutors, " + most.get());
    }
  }

  private Optional<Long> number(
      String name, long least, Map<String, Written> written, Map<String, String> values) {
    String text = values.get(name);
    if (text == null || Slot.isIn(text)) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(text.strip());
      if (number >= least && number <= Integer.MAX_VALUE) {
        return Optional.of(number);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    wrong(name, written, "must be a whole number from " + least + " up, not '" + text + "'");
    return Optional.empty();
  }

  private void size(String name, Map<String, Written> written, Map<String, String> values) {
    String text = values.get(name);
    if (text != null && !Slot.isIn(text) && !SIZE.matcher(text).matches()) {
      wrong(name, written, "must be a size such as 512m or 2g, not '" + text + "'");
    }
  }

  private void flag(Map<String, Written> written, Map<String, String> values) {
    String text = values.get(DYNAMIC);
    if (text != null
        && !Slot.isIn(text)
        && !text.equalsIgnoreCase("true")
        && !text.equalsIgnoreCase("false")) {
      wrong(DYNAMIC, written, "must be true or false, not '" + text + "'");
    }
  }

  private void wrong(String name, Map<String, Written> written, String what) {
    var value = written.get(name);
    var problem = Problem.of(ErrorCode.WRONG_VALUE, field + "conf." + name + " " + what);
    problems.add(value == null ? problem : problem.at(value.where()));
  }
}
