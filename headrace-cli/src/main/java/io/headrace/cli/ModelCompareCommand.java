package io.headrace.cli;

import io.headrace.registry.ModelComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headrace model compare price:1 price@champion}. */
@Command(
    name = "compare",
    header = "Tell what differs between two versions: bytes, format, signature, params, metrics.",
    description = "")
final class ModelCompareCommand implements Callable<Integer> {
  @Parameters(
      arity = "2",
      paramLabel = "MODEL",
      description = "NAME:VERSION or NAME@ALIAS; NAME is its newest version.")
  List<String> models = new ArrayList<>();

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  ModelCompareCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws java.io.IOException {
    try (var wiring = context.wiring()) {
      var first = ModelCardCommand.find(wiring, models.get(0));
      var second = ModelCardCommand.find(wiring, models.get(1));
      var registry = wiring.registry();
      registry.versions().inspectPending();
      output.print(
          context.out(),
          new ModelComparison(wiring.tracking(), wiring.objects())
              .of(
                  registry.versions().ofAsset(first.name(), first.version()),
                  registry.versions().ofAsset(second.name(), second.version())));
      return CommandLineProgram.DONE;
    }
  }
}
