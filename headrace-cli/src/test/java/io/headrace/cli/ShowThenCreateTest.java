package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.asset.AssetKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code show} prints is what {@code create} made: to create it again changes nothing. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ShowThenCreateTest {
  private static final int CASES = 8;

  @TempDir Path folder;

  /** Makes random documents of a kind. */
  private static final class Documents {
    private final Random random;
    private final Shell shell;
    private int files;

    Documents(Random random, Shell shell) {
      this.random = random;
      this.shell = shell;
    }

    private String one(String... choices) {
      return choices[random.nextInt(choices.length)];
    }

    private String maybe(String line) {
      return random.nextBoolean() ? line + "\n" : "";
    }

    private String text() {
      return one("plain", "'1'", "\"yes\"", "'a: b # c'", "\"tab\\tline\\nß€\"", "'null'", "'~'");
    }

    private String file() {
      String name = "files/f" + files++ + ".txt";
      shell.write(name, "content " + random.nextInt());
      return name;
    }

    private String folder() {
      String name = "files/d" + files++;
      shell.write(name + "/a.txt", "content " + random.nextInt());
      shell.write(name + "/sub/b c.txt", "");
      return name;
    }

    private String said(AssetKind kind) {
      return "name: n"
          + random.nextInt(4)
          + "\n"
          + (kind.versioned()
              ? maybe("version: " + one("\"1.10\"", "\"2024-05-01\"", "v" + random.nextInt(99)))
              : "")
          + maybe("description: " + text())
          + maybe("tags: {a: " + text() + ", \"b.c\": " + text() + "}");
    }

    String of(AssetKind kind) {
      return said(kind)
          + switch (kind) {
            case DATA -> data();
            case MODEL -> model();
            case ENVIRONMENT -> environment("");
            case COMPONENT -> component();
            case COMPUTE -> compute();
            case DATASTORE -> datastore();
            case SCHEDULE -> schedule();
            case CONNECTION -> connection();
          };
    }

    private String data() {
      return switch (random.nextInt(4)) {
            case 0 -> "type: uri_file\npath: " + file() + "\n";
            case 1 -> "path: " + folder() + "\n";
            case 2 -> "type: uri_folder\npath: https://example.com/a?b=c\n";
            default -> "type: uri_file\npath: azureml://datastores/other/paths/a.csv\n";
          }
          + maybe("properties: {x: " + text() + "}");
    }

    private String model() {
      return "path: "
          + (random.nextBoolean() ? folder() : file())
          + "\n"
          + maybe("type: custom_model")
          + maybe("stage: Production")
          + maybe("flavors: {python_function: {loader_module: m, n: 1, f: 1.5, t: true}}");
    }

    private String conda() {
      String name = "files/c" + files++ + ".yml";
      shell.write(
          name,
          "name: e\nchannels: [conda-forge]\ndependencies:\n- python=3.10\n- pip:\n  - a==1.0\n");
      return name;
    }

    private String environment(String indent) {
      return switch (random.nextInt(3)) {
            case 0 -> indent + "image: registry.example/x:1\n";
            case 1 ->
                indent + "image: registry.example/x:1\n" + indent + "conda_file: " + conda() + "\n";
            default -> indent + "build: {path: " + folder() + ", dockerfile_path: a.txt}\n";
          }
          + (indent.isEmpty() ? maybe("os_type: linux") : "");
    }

    private String component() {
      return one("type: command\n", "")
          + "command: echo ${{inputs.rate}} > ${{outputs.out}}\n"
          + "inputs: {rate: {type: number, default: 0.5, min: 0}}\n"
          + "outputs: {out: {type: uri_file}}\n"
          + maybe("code: " + folder())
          + maybe("display_name: " + text())
          + maybe("is_deterministic: false")
          + maybe("environment_variables: {A: 'b'}")
          + (random.nextBoolean()
              ? "environment: azureml:local:1\n"
              : "environment:\n" + environment("  "));
    }

    private String compute() {
      return switch (random.nextInt(3)) {
        case 0 ->
            "type: "
                + one("amlcompute", "AmlCompute")
                + "\nsize: Standard_DS3_v2\n"
                + maybe("min_instances: 0\nmax_instances: 4")
                + maybe("ssh_settings: {admin_username: ann, admin_password: p4ss}");
        case 1 -> "type: computeinstance\n" + maybe("size: s");
        default -> "type: amlcompute\n" + maybe("tier: low_priority");
      };
    }

    private String datastore() {
      return switch (random.nextInt(3)) {
        case 0 ->
            "type: azure_blob\naccount_name: a\ncontainer_name: c\n"
                + maybe("protocol: https")
                + maybe("credentials: {account_key: k" + random.nextInt() + "}");
        case 1 ->
            """
            type: azure_file
            account_name: a
            file_share_name: c
            credentials: {sas_token: '?x'}
            """;
        default ->
            "type: azure_data_lake_gen2\naccount_name: a\nfilesystem: f\ncredentials:"
                + " {tenant_id: t, client_id: c, client_secret: s"
                + random.nextInt()
                + "}\n";
      };
    }

    private String schedule() {
      shell.write("files/job.yml", "type: command\ncommand: ls\nenvironment: azureml:local:1\n");
      return (random.nextBoolean()
              ? "trigger: {type: cron, expression: \"0 8 * * *\", time_zone: UTC}\n"
              : "trigger: {type: recurrence, frequency: day, interval: 1, schedule:"
                  + " {hours: [1, 2], minutes: 0}}\n")
          + "create_job: "
          + one("files/job.yml", "./files/job.yml", "azureml:job-name")
          + "\n"
          + maybe("properties: {p: q}")
          + maybe("is_enabled: false");
    }

    private String connection() {
      return switch (random.nextInt(4)) {
            case 0 ->
                "type: python_feed\ntarget: https://feed.example\ncredentials:"
                    + " {type: username_password, username: ann, password: p"
                    + random.nextInt()
                    + "}\n";
            case 1 ->
                "type: s3\ntarget: bucket\ncredentials:"
                    + " {type: access_key, access_key_id: i, secret_access_key: s}\n";
            case 2 -> "type: git\ntarget: https://git.example\ncredentials: {type: pat, pat: p}\n";
            default -> "type: custom\ntarget: t\n" + maybe("metadata: {a: 1, b: " + text() + "}");
          }
          + maybe("is_shared: true");
    }
  }

  @ParameterizedTest
  @EnumSource(AssetKind.class)
  void when_what_was_shown_is_created_again_then_nothing_changes(AssetKind kind) {
    var shell = new Shell(folder);
    var random = new Random(kind.word().hashCode());
    var documents = new Documents(random, shell);
    for (int i = 0; i < CASES; i++) {
      String document = documents.of(kind);
      shell.write("made.yml", document);
      var made = shell.run(kind.word(), "create", "-f", "made.yml");
      if (made.code() == 2 && made.err().contains("a version never changes")) {
        continue; // the same version with other content: refused, as it must be
      }
      made.exits(0);
      var name = new ArrayList<>(List.of("-n", field(document, made.out(), "name")));
      if (kind.versioned()) {
        name.addAll(List.of("-v", field(document, made.out(), "version")));
      }
      var before = show(shell, kind, name, "json");
      int known = count(shell, kind, name.get(1));
      for (var format : List.of("json", "yaml")) {
        shell.write("shown.yml", show(shell, kind, name, format));
        var again = shell.run(kind.word(), "create", "-f", "shown.yml");
        assertThat(again.code()).as("%s\n%s\n%s", document, before, again).isZero();
        assertThat(again.out()).as(document).isEqualTo(before);
        assertThat(again.err()).as(document).isEmpty();
        assertThat(show(shell, kind, name, "json")).as(document).isEqualTo(before);
        assertThat(count(shell, kind, name.get(1))).isEqualTo(known);
      }
    }
  }

  private static String show(Shell shell, AssetKind kind, List<String> name, String format) {
    var line = new ArrayList<>(List.of(kind.word(), "show", "-o", format));
    line.addAll(name);
    return shell.run(line.toArray(String[]::new)).exits(0).out();
  }

  /** How many versions there are of a name, or things of the kind. */
  private static int count(Shell shell, AssetKind kind, String name) {
    var line = new ArrayList<>(List.of(kind.word(), "list", "--query", "length(@)"));
    if (kind.versioned()) {
      line.addAll(List.of("-n", name));
    }
    return Integer.parseInt(shell.run(line.toArray(String[]::new)).exits(0).out().strip());
  }

  private static String field(String document, String json, String field) {
    var found =
        java.util.regex.Pattern.compile("(?m)^  \"" + field + "\" : \"([^\"]*)\"").matcher(json);
    assertThat(found.find()).as("%s\n%s", document, json).isTrue();
    return found.group(1);
  }
}
