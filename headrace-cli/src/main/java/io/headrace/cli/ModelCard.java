package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.engine.RunState.StepRecord;
import io.headrace.json.ValueJson;
import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.registry.ModelVersion;
import io.headrace.spec.Value;
import io.headrace.tracking.Run;
import io.headrace.tracking.TrackingException;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is recorded of a model, for people who are to decide whether to use it: {@code model},
 * {@code use}, {@code made} and {@code evaluation}; the last two are null where nothing is known.
 */
final class ModelCard {
  /** Where the engine keeps what an environment was resolved to. */
  private static final String LOCK = "system_logs/environment-lock.txt";

  private final Wiring wiring;

  ModelCard(Wiring wiring) {
    this.wiring = wiring;
  }

  Value.Table of(Asset asset) throws IOException {
    var version = wiring.registry().versions().ofAsset(asset.name(), asset.version());
    var digest = asset.stored().map(it -> it.digest());
    var maker = version.runId().filter(it -> !it.isEmpty()).flatMap(this::run);
    var wanted =
        new ModelEvaluation.Wanted(
            asset.title(), digest, maker.map(it -> new RunId(it.info().runId())));
    var fields = new LinkedHashMap<String, Value>();
    fields.put("model", model(asset, version, digest));
    fields.put("use", use(asset));
    fields.put("made", maker.isPresent() ? made(maker.get()) : new Value.Nothing());
    fields.put(
        "evaluation",
        ModelEvaluation.newest(wiring, wanted)
            .<Value>map(ModelCard::evaluation)
            .orElseGet(Value.Nothing::new));
    return new Value.Table(fields);
  }

  private Optional<Run> run(String id) {
    try {
      return Optional.of(wiring.tracking().runs().get(id));
    } catch (TrackingException e) {
      return Optional.empty(); // another server's run
    }
  }

  private static Value model(Asset asset, ModelVersion version, Optional<Digest> digest) {
    var facts = version.facts();
    var fields = new LinkedHashMap<String, Value>();
    fields.put("name", new Value.Text(asset.name()));
    fields.put("version", new Value.Text(asset.version()));
    fields.put("aliases", texts(version.aliases()));
    fields.put("stage", new Value.Text(version.stage().word()));
    fields.put("type", told(asset.text("type")));
    fields.put("created", new Value.Text(asset.created().toString()));
    fields.put("created_by", told(asset.createdBy()));
    fields.put("digest", told(digest.map(Digest::hex).orElse("")));
    fields.put("bytes", new Value.Whole(BigInteger.valueOf(facts.bytes())));
    fields.put("flavors", told(facts.format()));
    fields.put(
        "signature",
        facts.signature().isEmpty() ? new Value.Nothing() : ValueJson.read(facts.signature()));
    fields.put("inspected", new Value.Flag(facts.inspected()));
    fields.put("findings", texts(facts.findings()));
    return new Value.Table(fields);
  }

