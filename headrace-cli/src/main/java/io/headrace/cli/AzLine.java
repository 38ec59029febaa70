package io.headrace.cli;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a line written for the Azure CLI means: {@code az ml …} is a command of ours, and what
 * scripts do around it (to log in, to choose a subscription) has an answer.
 */
final class AzLine {
  /** The versions whose flags and shapes are kept to. */
  static final String CLI = "2.80.0";

  static final String EXTENSION = "2.40.0";

  private static final List<String> NOT_HERE =
      List.of(
          "online-endpoint",
          "online-deployment",
          "batch-endpoint",
          "batch-deployment",
          "serverless-endpoint",
          "marketplace-subscription",
          "registry",
          "feature-set",
          "feature-store",
          "feature-store-entity",
          "index",
          "capability-host");

  private AzLine() {}

  /** The meaning of a line. */
  sealed interface Meaning {
    /** A command of ours with these arguments. */
    record Ours(List<String> arguments) implements Meaning {}

    /**
     * An answer.
     *
     * @param options the line's flags: how to print, and others that mean nothing
     * @param notice for the standard error; empty for none
     */
    record Answer(Value result, List<String> options, String notice) implements Meaning {}
  }

  /** Reads the arguments after {@code az}. */
  static Meaning of(List<String> arguments) {
    String first = arguments.isEmpty() ? "--help" : arguments.getFirst();
    var rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
    return switch (first) {
      case "ml" -> ml(rest);
      case "login" -> answer(new Value.Items(List.of(account())), rest);
      case "logout", "configure" -> configure(rest);
      case "account" -> account(rest);
      case "config" -> answer(nothing(), rest);
      case "extension" -> extension(rest);
      case "group" -> group(rest);
      case "version" -> answer(versions(), rest);
      default -> throw unknown(String.join(" ", arguments));
    };
  }

  private static Meaning ml(List<String> rest) {
    if (!rest.isEmpty() && NOT_HERE.contains(rest.getFirst())) {
      throw Problem.of(
              ErrorCode.NOT_SUPPORTED, "az ml " + rest.getFirst() + " is not answered by Headrace")
          .fix("what only Azure's service does has no place on this machine; see docs/az.md")
          .asException();
    }
    return new Meaning.Ours(rest.isEmpty() ? List.of("--help") : rest);
  }

  private static Meaning configure(List<String> rest) {
    boolean list = rest.contains("-l") || rest.contains("--list-defaults");
    return answer(list ? new Value.Items(List.of()) : nothing(), rest);
  }

  private static Meaning account(List<String> rest) {
    return switch (verb(rest)) {
      case "show" -> answer(account(), rest);
      case "list" -> answer(new Value.Items(List.of(account())), rest);
      case "set", "clear" -> answer(nothing(), rest);
      case "get-access-token" ->
          new Meaning.Answer(
              table(
                  "accessToken", "none",
                  "expiresOn", "9999-12-31 00:00:00.000000",
                  "subscription", AssetJson.SUBSCRIPTION,
                  "tenant", AssetJson.SUBSCRIPTION,
                  "tokenType", "Bearer"),
              flags(rest),
              "az account get-access-token: there is no Azure here, and the token opens nothing");
      default -> throw unknown("account " + String.join(" ", rest));
    };
  }

  private static Meaning extension(List<String> rest) {
    var name = option(rest, "-n", "--name").orElse("ml");
    if (!name.equals("ml") && !verb(rest).equals("list")) {
      throw Problem.of(
              ErrorCode.NOT_SUPPORTED, "az extension: only 'ml' is here, not '" + name + "'")
          .fix("take the folder of this az off the PATH for that command")
          .asException();
    }
    return switch (verb(rest)) {
      case "list" -> answer(new Value.Items(List.of(ml())), rest);
      case "show" -> answer(ml(), rest);
      case "add", "remove", "update" -> answer(nothing(), rest);
      default -> throw unknown("extension " + String.join(" ", rest));
    };
  }

