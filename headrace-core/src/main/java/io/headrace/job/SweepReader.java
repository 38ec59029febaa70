package io.headrace.job;

import io.headrace.plan.EarlyTermination;
import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Hyperparameter.Option;
import io.headrace.plan.Objective;
import io.headrace.plan.Sampling;
import io.headrace.plan.SearchSpace;
import io.headrace.plan.SweepLimits;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Sweep;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Reads what a sweep says, from a tree that has been validated, and checks what Azure's client lets
 * through: spaces without a value, limits that contradict each other.
 */
final class SweepReader {
  private static final int DEFAULT_TRIALS = 1;

  private final Problems problems;
  private final boolean inPipeline;

  /**
   * @param inPipeline whether values may be inputs of a pipeline
   */
  SweepReader(Problems problems, boolean inPipeline) {
    this.problems = problems;
    this.inPipeline = inPipeline;
  }

  /** What a sweep job or a sweep node says, but for its trial. */
  Sweep sweep(Entries entries, String field) {
    var space = space(entries.mapping("search_space"), field + "search_space");
    var sampling = sampling(entries);
    checkSpace(entries, field, sampling, space);
    return new Sweep(
        space,
        sampling,
        objective(entries.mapping("objective")),
        earlyTermination(entries, field),
        limits(entries, field),
        entries.where());
  }

  private SearchSpace space(Entries entries, String field) {
    var parameters = new LinkedHashMap<String, Hyperparameter>();
    for (var entry : entries.entries()) {
      String name = entry.key().text();
      hyperparameter(entry.value(), field + "." + name).ifPresent(it -> parameters.put(name, it));
    }
    return new SearchSpace(parameters);
  }

  /** A distribution, or, inside a choice, a value alone. */
  private Optional<Hyperparameter> hyperparameter(YamlNode node, String field) {
    if (node instanceof Scalar scalar) {
      checkValue(scalar, field);
      return Scalars.literal(scalar)
          .map(text -> new Hyperparameter.Choice(List.of(new Option.Single(text))));
    }
    var entries = Entries.of(node);
    String type = word(entries, "type");
    boolean log = type.contains("log");
    return switch (type) {
      case "choice" -> choice(entries, field);
      case "randint" -> Optional.of(new Hyperparameter.RandInt(whole(entries, "upper", field, 1)));
      case "uniform", "loguniform" -> {
        double[] range = range(entries, field);
        yield Optional.of(new Hyperparameter.Uniform(range[0], range[1], log));
      }
      case "quniform", "qloguniform" -> {
        double[] range = range(entries, field);
        yield Optional.of(
            new Hyperparameter.QUniform(range[0], range[1], positive(entries, "q", field), log));
      }
      case "normal", "lognormal" ->
          Optional.of(
              new Hyperparameter.Normal(
                  number(entries, "mu", field), positive(entries, "sigma", field), log));
      case "qnormal", "qlognormal" ->
          Optional.of(
              new Hyperparameter.QNormal(
                  number(entries, "mu", field),
                  positive(entries, "sigma", field),
                  positive(entries, "q", field),
                  log));
      default -> Optional.empty(); // reported by the validator
    };
  }

  private Optional<Hyperparameter> choice(Entries entries, String field) {
    var options = new ArrayList<Option>();
    for (var item : entries.items("values")) {
      if (item instanceof Scalar scalar) {
        checkValue(scalar, field + ".values");
        Scalars.literal(scalar).ifPresent(text -> options.add(new Option.Single(text)));
      } else {
        options.add(new Option.Nested(space(Entries.of(item), field + ".values")));
      }
    }
    if (options.isEmpty()) {
      wrong(field + ".values: a choice needs at least one value", entries.at("values"));
      return Optional.empty();
    }
    return Optional.of(new Hyperparameter.Choice(options));
  }

  private double[] range(Entries entries, String field) {
    double min = number(entries, "min_value", field);
    double max = number(entries, "max_value", field);
    if (min > max) {
      wrong(field + ": min_value " + min + " is above max_value " + max, entries.at("min_value"));
    }
    return new double[] {min, max};
  }

  private double positive(Entries entries, String key, String field) {
    double value = number(entries, key, field);
    if (value <= 0) {
      wrong(field + "." + key + " must be above 0, not " + value, entries.at(key));
      return 1;
    }
    return value;
  }

  private double number(Entries entries, String key, String field) {
    var scalar = entries.scalar(key);
    scalar.ifPresent(it -> refuseExpression(it, field + "." + key));
    return scalar.map(Scalars::number).orElse(OptionalDouble.empty()).orElse(1);
  }

  private long whole(Entries entries, String key, String field, long otherwise) {
    var scalar = entries.scalar(key);
    scalar.ifPresent(it -> refuseExpression(it, field + "." + key));
    return scalar.map(Scalars::whole).orElse(OptionalLong.empty()).orElse(otherwise);
  }

  private void checkValue(Scalar scalar, String field) {
    if (!inPipeline) {
      refuseExpression(scalar, field);
    }
  }

  private void refuseExpression(Scalar scalar, String field) {
    if (scalar.text().contains("${{")) {
      problems.add(
          Problem.of(ErrorCode.BAD_EXPRESSION, field + " cannot be an expression")
              .at(scalar.where())
              .fix("write the value; what a sweep tries is known before it begins"));
    }
  }

