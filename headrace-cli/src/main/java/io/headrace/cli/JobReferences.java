package io.headrace.cli;

import io.headrace.engine.Engine;
import io.headrace.engine.Ledger;
import io.headrace.engine.RunState;
import io.headrace.job.Names;
import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.plan.Plan;
import io.headrace.plan.StepInput;
import io.headrace.planner.References;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds what earlier jobs of this workspace left, as bytes of the store: from then on only their
 * digests count, so a step that reads them is reused by content.
 *
 * <p>What counts is the step that makes the output, not the job around it: what a step made is
 * whole and stays as it is, also when a later step failed.
 */
final class JobReferences implements References {
  private static final int MOST_RUNS = 200;
  private static final int MOST_NAMES = 12;

  private final Workspace workspace;
  private final Supplier<Engine> engine;
  private final Supplier<Ledger> ledger;
  private final Supplier<ObjectStore> objects;
  private final Supplier<Tracking> tracking;
  private final Map<JobReference, Found> found = new LinkedHashMap<>();

  JobReferences(
      Workspace workspace,
      Supplier<Engine> engine,
      Supplier<Ledger> ledger,
      Supplier<ObjectStore> objects,
      Supplier<Tracking> tracking) {
    this.workspace = workspace;
    this.engine = engine;
    this.ledger = ledger;
    this.objects = objects;
    this.tracking = tracking;
  }

  /** A file, or a folder when it has no name. */
  private record Found(Digest digest, String name, DataType type) {}

  @Override
  public Optional<Path> component(String reference) {
    return Optional.empty();
  }

  @Override
  public Optional<StepInput> data(String text, Optional<DataType> type, StepInput.Mode mode) {
    if (mode == StepInput.Mode.DIRECT) {
      return Optional.empty(); // handed on as text
    }
    return JobReference.of(text).map(reference -> stored(text, reference, type, mode));
  }

  private StepInput stored(
      String text, JobReference reference, Optional<DataType> type, StepInput.Mode mode) {
    try {
      var known = found.get(reference);
      if (known == null) {
        known = find(text, reference);
        found.put(reference, known);
      }
      checkType(text, known, type);
      return new StepInput.Stored(known.digest(), known.name(), type.orElse(known.type()), mode);
    } catch (IOException e) {
      throw DiskProblem.reading(workspace.objects(), e);
    }
  }

  private static void checkType(String text, Found found, Optional<DataType> type) {
    boolean file = !found.name().isEmpty();
    if (type.isPresent() && type.get().isFile() != file) {
      throw Problem.of(
              ErrorCode.WRONG_TYPE,
              "'%s' is a %s (%s), but a %s is wanted"
                  .formatted(
                      text, file ? "file" : "folder", found.type().yaml(), type.get().yaml()))
          .fix(
              file
                  ? "write 'type: uri_file'"
                  : "name a file in it with /paths/FILE, or write 'type: uri_folder'")
          .asException();
    }
  }

  private Found find(String text, JobReference reference) throws IOException {
    var job = job(reference.job());
    var names = job.names();
    var ref = names.get(reference.output());
    if (ref == null && reference.mayBeArtifacts()) {
      return artifacts(text, reference, job);
    }
    if (ref == null) {
      throw Problem.of(
              ErrorCode.UNRESOLVED,
              "job " + reference.job() + " has no output '" + reference.output() + "'")
          .fix(advice(reference.output(), names.keySet(), "outputs"))
          .asException();
    }
    requireSuccess(reference.job(), job, ref.step());
    var made =
        job.made()
            .data(ref)
            .orElseThrow(() ->
                unresolved("job " + reference.job() + " left no output " + reference.output()));
    return part(text, reference, made);
  }

  private static String advice(String mistaken, Collection<String> known, String listed) {
    if (known.isEmpty()) {
      return "there are no " + listed;
    }
    var all =
        known.stream().limit(MOST_NAMES).collect(Collectors.joining(", ", listed + ": ", ""))
            + (known.size() > MOST_NAMES ? ", …" : "");
    return Names.nearest(mistaken, known)
        .map(it -> "did you mean '" + it + "'? " + all)
        .orElse(all);
  }

  // The job

  /**
   * A job, or one step of it.
   *
   * @param step the one that was named, by its own run
   */
  private record Job(RunId run, RunOutputs made, Optional<StepId> step) {
    /** The outputs by the names that belong to what was named. */
    Map<String, Plan.StepRef> names() {
      if (step.isEmpty()) {
        return made.names(true);
      }
      var names = new LinkedHashMap<String, Plan.StepRef>();
      for (var it : made.plan().steps()) {
        if (it.id().equals(step.get())) {
          it.outputs().keySet().forEach(name -> names.put(name, new Plan.StepRef(it.id(), name)));
        }
      }
      return names;
    }

    /** The step whose files are meant: the one named, or the only one. */
    Optional<StepId> single() {
      return step.or(() ->
          made.plan().singleStep()
              ? Optional.of(made.plan().steps().getFirst().id())
              : Optional.empty());
    }
  }

  private Job job(String name) throws IOException {
    var id = shaped(name);
    if (id.isPresent()) {
      if (ledger.get().run(id.get()).isPresent()) {
        return new Job(id.get(), RunOutputs.of(engine.get(), id.get()), Optional.empty());
      }
      var child = child(id.get());
      if (child.isPresent()) {
        return child.get();
      }
    }
    var known =
        ledger.get().runs(MOST_RUNS, Optional.empty()).stream().map(it -> it.id().value()).toList();
    throw Problem.of(
            ErrorCode.UNRESOLVED, "there is no job called '" + name + "' in this workspace")
        .fix(Names.advice(name, known, "jobs") + "; `headrace run list` shows all")
        .asException();
  }

