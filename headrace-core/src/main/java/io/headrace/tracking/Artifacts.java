package io.headrace.tracking;

import io.headrace.name.Digest;
import io.headrace.spi.MetadataStore;
import io.headrace.spi.ObjectStore;
import io.headrace.sql.Sql;
import io.headrace.store.FolderManifest;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files that runs and models keep. Their bytes are in the object store, their names in a table
 * of folders. Below a run's own root one also sees the artifacts that the engine took in when its
 * step ended, and those of the run whose result was reused. Thread-safe; what was put is durable
 * when the call returns.
 */
public final class Artifacts {
  private static final String SCHEME = "mlflow-artifacts:";

  /** Kept in the place of a digest by the row of a folder. */
  private static final String FOLDER = "";

  private final MetadataStore store;
  private final ObjectStore objects;
  private final EngineArtifacts taken;
  private final StoredArtifacts stored;

  Artifacts(MetadataStore store, ObjectStore objects) {
    this.store = store;
    this.objects = objects;
    this.taken = new EngineArtifacts(objects);
    this.stored = new StoredArtifacts(objects, taken);
  }

  /**
   * A file or a folder within another.
   *
   * @param name its own, without the folder
   * @param size in bytes, 0 for a folder
   */
  public record Entry(String name, boolean isFolder, long size) {}

  /** A file's bytes. */
  public record Content(Digest digest, long size) {}

  /** Stores a file, in the place of one that may be there. */
  public void put(ArtifactPath path, InputStream bytes) throws IOException {
    if (path.isRoot()) {
      throw TrackingException.invalid("Invalid path: it names no file");
    }
    StoredArtifacts.refuse(path);
    Digest digest = objects.put(bytes);
    long size = objects.size(digest);
    store.writeNow(connection -> {
      makeFolders(connection, path.parent());
      int put =
          Sql.update(
              connection,
              "insert into tracking_artifacts values (?, ?, ?, ?) on conflict (folder, name)"
                  + " do update set digest = excluded.digest, size = excluded.size"
                  + " where tracking_artifacts.digest <> ''",
              path.parent().toString(),
              path.name(),
              digest.hex(),
              size);
      if (put == 0) {
        throw TrackingException.invalid("Invalid path: '" + path + "' is a folder");
      }
      return put;
    });
  }

  private static void makeFolders(Connection connection, ArtifactPath folder) throws SQLException {
    ArtifactPath each = folder;
    while (!each.isRoot()) {
      int made =
          Sql.update(
              connection,
              "insert into tracking_artifacts values (?, ?, ?, 0) on conflict do nothing",
              each.parent().toString(),
              each.name(),
              FOLDER);
      if (made == 0) {
        requireFolder(connection, each);
        return;
      }
      each = each.parent();
    }
  }

  private static void requireFolder(Connection connection, ArtifactPath path) throws SQLException {
    if (row(connection, path).filter(row -> row.digest.isPresent()).isPresent()) {
      throw TrackingException.invalid("Invalid path: '" + path + "' is a file");
    }
  }

  /** What is directly in a folder, by name; nothing when there is no such folder. */
  public List<Entry> list(ArtifactPath folder) throws IOException {
    if (StoredArtifacts.holds(folder)) {
      return stored.list(folder);
    }
    TreeMap<String, Entry> entries = new TreeMap<>();
    for (Place place : places(folder)) {
      if (place.manifest.isPresent()) {
        for (Entry entry : taken.list(place.manifest.get(), place.within)) {
          entries.putIfAbsent(entry.name(), entry);
        }
      }
      for (Entry entry : rows(place.path)) {
        entries.merge(entry.name(), entry, (other, one) -> place.isOwn ? one : other);
      }
    }
    return List.copyOf(entries.values());
  }

  private List<Entry> rows(ArtifactPath folder) {
    return store.read(connection ->
        Sql.list(
            connection,
            "select name, digest, size from tracking_artifacts where folder = ?",
            row -> new Entry(row.getString(1), row.getString(2).equals(FOLDER), row.getLong(3)),
            folder.toString()));
  }

