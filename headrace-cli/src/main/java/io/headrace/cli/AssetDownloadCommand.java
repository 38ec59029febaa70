package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.StoredPath;
import io.headrace.json.ValueYaml;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.store.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace model download -n NAME -v VERSION} and its like. */
@Command(
    name = "download",
    header = "Copy its files into a folder named after it.",
    description = {"", "Of an environment or a component: its YAML.", ""})
final class AssetDownloadCommand implements Callable<Integer> {
  @Mixin AssetName name = new AssetName();

  @Option(
      names = {"-p", "--download-path"},
      paramLabel = "DIR",
      description = "Where to (default: here).")
  @Nullable Path folder;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;
  private final AssetKind kind;

  AssetDownloadCommand(Context context, AssetKind kind) {
    this.context = context;
    this.kind = kind;
  }

  @Override
  public Integer call() {
    try (var wiring = context.wiring()) {
      AssetCommands.inspect(wiring, kind);
      var asset = wiring.assets().get(kind, name.name(), name.wanted());
      var to = context.resolve(folder == null ? Path.of("") : folder).resolve(asset.name());
      switch (kind) {
        case DATA, MODEL -> files(new Folders(wiring.objects()), asset, to);
        case ENVIRONMENT, COMPONENT, COMPUTE, DATASTORE, SCHEDULE, CONNECTION ->
            yaml(wiring, asset, to);
      }
      context.err().println("downloaded to " + to.normalize());
      return CommandLineProgram.DONE;
    }
  }

  private static void files(Folders folders, Asset asset, Path to) {
    StoredPath path =
        asset
            .stored()
            .orElseThrow(() ->
                Problem.of(
                        ErrorCode.NOT_SUPPORTED,
                        asset.title() + " is at " + asset.text("path") + ", not in this workspace")
                    .fix("get it from there")
                    .asException());
    if (path.folder()) {
      folders.download(path.digest(), to.resolve(path.name()));
    } else {
      folders.downloadFile(path.digest(), to.resolve(path.name()));
    }
  }

  private void yaml(Wiring wiring, Asset asset, Path to) {
    try {
      Files.createDirectories(to);
      var text = ValueYaml.text(new AssetJson(wiring.workspace()).document(asset));
      Files.writeString(to.resolve(kind.word() + ".yml"), text);
    } catch (IOException e) {
      throw DiskProblem.writing(to, e);
    }
  }
}
