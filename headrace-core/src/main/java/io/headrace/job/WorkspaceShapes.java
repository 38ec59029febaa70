package io.headrace.job;

import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.TEXTS;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.asked;
import static io.headrace.job.Terms.byType;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.items;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Text;
import java.util.LinkedHashMap;
import java.util.List;

/** Workspaces, registries, connections and feature stores. */
final class WorkspaceShapes {
  private WorkspaceShapes() {}

  static Shape workspace() {
    var acls =
        object(
            "network_acls",
            needed("default_action", TEXT),
            field("ip_rules", items(object("a rule", needed("value", TEXT)))));
    var serverless =
        object("serverless_compute", field("custom_subnet", TEXT), field("no_public_ip", FLAG));
    return object(
        "a workspace",
        all(
            common(),
            each(TEXT, "discovery_url", "system_datastores_auth_mode", "workspace_hub"),
            each(
                FLAG,
                "provision_network_now",
                "enable_data_isolation",
                "allow_roleassignment_on_rg",
                "v1_legacy_mode"),
            List.of(
                field("network_acls", acls),
                field("serverless_compute", serverless),
                field("notebook_info", ANYTHING))));
  }

  /** What workspaces and feature stores share. */
  private static List<Field> common() {
    return all(
        List.of(field("$schema", ANYTHING), asked("name", TEXT)),
        each(
            TEXT,
            "id",
            "location",
            "resource_group",
            "description",
            "display_name",
            "key_vault",
            "image_build_compute",
            "primary_user_assigned_identity"),
        each(new Text(Form.ARM_ID), "storage_account", "container_registry"),
        each(new Text(Form.ARM_ID), "application_insights"),
        List.of(
            field("tags", TEXTS),
            field("hbi_workspace", FLAG),
            field("public_network_access", words("Disabled", "Enabled")),
            field("identity", ComputeShapes.identity()),
            field("managed_network", managedNetwork()),
            field(
                "customer_managed_key",
                object(
                    "a key",
                    all(
                        List.of(field("key_uri", new Text(Form.URL))),
                        each(TEXT, "key_vault", "cosmosdb_id", "storage_id", "search_id"))))));
  }

  private static Shape managedNetwork() {
    var kinds = new LinkedHashMap<String, Shape>();
    var header =
        all(
            List.of(needed("name", TEXT), needed("type", TEXT)),
            each(ANYTHING, "category", "status"));
    kinds.put(
        "private_endpoint",
        object(
            "an outbound rule",
            all(
                header,
                List.of(
                    needed(
                        "destination",
                        object(
                            "a destination",
                            needed("service_resource_id", TEXT),
                            needed("subresource_target", TEXT),
                            needed("spark_enabled", FLAG))),
                    field("fqdns", items(TEXT))))));
    kinds.put(
        "service_tag",
        object(
            "an outbound rule",
            all(
                header,
                List.of(
                    needed(
                        "destination",
                        object(
                            "a destination",
                            needed("service_tag", TEXT),
                            needed("protocol", TEXT),
                            needed("port_ranges", TEXT),
                            field("address_prefixes", items(TEXT))))))));
    kinds.put(
        "fqdn", object("an outbound rule", all(header, List.of(needed("destination", TEXT)))));
    return object(
        "a managed network",
        field(
            "isolation_mode",
            words("disabled", "allow_internet_outbound", "allow_only_approved_outbound")),
        field("outbound_rules", items(byType(kinds))),
        field("firewall_sku", words("standard", "basic")),
        field("status", ANYTHING),
        field("network_id", TEXT));
  }

  static Shape registry() {
    var storage =
        object(
            "a storage account",
            field("storage_account_hns", FLAG),
            field(
                "storage_account_type",
                words(
                    "standard_lrs",
                    "standard_grs",
                    "standard_ragrs",
                    "standard_zrs",
                    "standard_gzrs",
                    "standard_ragzrs",
                    "premium_lrs",
                    "premium_zrs")),
            field("replication_count", COUNT));
    var region =
        object(
            "a region",
            field("location", TEXT),
            field("storage_config", either("a mapping, or a list", storage, items(TEXT))));
    return object(
        "a registry",
        all(
            List.of(field("$schema", ANYTHING), asked("name", TEXT), needed("location", TEXT)),
            each(TEXT, "id", "description"),
            List.of(
                field("tags", OPEN_TABLE),
                field("public_network_access", words("Disabled", "Enabled")),
                field("replication_locations", items(region)),
                field("intellectual_property", object("a publisher", field("publisher", TEXT))),
                field(
                    "container_registry",
                    either(
                        "a text, or a mapping",
                        TEXT,
                        object(
                            "a container registry", field("acr_account_sku", words("premium"))))),
                field("identity", ComputeShapes.identity()),
                field("discovery_url", TEXT),
                field("mlflow_registry_uri", TEXT))));
  }