  /**
   * All that a run keeps, as one folder; its bytes are in the store, the list itself need not be.
   */
  public FolderManifest folder(String runId) throws IOException {
    Run run =
        store.read(connection ->
            RunReader.whole(connection, List.of(RunRow.require(connection, runId))).getFirst());
    return snapshot(placeOf(run.info().artifactUri()).orElse(ArtifactPath.of("")));
  }

  /** All files below a path as they are now, as one folder; the list itself need not be stored. */
  public FolderManifest snapshot(ArtifactPath root) throws IOException {
    Map<String, FolderManifest.Entry> files = new LinkedHashMap<>();
    if (StoredArtifacts.holds(root)) {
      stored.collect(root, files);
      return FolderManifest.ofUnsorted(List.copyOf(files.values()));
    }
    for (Place place : places(root)) {
      collect(place.path, "", files);
      if (place.manifest.isPresent()) {
        taken.collect(place.manifest.get(), place.within, files);
      }
    }
    return FolderManifest.ofUnsorted(List.copyOf(files.values()));
  }

  private void collect(
      ArtifactPath folder, String prefix, Map<String, FolderManifest.Entry> files) {
    List<Named> named =
        store.read(connection ->
            Sql.list(
                connection,
                "select name, digest, size from tracking_artifacts where folder = ?",
                row -> new Named(row.getString(1), row.getString(2), row.getLong(3)),
                folder.toString()));
    for (Named it : named) {
      String path = prefix + it.name;
      if (it.digest.equals(FOLDER)) {
        collect(folder.then(ArtifactPath.of(it.name)), path + "/", files);
      } else {
        files.putIfAbsent(
            path, new FolderManifest.FileEntry(path, new Digest(it.digest), it.size, false));
      }
    }
  }

  /** A row of the table, with its name. */
  private record Named(String name, String digest, long size) {}

  /**
   * A file's content.
   *
   * @throws TrackingException when there is none, or a folder
   */
  public Content find(ArtifactPath path) throws IOException {
    if (StoredArtifacts.holds(path)) {
      return stored.find(path);
    }
    boolean isFolder = path.isRoot();
    for (Place place : places(path)) {
      Optional<Row> row = store.read(connection -> row(connection, place.path));
      if (row.isPresent() && row.get().digest.isPresent()) {
        return new Content(row.get().digest.get(), row.get().size);
      }
      isFolder |= row.isPresent();
      if (place.manifest.isPresent()) {
        Optional<Content> found = taken.find(place.manifest.get(), place.within);
        if (found.isPresent()) {
          return found.get();
        }
        isFolder |= !taken.list(place.manifest.get(), place.within).isEmpty();
      }
    }
    throw isFolder
        ? TrackingException.invalid("Invalid path: '" + path + "' is a folder, not a file")
        : TrackingException.notFound("No such artifact: '" + path + "'");
  }

  /** Opens what {@link #find} found; the caller closes it. */
  public InputStream open(Content content) throws IOException {
    return objects.open(content.digest());
  }

  /**
   * Takes a file's name away, or a folder with all in it. The bytes stay until garbage is
   * collected; what the engine took in stays.
   */
  public void delete(ArtifactPath path) {
    StoredArtifacts.refuse(path);
    store.writeNow(connection -> {
      Optional<Row> row = row(connection, path);
      if (row.isEmpty() && !path.isRoot()) {
        throw TrackingException.notFound("No such artifact: '" + path + "'");
      }
      remove(connection, path);
      return Sql.update(
          connection,
          "delete from tracking_artifacts where folder = ? and name = ?",
          path.parent().toString(),
          path.name());
    });
  }

