package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.AssetReference;
import io.headrace.asset.AssetReference.Wanted;
import io.headrace.asset.Assets;
import io.headrace.asset.Drafting;
import io.headrace.asset.StoredPath;
import io.headrace.connection.Connections;
import io.headrace.json.ValueJson;
import io.headrace.name.Digest;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.StepInput;
import io.headrace.planner.Connection;
import io.headrace.planner.References;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Value;
import io.headrace.spi.ObjectStore;
import io.headrace.store.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All that a workspace knows: registered data, models, environments and components, and what
 * earlier jobs left.
 */
final class WorkspaceReferences implements References, Drafting.Elsewhere {
  private final Workspace workspace;
  private final Supplier<Assets> assets;
  private final Supplier<ObjectStore> objects;
  private final List<Path> connectionFiles;
  private final JobReferences jobs;
  private final Map<String, Optional<EnvironmentSpec>> environments = new HashMap<>();

  WorkspaceReferences(
      Workspace workspace,
      Supplier<Assets> assets,
      Supplier<ObjectStore> objects,
      List<Path> connectionFiles,
      JobReferences jobs) {
    this.workspace = workspace;
    this.assets = assets;
    this.objects = objects;
    this.connectionFiles = List.copyOf(connectionFiles);
    this.jobs = jobs;
  }

  // Data and models

  @Override
  public Optional<StepInput> data(String text, Optional<DataType> type, StepInput.Mode mode) {
    if (mode == StepInput.Mode.DIRECT) {
      return Optional.empty(); // handed on as text
    }
    var path = StoredPath.parse(text);
    if (path.isPresent()) {
      var known = path.get().folder() ? DataType.URI_FOLDER : DataType.URI_FILE;
      return Optional.of(stored(text, path.get(), known, type, mode));
    }
    var ofJob = jobs.data(text, type, mode);
    return ofJob.isPresent()
        ? ofJob
        : dataAsset(text, type).map(asset -> input(text, asset, type, mode));
  }

  private Optional<Asset> dataAsset(String text, Optional<DataType> type) {
    var reference = AssetReference.parse(text);
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    var kinds =
        type.map(it -> it.yaml().endsWith("model")).orElse(false)
            ? List.of(AssetKind.MODEL, AssetKind.DATA)
            : List.of(AssetKind.DATA, AssetKind.MODEL);
    for (var kind : kinds) {
      var found = assets.get().find(kind, reference.get());
      if (found.isPresent()) {
        return found;
      }
    }
    kinds.forEach(kind -> refuseOtherVersion(kind, text, reference.get()));
    return Optional.empty();
  }

  /** A name that is known here, but not in that version. */
  private void refuseOtherVersion(AssetKind kind, String text, AssetReference reference) {
    if (!reference.mayBe(kind) || reference.wanted() instanceof Wanted.Newest) {
      return;
    }
    var versions = assets.get().all(kind, reference.name()).stream().map(Asset::version).toList();
    if (!versions.isEmpty()) {
      throw Problem.of(
              ErrorCode.UNRESOLVED,
              "'%s': %s '%s' has no such version".formatted(text, kind.word(), reference.name()))
          .fix("there are: " + String.join(", ", versions))
          .asException();
    }
  }

  private StepInput input(String text, Asset asset, Optional<DataType> type, StepInput.Mode mode) {
    var known = DataType.valueOf(asset.text("type").toUpperCase(Locale.ROOT));
    return asset
        .stored()
        .<StepInput>map(path -> stored(text, path, known, type, mode))
        .orElseGet(() -> new StepInput.Remote(asset.text("path"), type.orElse(known), mode));
  }

  private StepInput stored(
      String text, StoredPath path, DataType known, Optional<DataType> type, StepInput.Mode mode) {
    boolean plain = type.isPresent() && type.get().yaml().startsWith("uri_");
    if (plain && type.get().isFile() == path.folder()) {
      throw Problem.of(
              ErrorCode.WRONG_TYPE,
              "'%s' is a %s, but a %s is wanted"
                  .formatted(text, path.folder() ? "folder" : "file", type.get().yaml()))
          .fix("write 'type: " + (path.folder() ? "uri_folder" : "uri_file") + "'")
          .asException();
    }
    checkThere(text, path.digest());
    return new StepInput.Stored(
        path.digest(), path.folder() ? "" : path.name(), type.orElse(known), mode);
  }

  private void checkThere(String text, Digest digest) {
    try {
      if (!objects.get().missing(List.of(digest)).isEmpty()) {
        throw Problem.of(
                ErrorCode.UNRESOLVED, "the bytes of '" + text + "' are no longer in the store")
            .fix("create it again as a new version; `headrace fsck` names all that is missing")
            .asException();
      }
    } catch (IOException e) {
      throw DiskProblem.reading(workspace.objects(), e);
    }
  }