  static Shape connection() {
    return connection(
        "git",
        "container_registry",
        "python_feed",
        "s3",
        "snowflake",
        "azure_sql_db",
        "azure_synapse_analytics",
        "azure_my_sql_db",
        "azure_postgres_db",
        "custom",
        "azure_data_lake_gen2");
  }

  /** A connection of one of these types. */
  static Shape connection(String... types) {
    return object(
        "a connection",
        all(
            List.of(
                field("$schema", ANYTHING),
                asked("name", TEXT),
                needed("type", words(types)),
                needed("target", TEXT)),
            each(TEXT, "id", "description"),
            List.of(
                field("tags", OPEN_TABLE),
                field("metadata", OPEN_TABLE),
                field("is_shared", FLAG),
                field("credentials", credentials()))));
  }

  /** How a serverless model is asked. */
  static Shape serverlessConnection() {
    return object(
        "a connection",
        all(
            List.of(
                field("$schema", ANYTHING),
                field("name", TEXT),
                needed("type", words("serverless")),
                needed("api_key", TEXT)),
            each(TEXT, "id", "description", "target", "endpoint"),
            List.of(
                field("tags", OPEN_TABLE),
                field("metadata", OPEN_TABLE),
                field("is_shared", FLAG),
                field("credentials", credentials()))));
  }

  private static Shape credentials() {
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put("pat", credential("pat"));
    kinds.put("sas", credential("sas_token"));
    kinds.put("username_password", credential("username", "password"));
    kinds.put("managed_identity", credential("client_id", "resource_id"));
    kinds.put("service_principal", credential("client_id", "client_secret", "tenant_id"));
    kinds.put("access_key", credential("access_key_id", "secret_access_key"));
    kinds.put("api_key", credential("key"));
    kinds.put("account_key", credential("account_key"));
    kinds.put("aad", credential());
    kinds.put("none", credential());
    return byType(kinds);
  }

  private static Shape credential(String... fields) {
    return object("credentials", all(List.of(needed("type", TEXT)), each(TEXT, fields)));
  }

  static Shape featureStore() {
    var store = object("a store", needed("type", TEXT), needed("target", TEXT));
    return object(
        "a feature store",
        all(
            common(),
            each(store, "offline_store", "online_store"),
            List.of(
                field("compute_runtime", object("a runtime", field("spark_runtime_version", TEXT))),
                field(
                    "materialization_identity",
                    object(
                        "an identity", each(TEXT, "principal_id", "client_id", "resource_id"))))));
  }

  static Shape featureSet() {
    var materialization =
        object(
            "materialization_settings",
            field("schedule", ScheduleShapes.recurrence()),
            field(
                "notification",
                object(
                    "a notification",
                    needed("email_on", items(TEXT)),
                    needed("emails", items(TEXT)))),
            field("resource", object("a resource", field("instance_type", TEXT))),
            field("spark_configuration", OPEN_TABLE),
            field("offline_enabled", FLAG),
            field("online_enabled", FLAG));
    return object(
        "a feature set",
        all(
            versioned(),
            List.of(
                needed("specification", object("a specification", needed("path", PATH))),
                needed("entities", items(TEXT)),
                field("materialization_settings", materialization),
                field("properties", TEXTS))));
  }

  static Shape featureStoreEntity() {
    var column = object("a column", needed("name", TEXT), needed("type", TEXT));
    return object(
        "a feature store entity",
        all(
            versioned(),
            List.of(needed("index_columns", items(column)), field("properties", TEXTS))));
  }

  private static List<Field> versioned() {
    return List.of(
        field("$schema", ANYTHING),
        asked("name", TEXT),
        asked("version", TEXT),
        field("id", TEXT),
        field("description", TEXT),
        field("tags", TEXTS),
        field("stage", words("Development", "Production", "Archived")),
        field("creation_context", ANYTHING));
  }
}
