package io.headrace.cli;

import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.OutputData;
import io.headrace.store.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Copies a run's outputs and artifacts out of the store, laid out as {@code az ml job download}
 * does.
 */
final class Download {
  private final PrintWriter said;
  private final RunId run;
  private final Path to;
  private final RunOutputs made;
  private final Folders folders;

  Download(PrintWriter said, Wiring wiring, RunId run, Path to) throws IOException {
    this.said = said;
    this.run = run;
    this.to = to;
    this.made = RunOutputs.of(wiring.engine(), run);
    this.folders = new Folders(wiring.objects());
  }

  void run(Optional<String> name, boolean all) throws IOException {
    var outputs = made.outputs(all || name.isPresent());
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
    for (var step : made.state().steps().values()) {
      if (step.artifacts().isPresent()) {
        var folder = to.resolve("artifacts");
        folders.download(
            step.artifacts().get(),
            made.plan().singleStep() ? folder : folder.resolve(step.id().value()));
      }
    }
    said.println("downloaded to " + to.normalize());
  }

  private void write(String name, OutputData data) throws IOException {
    var folder = to.resolve("named-outputs").resolve(name);
    Files.createDirectories(folder);
    if (data.name().isEmpty()) {
      folders.download(data.digest(), folder);
    } else {
      folders.downloadFile(data.digest(), folder.resolve(data.name()));
    }
    said.println(folder.normalize());
  }
}