  /** What a draft's path stands for, when it is no file of this machine. */
  @Override
  public Optional<StoredPath> stored(String text) {
    return data(text, Optional.empty(), StepInput.Mode.RO_MOUNT)
        .flatMap(input ->
            input instanceof StepInput.Stored it
                ? Optional.of(
                    new StoredPath(
                        it.digest(),
                        it.name().isEmpty() ? lastPart(text) : it.name(),
                        it.name().isEmpty()))
                : Optional.empty());
  }

  @Override
  public Optional<String> pinned(AssetKind kind, String reference) {
    return AssetReference.parse(reference)
        .flatMap(it -> assets.get().find(kind, it))
        .map(it -> "azureml:" + it.title());
  }

  private static String lastPart(String text) {
    String bare = text.replaceFirst("/+$", "");
    return bare.substring(Math.max(bare.lastIndexOf('/'), bare.lastIndexOf(':')) + 1);
  }

  // Connections

  @Override
  public Optional<Connection> connection(String name) {
    return Optional.ofNullable(Connections.read(connectionFiles).get(name))
        .or(() -> registered(name));
  }

  /** One that was created in this workspace. The step itself looks for its password. */
  private Optional<Connection> registered(String name) {
    return assets
        .get()
        .find(
            AssetKind.CONNECTION,
            new AssetReference(AssetKind.CONNECTION.plural(), name, new Wanted.Newest()))
        .map(asset ->
            switch (Connections.of(name, asset.text("target"), Path.of("").toAbsolutePath())) {
              case Connection.Folder folder -> folder;
              case Connection.Database it ->
                  new Connection.Database(
                      it.target(),
                      username(asset),
                      assets.get().secretFile(asset).map(file -> "secrets:" + file));
            });
  }

  private static Optional<String> username(Asset asset) {
    return asset.body().entries().get("credentials") instanceof Value.Table(var fields)
            && fields.get("username") instanceof Value.Text(String text)
        ? Optional.of(text)
        : Optional.empty();
  }

  // Environments

  @Override
  public Optional<EnvironmentSpec> environment(String reference) {
    return environments.computeIfAbsent(
        reference,
        text ->
            AssetReference.parse(text)
                .flatMap(it -> assets.get().find(AssetKind.ENVIRONMENT, it))
                .map(this::spec));
  }

  private EnvironmentSpec spec(Asset environment) {
    var fields = environment.body().entries();
    var build =
        fields.get("build") instanceof Value.Table(var entries)
            ? Optional.of(build(entries))
            : Optional.<EnvironmentSpec.Build>empty();
    return new EnvironmentSpec(
        Optional.of(environment.title()),
        Optional.of(environment.text("image")).filter(it -> !it.isEmpty()),
        Optional.ofNullable(fields.get("conda_file")).map(ValueJson::pretty),
        build);
  }

  private EnvironmentSpec.Build build(Map<String, Value> build) {
    String path = single(build.get("path"), "");
    String dockerfile = single(build.get("dockerfile_path"), "Dockerfile");
    return new EnvironmentSpec.Build(
        StoredPath.parse(path).map(it -> folder(it.digest()).toString()).orElse(path), dockerfile);
  }

  private static String single(@org.jspecify.annotations.Nullable Value value, String otherwise) {
    return value instanceof Value.Text(String text) ? text : otherwise;
  }

  // Components

  @Override
  public Optional<Code> code(String reference) {
    return StoredPath.parse(reference).map(it -> new Code.Stored(it.digest()));
  }

  @Override
  public Optional<Path> component(String reference) {
    return AssetReference.parse(reference)
        .flatMap(it -> assets.get().find(AssetKind.COMPONENT, it))
        .map(this::file);
  }

  /** The reader of components reads files. */
  private Path file(Asset component) {
    var document = new LinkedHashMap<String, Value>();
    document.put("name", new Value.Text(component.name()));
    document.put("version", new Value.Text(component.version()));
    document.putAll(component.body().entries());
    var text = ValueJson.pretty(new Value.Table(document)).getBytes(StandardCharsets.UTF_8);
    return kept(
            Digest.of(Digest.sha256().digest(text)),
            folder -> Files.write(folder.resolve("component.yml"), text))
        .resolve("component.yml");
  }

  private Path folder(Digest manifest) {
    return kept(manifest, folder -> new Folders(objects.get()).download(manifest, folder));
  }

  @FunctionalInterface
  private interface Filling {
    void fill(Path folder) throws IOException;
  }

  /** A folder that is there whole or not at all, and never changes. */
  private Path kept(Digest name, Filling filling) {
    var all = workspace.root().resolve("assets");
    var folder = all.resolve(name.hex());
    if (Files.isDirectory(folder)) {
      return folder;
    }
    try {
      Files.createDirectories(all);
      var made = Files.createTempDirectory(all, "new");
      filling.fill(made);
      Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
      return folder;
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      return folder; // another command was faster
    } catch (IOException e) {
      throw DiskProblem.writing(folder, e);
    }
  }
}
