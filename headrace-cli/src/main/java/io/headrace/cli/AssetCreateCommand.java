package io.headrace.cli;

import io.headrace.asset.AssetKind;
import io.headrace.asset.Draft;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Where;
import io.headrace.service.Keeper;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace data create -f FILE} and its like. */
@Command(
    name = "create",
    header = "Create one, from a file, from flags, or from both: flags win.",
    description = {
      "",
      "Where there are versions, the next whole number is taken when none is given. A version never",
      "changes: to create it again with the same content does nothing, with other content is an error.",
      ""
    })
final class AssetCreateCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Its YAML.")
  @Nullable Path file;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "Its name.")
  @Nullable String name;

  @Option(
      names = {"-v", "--version"},
      paramLabel = "VERSION",
      description = "Its version.")
  @Nullable String version;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      arity = "1..*",
      description = "Any other field, as in `headrace run`.")
  List<String> sets = new ArrayList<>();

  @Option(names = "--registry-name", hidden = true)
  @Nullable String registry;

  @Option(
      names = {"--no-wait", "--skip-validation"},
      hidden = true)
  boolean ignored;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;
  private final AssetKind kind;
  private @Nullable AssetFlags flags;

  AssetCreateCommand(Context context, AssetKind kind) {
    this.context = context;
    this.kind = kind;
  }

  CommandLine line() {
    var line = new CommandLine(this);
    flags = AssetFlags.addTo(line.getCommandSpec(), kind);
    return line;
  }

  @Override
  public Integer call() throws IOException {
    AssetName.refuse(registry);
    var changes = new ArrayList<String>();
    Optional.ofNullable(name).ifPresent(it -> changes.add(AssetFlags.text("name", it)));
    Optional.ofNullable(version).ifPresent(it -> changes.add(AssetFlags.text("version", it)));
    changes.addAll(Objects.requireNonNull(flags).sets());
    sets.forEach(set -> changes.add(AssetFlags.asText(set)));
    try (var wiring = context.wiring()) {
      var from =
          Optional.ofNullable(file)
              .map(it ->
                  Arguments.file(
                      context, Optional.of(it), "headrace " + kind.word() + " create -f"));
      var draft = wiring.draft(kind, from, changes);
      if (kind == AssetKind.SCHEDULE) {
        check(draft, wiring);
      }
      var asset = wiring.assets().create(draft, context.user());
      output.print(context.out(), new AssetJson(wiring.workspace()).of(asset));
      return CommandLineProgram.DONE;
    }
  }

  /** What would be wrong with a schedule when its time comes is told now. */
  private void check(Draft draft, Wiring wiring) throws IOException {
    var _ = Keeper.timesOf(draft.name(), draft.body(), Instant.EPOCH);
    ScheduledWork work;
    try {
      work = ScheduledWork.of(draft.name(), draft.body());
    } catch (ProblemException e) {
      e.problems().forEach(it -> context.err().println(it.warning()));
      return;
    }
    if (work.isFile()) {
      try {
        var _ = work.plan(context, wiring);
      } catch (ProblemException e) {
        throw new ProblemException(e.problems().stream().map(this::placed).toList());
      }
    }
  }

  /** What has no place of its own, such as a file that is not there, is told where it is named. */
  private Problem placed(Problem problem) {
    return problem.where().isPresent() ? problem : jobsPlace().map(problem::at).orElse(problem);
  }

  private Optional<Where> jobsPlace() {
    return Optional.ofNullable(file)
        .map(it -> YamlReader.read(context.resolve(it), it.toString()))
        .flatMap(it ->
            it instanceof YamlNode.Mapping mapping
                ? mapping.get("create_job").or(() -> mapping.get("import_data"))
                : Optional.empty())
        .map(YamlNode::where);
  }
}
