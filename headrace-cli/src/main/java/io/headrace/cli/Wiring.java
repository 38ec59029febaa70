package io.headrace.cli;

import io.headrace.access.Audit;
import io.headrace.access.Users;
import io.headrace.asset.AssetKind;
import io.headrace.asset.Assets;
import io.headrace.asset.Draft;
import io.headrace.asset.Drafting;
import io.headrace.asset.RegisteredOutputs;
import io.headrace.backend.environment.EnvironmentSettings;
import io.headrace.backend.environment.Environments;
import io.headrace.backend.file.FileObjectStore;
import io.headrace.backend.local.LocalCompute;
import io.headrace.backend.postgres.PostgresAddress;
import io.headrace.cli.Main.Surroundings;
import io.headrace.cli.RunCommand.RunSettings;
import io.headrace.engine.Capturing;
import io.headrace.engine.Downloads;
import io.headrace.engine.Engine;
import io.headrace.engine.Ledger;
import io.headrace.engine.RunListener;
import io.headrace.kfp.KubeflowPipelines;
import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.planner.Documents;
import io.headrace.planner.PlanSettings;
import io.headrace.planner.Planned;
import io.headrace.planner.Planner;
import io.headrace.registry.Registry;
import io.headrace.registry.WebhookSettings;
import io.headrace.run.RunEvent;
import io.headrace.service.RunService;
import io.headrace.service.ServiceLog;
import io.headrace.service.Timetable;
import io.headrace.spi.MetadataStore;
import io.headrace.spi.ObjectStore;
import io.headrace.store.Capture;
import io.headrace.store.Fsck;
import io.headrace.store.Sources;
import io.headrace.store.StatCache;
import io.headrace.store.Sweep;
import io.headrace.tracking.Metric;
import io.headrace.tracking.RunTracking;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import io.headrace.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one place where rooms meet: everything is made here, by constructors, when it is first asked
 * for.
 */
final class Wiring implements AutoCloseable {
  private final Workspace workspace;
  private final Surroundings around;
  private final EnvironmentOptions environments;
  private final InstantSource clock = InstantSource.system();
  private final Lazy<MetadataStore> records;
  private final Lazy<MetadataStore> ofThisMachine;
  private final Lazy<ObjectStore> objects;
  private final Lazy<Tracking> tracking;
  private final Lazy<Registry> registry;
  private final Lazy<Ledger> ledger;
  private final Lazy<StepTracking> stepTracking;
  private final Lazy<Assets> assets;
  private final Lazy<Users> users;
  private final Lazy<Audit> audit;
  private final Lazy<LocalCompute> compute = new Lazy<>(LocalCompute::new);
  private final Lazy<Engine> engine = new Lazy<>(this::newEngine);
  private final Lazy<Environments> environmentsOfAll = new Lazy<>(this::environments);

  Wiring(Workspace workspace, Surroundings around, EnvironmentOptions environments) {
    this(workspace, around, environments, Optional.empty());
  }

  /**
   * Wires a workspace.
   *
   * @param served where this process answers MLflow's API, for its steps
   */
  Wiring(
      Workspace workspace,
      Surroundings around,
      EnvironmentOptions environments,
      Optional<String> served) {
    this.workspace = workspace;
    this.around = around;
    this.environments = environments;
    var place = new RecordsPlace(workspace, around.variables());
    this.records = new Lazy<>(place::open);
    this.ofThisMachine =
        new Lazy<>(() -> place.database().isPresent() ? place.openOfThisMachine() : records.get());
    this.objects = new Lazy<>(() -> new FileObjectStore(workspace.objects()));
    this.tracking = new Lazy<>(() -> Tracking.open(records.get(), objects.get(), clock));
    this.registry = new Lazy<>(this::makeRegistry);
    this.ledger = new Lazy<>(this::makeLedger);
    this.users = new Lazy<>(() -> Users.open(records.get(), clock));
    this.audit = new Lazy<>(() -> Audit.open(records.get(), clock));
    this.assets =
        new Lazy<>(() ->
            Assets.open(
                records.get(), workspace.secrets(), clock, Registry.watch(records.get(), clock)));
    this.stepTracking =
        new Lazy<>(() ->
            new StepTracking(
                workspace,
                this.tracking::get,
                this.registry::get,
                served,
                (doing, cause) -> around.err().println("headrace: " + doing + ": " + cause)));
  }

  Workspace workspace() {
    return workspace;
  }

