package io.headrace.engine;

import io.headrace.plan.Code;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.store.Capture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
    var steps = new ArrayList<Step>(plan.steps().size());
    try (var capture = captures.get()) {
      capture.prepare(localInputs(plan));
      var seen = new Seen(capture, downloads, listener);
      for (var step : plan.steps()) {
        try {
          steps.add(seen.captured(step));
        } catch (ProblemException e) {
          e.problems()
              .forEach(it -> problems.add(it.where().isPresent() ? it : it.at(step.where())));
        }
      }
      problems.throwIfErrors();
      capture.warnings().stream().map(Problem::toString).forEach(listener::notice);
    }
    return plan.withSteps(steps);
  }

  /**
   * All local data at once: many files are stored much faster together than one after the other.
   */
  private static Set<Path> localInputs(Plan plan) {
    var paths = new LinkedHashSet<Path>();
    for (var step : plan.steps()) {
      for (var input : step.inputs().values()) {
        if (input instanceof StepInput.Local it && it.mode() != StepInput.Mode.DIRECT) {
          paths.add(it.path());
        }
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

    Seen(Capture capture, Downloads downloads, RunListener listener) {
      this.capture = capture;
      this.downloads = downloads;
      this.listener = listener;
    }

    Step captured(Step step) throws IOException, InterruptedException {
      var stored = new LinkedHashMap<String, StepInput>();
      for (var entry : step.inputs().entrySet()) {
        stored.put(entry.getKey(), captured(entry.getValue()));
      }
      return step.captured(captured(step.code()), stored);
    }

    private Code captured(Code code) {
      return switch (code) {
        case Code.None _, Code.Stored _ -> code;
        case Code.Local local ->
            codes.computeIfAbsent(local, _ -> new Code.Stored(capture.code(local).digest()));
      };
    }

    private StepInput captured(StepInput input) throws IOException, InterruptedException {
      return switch (input) {
        case StepInput.Literal _, StepInput.FromStep _, StepInput.Stored _ -> input;
        case StepInput.Local it -> {
          if (it.mode() == StepInput.Mode.DIRECT) {
            yield it;
          }
          var known = inputs.get(it);
          if (known == null) {
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
