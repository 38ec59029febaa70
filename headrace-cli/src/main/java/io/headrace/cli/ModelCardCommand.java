package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.AssetReference;
import io.headrace.json.ValueJson;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace model card price:1}. */
@Command(
    name = "card",
    header = "Tell what is recorded of a model: what it is, how it was made, how well it does.",
    description = "")
final class ModelCardCommand implements Callable<Integer> {
  /** How the card is printed. */
  enum Form {
    MD,
    JSON
  }

  @Parameters(
      paramLabel = "MODEL",
      description = "NAME:VERSION or NAME@ALIAS; NAME is its newest version.")
  String model = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "md or json (default: md).")
  Form form = Form.MD;

  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  ModelCardCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    try (var wiring = context.wiring()) {
      var asset = find(wiring, model);
      wiring.registry().versions().inspectPending();
      var card = new ModelCard(wiring).of(asset);
      switch (form) {
        case MD -> context.out().print(ModelCardText.of(card));
        case JSON -> context.out().println(ValueJson.pretty(card));
      }
      return CommandLineProgram.DONE;
    }
  }

  /** The model that a text names. */
  static Asset find(Wiring wiring, String text) {
    var reference =
        AssetReference.parse(text.startsWith("azureml:") ? text : "azureml:" + text)
            .orElseThrow(() ->
                Problem.of(ErrorCode.BAD_ARGUMENT, "'" + text + "' names no model")
                    .fix("NAME:VERSION, NAME@ALIAS or NAME")
                    .asException());
    return wiring.assets().get(AssetKind.MODEL, reference.name(), reference.wanted());
  }
}
