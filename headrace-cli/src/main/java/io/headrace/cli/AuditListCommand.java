package io.headrace.cli;

import io.headrace.access.Audit;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace audit list}. */
@Command(
    name = "list",
    header = "List what was done and what was refused, the oldest first.",
    description = {
      "",
      "Of what a run logs by the thousand, the first in an hour by one user is listed. In brackets",
      "stands who is no user: (workspace) knew the workspace's token, (NAME) typed a command here.",
      ""
    })
final class AuditListCommand implements Callable<Integer> {
  @Option(names = "--user", paramLabel = "NAME", description = "Only what this user did.")
  @Nullable String user;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only since 2026-11-25, 2026-11-25T09:30:00Z, or 7d ago.")
  @Nullable String since;

  @Option(
      names = {"-r", "--max-results"},
      paramLabel = "N",
      description = "The newest so many (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000")
  int most;

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  AuditListCommand(Context context) {
    this.context = context;
  }

  static CommandLine group(Context context) {
    var line = new CommandLine(new AssetCommands.Group());
    line.getCommandSpec().name("audit");
    line.getCommandSpec().usageMessage().header("Look at what was done and what was refused.");
    line.addSubcommand(new AuditListCommand(context));
    return line;
  }

  @Override
  public Integer call() {
    RunTables.checkMost(most);
    try (var wiring = context.wiring()) {
      var from =
          since == null
              ? Instant.EPOCH
              : TimeText.since("--since", since, InstantSource.system().instant());
      var lines =
          wiring
              .audit()
              .list(Optional.ofNullable(user).map(it -> it.toLowerCase(Locale.ROOT)), from, most);
      if (!output.forPeople()) {
        output.print(context.out(), JsonText.list(lines, AuditListCommand::write));
        return CommandLineProgram.DONE;
      }
      lines.forEach(line -> context.out().println(text(line)));
    }
    return CommandLineProgram.DONE;
  }

  private static String text(Audit.Line line) {
    var deed = line.deed();
    return "%s  %d  %s  %s%s  from %s"
        .formatted(
            line.at(),
            deed.answer(),
            deed.who().isEmpty() ? "(nobody)" : deed.who(),
            deed.action(),
            deed.object().isEmpty() ? "" : "  " + deed.object(),
            deed.origin());
  }

  private static void write(Audit.Line line, JsonText.Body json) {
    json.text("at", line.at().toString());
    json.text("user", line.deed().who());
    json.text("action", line.deed().action());
    json.text("object", line.deed().object());
    json.text("from", line.deed().origin());
    json.text("answer", Integer.toString(line.deed().answer()));
  }
}
