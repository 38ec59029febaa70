package io.headrace.asset;

import io.headrace.job.PlainDocument;
import io.headrace.json.ValueJson;
import io.headrace.plan.DataType;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Where;
import io.headrace.spec.Value;
import io.headrace.store.Capture;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a document into a {@link Draft}: files of this machine go into the object store, and what
 * is in other files becomes part of it, so that the asset stands for itself.
 */
public final class Drafting {
  /** Knows what paths and names outside this machine's files stand for. */
  public interface Elsewhere {
    /**
     * The bytes behind {@code azureml://jobs/…}, {@code runs:/…} or {@code azureml:NAME:VERSION}.
     *
     * @return empty when the text is none of these
     * @throws ProblemException when it is known why they cannot be had
     */
    Optional<StoredPath> stored(String text);

    /**
     * What a name means today: {@code azureml:train@latest} is {@code azureml:train:3}.
     *
     * @return empty when nothing of that kind is known here by that name
     */
    Optional<String> pinned(AssetKind kind, String reference);
  }

  private static final Set<String> NOT_BODY =
      Set.of(
          "$schema",
          "name",
          "version",
          "description",
          "tags",
          "properties",
          // As shown, and made by the store itself.
          "id",
          "creation_context",
          "labels",
          "resourceGroup",
          "provisioning_state",
          "latest_version",
          "job_name",
          "archived");

  private final Freezing freezing;

  /** Files go into the store of {@code capture}; problems name files relative to a folder. */
  public Drafting(Capture capture, Elsewhere elsewhere, Path workingFolder) {
    this.freezing = new Freezing(capture, elsewhere, workingFolder);
  }

  /**
   * Makes a draft.
   *
   * @param base relative paths of the document start here
   * @throws ProblemException with what is wrong
   */
  public Draft draft(AssetKind kind, Mapping document, Path base) {
    var body =
        switch (kind) {
          case DATA -> pathed(document, base, "uri_folder");
          case MODEL -> pathed(document, base, "custom_model");
          case ENVIRONMENT -> freezing.environment(rest(document, kind), base);
          case COMPONENT -> freezing.component(rest(document, kind), base);
          case COMPUTE, DATASTORE, CONNECTION -> typed(document, kind);
          case SCHEDULE -> schedule(document, base);
        };
    return new Draft(
        kind, name(document, kind), text(document, "version"), table(body), told(document, kind));
  }

  private static Value.Table table(Mapping mapping) {
    return (Value.Table) Freezing.value(mapping);
  }

  private static String name(Mapping document, AssetKind kind) {
    return text(document, "name")
        .orElseThrow(() ->
            Problem.of(ErrorCode.MISSING_FIELD, "the " + kind.word() + " has no name")
                .at(document.where())
                .fix("add 'name:' to the file, or give --name")
                .asException());
  }