  static void remove(Connection connection, ArtifactPath folder) throws SQLException {
    List<String> folders =
        Sql.list(
            connection,
            "select name from tracking_artifacts where folder = ? and digest = ''",
            row -> row.getString(1),
            folder.toString());
    for (String name : folders) {
      remove(connection, folder.then(name));
    }
    Sql.update(connection, "delete from tracking_artifacts where folder = ?", folder.toString());
  }

  /** The paths of the files that have these bytes: what is lost when the object is damaged. */
  public List<String> using(Digest digest) {
    return store.read(connection ->
        Sql.list(
            connection,
            "select folder, name from tracking_artifacts where digest = ? order by folder, name",
            row ->
                row.getString(1).isEmpty()
                    ? row.getString(2)
                    : row.getString(1) + "/" + row.getString(2),
            digest.hex()));
  }

  /**
   * Where a URI that begins with {@code mlflow-artifacts:} lies here; empty for a place that
   * clients reach by themselves.
   */
  public static Optional<ArtifactPath> placeOf(String uri) {
    if (!uri.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String rest = uri.substring(SCHEME.length());
    if (rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      rest = slash < 0 ? "" : rest.substring(slash);
    }
    int begin = 0;
    while (begin < rest.length() && rest.charAt(begin) == '/') {
      begin++;
    }
    return Optional.of(ArtifactPath.of(rest.substring(begin)));
  }

  /**
   * A place to look for a path.
   *
   * @param isOwn false for that of a run whose result was reused
   * @param manifest what the engine took in for the run
   * @param within the path below the run's root
   */
  private record Place(
      ArtifactPath path, boolean isOwn, Optional<Digest> manifest, ArtifactPath within) {}

  private List<Place> places(ArtifactPath path) {
    return store.read(connection -> {
      for (int i = 1; i < path.parts().size(); i++) {
        if (path.parts().get(i).equals("artifacts")) {
          Optional<RunRow> run = run(connection, path.parts().get(i - 1));
          if (run.isPresent() && isRoot(run.get(), path, i + 1)) {
            ArtifactPath within =
                new ArtifactPath(path.parts().subList(i + 1, path.parts().size()));
            return places(connection, run.get(), path, within);
          }
        }
      }
      return List.of(new Place(path, true, Optional.empty(), path));
    });
  }

  private static List<Place> places(
      Connection connection, RunRow run, ArtifactPath path, ArtifactPath within)
      throws SQLException {
    Place own = new Place(path, true, manifest(run), within);
    Optional<RunRow> origin =
        run.reusedFrom().isEmpty() ? Optional.empty() : run(connection, run.reusedFrom());
    if (origin.isEmpty()) {
      return List.of(own);
    }
    RunRow from = origin.get();
    ArtifactPath there =
        placeOf(from.info().artifactUri()).orElse(new ArtifactPath(List.of())).then(within);
    return List.of(own, new Place(there, false, manifest(from), within));
  }

  private static Optional<RunRow> run(Connection connection, String runId) throws SQLException {
    return Sql.first(connection, RunRow.COLUMNS + "where r.run_id = ?", RunRow::read, runId);
  }

  private static boolean isRoot(RunRow run, ArtifactPath path, int length) {
    return placeOf(run.info().artifactUri())
        .filter(root -> root.parts().equals(path.parts().subList(0, length)))
        .isPresent();
  }

  private static Optional<Digest> manifest(RunRow run) {
    return run.manifest().isEmpty() ? Optional.empty() : Optional.of(new Digest(run.manifest()));
  }

  /** A row of the table; a folder's has no digest. */
  private record Row(Optional<Digest> digest, long size) {}

  private static Optional<Row> row(Connection connection, ArtifactPath path) throws SQLException {
    return Sql.first(
        connection,
        "select digest, size from tracking_artifacts where folder = ? and name = ?",
        row ->
            new Row(
                row.getString(1).equals(FOLDER)
                    ? Optional.empty()
                    : Optional.of(new Digest(row.getString(1))),
                row.getLong(2)),
        path.parent().toString(),
        path.name());
  }
}
