package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.EarlyTermination;
import io.headrace.plan.Group;
import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Objective;
import io.headrace.plan.Plan;
import io.headrace.plan.Sampling;
import io.headrace.plan.SearchSpace;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.SweepLimits;
import io.headrace.problem.Where;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Groups of steps within a plan's JSON text, and back. */
final class GroupText {
  private GroupText() {}

  static void write(Group group, JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("id", group.id().value());
    out.writeStringProperty("display_name", group.displayName());
    switch (group) {
      case Group.Sweep it -> {
        out.writeStringProperty("kind", "sweep");
        out.writeName("trial");
        PlanText.write(it.trial(), out);
        out.writeName("space");
        write(it.space(), out);
        write(it.sampling(), out);
        out.writeStringProperty("goal", it.objective().goal().name().toLowerCase(Locale.ROOT));
        out.writeStringProperty("metric", it.objective().metric());
        it.termination().ifPresent(policy -> write(policy, out));
        write(it.limits(), out);
      }
      case Group.ForEach it -> {
        out.writeStringProperty("kind", "for_each");
        out.writeName("body");
        write(it.body(), out);
        switch (it.items()) {
          case Group.Items.Known(List<Map<String, StepInput>> items) -> {
            out.writeArrayPropertyStart("items");
            items.forEach(item -> {
              out.writeStartObject();
              item.forEach((name, input) -> writeGiven(name, input, out));
              out.writeEndObject();
            });
            out.writeEndArray();
          }
          case Group.Items.FromStep(Plan.StepRef ref, var names) -> {
            out.writeName("items_from");
            write(ref, out);
            if (!names.isEmpty()) {
              out.writeObjectPropertyStart("item_names");
              names.forEach((name, value) -> {
                out.writeName(name);
                value.ifPresentOrElse(out::writeString, out::writeNull);
              });
              out.writeEndObject();
            }
          }
        }
        out.writeNumberProperty("concurrency", it.concurrency());
        refs("outputs", it.outputs(), out);
      }
      case Group.Branch it -> {
        out.writeStringProperty("kind", "branch");
        out.writeName("condition");
        write(it.condition(), out);
        out.writeName("when_true");
        write(it.whenTrue(), out);
        out.writeName("when_false");
        write(it.whenFalse(), out);
        out.writeObjectPropertyStart("outputs");
        it.outputs()
            .forEach((name, refs) -> {
              out.writeArrayPropertyStart(name);
              refs.forEach(ref -> write(ref, out));
              out.writeEndArray();
            });
        out.writeEndObject();
      }
      case Group.Loop it -> {
        out.writeStringProperty("kind", "loop");
        out.writeName("first");
        write(it.first(), out);
        out.writeName("next");
        write(it.next(), out);
        out.writeName("condition");
        write(it.condition(), out);
        out.writeNumberProperty("most", it.most());
        refs("outputs", it.outputs(), out);
      }
    }
    out.writeStringProperty("file", group.where().file());
    out.writeNumberProperty("line", group.where().line());
    out.writeNumberProperty("column", group.where().column());
    out.writeEndObject();
  }

