package io.headrace.cli;

import io.headrace.engine.RunState;
import io.headrace.engine.RunState.StepRecord;
import io.headrace.name.Digest;
import io.headrace.name.RunId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the steps of a run hang together: by the digests that they read and made. */
final class StepLineage {
  private final Wiring wiring;
  private final RunId run;
  private final RunState state;

  private StepLineage(Wiring wiring, RunId run, RunState state) {
    this.wiring = wiring;
    this.run = run;
    this.state = state;
  }

  /** The run that a step's own run is of; empty for runs that the engine did not do. */
  static Optional<StepLineage> around(Wiring wiring, RunId child) {
    var run = wiring.runAbove(child).orElse(child);
    return wiring
        .ledger()
        .run(run)
        .map(_ -> new StepLineage(wiring, run, wiring.engine().state(run)));
  }

  RunId run() {
    return run;
  }

  Optional<StepRecord> step(RunId child) {
    return state.steps().values().stream()
        .filter(it -> !it.group() && it.child().filter(child::equals).isPresent())
        .findFirst();
  }

  /** All that a step could see, by part. */
  Map<String, String> recipe(StepRecord step) {
    return wiring.engine().why(run, step.id()).recipe();
  }

  /** The data that a step read, by the input's name. */
  Map<String, Read> reads(StepRecord step) {
    var found = new LinkedHashMap<String, Read>();
    recipe(step)
        .forEach((part, value) -> {
          if (part.startsWith("input ")) {
            Read.parse(value).ifPresent(it -> found.put(part.substring("input ".length()), it));
          }
        });
    return found;
  }

  /** The steps of this run that made what a step read, those before them, and so on. */
  List<StepRecord> before(StepRecord step) {
    Set<StepRecord> found = new LinkedHashSet<>();
    var waiting = new ArrayList<>(List.of(step));
    while (!waiting.isEmpty()) {
      for (var read : reads(waiting.removeFirst()).values()) {
        makers(read.digest()).stream()
            .filter(it -> !it.equals(step) && found.add(it))
            .forEach(waiting::add);
      }
    }
    return List.copyOf(found);
  }

  /** The steps of this run that made these bytes. */
  List<StepRecord> makers(Digest digest) {
    return state.steps().values().stream()
        .filter(it -> !it.group())
        .filter(it -> it.outputs().values().stream().anyMatch(out -> out.digest().equals(digest)))
        .toList();
  }

  /** What a step read, as its recipe tells: {@code custom_model model 3f2a…}. */
  record Read(String type, Digest digest) {
    static Optional<Read> parse(String recipe) {
      var words = List.of(recipe.split(" "));
      var last = words.getLast();
      return last.matches("[0-9a-f]{64}")
          ? Optional.of(new Read(words.getFirst(), new Digest(last)))
          : Optional.empty();
    }

    boolean isModel() {
      return type.endsWith("_model");
    }
  }
}
