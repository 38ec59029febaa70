package io.headrace.job;

import static io.headrace.job.Terms.AMOUNT;
import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.LITERAL;
import static io.headrace.job.Terms.NOT_BLANK;
import static io.headrace.job.Terms.NUMBER;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.WHOLE;
import static io.headrace.job.Terms.byType;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.table;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Named;
import io.headrace.job.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What sweeps say: spaces, sampling, objective, early termination, limits. */
final class SweepShapes {
  private static final Field TYPE = needed("type", TEXT);

  private SweepShapes() {}

  /** What sweep jobs and sweep nodes share, but for the trial. */
  static List<Field> fields() {
    return List.of(
        needed("sampling_algorithm", sampling()),
        needed("search_space", table(new Named(Shapes.HYPERPARAMETER))),
        needed(
            "objective",
            object(
                "an objective",
                needed("goal", words("minimize", "maximize")),
                needed("primary_metric", NOT_BLANK))),
        field("early_termination", earlyTermination()),
        needed("limits", limits()));
  }

  private static Shape limits() {
    return object(
        "limits of a sweep",
        needed("max_total_trials", new Whole(1, 1000)),
        field("max_concurrent_trials", new Whole(1, 1000)),
        field("timeout", COUNT),
        field("trial_timeout", COUNT));
  }

  static Shape sampling() {
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put(
        "random",
        object(
            "random sampling",
            TYPE,
            field("seed", WHOLE),
            field("logbase", either("a number, or e", NUMBER, words("e"))),
            field("rule", words("random", "sobol"))));
    kinds.put("grid", object("grid sampling", TYPE));
    kinds.put("bayesian", object("bayesian sampling", TYPE));
    return either(
        "random, grid, bayesian, or a mapping with type",
        words("random", "grid", "bayesian"),
        byType(kinds));
  }

  static Shape earlyTermination() {
    var interval = field("evaluation_interval", COUNT);
    var delay = field("delay_evaluation", AMOUNT);
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put(
        "bandit",
        object(
            "a bandit policy",
            TYPE,
            interval,
            delay,
            field("slack_factor", new Shape.Quantity(0, Double.POSITIVE_INFINITY)),
            field("slack_amount", new Shape.Quantity(0, Double.POSITIVE_INFINITY))));
    kinds.put("median_stopping", object("a median stopping policy", TYPE, interval, delay));
    kinds.put(
        "truncation_selection",
        object(
            "a truncation selection policy",
            TYPE,
            interval,
            delay,
            needed("truncation_percentage", new Whole(1, 99)),
            field("exclude_finished_jobs", FLAG)));
    return byType(kinds);
  }

  /** One entry of a search space; a choice may hold more of them. */
  static Shape hyperparameter() {
    var kinds = distributions(NUMBER);
    var nested =
        table(either("a value, or a distribution", LITERAL, new Named(Shapes.HYPERPARAMETER)));
    kinds.put(
        "choice",
        object(
            "a choice",
            TYPE,
            needed("values", items(either("a value, or a mapping", LITERAL, nested)))));
    return byType(kinds);
  }

  /** All but choices, over numbers or whole numbers. */
  static Map<String, Shape> distributions(Shape number) {
    var kinds = new LinkedHashMap<String, Shape>();
    var uniform =
        object(
            "a uniform distribution",
            TYPE,
            needed("min_value", number),
            needed("max_value", number));
    var stepped =
        object(
            "a uniform distribution in steps",
            TYPE,
            needed("min_value", number),
            needed("max_value", number),
            needed("q", number));
    var normal =
        object("a normal distribution", TYPE, needed("mu", number), needed("sigma", number));
    var steppedNormal =
        object(
            "a normal distribution in steps",
            TYPE,
            needed("mu", number),
            needed("sigma", number),
            needed("q", number));
    kinds.put("uniform", uniform);
    kinds.put("loguniform", uniform);
    kinds.put("quniform", stepped);
    kinds.put("qloguniform", stepped);
    kinds.put("normal", normal);
    kinds.put("lognormal", normal);
    kinds.put("qnormal", steppedNormal);
    kinds.put("qlognormal", steppedNormal);
    kinds.put("randint", object("a randint distribution", TYPE, needed("upper", COUNT)));
    return kinds;
  }
}
