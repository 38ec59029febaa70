package io.headrace.cli;

import io.headrace.engine.RunState;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.Plan;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.OutputData;
import io.headrace.store.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Copies a run's outputs and artifacts out of the store, laid out as {@code az ml job download}
 * does.
 */
final class Download {
  private final Context context;
  private final RunId run;
  private final Path to;
  private final RunState state;
  private final Plan plan;
  private final Folders folders;

  Download(Context context, Wiring wiring, RunId run, Path to) throws IOException {
    this.context = context;
    this.run = run;
    this.to = to;
    this.state = wiring.engine().state(run);
    this.plan = wiring.engine().plan(state.created().orElseThrow().plan());
    this.folders = new Folders(wiring.objects());
  }

  void run(Optional<String> name, boolean all) throws IOException {
    var outputs = outputs(all || name.isPresent());
    if (name.isPresent()) {
      var data = outputs.get(name.get());
      if (data == null) {
        throw Problem.of(ErrorCode.NOT_FOUND, "run " + run + " has no output called " + name.get())
            .fix("there are: " + String.join(", ", outputs.keySet()))
            .asException();
      }
      write(name.get(), data);
      return;
    }
    for (var entry : outputs.entrySet()) {
      write(entry.getKey(), entry.getValue());
    }
    for (var step : state.steps().values()) {
      if (step.artifacts().isPresent()) {
        var folder = to.resolve("artifacts");
        folders.download(
            step.artifacts().get(), plan.singleStep() ? folder : folder.resolve(step.id().value()));
      }
    }
    context.out().println("downloaded to " + to.normalize());
  }

  /** The pipeline's outputs by name, and when wanted each step's as {@code step.output}. */
  private Map<String, OutputData> outputs(boolean ofSteps) {
    var found = new LinkedHashMap<String, OutputData>();
    plan.outputs().forEach((name, ref) -> put(found, name, ref.step(), ref.output()));
    for (var step : plan.steps()) {
      if (!ofSteps && !plan.singleStep() && !plan.outputs().isEmpty()) {
        break;
      }
      for (var output : step.outputs().keySet()) {
        put(
            found,
            plan.singleStep() ? output : step.id().value() + "." + output,
            step.id(),
            output);
      }
    }
    return found;
  }

  private void put(Map<String, OutputData> found, String name, StepId step, String output) {
    var record = state.steps().get(step);
    var data = record == null ? null : record.outputs().get(output);
    if (data != null) {
      found.put(name, data);
    }
  }

  private void write(String name, OutputData data) throws IOException {
    var folder = to.resolve("named-outputs").resolve(name);
    Files.createDirectories(folder);
    if (data.name().isEmpty()) {
      folders.download(data.digest(), folder);
    } else {
      folders.downloadFile(data.digest(), folder.resolve(data.name()));
    }
    context.out().println(folder.normalize());
  }
}
