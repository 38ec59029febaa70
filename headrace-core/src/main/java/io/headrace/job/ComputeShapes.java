package io.headrace.job;

import static io.headrace.job.Terms.AMOUNT;
import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.PORT;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.TEXTS;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.asked;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.When;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Computes and datastores, each told apart by its type. */
final class ComputeShapes {
  private ComputeShapes() {}

  static Shape compute() {
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put("amlcompute", cluster());
    kinds.put("computeinstance", instance());
    kinds.put("kubernetes", kubernetes());
    kinds.put("virtualmachine", virtualMachine());
    kinds.put("synapsespark", synapseSpark());
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.ANY_CASE_OR_CAMEL);
  }

  private static List<Field> header() {
    return all(
        List.of(field("$schema", ANYTHING), asked("name", TEXT), needed("type", TEXT)),
        each(TEXT, "location", "description"),
        List.of(field("tags", TEXTS)),
        // Azure writes these into a compute that it shows.
        each(ANYTHING, "id", "provisioning_state", "provisioning_errors", "created_on"));
  }

  private static Shape cluster() {
    return object(
        "an amlcompute",
        all(
            header(),
            each(TEXT, "resource_id", "size"),
            List.of(field("tier", words("low_priority", "dedicated"))),
            each(AMOUNT, "min_instances", "max_instances", "idle_time_before_scale_down"),
            each(FLAG, "ssh_public_access_enabled", "enable_node_public_ip"),
            List.of(
                field(
                    "ssh_settings",
                    object(
                        "ssh_settings",
                        each(TEXT, "admin_username", "admin_password", "ssh_key_value"))),
                field("network_settings", network()),
                field("identity", identity()))));
  }

  private static Shape network() {
    return object("network_settings", each(TEXT, "vnet_name", "subnet"));
  }

  static Shape identity() {
    var assigned = object("an identity", each(TEXT, "resource_id", "client_id", "principal_id"));
    return object(
        "an identity",
        field(
            "type",
            words("system_assigned", "user_assigned", "none", "system_assigned,user_assigned")),
        field("principal_id", TEXT),
        field("tenant_id", TEXT),
        field(
            "user_assigned_identities",
            either("a list or a mapping", items(either("a mapping", assigned)), OPEN_TABLE)));
  }

  private static Shape instance() {
    return object(
        "a compute instance",
        all(
            header(),
            each(TEXT, "resource_id", "size", "idle_time_before_shutdown"),
            List.of(
                field("network_settings", network()),
                field(
                    "create_on_behalf_of",
                    object("create_on_behalf_of", each(TEXT, "user_tenant_id", "user_object_id"))),
                field("ssh_settings", object("ssh_settings", field("ssh_key_value", TEXT))),
                field("schedules", schedules()),
                field("identity", identity()),
                field("idle_time_before_shutdown_minutes", COUNT),
                field("custom_applications", items(application())),
                field(
                    "setup_scripts",
                    object("setup_scripts", each(script(), "creation_script", "startup_script")))),
            each(
                FLAG,
                "ssh_public_access_enabled",
                "enable_node_public_ip",
                "enable_sso",
                "enable_root_access",
                "release_quota_on_stop",
                "enable_os_patching")));
  }

  private static Shape schedules() {
    return object(
        "schedules",
        field(
            "compute_start_stop",
            items(
                object(
                    "a start or stop",
                    field("trigger", ScheduleShapes.computeTrigger()),
                    needed("action", words("start", "stop")),
                    field("state", words("enabled", "disabled")),
                    field("schedule", ANYTHING)))));
  }

  private static Shape application() {
    return object(
        "a custom application",
        needed("name", TEXT),
        field("type", words("docker")),
        field("image", object("an image", field("reference", TEXT))),
        field("endpoints", items(object("an endpoint", each(PORT, "target", "published")))),
        field("environment_variables", OPEN_TABLE),
        field("bind_mounts", items(object("a mount", each(TEXT, "source", "target")))));
  }

  private static Shape script() {
    return object("a script", each(TEXT, "path", "command", "timeout_minutes"));
  }

  private static Shape kubernetes() {
    return object(
        "a kubernetes compute",
        all(
            header(),
            List.of(
                needed("namespace", TEXT),
                field("resource_id", TEXT),
                field("properties", OPEN_TABLE),
                field("identity", identity()))));
  }

  private static Shape virtualMachine() {
    return object(
        "a virtual machine",
        all(
            header(),
            List.of(
                needed("resource_id", TEXT),
                field(
                    "ssh_settings",
                    object(
                        "ssh_settings",
                        field("admin_username", TEXT),
                        field("admin_password", TEXT),
                        field("ssh_port", PORT),
                        field("ssh_private_key_file", PATH))))));
  }

  private static Shape synapseSpark() {
    return object(
        "a synapse spark compute",
        all(
            header(),
            List.of(
                needed("resource_id", TEXT),
                field("identity", identity()),
                field("scale_settings", OPEN_TABLE),
                field("auto_pause_settings", OPEN_TABLE))));
  }

  static Shape datastore() {
    var kinds = new LinkedHashMap<String, Shape>();
    var keys = either("a mapping", keyCredentials());
    kinds.put("azure_blob", store("a blob datastore", keys, "container_name"));
    kinds.put("azure_file", store("a file datastore", keys, "file_share_name"));
    kinds.put(
        "azure_data_lake_gen2",
        store("a data lake datastore", principalCredentials(), "filesystem"));
    kinds.put(
        "azure_data_lake_gen1",
        object(
            "a data lake datastore",
            all(
                storeHeader(),
                List.of(
                    needed("store_name", TEXT), field("credentials", principalCredentials())))));
    kinds.put("one_lake", oneLake());
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.ANY_CASE);
  }

  private static List<Field> storeHeader() {
    return List.of(
        field("$schema", ANYTHING),
        asked("name", TEXT),
        needed("type", TEXT),
        field("id", TEXT),
        field("description", TEXT),
        field("tags", OPEN_TABLE));
  }

  private static Shape store(String title, Shape credentials, String container) {
    return object(
        title,
        all(
            storeHeader(),
            List.of(needed("account_name", TEXT), needed(container, TEXT)),
            each(TEXT, "endpoint", "protocol"),
            List.of(field("credentials", credentials))));
  }

  private static Shape oneLake() {
    return object(
        "a OneLake datastore",
        all(
            storeHeader(),
            List.of(
                needed("one_lake_workspace_name", TEXT),
                needed("endpoint", TEXT),
                field(
                    "artifact",
                    object(
                        "an artifact", needed("name", TEXT), field("type", words("lake_house")))),
                field("credentials", principalCredentials()))));
  }

  private static Shape keyCredentials() {
    return new When(
        "account_key",
        object("an account key", needed("account_key", TEXT)),
        new When(
            "sas_token", object("a SAS token", needed("sas_token", TEXT)), object("credentials")));
  }

  private static Shape principalCredentials() {
    var common =
        all(
            each(TEXT, "authority_url", "resource_url"),
            List.of(needed("tenant_id", TEXT), needed("client_id", TEXT)));
    return new When(
        "thumbprint",
        object(
            "a certificate",
            all(common, List.of(field("certificate", TEXT), needed("thumbprint", TEXT)))),
        new When(
            "client_secret",
            object("a service principal", all(common, List.of(needed("client_secret", TEXT)))),
            object("credentials")));
  }
}