  private static Sampling sampling(Entries entries) {
    var mapping = entries.mapping("sampling_algorithm");
    String type = word(entries, "sampling_algorithm");
    if (type.isEmpty()) {
      type = word(mapping, "type");
    }
    return switch (type) {
      case "grid" -> new Sampling.Grid();
      case "bayesian" -> new Sampling.Bayesian();
      default ->
          new Sampling.Random(
              mapping.scalar("seed").map(Scalars::whole).orElse(OptionalLong.empty()),
              word(mapping, "rule").equals("sobol"),
              mapping.scalar("logbase").map(Scalars::number).orElse(OptionalDouble.empty()));
    };
  }

  private static Objective objective(Entries entries) {
    return new Objective(
        word(entries, "goal").equals("maximize")
            ? Objective.Goal.MAXIMIZE
            : Objective.Goal.MINIMIZE,
        entries.text("primary_metric").orElse(""));
  }

  private Optional<EarlyTermination> earlyTermination(Entries entries, String field) {
    if (!entries.has("early_termination")) {
      return Optional.empty();
    }
    String place = field + "early_termination";
    var policy = entries.mapping("early_termination");
    int interval = (int) whole(policy, "evaluation_interval", place, 1);
    int delay = (int) whole(policy, "delay_evaluation", place, 0);
    return switch (word(policy, "type").replace("_", "")) {
      case "bandit" -> {
        double factor = policy.has("slack_factor") ? number(policy, "slack_factor", place) : 0;
        double amount = policy.has("slack_amount") ? number(policy, "slack_amount", place) : 0;
        if (policy.has("slack_factor") && policy.has("slack_amount")) {
          problems.add(
              Problem.of(
                      ErrorCode.CONFLICT,
                      place + ": slack_factor and slack_amount cannot both be given")
                  .at(policy.at("slack_amount"))
                  .fix("leave one of them out"));
          amount = 0;
        }
        yield Optional.of(new EarlyTermination.Bandit(interval, delay, factor, amount));
      }
      case "medianstopping" -> Optional.of(new EarlyTermination.MedianStopping(interval, delay));
      case "truncationselection" ->
          Optional.of(
              new EarlyTermination.Truncation(
                  interval,
                  delay,
                  (int) whole(policy, "truncation_percentage", place, 1),
                  policy.flag("exclude_finished_jobs", false)));
      default -> Optional.empty(); // reported by the validator
    };
  }

  private SweepLimits limits(Entries entries, String field) {
    String place = field + "limits";
    var limits = entries.mapping("limits");
    int total = (int) whole(limits, "max_total_trials", place, DEFAULT_TRIALS);
    int concurrent = (int) whole(limits, "max_concurrent_trials", place, total);
    if (concurrent > total && limits.has("max_total_trials")) {
      wrong(
          place
              + ".max_concurrent_trials: "
              + concurrent
              + " is more than max_total_trials, "
              + total,
          limits.at("max_concurrent_trials"));
    }
    return new SweepLimits(
        total,
        concurrent,
        duration(limits, "timeout", place),
        duration(limits, "trial_timeout", place));
  }

  private Optional<Duration> duration(Entries limits, String key, String field) {
    return limits.has(key)
        ? Optional.of(Duration.ofSeconds(whole(limits, key, field, 1)))
        : Optional.empty();
  }

  /** Which spaces each way of sampling can work on. */
  private void checkSpace(Entries entries, String field, Sampling sampling, SearchSpace space) {
    Where where = entries.at("sampling_algorithm");
    switch (sampling) {
      case Sampling.Grid _ -> {
        if (!isAllChoices(space)) {
          wrong(field + "sampling_algorithm: grid needs a search space of choices only", where);
        }
      }
      case Sampling.Bayesian _ -> {
        if (space.parameters().values().stream().anyMatch(it -> !isForBayesian(it))) {
          wrong(
              field + "sampling_algorithm: bayesian takes choice, uniform and quniform only",
              where);
        }
        if (entries.has("early_termination")) {
          wrong(
              field + "early_termination cannot be given with bayesian sampling",
              entries.at("early_termination"));
        }
      }
      case Sampling.Random _ -> {}
    }
  }

  private static boolean isAllChoices(SearchSpace space) {
    return space.parameters().values().stream()
        .allMatch(it ->
            it instanceof Hyperparameter.Choice choice
                && choice.options().stream()
                    .allMatch(option ->
                        switch (option) {
                          case Option.Single _ -> true;
                          case Option.Nested(SearchSpace inner) -> isAllChoices(inner);
                        }));
  }

  private static boolean isForBayesian(Hyperparameter parameter) {
    return switch (parameter) {
      case Hyperparameter.Choice _ -> true;
      case Hyperparameter.Uniform it -> !it.log();
      case Hyperparameter.QUniform it -> !it.log();
      case Hyperparameter.RandInt _, Hyperparameter.Normal _, Hyperparameter.QNormal _ -> false;
    };
  }

  private void wrong(String message, Where where) {
    problems.add(Problem.of(ErrorCode.WRONG_VALUE, message).at(where));
  }

  private static String word(Entries entries, String key) {
    return entries.text(key).orElse("").toLowerCase(Locale.ROOT);
  }
}
