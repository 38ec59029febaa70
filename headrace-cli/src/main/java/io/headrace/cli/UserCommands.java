package io.headrace.cli;

import io.headrace.access.Grant;
import io.headrace.access.Role;
import io.headrace.access.Scope;
import io.headrace.access.User;
import io.headrace.access.Users;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.tracking.TrackingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code headrace user}: who may come in. Whoever can write the workspace's files may do this; a
 * server that runs sees it with the next call.
 */
final class UserCommands {
  private UserCommands() {}

  static CommandLine of(Context context) {
    var line = new CommandLine(new AssetCommands.Group());
    line.getCommandSpec().name("user");
    line.getCommandSpec()
        .usageMessage()
        .header("Say who may use the server, and what for: users, tokens, roles.");
    line.addSubcommand("create", new Create(context));
    line.addSubcommand("list", new ListAll(context));
    line.addSubcommand("update", new Update(context));
    line.addSubcommand("delete", new Delete(context));
    line.addSubcommand("grant", new GrantRole(context));
    line.addSubcommand("revoke", new RevokeRole(context));
    var token = new CommandLine(new AssetCommands.Group());
    token.getCommandSpec().usageMessage().header("Make, list and end a user's tokens.");
    token.addSubcommand("create", new TokenCreate(context));
    token.addSubcommand("list", new TokenList(context));
    token.addSubcommand("revoke", new TokenRevoke(context));
    line.addSubcommand("token", token);
    return line;
  }

  private static Users.By by(Context context) {
    return new Users.By("(" + context.user() + ")", "command line");
  }

  /** Which user. */
  static final class Named {
    @Parameters(paramLabel = "NAME", description = "The user's name.")
    String name = "";
  }

  /** A password, never on the command line, where others see it. */
  static final class PasswordOption {
    @Option(
        names = "--password-file",
        paramLabel = "FILE",
        description = {
          "A file whose first line is the password, such as /dev/stdin.",
          "Without a password, a user comes in by tokens."
        })
    @Nullable Path file;

    Optional<String> read(Context context) throws IOException {
      if (file == null) {
        return Optional.empty();
      }
      try (var lines = Files.newBufferedReader(context.resolve(file))) {
        return Optional.of(Optional.ofNullable(lines.readLine()).orElse(""));
      }
    }
  }

  /** What a role is for: everything, unless something is named. */
  static final class For {
    @Option(
        names = "--experiment",
        paramLabel = "NAME",
        description = "For this experiment only: its name or its id.")
    @Nullable String experiment;

    @Option(
        names = "--model",
        paramLabel = "NAME",
        description = "For this registered model only, whether it is there yet or not.")
    @Nullable String model;

    Scope scope(Wiring wiring) {
      if (experiment != null && model != null) {
        throw Problem.of(ErrorCode.BAD_ARGUMENT, "--experiment and --model are two roles")
            .fix("give one at a time")
            .asException();
      }
      if (experiment != null) {
        return new Scope.Experiment(id(wiring, experiment));
      }
      return model != null ? new Scope.Model(model) : new Scope.Everywhere();
    }

    private static String id(Wiring wiring, String nameOrId) {
      var experiments = wiring.tracking().experiments();
      var named = experiments.named(nameOrId);
      if (named.isPresent()) {
        return named.get().id();
      }
      try {
        return experiments.get(nameOrId).id();
      } catch (TrackingException e) {
        throw Problem.of(ErrorCode.NOT_FOUND, "there is no experiment '" + nameOrId + "'")
            .asException(e);
      }
    }
  }

  /** {@code create NAME}. */
  @Command(
      name = "create",
      header = "Make a user.",
      description = {
        "",
        "From the first user on, a server of this workspace lets in nobody who is none (the",
        "workspace's own token still opens all).",
        ""
      })
  static final class Create implements Callable<Integer> {
    @Mixin Named user = new Named();

    @Option(
        names = "--display-name",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "What people call the user.")
    String displayName = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        description = "reader, contributor or admin of everything; more by `user grant`.")
    @Nullable String role;

    @Mixin PasswordOption password = new PasswordOption();

    private final Context context;

    Create(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws IOException {
      try (var wiring = context.wiring()) {
        var first = !wiring.users().exist();
        var made =
            wiring
                .users()
                .create(
                    by(context),
                    user.name,
                    displayName,
                    password.read(context),
                    Optional.ofNullable(role).map(Role::of));
        context.out().println("made user " + made.name() + roles(made));
        if (first) {
          context.out().println("from now on the server lets in users only");
        }
        context.out().println("a token for it: headrace user token create " + made.name());
      }
      return CommandLineProgram.DONE;
    }
  }

  private static String roles(User user) {
    return user.grants().isEmpty()
        ? ", who may do nothing yet: `headrace user grant`"
        : ", " + user.grants().stream().map(UserCommands::text).collect(Collectors.joining(", "));
  }

  private static String text(Grant grant) {
    return grant.role().word() + " of " + grant.scope().text();
  }

  /** {@code list}. */
  @Command(name = "list", header = "List all users with their roles.", description = "")
  static final class ListAll implements Callable<Integer> {
    @Mixin OutputOptions output = OutputOptions.text();

    private final Context context;

    ListAll(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        var users = wiring.users().list();
        if (!output.forPeople()) {
          output.print(context.out(), JsonText.list(users, ListAll::write));
          return CommandLineProgram.DONE;
        }
        users.forEach(it -> context.out().println(it.name() + roles(it)));
      }
      return CommandLineProgram.DONE;
    }