  private static void write(Group.Body body, JsonGenerator out) {
    out.writeStartObject();
    out.writeArrayPropertyStart("steps");
    body.steps().forEach(step -> PlanText.write(step, out));
    out.writeEndArray();
    out.writeArrayPropertyStart("groups");
    body.groups().forEach(group -> write(group, out));
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void write(Plan.StepRef ref, JsonGenerator out) {
    out.writeStartArray();
    out.writeString(ref.step().value());
    out.writeString(ref.output());
    out.writeEndArray();
  }

  private static void refs(String name, Map<String, Plan.StepRef> refs, JsonGenerator out) {
    out.writeObjectPropertyStart(name);
    refs.forEach((output, ref) -> {
      out.writeName(output);
      write(ref, out);
    });
    out.writeEndObject();
  }

  private static void write(Group.Condition condition, JsonGenerator out) {
    out.writeStartObject();
    switch (condition) {
      case Group.Condition.Always(boolean holds) -> out.writeBooleanProperty("always", holds);
      case Group.Condition.IsTrue(Plan.StepRef ref) -> {
        out.writeName("is_true");
        write(ref, out);
      }
      case Group.Condition.Compare it -> {
        out.writeStringProperty("compare", it.operator().name().toLowerCase(Locale.ROOT));
        out.writeName("left");
        write(it.left(), out);
        out.writeName("right");
        write(it.right(), out);
      }
      case Group.Condition.Not(Group.Condition inner) -> {
        out.writeName("not");
        write(inner, out);
      }
      case Group.Condition.All(List<Group.Condition> inner) -> conditions("all", inner, out);
      case Group.Condition.Any(List<Group.Condition> inner) -> conditions("any", inner, out);
    }
    out.writeEndObject();
  }

  private static void conditions(String name, List<Group.Condition> inner, JsonGenerator out) {
    out.writeArrayPropertyStart(name);
    inner.forEach(it -> write(it, out));
    out.writeEndArray();
  }

  private static void write(Group.Operand operand, JsonGenerator out) {
    switch (operand) {
      case Group.Operand.Constant(String value) -> out.writeString(value);
      case Group.Operand.Made(Plan.StepRef ref) -> write(ref, out);
    }
  }

  private static void write(SearchSpace space, JsonGenerator out) {
    out.writeStartObject();
    space
        .parameters()
        .forEach((name, parameter) -> {
          out.writeObjectPropertyStart(name);
          write(parameter, out);
          out.writeEndObject();
        });
    out.writeEndObject();
  }

  private static void write(Hyperparameter parameter, JsonGenerator out) {
    switch (parameter) {
      case Hyperparameter.Choice(List<Hyperparameter.Option> options) -> {
        out.writeArrayPropertyStart("choice");
        for (var option : options) {
          switch (option) {
            case Hyperparameter.Option.Single(String value) -> out.writeString(value);
            case Hyperparameter.Option.Nested(SearchSpace inner) -> write(inner, out);
          }
        }
        out.writeEndArray();
      }
      case Hyperparameter.RandInt(long upper) -> out.writeNumberProperty("upper", upper);
      case Hyperparameter.Uniform it -> {
        out.writeNumberProperty("min", it.min());
        out.writeNumberProperty("max", it.max());
        out.writeBooleanProperty("log", it.log());
      }
      case Hyperparameter.QUniform it -> {
        out.writeNumberProperty("min", it.min());
        out.writeNumberProperty("max", it.max());
        out.writeNumberProperty("q", it.q());
        out.writeBooleanProperty("log", it.log());
      }
      case Hyperparameter.Normal it -> {
        out.writeNumberProperty("mu", it.mu());
        out.writeNumberProperty("sigma", it.sigma());
        out.writeBooleanProperty("log", it.log());
      }
      case Hyperparameter.QNormal it -> {
        out.writeNumberProperty("mu", it.mu());
        out.writeNumberProperty("sigma", it.sigma());
        out.writeNumberProperty("q", it.q());
        out.writeBooleanProperty("log", it.log());
      }
    }
  }

  private static void write(Sampling sampling, JsonGenerator out) {
    switch (sampling) {
      case Sampling.Random it -> {
        out.writeStringProperty("sampling", it.sobol() ? "sobol" : "random");
        it.seed().ifPresent(seed -> out.writeNumberProperty("seed", seed));
        it.logBase().ifPresent(base -> out.writeNumberProperty("log_base", base));
      }
      case Sampling.Grid _ -> out.writeStringProperty("sampling", "grid");
      case Sampling.Bayesian _ -> out.writeStringProperty("sampling", "bayesian");
    }
  }

  private static void write(EarlyTermination policy, JsonGenerator out) {
    out.writeObjectPropertyStart("termination");
    out.writeNumberProperty("interval", policy.evaluationInterval());
    out.writeNumberProperty("delay", policy.delayEvaluation());
    switch (policy) {
      case EarlyTermination.Bandit it -> {
        out.writeNumberProperty("slack_factor", it.slackFactor());
        out.writeNumberProperty("slack_amount", it.slackAmount());
      }
      case EarlyTermination.MedianStopping _ -> out.writeBooleanProperty("median", true);
      case EarlyTermination.Truncation it -> {
        out.writeNumberProperty("percentage", it.percentage());
        out.writeBooleanProperty("exclude_finished", it.excludeFinished());
      }
    }
    out.writeEndObject();
  }

  private static void write(SweepLimits limits, JsonGenerator out) {
    out.writeNumberProperty("max_total", limits.maxTotalTrials());
    out.writeNumberProperty("max_concurrent", limits.maxConcurrentTrials());
    limits.timeout().ifPresent(it -> out.writeNumberProperty("timeout_ms", it.toMillis()));
    limits
        .trialTimeout()
        .ifPresent(it -> out.writeNumberProperty("trial_timeout_ms", it.toMillis()));
  }

  static Group read(JsonNode tree) {
    var id = new StepId(tree.get("id").asString());
    var displayName = tree.get("display_name").asString();
    var where =
        new Where(
            tree.get("file").asString(), tree.get("line").asInt(), tree.get("column").asInt());
    return switch (tree.get("kind").asString()) {
      case "sweep" ->
          new Group.Sweep(
              id,
              displayName,
              PlanText.step(tree.get("trial")),
              space(tree.get("space")),
              sampling(tree),
              new Objective(
                  Objective.Goal.valueOf(tree.get("goal").asString().toUpperCase(Locale.ROOT)),
                  tree.get("metric").asString()),
              tree.has("termination")
                  ? Optional.of(termination(tree.get("termination")))
                  : Optional.empty(),
              new SweepLimits(
                  tree.get("max_total").asInt(),
                  tree.get("max_concurrent").asInt(),
                  duration(tree, "timeout_ms"),
                  duration(tree, "trial_timeout_ms")),
              where);
      case "for_each" ->
          new Group.ForEach(
              id,
              displayName,
              body(tree.get("body")),
              items(tree),
              tree.get("concurrency").asInt(),
              refs(tree.get("outputs")),
              where);
      case "branch" -> {
        var outputs = new LinkedHashMap<String, List<Plan.StepRef>>();
        tree.get("outputs")
            .properties()
            .forEach(it -> {
              var refs = new ArrayList<Plan.StepRef>();
              it.getValue().forEach(ref -> refs.add(ref(ref)));
              outputs.put(it.getKey(), refs);
            });
        yield new Group.Branch(
            id,
            displayName,
            condition(tree.get("condition")),
            body(tree.get("when_true")),
            body(tree.get("when_false")),
            outputs,
            where);
      }
      case "loop" ->
          new Group.Loop(
              id,
              displayName,
              body(tree.get("first")),
              body(tree.get("next")),
              condition(tree.get("condition")),
              tree.get("most").asInt(),
              refs(tree.get("outputs")),
              where);
      default -> throw new IllegalArgumentException("unknown kind of group: " + tree.get("kind"));
    };
  }

  private static Group.Body body(JsonNode tree) {
    var steps = new ArrayList<Step>();
    tree.get("steps").forEach(it -> steps.add(PlanText.step(it)));
    var groups = new ArrayList<Group>();
    tree.get("groups").forEach(it -> groups.add(read(it)));
    return new Group.Body(steps, groups);
  }

  private static void writeGiven(String name, StepInput input, JsonGenerator out) {
    if (input instanceof StepInput.Literal(String value)) {
      out.writeStringProperty(name, value);
    } else {
      out.writeObjectPropertyStart(name);
      PlanText.write(input, out);
      out.writeEndObject();
    }
  }

  private static Group.Items items(JsonNode tree) {
    if (tree.has("items_from")) {
      var names = new LinkedHashMap<String, Optional<String>>();
      tree.path("item_names")
          .properties()
          .forEach(it ->
              names.put(
                  it.getKey(),
                  it.getValue().isNull()
                      ? Optional.empty()
                      : Optional.of(it.getValue().asString())));
      return new Group.Items.FromStep(ref(tree.get("items_from")), names);
    }
    var items = new ArrayList<Map<String, StepInput>>();
    tree.get("items")
        .forEach(item -> {
          var given = new LinkedHashMap<String, StepInput>();
          item.properties()
              .forEach(it ->
                  given.put(
                      it.getKey(),
                      it.getValue().isObject()
                          ? PlanText.input(it.getValue())
                          : new StepInput.Literal(it.getValue().asString())));
          items.add(given);
        });
    return new Group.Items.Known(items);
  }

  private static Plan.StepRef ref(JsonNode tree) {
    return new Plan.StepRef(new StepId(tree.get(0).asString()), tree.get(1).asString());
  }

  private static Map<String, Plan.StepRef> refs(JsonNode tree) {
    var refs = new LinkedHashMap<String, Plan.StepRef>();
    tree.properties().forEach(it -> refs.put(it.getKey(), ref(it.getValue())));
    return refs;
  }

  private static Group.Condition condition(JsonNode tree) {
    if (tree.has("always")) {
      return new Group.Condition.Always(tree.get("always").asBoolean());
    }
    if (tree.has("is_true")) {
      return new Group.Condition.IsTrue(ref(tree.get("is_true")));
    }
    if (tree.has("compare")) {
      return new Group.Condition.Compare(
          operand(tree.get("left")),
          Group.Operator.valueOf(tree.get("compare").asString().toUpperCase(Locale.ROOT)),
          operand(tree.get("right")));
    }
    if (tree.has("not")) {
      return new Group.Condition.Not(condition(tree.get("not")));
    }
    boolean all = tree.has("all");
    var inner = new ArrayList<Group.Condition>();
    tree.get(all ? "all" : "any").forEach(it -> inner.add(condition(it)));
    return all ? new Group.Condition.All(inner) : new Group.Condition.Any(inner);
  }

  private static Group.Operand operand(JsonNode tree) {
    return tree.isArray()
        ? new Group.Operand.Made(ref(tree))
        : new Group.Operand.Constant(tree.asString());
  }

  private static SearchSpace space(JsonNode tree) {
    var parameters = new LinkedHashMap<String, Hyperparameter>();
    tree.properties().forEach(it -> parameters.put(it.getKey(), parameter(it.getValue())));
    return new SearchSpace(parameters);
  }

  private static Hyperparameter parameter(JsonNode tree) {
    if (tree.has("choice")) {
      var options = new ArrayList<Hyperparameter.Option>();
      tree.get("choice")
          .forEach(it ->
              options.add(
                  it.isString()
                      ? new Hyperparameter.Option.Single(it.asString())
                      : new Hyperparameter.Option.Nested(space(it))));
      return new Hyperparameter.Choice(options);
    }
    if (tree.has("upper")) {
      return new Hyperparameter.RandInt(tree.get("upper").asLong());
    }
    boolean log = tree.get("log").asBoolean();
    if (tree.has("min")) {
      double min = tree.get("min").asDouble();
      double max = tree.get("max").asDouble();
      return tree.has("q")
          ? new Hyperparameter.QUniform(min, max, tree.get("q").asDouble(), log)
          : new Hyperparameter.Uniform(min, max, log);
    }
    double mu = tree.get("mu").asDouble();
    double sigma = tree.get("sigma").asDouble();
    return tree.has("q")
        ? new Hyperparameter.QNormal(mu, sigma, tree.get("q").asDouble(), log)
        : new Hyperparameter.Normal(mu, sigma, log);
  }

  private static Sampling sampling(JsonNode tree) {
    var word = tree.get("sampling").asString();
    return switch (word) {
      case "grid" -> new Sampling.Grid();
      case "bayesian" -> new Sampling.Bayesian();
      default ->
          new Sampling.Random(
              tree.has("seed") ? OptionalLong.of(tree.get("seed").asLong()) : OptionalLong.empty(),
              word.equals("sobol"),
              tree.has("log_base")
                  ? OptionalDouble.of(tree.get("log_base").asDouble())
                  : OptionalDouble.empty());
    };
  }

  private static EarlyTermination termination(JsonNode tree) {
    int interval = tree.get("interval").asInt();
    int delay = tree.get("delay").asInt();
    if (tree.has("slack_factor")) {
      return new EarlyTermination.Bandit(
          interval,
          delay,
          tree.get("slack_factor").asDouble(),
          tree.get("slack_amount").asDouble());
    }
    return tree.has("median")
        ? new EarlyTermination.MedianStopping(interval, delay)
        : new EarlyTermination.Truncation(
            interval,
            delay,
            tree.get("percentage").asInt(),
            tree.get("exclude_finished").asBoolean());
  }

  private static Optional<Duration> duration(JsonNode tree, String name) {
    return tree.has(name)
        ? Optional.of(Duration.ofMillis(tree.get(name).asLong()))
        : Optional.empty();
  }
}
