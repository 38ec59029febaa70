package io.headrace.sweep;

import io.headrace.plan.EarlyTermination;
import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Hyperparameter.Option;
import io.headrace.plan.Sampling;
import io.headrace.plan.SearchSpace;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** Finds what a sweep's settings ask that cannot be; Azure's client lets most of it through. */
public final class SweepCheck {
  /** So far from its mean a draw does not come: 2^-53 of all lie beyond 8.3 deviations. */
  private static final double FARTHEST = 9;

  private final List<Finding> found = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final Sampling sampling;
  private int dimensions;

  private SweepCheck(Sampling sampling) {
    this.sampling = sampling;
  }

  /**
   * Something wrong.
   *
   * @param field the keys and indices from the sweep down to it: {@code search_space, lr, q}
   */
  public record Finding(List<String> field, Problem problem) {
    public Finding {
      field = List.copyOf(field);
    }
  }

  /** All that is wrong with a space and with how it is to be sampled, in the order written. */
  public static List<Finding> of(SearchSpace space, Sampling sampling) {
    var check = new SweepCheck(sampling);
    check.logBase();
    check.taken.addAll(space.parameters().keySet());
    check.space(space, List.of("search_space"), "");
    check.size(space);
    return List.copyOf(check.found);
  }

  /** All that is wrong with an early termination, and with its being used with this sampling. */
  public static List<Finding> of(EarlyTermination policy, Sampling sampling) {
    var check = new SweepCheck(sampling);
    check.policy(policy);
    return List.copyOf(check.found);
  }

  private void logBase() {
    if (!(sampling instanceof Sampling.Random random) || random.logBase().isEmpty()) {
      return;
    }
    double base = random.logBase().getAsDouble();
    if (!(base > 0) || base == 1 || Double.isInfinite(base)) {
      wrong(
          List.of("sampling_algorithm", "logbase"),
          "logbase " + text(base) + " cannot be raised to what is drawn",
          "write a number above 0 that is not 1, such as 2 or 10, or e");
    }
  }

  private void size(SearchSpace space) {
    if (space.parameters().isEmpty()) {
      wrong(
          List.of("search_space"),
          "the search space names no hyperparameter",
          "add one, such as learning_rate: {type: uniform, min_value: 0.01, max_value: 0.1}");
    }
    if (sampling instanceof Sampling.Random random
        && random.sobol()
        && dimensions > SobolDraws.MOST_DIMENSIONS) {
      wrong(
          List.of("search_space"),
          "rule sobol takes at most "
              + SobolDraws.MOST_DIMENSIONS
              + " hyperparameters, those of branches counted; there are "
              + dimensions,
          "use rule: random");
    }
  }

  private void space(SearchSpace space, List<String> field, String prefix) {
    space
        .parameters()
        .forEach((name, parameter) -> {
          var below = with(field, name);
          dimensions++;
          distinct(prefix, name, below);
          allowed(prefix + name, parameter, below);
          parameter(prefix + name, parameter, below);
        });
  }

  /** A nested parameter is named by its path, which another may have as its name. */
  private void distinct(String prefix, String name, List<String> field) {
    if (!prefix.isEmpty() && taken.contains(prefix + name)) {
      wrong(
          field,
          "'" + prefix + name + "' is the name of two hyperparameters, one of them nested",
          "rename one of the two");
    }
  }

  /** Which kinds a sampling takes: Azure's guide, "Sampling the hyperparameter space". */
  private void allowed(String name, Hyperparameter parameter, List<String> field) {
    boolean isTaken =
        switch (sampling) {
          case Sampling.Random _ -> true;
          case Sampling.Grid _ -> parameter instanceof Hyperparameter.Choice;
          case Sampling.Bayesian _ ->
              switch (parameter) {
                case Hyperparameter.Choice _ -> true;
                case Hyperparameter.Uniform it -> !it.log();
                case Hyperparameter.QUniform it -> !it.log();
                case Hyperparameter.RandInt _ -> false;
                case Hyperparameter.Normal _ -> false;
                case Hyperparameter.QNormal _ -> false;
              };
        };
    if (isTaken) {
      return;
    }
    boolean isGrid = sampling instanceof Sampling.Grid;
    found.add(
        new Finding(
            with(field, "type"),
            Problem.of(
                    ErrorCode.WRONG_VALUE,
                    (isGrid ? "grid" : "bayesian")
                        + " sampling cannot take '"
                        + name
                        + "', which is "
                        + kind(parameter))
                .fix(
                    isGrid
                        ? "make it a choice, or use sampling_algorithm: random"
                        : "make it a choice, uniform or quniform, or use sampling_algorithm:"
                            + " random")));
  }

  private static String kind(Hyperparameter parameter) {
    return switch (parameter) {
      case Hyperparameter.Choice _ -> "choice";
      case Hyperparameter.RandInt _ -> "randint";
      case Hyperparameter.Uniform it -> it.log() ? "loguniform" : "uniform";
      case Hyperparameter.QUniform it -> it.log() ? "qloguniform" : "quniform";
      case Hyperparameter.Normal it -> it.log() ? "lognormal" : "normal";
      case Hyperparameter.QNormal it -> it.log() ? "qlognormal" : "qnormal";
    };
  }

  private void parameter(String name, Hyperparameter parameter, List<String> field) {
    switch (parameter) {
      case Hyperparameter.Choice it -> choice(name, it, field);
      case Hyperparameter.RandInt it -> randInt(name, it, field);
      case Hyperparameter.Uniform it -> bounds(name, it.min(), it.max(), it.log(), field);
      case Hyperparameter.QUniform it -> {
        bounds(name, it.min(), it.max(), it.log(), field);
        step(name, it.q(), field);
      }
      case Hyperparameter.Normal it -> spread(name, it.mu(), it.sigma(), it.log(), field);
      case Hyperparameter.QNormal it -> {
        spread(name, it.mu(), it.sigma(), it.log(), field);
        step(name, it.q(), field);
      }
    }
  }

