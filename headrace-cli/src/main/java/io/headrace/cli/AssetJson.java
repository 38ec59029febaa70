package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.spec.Value;
import java.util.LinkedHashMap;

/** Assets in the JSON shape of {@code az ml}. */
final class AssetJson {
  static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
  static final String GROUP = "headrace";

  private final Workspace workspace;

  AssetJson(Workspace workspace) {
    this.workspace = workspace;
  }

  /** One version, or the thing itself. */
  Value.Table of(Asset asset) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("creation_context", creation(asset));
    fields.put("id", text(id(asset)));
    fields.putAll(document(asset).entries());
    asset.job().ifPresent(it -> fields.put("job_name", text(it)));
    fields.put("resourceGroup", text(GROUP));
    switch (asset.kind()) {
      case COMPUTE -> {
        fields.putIfAbsent("location", text("local"));
        fields.put("provisioning_state", text("Succeeded"));
      }
      case SCHEDULE -> fields.put("provisioning_state", text("Succeeded"));
      case DATA, MODEL, ENVIRONMENT, COMPONENT, DATASTORE, CONNECTION -> {}
    }
    if (!asset.labels().isEmpty()) {
      fields.put(
          "labels", new Value.Items(asset.labels().stream().<Value>map(Value.Text::new).toList()));
    }
    return new Value.Table(fields);
  }

  /** What `create` makes the same of. */
  Value.Table document(Asset asset) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("name", text(asset.name()));
    if (!asset.version().isEmpty()) {
      fields.put("version", text(asset.version()));
    }
    fields.put("description", text(asset.description()));
    fields.put("tags", new Value.Table(asset.tags()));
    if (asset.kind().versioned() && hasProperties(asset)) {
      fields.put("properties", new Value.Table(asset.properties()));
    }
    fields.putAll(asset.body().entries());
    return new Value.Table(fields);
  }

  /** An environment's document has no such field. */
  private static boolean hasProperties(Asset asset) {
    return asset.kind() != AssetKind.ENVIRONMENT || !asset.properties().isEmpty();
  }

  /** A name with its newest version. */
  Value.Table container(Asset newest) {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("creation_context", creation(newest));
    fields.put("id", text(id(newest).replaceFirst("/versions/[^/]*$", "")));
    fields.put("name", text(newest.name()));
    fields.put("latest_version", text(newest.version()));
    fields.put("latest version", text(newest.version()));
    fields.put("description", text(newest.description()));
    fields.put("tags", new Value.Table(newest.tags()));
    if (!newest.text("type").isEmpty()) {
      fields.put("type", text(newest.text("type")));
    }
    fields.put("resourceGroup", text(GROUP));
    return new Value.Table(fields);
  }

  private static Value creation(Asset asset) {
    var user = text(asset.createdBy());
    var fields = new LinkedHashMap<String, Value>();
    fields.put("created_at", text(asset.created().toString()));
    fields.put("created_by", user);
    fields.put("created_by_type", text("User"));
    fields.put("last_modified_at", text(asset.modified().toString()));
    fields.put("last_modified_by", user);
    fields.put("last_modified_by_type", text("User"));
    return new Value.Table(fields);
  }

  private String id(Asset asset) {
    return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/%s/%s/%s%s"
        .formatted(
            SUBSCRIPTION,
            GROUP,
            workspace.name(),
            asset.kind() == AssetKind.COMPUTE ? "computes" : asset.kind().plural(),
            asset.name(),
            asset.version().isEmpty() ? "" : "/versions/" + asset.version());
  }

  private static Value.Text text(String text) {
    return new Value.Text(text);
  }
}
