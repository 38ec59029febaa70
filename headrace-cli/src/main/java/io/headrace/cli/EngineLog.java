package io.headrace.cli;

import io.headrace.engine.RunListener;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.RunEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;

/** What happens to a run that nobody watches, as lines in the run's folder. */
final class EngineLog implements RunListener {
  private final PrintWriter file;
  private final Progress progress;

  EngineLog(Workspace workspace, RunId run) {
    var folder = workspace.runs().resolve(run.value());
    try {
      Files.createDirectories(folder);
      file =
          new PrintWriter(
              Files.newBufferedWriter(
                  folder.resolve("engine.log"),
                  StandardCharsets.UTF_8,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw Problem.of(ErrorCode.DISK, folder + ": " + e.getMessage()).asException(e);
    }
    progress = new Progress(file, false, InstantSource.system(), List.of());
  }

  @Override
  public void event(RunEvent event) {
    progress.event(event);
    if (event instanceof RunEvent.Ended) {
      progress.close();
      file.close();
    }
  }

  @Override
  public void running(StepId step, Path log, String because, boolean adopted) {
    progress.running(step, log, because, adopted);
  }

  @Override
  public void notice(String line) {
    progress.notice(line);
  }
}