  private static Optional<RunId> shaped(String name) {
    try {
      return Optional.of(new RunId(name));
    } catch (ProblemException e) {
      return Optional.empty(); // then none is called so
    }
  }

  private Optional<Job> child(RunId id) throws IOException {
    try {
      var run = tracking.get().runs().get(id.value());
      var step = run.tags().get("headrace.step");
      if (step == null || run.info().parent().isEmpty()) {
        return Optional.empty();
      }
      var parent = new RunId(run.info().parent());
      return Optional.of(
          new Job(parent, RunOutputs.of(engine.get(), parent), Optional.of(new StepId(step))));
    } catch (TrackingException e) {
      return Optional.empty();
    }
  }

  private static RunState.StepRecord requireSuccess(String name, Job job, StepId step) {
    var record = job.made().state().steps().get(step);
    var state = record == null ? StepState.PLANNED : record.state();
    String whose = job.single().isPresent() ? "job " + name : "step " + step + " of job " + name;
    if (record == null || !state.isEnd()) {
      boolean over = job.made().state().status().isEnd();
      throw Problem.of(
              ErrorCode.UNRESOLVED,
              whose + (over ? " was not run" : " has not finished: what it makes is not there yet"))
          .fix("wait for it: `headrace job stream -n " + job.run() + "`")
          .asException();
    }
    if (!state.isSuccess()) {
      throw Problem.of(
              ErrorCode.UNRESOLVED,
              whose + " did not succeed (" + state.name().toLowerCase(Locale.ROOT) + ")")
          .fix("`headrace resume " + job.run() + "` tries again; `headrace run show` says more")
          .asException();
    }
    return record;
  }

  // Parts of an output

  private Found part(String text, JobReference reference, OutputData made) throws IOException {
    if (!made.name().isEmpty()) {
      if (!reference.path().isEmpty() && !reference.path().equals(made.name())) {
        throw unresolved(
            "output "
                + reference.output()
                + " of job "
                + reference.job()
                + " is the file '"
                + made.name()
                + "'; there is no '"
                + reference.path()
                + "' in it");
      }
      return whole(
          text, List.of(made.digest()), new Found(made.digest(), made.name(), made.type()));
    }
    whole(text, List.of(made.digest()));
    var folder = FolderManifest.read(objects.get(), made.digest());
    if (reference.path().isEmpty()) {
      return whole(text, digests(folder), new Found(made.digest(), "", made.type()));
    }
    return within(text, reference, folder);
  }

  private Found within(String text, JobReference reference, FolderManifest folder)
      throws IOException {
    String path = reference.path();
    var file = folder.file(path);
    if (file.isPresent()) {
      return whole(
          text,
          List.of(file.get().digest()),
          new Found(
              file.get().digest(), path.substring(path.lastIndexOf('/') + 1), DataType.URI_FILE));
    }
    var below = new ArrayList<FolderManifest.Entry>();
    boolean empty = false;
    for (var entry : folder.entries()) {
      if (entry.path().startsWith(path + "/")) {
        String rest = entry.path().substring(path.length() + 1);
        below.add(
            switch (entry) {
              case FolderManifest.FileEntry it ->
                  new FolderManifest.FileEntry(rest, it.digest(), it.size(), it.executable());
              case FolderManifest.FolderEntry _ -> new FolderManifest.FolderEntry(rest);
            });
      }
      empty |= entry.path().equals(path);
    }
    if (below.isEmpty() && !empty) {
      throw Problem.of(
              ErrorCode.UNRESOLVED,
              "output %s of job %s has no '%s' in it"
                  .formatted(reference.output(), reference.job(), path))
          .fix(
              advice(
                  path,
                  folder.entries().stream().map(FolderManifest.Entry::path).toList(),
                  "there is"))
          .asException();
    }
    var part = FolderManifest.ofUnsorted(below);
    whole(text, digests(part));
    return new Found(part.put(objects.get()), "", DataType.URI_FOLDER);
  }

  private static List<Digest> digests(FolderManifest folder) {
    return folder.files().stream().map(FolderManifest.FileEntry::digest).toList();
  }

  private Found whole(String text, List<Digest> needed, Found found) throws IOException {
    whole(text, needed);
    return found;
  }

  private void whole(String text, List<Digest> needed) throws IOException {
    var missing = objects.get().missing(needed);
    if (!missing.isEmpty()) {
      throw Problem.of(
              ErrorCode.UNRESOLVED,
              "what '"
                  + text
                  + "' names is no longer in the store: object "
                  + missing.iterator().next()
                  + " is missing")
          .fix("run that job again: what is missing is made anew; `headrace fsck` names it all")
          .asException();
    }
  }

  private static ProblemException unresolved(String message) {
    return Problem.of(ErrorCode.UNRESOLVED, message).asException();
  }

  // Artifacts

  private Found artifacts(String text, JobReference reference, Job job) throws IOException {
    var step = job.single();
    if (step.isEmpty()) {
      throw Problem.of(
              ErrorCode.UNRESOLVED,
              "job " + reference.job() + " is a pipeline: its steps keep artifacts, not itself")
          .fix(
              "name the run of one of its steps; `headrace job show -n "
                  + job.run()
                  + "` shows them")
          .asException();
    }
    var record = requireSuccess(reference.job(), job, step.get());
    var kept = tracking.get().artifacts().folder(record.child().map(RunId::value).orElseThrow());
    if (reference.path().isEmpty()) {
      whole(text, digests(kept));
      return new Found(kept.put(objects.get()), "", DataType.URI_FOLDER);
    }
    return within(text, reference, kept);
  }
}
