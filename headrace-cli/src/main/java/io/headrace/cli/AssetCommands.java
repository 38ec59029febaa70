package io.headrace.cli;

import io.headrace.asset.AssetKind;
import io.headrace.asset.Drafting;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code headrace data}, {@code model}, … : the words of {@code az ml}, the same for all kinds. */
final class AssetCommands {
  private AssetCommands() {}

  /** The command of a kind with all below it. */
  static CommandLine of(Context context, AssetKind kind) {
    var line = new CommandLine(new Group());
    var spec = line.getCommandSpec();
    spec.name(kind.word());
    spec.usageMessage().header("Create, show and change " + of(kind) + ", as az ml does.");
    line.addSubcommand(new AssetCreateCommand(context, kind).line());
    line.addSubcommand(new AssetUpdateCommand(context, kind).line());
    line.addSubcommand(new Show(context, kind));
    line.addSubcommand(new AssetListCommand(context, kind));
    if (kind.versioned()) {
      line.addSubcommand("archive", new Archive(context, kind, true));
      line.addSubcommand("restore", new Archive(context, kind, false));
      line.addSubcommand(new AssetDownloadCommand(context, kind));
    } else {
      line.addSubcommand(new Delete(context, kind));
    }
    more(line, context, kind);
    return line;
  }

  private static String of(AssetKind kind) {
    return switch (kind) {
      case DATA -> "versions of data";
      case MODEL, ENVIRONMENT, COMPONENT -> "versions of " + kind.plural();
      case COMPUTE, DATASTORE, SCHEDULE, CONNECTION -> kind.plural();
    };
  }

  private static void more(CommandLine line, Context context, AssetKind kind) {
    switch (kind) {
      case DATA -> {
        share(line, kind);
        line.addSubcommand("import", new JobCreateCommand(context));
      }
      case ENVIRONMENT, COMPONENT -> share(line, kind);
      case MODEL -> {
        share(line, kind);
        line.addSubcommand(new ModelPromoteCommand(context));
        line.addSubcommand(new ModelCompareCommand(context));
        line.addSubcommand(new ModelCardCommand(context));
        line.addSubcommand(new ModelCopyCommand(context));
        line.addSubcommand(
            "package",
            new Refused(
                "az ml model package builds an image for a hosted endpoint, which is not here",
                "`headrace model download` gives the model's files"));
      }
      case COMPUTE -> {
        for (var verb : List.of("start", "stop", "restart")) {
          line.addSubcommand(verb, new Touch(context, kind));
        }
        for (var verb : List.of("attach", "detach", "connect-ssh", "resize", "list-nodes")) {
          line.addSubcommand(
              verb,
              new Refused(
                  "a compute is a name here: every step runs on this machine", "leave it out"));
        }
      }
      case SCHEDULE -> {
        line.addSubcommand("enable", new Switch(context, kind, true));
        line.addSubcommand("disable", new Switch(context, kind, false));
        line.addSubcommand(new ScheduleTimesCommand(context));
      }
      case DATASTORE, CONNECTION -> {}
    }
  }

  private static void share(CommandLine line, AssetKind kind) {
    line.addSubcommand(
        "share",
        new Refused(
            "there are no registries to share with",
            "create the " + kind.word() + " in the other workspace from its file"));
  }

  /** Looks at the files of models that nobody looked at yet. */
  static void inspect(Wiring wiring, AssetKind kind) {
    if (kind == AssetKind.MODEL) {
      try {
        wiring.registry().versions().inspectPending();
      } catch (IOException e) {
        throw Problem.of(ErrorCode.DISK, "the objects cannot be read: " + e.getMessage())
            .asException(e);
      }
    }
  }