    private static void write(User user, JsonText.Body json) {
      json.text("name", user.name());
      json.text("display_name", user.displayName());
      json.text("password", user.hasPassword() ? "yes" : "no");
      json.text("created", user.created().toString());
      json.object(
          "roles",
          roles -> user.grants().forEach(it -> roles.text(it.scope().text(), it.role().word())));
    }
  }

  /** {@code update NAME}. */
  @Command(name = "update", header = "Change a user's name or password.", description = "")
  static final class Update implements Callable<Integer> {
    @Mixin Named user = new Named();

    @Option(names = "--display-name", paramLabel = "TEXT", description = "A new one.")
    @Nullable String displayName;

    @Mixin PasswordOption password = new PasswordOption();

    private final Context context;

    Update(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws IOException {
      try (var wiring = context.wiring()) {
        wiring
            .users()
            .update(
                by(context), user.name, Optional.ofNullable(displayName), password.read(context));
      }
      return CommandLineProgram.DONE;
    }
  }

  /** {@code delete NAME}. */
  @Command(
      name = "delete",
      header = "Remove a user with tokens, roles and sessions.",
      description = {"", "When the last one is gone, the server is as open as without users.", ""})
  static final class Delete implements Callable<Integer> {
    @Mixin Named user = new Named();

    private final Context context;

    Delete(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        wiring.users().delete(by(context), user.name);
        if (!wiring.users().exist()) {
          context.out().println("there are no users any more: a server on this machine is open");
        }
      }
      return CommandLineProgram.DONE;
    }
  }

  /** {@code grant NAME ROLE}. */
  @Command(
      name = "grant",
      header = "Give a user a role, for everything or for one experiment or model.",
      description = {
        "",
        "A reader looks; a contributor creates and changes; an admin deletes experiments and",
        "models, and as an admin of everything does whatever there is.",
        ""
      })
  static final class GrantRole implements Callable<Integer> {
    @Mixin Named user = new Named();

    @Parameters(paramLabel = "ROLE", description = "reader, contributor or admin.")
    String role = "";

    @Mixin For what = new For();

    private final Context context;

    GrantRole(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        var grant = new Grant(what.scope(wiring), Role.of(role));
        wiring.users().grant(by(context), user.name, grant);
        context.out().println(user.name + " is now " + text(grant));
      }
      return CommandLineProgram.DONE;
    }
  }

  /** {@code revoke NAME}. */
  @Command(name = "revoke", header = "Take a role away.", description = "")
  static final class RevokeRole implements Callable<Integer> {
    @Mixin Named user = new Named();
    @Mixin For what = new For();

    private final Context context;

    RevokeRole(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        wiring.users().revoke(by(context), user.name, what.scope(wiring));
      }
      return CommandLineProgram.DONE;
    }
  }

  /** {@code token create NAME}. */
  @Command(
      name = "create",
      header = "Make a token; it is shown this once.",
      description = {"", "For MLflow's clients: export MLFLOW_TRACKING_TOKEN=...", ""})
  static final class TokenCreate implements Callable<Integer> {
    @Mixin Named user = new Named();

    @Option(
        names = "--label",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "What it is for, so that it is known when it is to be ended.")
    String label = "";

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        defaultValue = "90d",
        description = "After which time it ends, such as 12h or 90d (the default), or never.")
    String expires = "90d";

    private final Context context;

    TokenCreate(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        var lives =
            expires.equals("never")
                ? Optional.<Duration>empty()
                : Optional.of(TimeText.duration("--expires", expires));
        context.out().println(wiring.users().createToken(by(context), user.name, label, lives));
      }
      return CommandLineProgram.DONE;
    }
  }

  /** {@code token list NAME}. */
  @Command(name = "list", header = "List a user's tokens, without the tokens.", description = "")
  static final class TokenList implements Callable<Integer> {
    @Mixin Named user = new Named();
    @Mixin OutputOptions output = OutputOptions.text();

    private final Context context;

    TokenList(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        List<User.Token> tokens = wiring.users().tokens(user.name);
        if (!output.forPeople()) {
          output.print(context.out(), JsonText.list(tokens, TokenList::write));
          return CommandLineProgram.DONE;
        }
        tokens.forEach(it ->
            context
                .out()
                .println(
                    it.number()
                        + "  made "
                        + it.created()
                        + "  "
                        + it.expires().map(at -> "ends " + at).orElse("never ends")
                        + (it.label().isEmpty() ? "" : "  " + LogTail.harmless(it.label()))));
      }
      return CommandLineProgram.DONE;
    }

    private static void write(User.Token token, JsonText.Body json) {
      json.text("id", Long.toString(token.number()));
      json.text("label", token.label());
      json.text("created", token.created().toString());
      json.text("expires", token.expires().map(Instant::toString).orElse(""));
    }
  }

  /** {@code token revoke NAME ID}. */
  @Command(name = "revoke", header = "End a token, from the next call on.", description = "")
  static final class TokenRevoke implements Callable<Integer> {
    @Mixin Named user = new Named();

    @Parameters(paramLabel = "ID", description = "As `user token list` shows it.")
    long id;

    private final Context context;

    TokenRevoke(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      try (var wiring = context.wiring()) {
        wiring.users().revokeToken(by(context), user.name, id);
      }
      return CommandLineProgram.DONE;
    }
  }
}
