package io.headrace.cli;

import io.headrace.asset.AssetKind;
import io.headrace.cli.JobChangeCommand.Change;
import io.headrace.cli.Main.Surroundings;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The whole command line: parses, runs the command, turns what went wrong into words and an exit
 * code.
 */
final class CommandLineProgram {
  static final int DONE = 0;
  static final int WORK_FAILED = 1;
  static final int REQUEST_WRONG = 2;
  static final int PLATFORM_FAILED = 3;

  private final Surroundings around;

  CommandLineProgram(Surroundings around) {
    this.around = around;
  }

  int execute(String... args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      // Asked for by scripts all the time: no need to look at any command's options first.
      return version();
    }
    return args.length > 0 && args[0].equals("az")
        ? az(List.of(args).subList(1, args.length))
        : execute(commands(around, wanted(around, args)), args);
  }

  /** A line written for the Azure CLI. */
  private int az(List<String> arguments) {
    if (arguments.equals(List.of("--version")) || arguments.equals(List.of("-v"))) {
      around.out().println("azure-cli  " + AzLine.CLI + "  (answered by Headrace)");
      around.out().println("ml         " + AzLine.EXTENSION);
      return version();
    }
    try {
      return switch (AzLine.of(arguments)) {
        case AzLine.Meaning.Ours(var ours) -> execute(ours.toArray(String[]::new));
        case AzLine.Meaning.Answer answer ->
            execute(
                new CommandLine(
                    new AnswerCommand(new Context(around, new HeadraceCommand()), answer)),
                answer.options().toArray(String[]::new));
      };
    } catch (ProblemException e) {
      return failed(e);
    }
  }

  private int execute(CommandLine line, String... args) {
    line.setOut(around.out());
    line.setErr(around.err());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(100);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler(this::wrongArguments);
    line.setExecutionExceptionHandler((failure, _, _) -> failed(failure));
    try {
      return line.execute(args);
    } catch (Error e) {
      // No memory left, a broken installation: never to be taken for the work's own failure.
      around.out().flush();
      return brokeDown(e);
    }
  }

  private int version() {
    try {
      for (var text : new Version().getVersion()) {
        around.out().println(text);
      }
      return DONE;
    } catch (IOException e) {
      return failed(e);
    }
  }

  /** The whole tree of commands, for help and completion. */
  static CommandLine commands(Surroundings around) {
    return commands(around, "");
  }

  /**
   * The tree of commands, each made with what it needs.
   *
   * @param only the one that was asked for: to look at the options of all the others takes longer
   *     than many a command; empty for all
   */
  private static CommandLine commands(Surroundings around, String only) {
    var root = new HeadraceCommand();
    var context = new Context(around, root);
    var line = new CommandLine(root);
    subcommands(context)
        .forEach((name, command) -> {
          if (only.isEmpty() || only.equals(name)) {
            line.addSubcommand(command.get());
          }
        });
    return line;
  }

  private static Map<String, Supplier<CommandLine>> subcommands(Context context) {
    var all = new LinkedHashMap<String, Supplier<CommandLine>>();
    all.put(
        "run",
        () ->
            new CommandLine(new RunCommand(context))
                .addSubcommand(new RunListCommand(context))
                .addSubcommand(new RunShowCommand(context)));
    all.put("server", () -> new CommandLine(new ServerCommand(context)));
    all.put("resume", () -> new CommandLine(new ResumeCommand(context)));
    all.put("plan", () -> new CommandLine(new PlanCommand(context)));
    all.put("validate", () -> new CommandLine(new ValidateCommand(context)));
    all.put("schema", () -> new CommandLine(new SchemaCommand(context)));
    all.put("why", () -> new CommandLine(new WhyCommand(context)));
    all.put(
        "job",
        () ->
            new CommandLine(new JobCommand())
                .addSubcommand(new JobCreateCommand(context))
                .addSubcommand(new JobShowCommand(context))
                .addSubcommand(new JobListCommand(context))
                .addSubcommand(new JobStreamCommand(context))
                .addSubcommand(new JobCancelCommand(context))
                .addSubcommand(new JobDownloadCommand(context))
                .addSubcommand("archive", new JobChangeCommand(context, Change.ARCHIVE))
                .addSubcommand("restore", new JobChangeCommand(context, Change.RESTORE))
                .addSubcommand("update", new JobChangeCommand(context, Change.UPDATE))
                .addSubcommand(new JobServicesCommand(context))
                .addSubcommand(new JobValidateCommand(context)));
    for (var kind : AssetKind.values()) {
      all.put(kind.word(), () -> AssetCommands.of(context, kind));
    }
    all.put("workspace", () -> WorkspaceCommand.of(context));
    all.put("user", () -> UserCommands.of(context));
    all.put("audit", () -> AuditListCommand.group(context));
    all.put(
        "import",
        () ->
            new CommandLine(new ImportCommand())
                .addSubcommand(new ImportMlprojectCommand(context)));
    all.put("gc", () -> new CommandLine(new GcCommand(context)));
    all.put("fsck", () -> new CommandLine(new FsckCommand(context)));
    all.put("backup", () -> new CommandLine(new BackupCommand(context)));
    all.put("restore", () -> new CommandLine(new RestoreCommand(context)));
    all.put("completion", () -> new CommandLine(new CompletionCommand(context)));
    return all;
  }

  /**
   * The first argument that is the name of a command, when only options of ours stand before it.
   */
  private static String wanted(Surroundings around, String... args) {
    var root = new HeadraceCommand();
    var known = subcommands(new Context(around, root)).keySet();
    for (int i = 0; i < args.length; i++) {
      if (known.contains(args[i])) {
        return args[i];
      }
      if (args[i].equals("--workspace")) {
        i++;
      } else if (!args[i].startsWith("--workspace=")) {
        return "";
      }
    }
    return "";
  }

  private int wrongArguments(CommandLine.ParameterException e, String[] args) {
    var command = e.getCommandLine();
    var problem = Problem.of(ErrorCode.BAD_ARGUMENT, said(e, command));
    around
        .err()
        .println(
            problem.fix("`" + command.getCommandSpec().qualifiedName() + " --help` shows how"));
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      around.err().println("  did you mean: " + String.join(", ", unmatched.getSuggestions()));
    }
    return REQUEST_WRONG;
  }

  private static String said(CommandLine.ParameterException e, CommandLine command) {
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()
        && !unmatched.isUnknownOption()) {
      var word = unmatched.getUnmatched().getFirst();
      return command.getSubcommands().isEmpty()
          ? "'" + word + "' is one argument too many"
          : "there is no command '" + word + "'";
    }
    return String.valueOf(e.getMessage()).replace("\n", "; ");
  }

  private int failed(Exception failure) {
    around.out().flush();
    return switch (failure) {
      case ProblemException e -> {
        e.problems().forEach(problem -> around.err().println(problem));
        var errors = e.problems().stream().filter(Problem::isError).count();
        if (errors > 1) {
          around.err().println(errors + " errors");
        }
        yield e.blame().exitCode();
      }
      case FileSystemException e -> {
        var reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        around.err().println(Problem.of(ErrorCode.DISK, e.getFile() + ": " + reason));
        yield PLATFORM_FAILED;
      }
      case IOException e -> {
        around.err().println(Problem.of(ErrorCode.DISK, String.valueOf(e.getMessage())));
        yield PLATFORM_FAILED;
      }
      case InterruptedException _ -> {
        Thread.currentThread().interrupt();
        yield PLATFORM_FAILED;
      }
      default -> brokeDown(failure);
    };
  }

  private int brokeDown(Throwable failure) {
    var trace = new StringWriter();
    failure.printStackTrace(new java.io.PrintWriter(trace));
    around
        .err()
        .println(
            Problem.of(ErrorCode.INTERNAL, "Headrace itself failed: " + failure)
                .fix("this is a fault of ours; please report it with the lines below"));
    around.err().println(trace);
    return PLATFORM_FAILED;
  }
}
