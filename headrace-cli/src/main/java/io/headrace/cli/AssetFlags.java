package io.headrace.cli;

import io.headrace.asset.AssetKind;
import io.headrace.json.ValueJson;
import io.headrace.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The flags of {@code az ml KIND create} that say one field of the document each. */
final class AssetFlags {
  /**
   * One flag.
   *
   * @param field the path that {@code --set} would name
   * @param many whether it takes {@code key=value} pairs
   */
  private record Flag(OptionSpec option, String field, boolean many) {}

  /** Fields whose value is a text even when it looks like a number. */
  private static final Set<String> TEXTS = Set.of("name", "version", "description", "display_name");

  private final List<Flag> flags = new ArrayList<>();

  private AssetFlags() {}

  /** Adds the flags of a kind to a command. */
  static AssetFlags addTo(CommandSpec command, AssetKind kind) {
    var flags = new AssetFlags();
    switch (kind) {
      case DATA -> flags.one("path", "--path", "-p").one("type", "--type", "-t").datastore();
      case MODEL ->
          flags
              .one("path", "--path", "-p")
              .one("type", "--type", "-t")
              .one("stage", "--stage", "-s")
              .datastore();
      case ENVIRONMENT ->
          flags
              .one("image", "--image", "-i")
              .one("conda_file", "--conda-file", "-c")
              .one("build.path", "--build-context", "-b")
              .one("build.dockerfile_path", "--dockerfile-path", "-d")
              .one("os_type", "--os-type")
              .datastore();
      case COMPUTE -> flags.compute();
      case COMPONENT, DATASTORE, SCHEDULE, CONNECTION -> {}
    }
    flags.one("description", "--description").many("tags", "--tags");
    if (kind == AssetKind.DATA || kind == AssetKind.MODEL) {
      flags.many("properties", "--properties");
    }
    flags.flags.forEach(flag -> command.addOption(flag.option()));
    return flags;
  }

  /** Adds to a command those flags that change what may change. */
  static AssetFlags forUpdate(CommandSpec command, AssetKind kind) {
    var flags = new AssetFlags();
    if (kind == AssetKind.COMPUTE) {
      flags.scale();
    }
    flags.one("description", "--description").many("tags", "--tags");
    flags.flags.forEach(flag -> command.addOption(flag.option()));
    return flags;
  }

  private AssetFlags scale() {
    return one("min_instances", "--min-instances")
        .one("max_instances", "--max-instances")
        .one("idle_time_before_scale_down", "--idle-time-before-scale-down")
        .one("tier", "--tier")
        .one("identity.type", "--identity-type", "-i")
        .one("identity.user_assigned_identities", "--user-assigned-identities", "-a");
  }

  private AssetFlags compute() {
    return one("type", "--type", "-t")
        .one("size", "--size", "-s")
        .scale()
        .one("idle_time_before_shutdown_minutes", "--idle-time-before-shutdown-minutes")
        .one("location", "--location", "-l")
        .one("network_settings.vnet_name", "--vnet-name")
        .one("network_settings.subnet", "--subnet")
        .one("ssh_settings.admin_username", "--admin-username")
        .one("ssh_settings.admin_password", "--admin-password")
        .one("ssh_settings.ssh_key_value", "--ssh-key-value")
        .one("ssh_public_access_enabled", "--ssh-public-access-enabled")
        .one("enable_node_public_ip", "--enable-node-public-ip");
  }

  private AssetFlags datastore() {
    return one("datastore", "--datastore");
  }

  private AssetFlags one(String field, String... names) {
    return add(field, false, "1", names);
  }

  private AssetFlags many(String field, String... names) {
    return add(field, true, "1..*", names);
  }

  private AssetFlags add(String field, boolean many, String arity, String... names) {
    var option =
        OptionSpec.builder(names)
            .arity(arity)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel(many ? "KEY=VALUE" : "VALUE")
            .description("The document's " + field + ".")
            .build();
    flags.add(new Flag(option, field, many));
    return this;
  }

  /** What was given, as {@code --set} takes it. */
  List<String> sets() {
    var sets = new ArrayList<String>();
    for (var flag : flags) {
      List<String> values = flag.option().getValue();
      if (values != null) {
        values.forEach(value ->
            sets.add(
                flag.many()
                    ? flag.field() + "." + pair(value)
                    : asText(flag.field() + "=" + value)));
      }
    }
    return sets;
  }

  /** What {@code --set} takes to make a field this very text. */
  static String text(String field, String value) {
    return field + "=" + ValueJson.compact(new Value.Text(value));
  }

  /** A change as it is meant: {@code version=2} is a text, as in Azure. */
  static String asText(String set) {
    int equals = set.indexOf('=');
    String value = set.substring(equals + 1);
    return equals > 0
            && TEXTS.contains(set.substring(0, equals))
            && !value.startsWith("\"")
            && !value.startsWith("'")
        ? text(set.substring(0, equals), value)
        : set;
  }

  /** A dot in a tag's name is part of it. */
  private static String pair(String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? text
        : text.substring(0, equals).replace(".", "\\.") + text.substring(equals);
  }
}