  /** The database with the records; empty when they are in the workspace. */
  Optional<PostgresAddress> database() {
    return new RecordsPlace(workspace, around.variables()).database();
  }

  /** Begins to open what every run needs, while the caller does something else. */
  void openAhead() {
    // A failure is met again, and told, by whoever needs the records first.
    var _ = CompletableFuture.runAsync(this::ledger);
  }

  /** Writes the records as of one moment into a new file. */
  void snapshot(Path file) {
    ledger.get(); // brings the tables up to date, and takes secrets out of the records
    records.get().snapshot(file);
  }

  Ledger ledger() {
    return ledger.get();
  }

  ObjectStore objects() {
    return objects.get();
  }

  Engine engine() {
    return engine.get();
  }

  Planned plan(RunSettings settings) {
    var here = PlanSettings.in(around.here());
    return KubeflowPipelines.isOne(settings.file())
        ? KubeflowPipelines.plan(settings.file(), settings.sets(), here)
        : Planner.plan(settings.file(), settings.sets(), references(), here);
  }

  /** What this workspace knows; it is opened only when a file refers to something. */
  private WorkspaceReferences references() {
    return new WorkspaceReferences(
        workspace,
        assets::get,
        this::objects,
        List.of(
            workspace.root().resolve("connections.yml"), around.here().resolve("connections.yml")),
        new JobReferences(workspace, this::engine, this::ledger, this::objects, tracking::get));
  }

  Assets assets() {
    return assets.get();
  }

  Tracking tracking() {
    return tracking.get();
  }

  Registry registry() {
    return registry.get();
  }

  Users users() {
    return users.get();
  }

  Audit audit() {
    return audit.get();
  }

  /** Fails when the records do not answer. */
  void checkRecords() {
    users().exist();
  }

  private Registry makeRegistry() {
    return Registry.open(
        records.get(),
        objects.get(),
        tracking.get(),
        clock,
        new Registry.Hooks(
            WebhookSettings.of(around.variables()),
            workspace.root().resolve("webhooks.key"),
            line -> around.err().println("headrace: " + line)));
  }

  /**
   * Reads a document and makes it into what an asset is to be; its files go into the store.
   *
   * @param file empty when all is said by {@code sets}
   */
  Draft draft(AssetKind kind, Optional<Path> file, List<String> sets) {
    var references = references();
    var found = Documents.read(file, sets, AssetKinds.of(kind), references, around.here());
    found.warnings().forEach(warning -> around.err().println(warning));
    var document = found.document();
    try (var capture =
        Capture.storing(objects(), new StatCache(ofThisMachine.get()), workspace.root())) {
      return new Drafting(capture, references, around.here())
          .draft(kind, document.tree(), document.folder());
    }
  }

  /** Says what is wrong with a document that an asset is to be changed to. */
  void check(AssetKind kind, YamlNode.Mapping document) {
    Documents.check(document, AssetKinds.of(kind), references(), around.here());
  }

  /** What the records say of objects, for the checker. */
  Fsck.Dependents dependents() {
    var known = new LinkedHashMap<>(ledger().dependents());
    assets
        .get()
        .dependents()
        .forEach((digest, who) ->
            known.merge(digest, who, (a, b) -> Stream.concat(a.stream(), b.stream()).toList()));
    return new Fsck.Dependents() {
      @Override
      public Set<Digest> digests() {
        return known.keySet();
      }

      @Override
      public List<String> of(Digest digest) {
        return known.getOrDefault(digest, List.of());
      }
    };
  }