  /** What its makers say of it; nobody else can. */
  private static Value use(Asset asset) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("description", told(asset.description()));
    fields.put("tags", new Value.Table(asset.tags()));
    return new Value.Table(fields);
  }

  private Value made(Run run) throws IOException {
    var child = new RunId(run.info().runId());
    var lineage = StepLineage.around(wiring, child);
    var step = lineage.flatMap(it -> it.step(child));
    var fields = new LinkedHashMap<String, Value>();
    fields.put("run", new Value.Text(lineage.map(it -> it.run().value()).orElse(child.value())));
    fields.put(
        "experiment",
        new Value.Text(wiring.tracking().experiments().get(run.info().experimentId()).name()));
    fields.put("step", told(step.map(it -> it.id().value()).orElse("")));
    fields.put("ended", ended(run));
    if (lineage.isPresent() && step.isPresent()) {
      var recipe = lineage.get().recipe(step.get());
      fields.put("code", told(recipe.getOrDefault("code", "")));
      fields.put("command", told(recipe.getOrDefault("command", "")));
      fields.put("environment", told(recipe.getOrDefault("environment", "")));
    }
    fields.put("lock", lock(run));
    fields.put("params", texts(run.params()));
    fields.put("metrics", metrics(run));
    fields.put("inputs", inputs(run, lineage, step));
    fields.put("before", before(lineage, step));
    return new Value.Table(fields);
  }

  private static Value ended(Run run) {
    return run.info().ended().isPresent()
        ? new Value.Text(Instant.ofEpochMilli(run.info().ended().getAsLong()).toString())
        : new Value.Nothing();
  }

  /** The packages that the environment was resolved to, a line each. */
  private Value lock(Run run) throws IOException {
    return texts(
        ModelEvaluation.artifact(wiring, run, LOCK).stream()
            .flatMap(String::lines)
            .filter(it -> !it.isBlank() && !it.startsWith("#"))
            .toList());
  }

  private static Value metrics(Run run) {
    var fields = new LinkedHashMap<String, Value>();
    run.metrics().forEach(it -> fields.put(it.key(), number(it.value())));
    return new Value.Table(fields);
  }

  /** JSON has no words for what is not finite. */
  private static Value number(double value) {
    return Double.isFinite(value) ? new Value.Real(value) : new Value.Text(Double.toString(value));
  }

  private Value inputs(Run run, Optional<StepLineage> lineage, Optional<StepRecord> step) {
    var fields = new LinkedHashMap<String, Value>();
    if (lineage.isPresent() && step.isPresent()) {
      lineage.get().reads(step.get()).forEach((name, read) -> fields.put(name, read(read)));
    }
    run.inputs()
        .forEach(it -> {
          var about = new LinkedHashMap<String, Value>();
          about.put("type", told(it.dataset().sourceType()));
          about.put("digest", told(it.dataset().digest()));
          fields.putIfAbsent(it.dataset().name(), new Value.Table(about));
        });
    return new Value.Table(fields);
  }

  private Value read(StepLineage.Read read) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("type", new Value.Text(read.type()));
    fields.put("digest", new Value.Text(read.digest().hex()));
    fields.put("assets", texts(assets(read.digest())));
    return new Value.Table(fields);
  }

  /** The names and versions under which bytes are known. */
  private List<String> assets(Digest digest) {
    return List.of(AssetKind.DATA, AssetKind.MODEL).stream()
        .flatMap(kind -> wiring.assets().all(kind, "").stream())
        .filter(it -> it.stored().filter(path -> path.digest().equals(digest)).isPresent())
        .map(Asset::title)
        .toList();
  }

  private Value before(Optional<StepLineage> lineage, Optional<StepRecord> step) {
    if (lineage.isEmpty() || step.isEmpty()) {
      return new Value.Items(List.of());
    }
    return new Value.Items(
        lineage.get().before(step.get()).stream().map(it -> earlier(lineage.get(), it)).toList());
  }

  private Value earlier(StepLineage lineage, StepRecord step) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("step", new Value.Text(step.id().value()));
    var run = step.child().flatMap(it -> run(it.value()));
    fields.put("run", told(step.child().map(RunId::value).orElse("")));
    fields.put("code", told(lineage.recipe(step).getOrDefault("code", "")));
    fields.put("params", texts(step.parameters()));
    fields.put("metrics", run.map(ModelCard::metrics).orElse(new Value.Table(Map.of())));
    fields.put("inputs", inputs(lineage, step));
    return new Value.Table(fields);
  }

  private Value inputs(StepLineage lineage, StepRecord step) {
    var fields = new LinkedHashMap<String, Value>();
    lineage.reads(step).forEach((name, read) -> fields.put(name, read(read)));
    return new Value.Table(fields);
  }

  private static Value evaluation(ModelEvaluation it) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("run", new Value.Text(it.run().info().runId()));
    fields.put("ended", ended(it.run()));
    fields.put("verdict", told(it.run().tags().getOrDefault(ModelEvaluation.VERDICT, "")));
    fields.put("metrics", metrics(it.run()));
    fields.put("report", it.report());
    return new Value.Table(fields);
  }

  private static Value told(String text) {
    return text.isEmpty() ? new Value.Nothing() : new Value.Text(text);
  }

  private static Value texts(List<String> texts) {
    return new Value.Items(texts.stream().<Value>map(Value.Text::new).toList());
  }

  private static Value texts(Map<String, String> texts) {
    var fields = new LinkedHashMap<String, Value>();
    texts.forEach((name, text) -> fields.put(name, new Value.Text(text)));
    return new Value.Table(fields);
  }
}
