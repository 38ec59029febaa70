package io.headrace.cli;

import io.headrace.name.RunId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job list}. */
@Command(name = "list", header = "List jobs, the newest first.", description = "")
final class JobListCommand implements Callable<Integer> {
  @Option(
      names = {"-r", "--max-results"},
      paramLabel = "N",
      defaultValue = "50",
      description = "How many (default: ${DEFAULT-VALUE}).")
  int most;

  @Option(
      names = {"-p", "--parent-job-name"},
      paramLabel = "NAME",
      description = "List the children of this job: a pipeline's steps, a sweep's trials.")
  @Nullable String parent;

  @Option(
      names = "--all-results",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description = "List all.")
  boolean all;

  @Option(names = "--archived-only", description = "Only what was archived.")
  boolean archivedOnly;

  @Option(names = "--include-archived", description = "What was archived, too.")
  boolean includeArchived;

  @Mixin OutputOptions output = OutputOptions.json();

  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (parent != null) {
      return ChildJobs.list(context, new RunId(parent), all ? Integer.MAX_VALUE : most, output);
    }
    return RunTables.list(
        context,
        all ? Integer.MAX_VALUE : most,
        archivedOnly
            ? RunTables.Archived.ONLY
            : includeArchived ? RunTables.Archived.TOO : RunTables.Archived.NOT,
        output);
  }
}