  /** Without a command: who types that wants to know what there is. */
  @Command(synopsisSubcommandLabel = "COMMAND")
  static final class Group implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      var line = Objects.requireNonNull(spec).commandLine();
      line.usage(line.getErr());
      return CommandLineProgram.REQUEST_WRONG;
    }
  }

  /** {@code show -n NAME}. */
  @Command(name = "show", header = "Show one.", description = "")
  static final class Show implements Callable<Integer> {
    @Mixin AssetName name = new AssetName();

    @Option(
        names = {"--include-secrets", "--populate-secrets"},
        hidden = true)
    boolean secrets;

    @Mixin OutputOptions output = OutputOptions.json();
    @Mixin AzureOptions azure = new AzureOptions();

    private final Context context;
    private final AssetKind kind;

    Show(Context context, AssetKind kind) {
      this.context = context;
      this.kind = kind;
    }

    @Override
    public Integer call() {
      if (secrets) {
        throw io.headrace.problem.Problem.of(
                io.headrace.problem.ErrorCode.NOT_SUPPORTED, "secrets are never printed")
            .fix("they are in " + context.workspace().secrets() + ", for you alone to read")
            .asException();
      }
      try (var wiring = context.wiring()) {
        inspect(wiring, kind);
        var asset = wiring.assets().get(kind, name.name(), name.wanted());
        output.print(context.out(), new AssetJson(wiring.workspace()).of(asset));
        return CommandLineProgram.DONE;
      }
    }
  }

  /** {@code archive} and {@code restore}. */
  @Command(header = "Hide from lists, or show there again; references still find it.")
  static final class Archive implements Callable<Integer> {
    @Mixin AssetName name = new AssetName();
    @Mixin OutputOptions output = OutputOptions.json();
    @Mixin AzureOptions azure = new AzureOptions();

    private final Context context;
    private final AssetKind kind;
    private final boolean archived;

    Archive(Context context, AssetKind kind, boolean archived) {
      this.context = context;
      this.kind = kind;
      this.archived = archived;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        var version =
            name.label == null
                ? name.version()
                : java.util.Optional.of(
                    wiring.assets().get(kind, name.name(), name.wanted()).version());
        wiring.assets().archive(kind, name.name(), version, archived);
        return CommandLineProgram.DONE;
      }
    }
  }

  /** {@code delete}. */
  @Command(name = "delete", header = "Take one away.", description = "")
  static final class Delete implements Callable<Integer> {
    @Mixin AssetName name = new AssetName();

    @Option(
        names = {"-y", "--yes"},
        description = "Taken; nothing is asked anyway.")
    boolean yes;

    @Option(names = "--no-wait", hidden = true)
    boolean noWait;

    @Mixin OutputOptions output = OutputOptions.json();
    @Mixin AzureOptions azure = new AzureOptions();

    private final Context context;
    private final AssetKind kind;

    Delete(Context context, AssetKind kind) {
      this.context = context;
      this.kind = kind;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        wiring.assets().delete(kind, name.name());
        return CommandLineProgram.DONE;
      }
    }
  }

  /** {@code compute start} and the like: it must be there, and nothing is to be done. */
  @Command(header = "Nothing to do: every step runs on this machine.")
  static final class Touch implements Callable<Integer> {
    @Mixin AssetName name = new AssetName();

    @Option(names = "--no-wait", hidden = true)
    boolean noWait;

    @Mixin OutputOptions output = OutputOptions.json();
    @Mixin AzureOptions azure = new AzureOptions();

    private final Context context;
    private final AssetKind kind;

    Touch(Context context, AssetKind kind) {
      this.context = context;
      this.kind = kind;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        wiring.assets().get(kind, name.name(), name.wanted());
        return CommandLineProgram.DONE;
      }
    }
  }

  /** {@code schedule enable} and {@code disable}. */
  @Command(header = "Say whether the schedule is in force.")
  static final class Switch implements Callable<Integer> {
    @Mixin AssetName name = new AssetName();

    @Option(names = "--no-wait", hidden = true)
    boolean noWait;

    @Mixin OutputOptions output = OutputOptions.json();
    @Mixin AzureOptions azure = new AzureOptions();

    private final Context context;
    private final AssetKind kind;
    private final boolean on;

    Switch(Context context, AssetKind kind, boolean on) {
      this.context = context;
      this.kind = kind;
      this.on = on;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        var asset = wiring.assets().get(kind, name.name(), name.wanted());
        var draft = Drafting.changed(asset, List.of("is_enabled=" + on));
        var changed = wiring.assets().replace(asset, draft.body());
        output.print(context.out(), new AssetJson(wiring.workspace()).of(changed));
        return CommandLineProgram.DONE;
      }
    }
  }

  /** What only Azure can do. */
  @Command(header = "Not here: only Azure can do it.")
  static final class Refused implements Callable<Integer> {
    @CommandLine.Unmatched List<String> rest = new ArrayList<>();

    private final String why;
    private final String instead;

    Refused(String why, String instead) {
      this.why = why;
      this.instead = instead;
    }

    @Override
    public Integer call() {
      throw io.headrace.problem.Problem.of(io.headrace.problem.ErrorCode.NOT_SUPPORTED, why)
          .fix(instead)
          .asException();
    }
  }
}