  private static Meaning group(List<String> rest) {
    return switch (verb(rest)) {
      case "show", "create" -> answer(resourceGroup(rest), rest);
      case "list" -> answer(new Value.Items(List.of(resourceGroup(rest))), rest);
      case "exists" -> answer(new Value.Flag(true), rest);
      default -> throw unknown("group " + String.join(" ", rest));
    };
  }

  private static ProblemException unknown(String line) {
    return Problem.of(ErrorCode.NOT_SUPPORTED, "az " + line + ": not answered by Headrace")
        .fix("`az ml`, login, account, configure, config, extension, group and version are")
        .asException();
  }

  // Answers

  private static Meaning answer(Value result, List<String> rest) {
    return new Meaning.Answer(result, flags(rest), "");
  }

  private static Value nothing() {
    return new Value.Nothing();
  }

  private static Value.Table account() {
    var fields =
        new LinkedHashMap<>(
            table(
                    "environmentName",
                    "Headrace",
                    "homeTenantId",
                    AssetJson.SUBSCRIPTION,
                    "id",
                    AssetJson.SUBSCRIPTION,
                    "name",
                    "Headrace",
                    "state",
                    "Enabled",
                    "tenantId",
                    AssetJson.SUBSCRIPTION)
                .entries());
    fields.put("isDefault", new Value.Flag(true));
    fields.put("managedByTenants", new Value.Items(List.of()));
    fields.put("user", table("name", "headrace", "type", "user"));
    return new Value.Table(fields);
  }

  private static Value.Table ml() {
    var fields =
        new LinkedHashMap<>(
            table("extensionType", "whl", "name", "ml", "version", EXTENSION, "path", "")
                .entries());
    fields.put("experimental", new Value.Flag(false));
    fields.put("preview", new Value.Flag(false));
    return new Value.Table(fields);
  }

  private static Value versions() {
    var fields = new LinkedHashMap<>(table("azure-cli", CLI, "azure-cli-core", CLI).entries());
    fields.put("extensions", table("ml", EXTENSION));
    return new Value.Table(fields);
  }

  private static Value resourceGroup(List<String> rest) {
    String name =
        option(rest, "-n", "--name")
            .or(() -> option(rest, "-g", "--resource-group"))
            .orElse(AssetJson.GROUP);
    var fields =
        new LinkedHashMap<>(
            table(
                    "id",
                    "/subscriptions/" + AssetJson.SUBSCRIPTION + "/resourceGroups/" + name,
                    "location",
                    "local",
                    "name",
                    name,
                    "type",
                    "Microsoft.Resources/resourceGroups")
                .entries());
    fields.put("properties", table("provisioningState", "Succeeded"));
    fields.put("tags", new Value.Table(Map.of()));
    return new Value.Table(fields);
  }

  private static Value.Table table(String... pairs) {
    var fields = new LinkedHashMap<String, Value>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i], new Value.Text(pairs[i + 1]));
    }
    return new Value.Table(fields);
  }

  // Arguments

  private static String verb(List<String> rest) {
    return rest.isEmpty() ? "" : rest.getFirst();
  }

  private static Optional<String> option(List<String> rest, String... names) {
    var known = Arrays.asList(names);
    for (int i = 0; i < rest.size(); i++) {
      String word = rest.get(i);
      if (known.contains(word) && i + 1 < rest.size()) {
        return Optional.of(rest.get(i + 1));
      }
      for (var name : known) {
        if (name.startsWith("--") && word.startsWith(name + "=")) {
          return Optional.of(word.substring(name.length() + 1));
        }
      }
    }
    return Optional.empty();
  }

  /** Of the flags, those that say how to print. */
  private static List<String> flags(List<String> rest) {
    var flags = new ArrayList<String>();
    option(rest, "-o", "--output").ifPresent(it -> flags.add("--output=" + it));
    option(rest, "--query").ifPresent(it -> flags.add("--query=" + it));
    return flags;
  }
}
