package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.Drafting;
import io.headrace.job.PlainDocument;
import io.headrace.job.UpdateArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace data update -n NAME --set …} and its like. */
@Command(
    name = "update",
    header = "Change what may change.",
    description = {
      "",
      "Of a version that is its description, its tags, its properties and its labels.",
      ""
    })
final class AssetUpdateCommand implements Callable<Integer> {
  @Mixin AssetName name = new AssetName();

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      arity = "1..*",
      description = "A field, such as tags.stage=checked.")
  List<String> sets = new ArrayList<>();

  @Option(
      names = "--add",
      paramLabel = "WORD",
      arity = "1..*",
      parameterConsumer = Phrases.class,
      description = "Add to a list: PATH VALUE, or PATH KEY=VALUE … for a mapping.")
  List<List<String>> additions = new ArrayList<>();

  @Option(
      names = "--remove",
      paramLabel = "WORD",
      arity = "1..*",
      parameterConsumer = Phrases.class,
      description = "Take a field away: PATH, or PATH INDEX for an item of a list.")
  List<List<String>> removals = new ArrayList<>();

  @Option(
      names = "--add-label",
      paramLabel = "LABEL",
      description = "Point a label at this version: azureml:NAME@LABEL then means it.")
  List<String> added = new ArrayList<>();

  @Option(names = "--remove-label", paramLabel = "LABEL", description = "Take a label away.")
  List<String> removed = new ArrayList<>();

  @Option(names = "--no-wait", hidden = true)
  boolean noWait;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;
  private final AssetKind kind;
  private @Nullable AssetFlags flags;

  AssetUpdateCommand(Context context, AssetKind kind) {
    this.context = context;
    this.kind = kind;
  }

  CommandLine line() {
    var line = new CommandLine(this);
    flags = AssetFlags.forUpdate(line.getCommandSpec(), kind);
    return line;
  }

  @Override
  public Integer call() {
    var changes = new ArrayList<>(Objects.requireNonNull(flags).sets());
    sets.forEach(set -> changes.add(AssetFlags.asText(set)));
    try (var wiring = context.wiring()) {
      var assets = wiring.assets();
      var asset = changed(wiring, assets.get(kind, name.name(), name.wanted()), changes);
      for (var label : added) {
        asset = assets.label(asset, label);
      }
      for (var label : removed) {
        asset = assets.unlabel(asset, label);
      }
      output.print(context.out(), new AssetJson(wiring.workspace()).of(asset));
      return CommandLineProgram.DONE;
    }
  }

  private Asset changed(Wiring wiring, Asset asset, List<String> changes) {
    var document = PlainDocument.changed(Drafting.shown(asset), changes);
    for (var words : additions) {
      document = UpdateArguments.added(document, words);
    }
    for (var words : removals) {
      document = UpdateArguments.removed(document, words);
    }
    if (!kind.versioned()) {
      wiring.check(kind, document);
    }
    var draft = Drafting.changed(asset, document);
    return wiring.assets().tell(wiring.assets().replace(asset, draft.body()), draft.told());
  }
}