  /** A single value as it was written: version 1 is "1", and 1.10 is "1.10". */
  private static Optional<String> text(Mapping document, String field) {
    return document.get(field).orElse(null) instanceof Scalar scalar
            && !(scalar.value() instanceof YamlNode.Value.Null)
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  private static Mapping rest(Mapping document, AssetKind kind) {
    var entries = new ArrayList<Entry>();
    for (var entry : document.entries()) {
      String field = entry.key().text();
      boolean kept = !kind.versioned() && field.equals("properties");
      boolean nothing =
          entry.value() instanceof Scalar scalar && scalar.value() instanceof YamlNode.Value.Null;
      if ((kept || !NOT_BODY.contains(field)) && !nothing) {
        entries.add(entry);
      }
    }
    return new Mapping(document.where(), entries);
  }

  private Mapping pathed(Mapping document, Path base, String otherwise) {
    var rest = rest(document, AssetKind.DATA);
    String type = text(rest, "type").orElse(otherwise).toLowerCase(Locale.ROOT);
    var written =
        text(rest, "path")
            .orElseThrow(() ->
                Problem.of(ErrorCode.MISSING_FIELD, "there is no path")
                    .at(document.where())
                    .fix("add 'path:' to the file, or give --path")
                    .asException());
    Where where = rest.get("path").map(YamlNode::where).orElse(document.where());
    var path = freezing.path(written, base, where);
    path.ifPresent(it -> checkType(type, it, written, where));
    return Freezing.with(
        Freezing.with(rest, "type", type), "path", path.map(StoredPath::uri).orElse(written));
  }

  private static void checkType(String type, StoredPath path, String written, Where where) {
    DataType known;
    try {
      known = DataType.valueOf(type.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Problem.of(ErrorCode.WRONG_VALUE, "'" + type + "' is not a type of data or model")
          .at(where)
          .fix("uri_file, uri_folder, mltable; custom_model, mlflow_model, triton_model")
          .asException(e);
    }
    // A custom model may be one file.
    if (known != DataType.CUSTOM_MODEL && known.isFile() == path.folder()) {
      throw Problem.of(
              ErrorCode.WRONG_TYPE,
              "'%s' is a %s, but the type is %s"
                  .formatted(written, path.folder() ? "folder" : "file", type))
          .at(where)
          .fix("write the type that fits, or another path")
          .asException();
    }
  }

  private static Mapping typed(Mapping document, AssetKind kind) {
    var rest = rest(document, kind);
    String type =
        text(rest, "type")
            .orElseThrow(() ->
                Problem.of(ErrorCode.MISSING_FIELD, "the " + kind.word() + " has no type")
                    .at(document.where())
                    .fix("add 'type:'" + example(kind))
                    .asException());
    return Freezing.with(rest, "type", type.toLowerCase(Locale.ROOT));
  }

  private static String example(AssetKind kind) {
    return switch (kind) {
      case COMPUTE -> " or --type, such as amlcompute";
      case DATASTORE -> ", such as azure_blob";
      case CONNECTION -> ", such as s3";
      case DATA, MODEL, ENVIRONMENT, COMPONENT, SCHEDULE -> "";
    };
  }

  /** What a schedule starts is named by its file: absolute, for it is read when its time comes. */
  private static Mapping schedule(Mapping document, Path base) {
    var written = rest(document, AssetKind.SCHEDULE);
    var rest =
        written.get("is_enabled").isPresent()
            ? written
            : Freezing.with(written, "is_enabled", Freezing.flag(written, true));
    return rest.get("create_job").orElse(null) instanceof Mapping job
        ? Freezing.with(rest, "create_job", absolute(job, "job", base))
        : absolute(absolute(rest, "create_job", base), "import_data", base);
  }

  private static Mapping absolute(Mapping document, String field, Path base) {
    return text(document, field)
        .filter(Freezing::isLocal)
        .map(it ->
            Freezing.with(
                document,
                field,
                base.resolve(it.replaceFirst("^file:", "")).normalize().toString()))
        .orElse(document);
  }

  private static Draft.Told told(Mapping document, AssetKind kind) {
    return new Draft.Told(
        text(document, "description"),
        entries(document, "tags"),
        kind.versioned() ? entries(document, "properties") : Optional.empty());
  }

  /** Single values as text, as Azure keeps them. */
  private static Optional<Map<String, Value>> entries(Mapping document, String field) {
    if (!(document.get(field).orElse(null) instanceof Mapping mapping)) {
      return Optional.empty();
    }
    var entries = new LinkedHashMap<String, Value>();
    for (var entry : mapping.entries()) {
      entries.put(
          entry.key().text(),
          entry.value() instanceof Scalar scalar
              ? new Value.Text(scalar.text())
              : Freezing.value(entry.value()));
    }
    return Optional.of(entries);
  }

  /** An asset as {@code --set} changes it. Files are not looked at. */
  public static Draft changed(Asset asset, List<String> sets) {
    return changed(asset, PlainDocument.changed(shown(asset), sets));
  }

  /** An asset's document, to be changed. */
  public static Mapping shown(Asset asset) {
    var entries = new LinkedHashMap<>(asset.body().entries());
    entries.put("description", new Value.Text(asset.description()));
    entries.put("tags", new Value.Table(asset.tags()));
    if (asset.kind().versioned()) {
      entries.put("properties", new Value.Table(asset.properties()));
    }
    return (Mapping) YamlReader.read(ValueJson.compact(new Value.Table(entries)), asset.title());
  }

  /** What an asset is to be by a changed document. */
  public static Draft changed(Asset asset, Mapping changed) {
    return new Draft(
        asset.kind(),
        asset.name(),
        asset.version().isEmpty() ? Optional.empty() : Optional.of(asset.version()),
        table(rest(changed, asset.kind())),
        told(changed, asset.kind()));
  }
}