  private void choice(String name, Hyperparameter.Choice choice, List<String> field) {
    if (choice.options().isEmpty()) {
      wrong(with(field, "values"), "'" + name + "' is a choice of nothing", "list its values");
    }
    for (int i = 0; i < choice.options().size(); i++) {
      if (choice.options().get(i) instanceof Option.Nested nested) {
        space(nested.space(), with(with(field, "values"), Integer.toString(i)), name + ".");
      }
    }
  }

  private void randInt(String name, Hyperparameter.RandInt parameter, List<String> field) {
    if (parameter.upper() < 1) {
      wrong(
          with(field, "upper"),
          "'"
              + name
              + "' has no value: randint goes from 0 to upper - 1, and upper is "
              + parameter.upper(),
          "make upper 1 or more");
    }
  }

  private void bounds(String name, double min, double max, boolean log, List<String> field) {
    if (!Double.isFinite(min) || !Double.isFinite(max)) {
      wrong(
          field,
          "'" + name + "' has no bounds: min_value " + text(min) + ", max_value " + text(max),
          "write two numbers");
    } else if (min > max) {
      wrong(
          with(field, "min_value"),
          "'" + name + "' has min_value " + text(min) + " above max_value " + text(max),
          "exchange the two");
    } else if (log) {
      exponent(name, "max_value", max, min, max, field);
    }
  }

  private void spread(String name, double mu, double sigma, boolean log, List<String> field) {
    if (!Double.isFinite(mu)) {
      wrong(with(field, "mu"), "'" + name + "' has mu " + text(mu), "write a number");
    }
    if (!(sigma > 0) || Double.isInfinite(sigma)) {
      wrong(
          with(field, "sigma"),
          "'" + name + "' has sigma " + text(sigma) + ", and a deviation is above 0",
          "make it greater than 0; for one value alone use a choice");
    } else if (log && Double.isFinite(mu)) {
      exponent(name, "sigma", sigma, mu - FARTHEST * sigma, mu + FARTHEST * sigma, field);
    }
  }

  /** The mistake behind it is mostly a bound that was not written as a logarithm. */
  private void exponent(
      String name, String key, double written, double least, double most, List<String> field) {
    OptionalDouble base =
        sampling instanceof Sampling.Random random ? random.logBase() : OptionalDouble.empty();
    double scale = base.isPresent() ? StrictMath.log(base.getAsDouble()) : 1;
    double highest = StrictMath.exp(Math.max(least * scale, most * scale));
    if (Double.isInfinite(highest)) {
      wrong(
          with(field, key),
          "'"
              + name
              + "' is drawn as an exponent, and with "
              + key
              + " "
              + text(written)
              + " its values are beyond all numbers",
          "write the logarithm: for values up to 100 that is 4.6");
    }
  }

  private void step(String name, double q, List<String> field) {
    if (!(q > 0) || Double.isInfinite(q)) {
      wrong(
          with(field, "q"),
          "'" + name + "' cannot be rounded to multiples of " + text(q),
          "make q greater than 0");
    }
  }

  private void policy(EarlyTermination policy) {
    if (sampling instanceof Sampling.Bayesian) {
      wrong(
          List.of("early_termination"),
          "bayesian sampling cannot be used with early termination",
          "take early_termination out, or use sampling_algorithm: random");
    }
    if (policy.evaluationInterval() < 1) {
      wrong(
          List.of("early_termination", "evaluation_interval"),
          "evaluation_interval is " + policy.evaluationInterval(),
          "make it 1 or more, or leave it out: then it is 1");
    }
    if (policy.delayEvaluation() < 0) {
      wrong(
          List.of("early_termination", "delay_evaluation"),
          "delay_evaluation is " + policy.delayEvaluation(),
          "make it 0 or more");
    }
    switch (policy) {
      case EarlyTermination.Bandit bandit -> slack(bandit);
      case EarlyTermination.MedianStopping _ -> {}
      case EarlyTermination.Truncation truncation -> percentage(truncation.percentage());
    }
  }

  private void slack(EarlyTermination.Bandit bandit) {
    slack("slack_factor", bandit.slackFactor());
    slack("slack_amount", bandit.slackAmount());
    if (bandit.slackFactor() > 0 && bandit.slackAmount() > 0) {
      wrong(
          List.of("early_termination", "slack_amount"),
          "the bandit policy has both slack_factor and slack_amount",
          "take one of the two out");
    }
  }

  private void slack(String key, double slack) {
    if (!(slack >= 0) || Double.isInfinite(slack)) {
      wrong(List.of("early_termination", key), key + " is " + text(slack), "make it 0 or greater");
    }
  }

  private void percentage(int percentage) {
    if (percentage < 1 || percentage > 99) {
      wrong(
          List.of("early_termination", "truncation_percentage"),
          "truncation_percentage is " + percentage,
          "make it a number from 1 to 99");
    }
  }

  private void wrong(List<String> field, String message, String fix) {
    found.add(new Finding(field, Problem.of(ErrorCode.WRONG_VALUE, message).fix(fix)));
  }

  private static List<String> with(List<String> field, String key) {
    var longer = new ArrayList<>(field);
    longer.add(key);
    return longer;
  }

  private static String text(double number) {
    return Double.isFinite(number) ? NumberText.of(number) : Double.toString(number);
  }
}
