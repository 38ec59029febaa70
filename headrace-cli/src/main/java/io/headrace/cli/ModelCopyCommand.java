package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.Draft;
import io.headrace.asset.StoredPath;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.store.Transfer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace model copy -n NAME -v VERSION --to DIR}. */
@Command(
    name = "copy",
    header = "Make the same version in another workspace, with the same bytes.",
    description = "")
final class ModelCopyCommand implements Callable<Integer> {
  @Mixin AssetName name = new AssetName();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "The other workspace: its folder, or the one that holds .headrace.")
  @Nullable Path to;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  ModelCopyCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws java.io.IOException {
    var there = Workspace.open(Optional.of(Objects.requireNonNull(to)), context.around().here());
    try (var from = context.wiring();
        // The variable names the records of this workspace; the other one knows its own.
        var into =
            new Wiring(
                there,
                context.around().with(RecordsPlace.VARIABLE, ""),
                new EnvironmentOptions())) {
      var asset = from.assets().get(AssetKind.MODEL, name.name(), name.wanted());
      StoredPath path = stored(asset);
      // The bytes first: a version never names what is not there.
      if (path.folder()) {
        Transfer.folder(from.objects(), into.objects(), path.digest());
      } else {
        Transfer.object(from.objects(), into.objects(), path.digest());
      }
      var made =
          into.assets()
              .create(
                  new Draft(
                      AssetKind.MODEL,
                      asset.name(),
                      Optional.of(asset.version()),
                      asset.body(),
                      new Draft.Told(
                          Optional.of(asset.description()),
                          Optional.of(asset.tags()),
                          Optional.of(asset.properties()))),
                  context.user());
      output.print(context.out(), new AssetJson(there).of(made));
      return CommandLineProgram.DONE;
    }
  }

  private static StoredPath stored(Asset asset) {
    return asset
        .stored()
        .orElseThrow(() ->
            Problem.of(
                    ErrorCode.NOT_SUPPORTED,
                    asset.title() + " is at " + asset.text("path") + ", not in this workspace")
                .fix("create it in the other workspace from there")
                .asException());
  }
}
