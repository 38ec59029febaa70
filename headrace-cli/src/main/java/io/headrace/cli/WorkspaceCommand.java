package io.headrace.cli;

import io.headrace.spec.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace workspace}: there is one, the folder. */
final class WorkspaceCommand {
  private WorkspaceCommand() {}

  static CommandLine of(Context context) {
    var line = new CommandLine(new AssetCommands.Group());
    line.getCommandSpec().name("workspace");
    line.getCommandSpec().usageMessage().header("Show the workspace, as az ml does.");
    line.addSubcommand("show", new Show(context, false));
    line.addSubcommand("list", new Show(context, true));
    return line;
  }

  /** {@code show} and {@code list}. */
  @Command(header = "Show the workspace: where it is and what it is called.")
  static final class Show implements Callable<Integer> {
    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        description = "Taken; there is one workspace.")
    @Nullable String name;

    @Mixin OutputOptions output = OutputOptions.json();
    @Mixin AzureOptions azure = new AzureOptions();

    private final Context context;
    private final boolean list;

    Show(Context context, boolean list) {
      this.context = context;
      this.list = list;
    }

    @Override
    public Integer call() {
      Value workspace = json();
      output.print(context.out(), list ? new Value.Items(List.of(workspace)) : workspace);
      return CommandLineProgram.DONE;
    }

    private Value json() {
      var workspace = context.workspace();
      String called = name != null ? name : workspace.name();
      var fields = new LinkedHashMap<String, Value>();
      fields.put("name", text(called));
      fields.put("display_name", text(called));
      fields.put("description", text("Headrace on this machine"));
      fields.put("location", text("local"));
      fields.put("path", text(workspace.root().toString()));
      fields.put(
          "id",
          text(
              "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/%s"
                  .formatted(AssetJson.SUBSCRIPTION, AssetJson.GROUP, called)));
      String group = azure.resourceGroup == null ? AssetJson.GROUP : azure.resourceGroup;
      fields.put("resourceGroup", text(group));
      fields.put("resource_group", text(group));
      fields.put("tags", new Value.Table(Map.of()));
      return new Value.Table(fields);
    }

    private static Value text(String text) {
      return new Value.Text(text);
    }
  }
}
