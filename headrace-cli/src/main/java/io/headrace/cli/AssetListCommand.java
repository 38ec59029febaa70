package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.spec.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace data list} and its like. */
@Command(name = "list", header = "List all names, or with --name the versions.", description = "")
final class AssetListCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "List the versions of this name, the newest first.")
  @Nullable String name;

  @Option(
      names = {"-r", "--max-results"},
      paramLabel = "N",
      description = "How many at most.")
  @Nullable Integer most;

  @Option(names = "--all-results", arity = "0..1", fallbackValue = "true", hidden = true)
  boolean all;

  @Option(names = "--archived-only", description = "Only what was archived.")
  boolean archivedOnly;

  @Option(names = "--include-archived", description = "What was archived, too.")
  boolean includeArchived;

  @Option(
      names = {"-t", "--type"},
      paramLabel = "TYPE",
      description = "Only those of this type.")
  @Nullable String type;

  @Option(names = "--registry-name", hidden = true)
  @Nullable String registry;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;
  private final AssetKind kind;

  AssetListCommand(Context context, AssetKind kind) {
    this.context = context;
    this.kind = kind;
  }

  @Override
  public Integer call() {
    AssetName.refuse(registry);
    if (most != null) {
      RunTables.checkMost(most);
    }
    try (var wiring = context.wiring()) {
      var json = new AssetJson(wiring.workspace());
      var found =
          wiring.assets().all(kind, name == null ? "" : name).stream()
              .filter(this::isWanted)
              .toList();
      boolean names = name == null && kind.versioned();
      var rows =
          names
              ? containers(found).stream().<Value>map(json::container).toList()
              : found.stream().<Value>map(json::of).toList();
      var shown = most == null ? rows : rows.stream().limit(most).toList();
      output.print(context.out(), new Value.Items(shown));
      return CommandLineProgram.DONE;
    }
  }

  private boolean isWanted(Asset asset) {
    return (archivedOnly ? asset.archived() : includeArchived || !asset.archived())
        && (type == null || asset.text("type").equalsIgnoreCase(type));
  }

  /** The newest version of each name. */
  private static List<Asset> containers(List<Asset> newestFirst) {
    var names = new LinkedHashMap<String, Asset>();
    newestFirst.forEach(it -> names.putIfAbsent(it.name(), it));
    return List.copyOf(names.values());
  }
}