  /** The ids of all jobs' runs. */
  Set<String> jobs() {
    return ledger().runs(Integer.MAX_VALUE, Optional.empty()).stream()
        .map(row -> row.id().value())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Takes away the objects that nothing names; see {@link Sweep#run}. */
  Sweep.Report sweep(
      Set<String> leftOut, Supplier<Set<Digest>> alsoNamed, Instant unusedSince, boolean dryRun)
      throws IOException {
    ledger(); // and with it the tables of all rooms, whatever version of Headrace made them
    registry();
    return Sweep.run(
        objects(), records.get(), new Sweep.Named(leftOut, alsoNamed), unusedSince, dryRun);
  }

  /** Works on the runs that are handed to this process. */
  RunService service(Function<RunId, RunListener> listeners, ServiceLog log) {
    return new RunService(records.get(), ledger(), this::newEngine, listeners, log);
  }

  Timetable timetable() {
    return Timetable.open(records.get());
  }

  Sources sources() {
    return new StatCache(ofThisMachine.get());
  }

  /** What is said of a job now. */
  RunJson.Told told(RunId run, Ledger.RunRow row, RunEvent.Created created) {
    try {
      var now = tracking.get().runs().get(run.value());
      var tags = new LinkedHashMap<>(created.tags());
      now.tags()
          .forEach((name, value) -> {
            if (!name.startsWith("mlflow.") && !name.startsWith("headrace.")) {
              tags.put(name, value);
            }
          });
      return new RunJson.Told(
          now.info().name(),
          now.tags().getOrDefault(JobChangeCommand.NOTE, created.description()),
          tags);
    } catch (TrackingException e) {
      return new RunJson.Told(row.displayName(), created.description(), created.tags());
    }
  }

  /** The jobs that were put aside. */
  Set<String> archivedJobs() {
    return tracking.get().runs().deleted();
  }

  /** The latest metrics of a run, as text. */
  Map<String, String> metrics(RunId run) {
    var values = new LinkedHashMap<String, String>();
    tracking
        .get()
        .runs()
        .get(run.value())
        .metrics()
        .forEach(it -> values.put(it.key(), Double.toString(it.value())));
    return values;
  }

  /** Every value of a metric that a run has logged so far. */
  private List<Double> logged(RunId run, String metric) {
    try {
      return tracking
          .get()
          .history()
          .of(run.value(), metric, OptionalInt.empty(), Optional.empty())
          .items()
          .stream()
          .map(Metric::value)
          .toList();
    } catch (TrackingException e) {
      return List.of(); // it is about to begin
    }
  }

  Map<String, String> params(RunId run) {
    return tracking.get().runs().get(run.value()).params();
  }

  /** A step's own run, in words that the other commands take; its id when it is not known. */
  String stepOf(RunId child) {
    try {
      var tags = tracking.get().runs().get(child.value()).tags();
      var step = tags.get("headrace.step");
      var run = tags.get("mlflow.parentRunId");
      return step == null || run == null ? child.value() : "step " + step + " of run " + run;
    } catch (TrackingException e) {
      return child.value();
    }
  }

  /** The folder with what a step's run has made, of its last attempt. */
  Optional<Path> placeOf(RunId child) {
    try {
      var tags = tracking.get().runs().get(child.value()).tags();
      var step = Optional.ofNullable(tags.get("headrace.step")).map(StepId::new);
      return step.flatMap(it -> engine().lastOutputs(root(child), it));
    } catch (TrackingException e) {
      return Optional.empty();
    }
  }

  /** The whole run that a step's own is of; empty for what is no step's run. */
  Optional<RunId> runAbove(RunId child) {
    try {
      return Optional.of(root(child)).filter(it -> !it.equals(child));
    } catch (TrackingException e) {
      return Optional.empty();
    }
  }

  /** The whole run above a step's own, past the groups between. */
  private RunId root(RunId child) {
    var parent = tracking.get().runs().get(child.value()).tags().get("mlflow.parentRunId");
    return parent == null ? child : root(new RunId(parent));
  }

  private Ledger makeLedger() {
    Tracking.migrate(records.get());
    assets.get(); // secrets that an earlier version left in the records go first
    var models = Registry.watch(records.get(), clock);
    return new Ledger(
        records.get(), List.of(new RunTracking(), new RegisteredOutputs(records.get(), models)));
  }

  /** An engine of its own, for a process that works on several runs. */
  Engine newEngine() {
    var capturing =
        new Capturing(
            () -> Capture.storing(objects(), new StatCache(ofThisMachine.get()), workspace.root()),
            new Downloads(objects()));
    return new Engine(
        ledger(),
        objects(),
        sources(),
        capturing,
        compute.get(),
        environmentsOfAll.get(),
        (run, child, experiment) -> stepTracking.get().of(run, child, experiment),
        this::logged,
        workspace.runs(),
        workspace.name(),
        clock);
  }

  private Environments environments() {
    var maps =
        List.of(
            workspace.root().resolve("environments.yml"),
            around.here().resolve("environments.yml"));
    return new Environments(
        workspace.environments(),
        environments.over(EnvironmentSettings.of(maps, around.variables(), clock)));
  }

  @Override
  public void close() {
    compute.ifMade(LocalCompute::close);
    stepTracking.ifMade(StepTracking::close);
    registry.ifMade(Registry::close);
    ofThisMachine.ifMade(MetadataStore::close); // twice does no harm
    records.ifMade(MetadataStore::close);
  }
}
