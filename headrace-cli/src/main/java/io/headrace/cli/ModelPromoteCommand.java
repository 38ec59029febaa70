package io.headrace.cli;

import io.headrace.asset.AssetKind;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.registry.AliasMove;
import io.headrace.registry.ModelVersion;
import io.headrace.registry.Registry;
import io.headrace.spec.Value;
import io.headrace.tracking.TrackingException;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace model promote -n NAME -v VERSION --alias champion}. */
@Command(
    name = "promote",
    header = "Point an alias at a version, away from the one it named; who did is kept.",
    description = "")
final class ModelPromoteCommand implements Callable<Integer> {
  @Mixin AssetName name = new AssetName();

  @Option(
      names = {"-a", "--alias"},
      paramLabel = "ALIAS",
      description = "The alias (default: ${DEFAULT-VALUE}).")
  String alias = "champion";

  @Option(names = "--history", description = "Move nothing; list how the alias has moved.")
  boolean history;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  ModelPromoteCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (var wiring = context.wiring()) {
      var asset = wiring.assets().get(AssetKind.MODEL, name.name(), name.wanted());
      var registry = wiring.registry();
      if (!history) {
        var version = registry.versions().ofAsset(asset.name(), asset.version());
        promote(registry, version);
      }
      output.print(
          context.out(),
          new Value.Items(
              registry.aliases().moves(asset.name(), alias).stream()
                  .limit(history ? Long.MAX_VALUE : 1)
                  .map(ModelPromoteCommand::json)
                  .toList()));
      return CommandLineProgram.DONE;
    }
  }

  private void promote(Registry registry, ModelVersion version) {
    try {
      registry
          .aliases()
          .set(version.name(), alias, Long.toString(version.version()), context.user());
    } catch (TrackingException e) {
      throw Problem.of(ErrorCode.BAD_NAME, String.valueOf(e.getMessage())).asException(e);
    }
  }

  private static Value json(AliasMove move) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("model", new Value.Text(move.model()));
    fields.put("alias", new Value.Text(move.alias()));
    fields.put("from", version(move.from()));
    fields.put("to", version(move.to()));
    fields.put("at", new Value.Text(move.at().toString()));
    fields.put("by", new Value.Text(move.user()));
    return new Value.Table(fields);
  }

  private static Value version(Optional<Long> version) {
    @Nullable Long number = version.orElse(null);
    return number == null ? new Value.Nothing() : new Value.Whole(BigInteger.valueOf(number));
  }
}
