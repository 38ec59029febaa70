package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.spi.ObjectStore;
import java.time.InstantSource;

/**
 * The door to the records of experiments and runs. Thread-safe. Whatever a method wrote is durable
 * when it returns, as {@link MetadataStore} promises; what it refused with a {@link
 * TrackingException} left no trace.
 *
 * <p>Holds nothing that needs closing: the stores are the caller's.
 */
public final class Tracking {
  private final Experiments experiments;
  private final ExperimentSearch experimentSearch;
  private final Runs runs;
  private final RunLog log;
  private final RunSearch runSearch;
  private final MetricHistory history;
  private final LoggedModels models;
  private final LoggedModelSearch modelSearch;
  private final Artifacts artifacts;
  private final Uploads uploads;
  private final Traces traces;
  private final EvaluationDatasets evaluation;
  private final Spans spans;
  private final Assessments assessments;
  private final TraceSearch traceSearch;
  private final Purge purge;

  private Tracking(MetadataStore store, ObjectStore objects, InstantSource clock) {
    experiments = new Experiments(store, clock);
    experimentSearch = new ExperimentSearch(store);
    runs = new Runs(store, clock);
    log = new RunLog(store);
    runSearch = new RunSearch(store);
    history = new MetricHistory(store);
    models = new LoggedModels(store, clock);
    modelSearch = new LoggedModelSearch(store);
    artifacts = new Artifacts(store, objects);
    uploads = new Uploads(store, objects, artifacts, clock);
    traces = new Traces(store, clock);
    evaluation = new EvaluationDatasets(store, clock);
    spans = new Spans(store);
    assessments = new Assessments(store, clock);
    traceSearch = new TraceSearch(store);
    purge = new Purge(store);
  }

  /** Brings the tables up to date and makes sure that the experiment {@code Default} is there. */
  public static Tracking open(MetadataStore store, ObjectStore objects, InstantSource clock) {
    migrate(store);
    Tracking tracking = new Tracking(store, objects, clock);
    tracking.experiments.provideDefault();
    return tracking;
  }

  /** Makes the tables, for a caller that needs no more than {@link RunTracking}. */
  public static void migrate(MetadataStore store) {
    store.migrate(Tables.ROOM, Tables.STEPS);
    store.migrate(TraceTables.ROOM, TraceTables.STEPS);
    store.migrate(Uploads.ROOM, Uploads.STEPS);
    store.migrate(EvaluationTables.ROOM, EvaluationTables.STEPS);
  }

  public Experiments experiments() {
    return experiments;
  }

  public ExperimentSearch experimentSearch() {
    return experimentSearch;
  }

  public Runs runs() {
    return runs;
  }

  public RunLog log() {
    return log;
  }

  public RunSearch runSearch() {
    return runSearch;
  }

  public MetricHistory history() {
    return history;
  }

  public LoggedModels models() {
    return models;
  }

  public LoggedModelSearch modelSearch() {
    return modelSearch;
  }

  public Artifacts artifacts() {
    return artifacts;
  }

  public Uploads uploads() {
    return uploads;
  }

  public EvaluationDatasets evaluation() {
    return evaluation;
  }

  public Traces traces() {
    return traces;
  }

  public Spans spans() {
    return spans;
  }

  public Assessments assessments() {
    return assessments;
  }

  public Purge purge() {
    return purge;
  }

  public TraceSearch traceSearch() {
    return traceSearch;
  }
}
