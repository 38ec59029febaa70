package io.headrace.engine;

import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.store.Capture;
import io.headrace.table.TableDefinition;
import io.headrace.table.TableReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Takes what a plan needs of this machine into the store, so that the run sees one state of it:
 * code, local data, and what must be fetched. What several steps share is looked at once.
 */
public final class Capturing {
  private final Supplier<Capture> captures;
  private final Downloads downloads;

  /**
   * @param captures opens a capture for one plan
   */
  public Capturing(Supplier<Capture> captures, Downloads downloads) {
    this.captures = captures;
    this.downloads = downloads;
  }

  Plan capture(Plan plan, RunListener listener) throws IOException, InterruptedException {
    var problems = new Problems();
    try (var capture = captures.get()) {
      capture.prepare(localInputs(plan));
      var seen = new Seen(capture, downloads, listener, problems);
      var steps = seen.captured(plan.steps());
      var groups = seen.capturedGroups(plan.groups());
      problems.throwIfErrors();
      capture.warnings().stream().map(Problem::toString).forEach(listener::notice);
      return plan.with(steps, groups);
    }
  }

  /**
   * All local data at once: many files are stored much faster together than one after the other.
   */
  private static Set<Path> localInputs(Plan plan) {
    var paths = new LinkedHashSet<Path>();
    for (var input : plan.allInputs()) {
      if (input instanceof StepInput.Local it && it.mode() != StepInput.Mode.DIRECT) {
        paths.add(it.path());
      }
    }
    return paths;
  }

  /** What this plan has shown so far. */
  private static final class Seen {
    private final Capture capture;
    private final Downloads downloads;
    private final RunListener listener;
    private final Map<Code, Code> codes = new HashMap<>();
    private final Map<StepInput, StepInput> inputs = new HashMap<>();

    private final Problems problems;

    Seen(Capture capture, Downloads downloads, RunListener listener, Problems problems) {
      this.capture = capture;
      this.downloads = downloads;
      this.listener = listener;
      this.problems = problems;
    }

    /** What is wrong with one step is said of it, and the others are looked at all the same. */
    List<Step> captured(List<Step> steps) throws IOException, InterruptedException {
      var captured = new ArrayList<Step>(steps.size());
      for (var step : steps) {
        try {
          captured.add(captured(step));
        } catch (ProblemException e) {
          e.problems()
              .forEach(it -> problems.add(it.where().isPresent() ? it : it.at(step.where())));
        }
      }
      return captured;
    }

    List<Group> capturedGroups(List<Group> groups) throws IOException, InterruptedException {
      var captured = new ArrayList<Group>(groups.size());
      for (var group : groups) {
        var bodies = new ArrayList<Group.Body>();
        for (var body : group.bodies()) {
          bodies.add(new Group.Body(captured(body.steps()), capturedGroups(body.groups())));
        }
        if (!problems.hasErrors()) { // else bodies may lack steps
          captured.add(withItems(group.withBodies(bodies)));
        }
      }
      return captured;
    }

    private Group withItems(Group group) throws IOException, InterruptedException {
      if (!(group instanceof Group.ForEach loop)
          || !(loop.items() instanceof Group.Items.Known(List<Map<String, StepInput>> items))) {
        return group;
      }
      var captured = new ArrayList<Map<String, StepInput>>(items.size());
      for (var item : items) {
        try {
          captured.add(captured(item));
        } catch (ProblemException e) {
          e.problems()
              .forEach(it -> problems.add(it.where().isPresent() ? it : it.at(loop.where())));
        }
      }
      return loop.withItems(new Group.Items.Known(captured));
    }

    private Step captured(Step step) throws IOException, InterruptedException {
      return step.captured(captured(step.code()), captured(step.inputs()));
    }

    private Map<String, StepInput> captured(Map<String, StepInput> given)
        throws IOException, InterruptedException {
      var stored = new LinkedHashMap<String, StepInput>();
      for (var entry : given.entrySet()) {
        stored.put(entry.getKey(), captured(entry.getValue()));
      }
      return stored;
    }

    private Code captured(Code code) {
      return switch (code) {
        case Code.None _, Code.Stored _ -> code;
        case Code.Local local ->
            codes.computeIfAbsent(local, _ -> new Code.Stored(capture.code(local).digest()));
      };
    }

    /** So that a mistake in an MLTable file is told before anything runs. */
    private static void checkTable(StepInput.Local input) throws IOException {
      var file = input.path().resolve(TableDefinition.FILE);
      if (input.mode().isEvaluated() && Files.isRegularFile(file)) {
        var _ = TableReader.read(Files.readString(file), file.toString());
      }
    }

    private StepInput captured(StepInput input) throws IOException, InterruptedException {
      return switch (input) {
        case StepInput.Literal _,
            StepInput.FromStep _,
            StepInput.OfItem _,
            StepInput.MadeValue _,
            StepInput.After _,
            StepInput.IfMade _,
            StepInput.HowEnded _,
            StepInput.Stored _ ->
            input;
        case StepInput.Supplied it -> {
          var known = inputs.get(it);
          if (known == null) {
            known =
                new StepInput.Stored(
                    capture.supplied(Supplies.of(it)).digest(),
                    "",
                    DataType.URI_FOLDER,
                    StepInput.Mode.RO_MOUNT);
            inputs.put(it, known);
          }
          yield known;
        }
        case StepInput.Local it -> {
          if (it.mode() == StepInput.Mode.DIRECT) {
            yield it;
          }
          var known = inputs.get(it);
          if (known == null) {
            checkTable(it);
            var data = capture.data(it.path());
            known =
                new StepInput.Stored(
                    data.digest(), data.folder() ? "" : data.name(), it.type(), it.mode());
            inputs.put(it, known);
          }
          yield known;
        }
        case StepInput.Remote it -> {
          if (it.mode() == StepInput.Mode.DIRECT) {
            yield it;
          }
          var known = inputs.get(it);
          if (known == null) {
            known = downloads.fetch(it, listener);
            inputs.put(it, known);
          }
          yield known;
        }
      };
    }
  }
}
