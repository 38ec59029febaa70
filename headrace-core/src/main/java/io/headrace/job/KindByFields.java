package io.headrace.job;

import io.headrace.spec.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What kind of document a file without a schema is, when it is neither job nor component. */
final class KindByFields {
  /** Fields that only one kind has; the first that is there decides. */
  private static final List<Map.Entry<String, Kind>> TELLING =
      List.of(
          Map.entry("trigger", Kind.SCHEDULE),
          Map.entry("endpoint_name", Kind.ONLINE_DEPLOYMENT),
          Map.entry("scoring_uri", Kind.ONLINE_ENDPOINT),
          Map.entry("auth_mode", Kind.ONLINE_ENDPOINT),
          Map.entry("traffic", Kind.ONLINE_ENDPOINT),
          Map.entry("inferencing_server", Kind.MODEL_PACKAGE),
          Map.entry("model_id", Kind.SERVERLESS_ENDPOINT),
          Map.entry("index_columns", Kind.FEATURE_STORE_ENTITY),
          Map.entry("specification", Kind.FEATURE_SET),
          Map.entry("offline_store", Kind.FEATURE_STORE),
          Map.entry("online_store", Kind.FEATURE_STORE),
          Map.entry("compute_runtime", Kind.FEATURE_STORE),
          Map.entry("replication_locations", Kind.REGISTRY),
          Map.entry("managed_network", Kind.WORKSPACE),
          Map.entry("storage_account", Kind.WORKSPACE),
          Map.entry("hbi_workspace", Kind.WORKSPACE),
          Map.entry("paths", Kind.MLTABLE),
          Map.entry("flavors", Kind.MODEL),
          Map.entry("credentials", Kind.CONNECTION),
          Map.entry("target", Kind.CONNECTION));

  private static final Set<String> COMPUTES =
      Set.of("amlcompute", "computeinstance", "virtualmachine", "synapsespark");
  private static final Set<String> DATASTORES =
      Set.of(
          "azure_blob", "azure_file", "azure_data_lake_gen1", "azure_data_lake_gen2", "one_lake");
  private static final Set<String> DATA = Set.of("uri_file", "uri_folder", "mltable");
  private static final Set<String> MODELS = Set.of("custom_model", "mlflow_model", "triton_model");
  private static final Set<String> BATCH =
      Set.of("mini_batch_size", "output_action", "retry_settings", "settings", "component");
  private static final Set<String> ENVIRONMENT = Set.of("image", "conda_file", "build");

  private KindByFields() {}

  /**
   * The kind, if it can be told.
   *
   * @param type in small letters; empty when there is none
   */
  static Optional<Kind> of(Entries entries, String type) {
    var byType = byType(entries, type);
    if (byType.isPresent()) {
      return byType;
    }
    if (Kinds.JOB_TYPES.containsKey(type) || Kinds.COMPONENT_TYPES.containsKey(type)) {
      return entries.has("endpoint_name") ? Optional.of(deployment(entries)) : Optional.empty();
    }
    if (hasAny(entries, ENVIRONMENT) && !entries.has("type")) {
      return Optional.of(Kind.ENVIRONMENT);
    }
    for (var telling : TELLING) {
      if (entries.has(telling.getKey())) {
        return Optional.of(
            telling.getValue() == Kind.ONLINE_DEPLOYMENT
                ? deployment(entries)
                : telling.getValue());
      }
    }
    return entries.has("path") && !entries.has("type") ? Optional.of(Kind.DATA) : Optional.empty();
  }

  private static Optional<Kind> byType(Entries entries, String type) {
    if (COMPUTES.contains(type) || (type.equals("kubernetes") && entries.has("namespace"))) {
      return Optional.of(Kind.COMPUTE);
    }
    if (DATASTORES.contains(type)) {
      return Optional.of(Kind.DATASTORE);
    }
    if (MODELS.contains(type)) {
      return Optional.of(Kind.MODEL);
    }
    if (type.equals("mltable") && entries.has("paths")) {
      return Optional.of(Kind.MLTABLE);
    }
    if (DATA.contains(type)) {
      return Optional.of(entries.has("source") ? Kind.DATA_IMPORT : Kind.DATA);
    }
    return entries.has("target") && entries.has("type")
        ? Optional.of(Kind.CONNECTION)
        : Optional.empty();
  }

  private static Kind deployment(Entries entries) {
    return hasAny(entries, BATCH) ? Kind.BATCH_DEPLOYMENT : Kind.ONLINE_DEPLOYMENT;
  }

  private static boolean hasAny(Entries entries, Set<String> names) {
    return entries.entries().stream().anyMatch(entry -> names.contains(entry.key().text()));
  }
}
