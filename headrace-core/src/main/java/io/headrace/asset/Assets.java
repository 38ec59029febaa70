package io.headrace.asset;

import io.headrace.asset.AssetReference.Wanted;
import io.headrace.asset.AssetRows.Maker;
import io.headrace.job.Names;
import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The named things of a workspace. Thread-safe, and safe between processes: of two that make the
 * next version at once, each gets its own.
 */
public final class Assets {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,254}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,254}");

  private final MetadataStore records;
  private final SecretKeeping secrets;
  private final InstantSource clock;
  private final AssetWatch watch;

  private Assets(MetadataStore records, Path secrets, InstantSource clock, AssetWatch watch) {
    this.records = records;
    this.secrets = new SecretKeeping(records, secrets);
    this.clock = clock;
    this.watch = watch;
  }

  /**
   * Opens the records, making their tables when they are not there.
   *
   * @param secrets the folder for what the records must not hold; made when needed
   */
  public static Assets open(MetadataStore records, Path secrets, InstantSource clock) {
    return open(records, secrets, clock, AssetWatch.NONE);
  }

  /** Brings the tables up to date, for one who only reads them. */
  public static void migrate(MetadataStore records) {
    Tables.migrate(records);
  }

  /** The same as {@code open}; what is written is told within its transaction. */
  public static Assets open(
      MetadataStore records, Path secrets, InstantSource clock, AssetWatch watch) {
    migrate(records);
    var assets = new Assets(records, secrets, clock, watch);
    assets.secrets.seal(assets);
    return assets;
  }

  /**
   * Makes an asset. The same version with the same content is no second one; what is told of it is
   * brought up to date.
   *
   * @throws ProblemException CONFLICT when that version has other content; BAD_NAME
   */
  public Asset create(Draft draft, String user) {
    check(draft);
    var maker = new Maker(clock.instant(), user, "");
    return secrets.write(
        draft.kind(),
        draft.name(),
        draft.body(),
        (connection, body, changed) -> {
          var asset = AssetRows.create(connection, draft.withBody(body), maker);
          var made = changed ? AssetRows.touch(connection, asset, maker.at()) : asset;
          watch.written(connection, made);
          return made;
        });
  }

  static void check(Draft draft) {
    check(NAME, draft.name(), draft.kind().word() + " name");
    draft.version().ifPresent(it -> check(VERSION, it, "version"));
    if (draft.version().filter(AssetRows.LATEST::equals).isPresent()) {
      throw Problem.of(ErrorCode.BAD_NAME, "'latest' is a label, not a version").asException();
    }
  }

  private static void check(Pattern shape, String text, String what) {
    if (!shape.matcher(text).matches()) {
      throw Problem.of(ErrorCode.BAD_NAME, "'" + text + "' cannot be a " + what)
          .fix("begin with a letter or digit; then letters, digits, '_', '-' or '.', 255 at most")
          .asException();
    }
  }

  /** What a reference means; empty when nothing of this kind has that name. */
  public Optional<Asset> find(AssetKind kind, AssetReference reference) {
    return reference.mayBe(kind)
        ? records.read(
            connection -> AssetRows.find(connection, kind, reference.name(), reference.wanted()))
        : Optional.empty();
  }

  /**
   * One asset.
   *
   * @throws ProblemException NOT_FOUND, naming what there is
   */
  public Asset get(AssetKind kind, String name, Wanted wanted) {
    return records
        .read(connection -> AssetRows.find(connection, kind, name, wanted))
        .orElseThrow(() -> missing(kind, name, wanted));
  }

  private ProblemException missing(AssetKind kind, String name, Wanted wanted) {
    var versions = all(kind, name);
    if (versions.isEmpty()) {
      var names = new LinkedHashSet<String>();
      all(kind, "").forEach(it -> names.add(it.name()));
      return Problem.of(
              ErrorCode.NOT_FOUND, "there is no " + kind.word() + " called '" + name + "'")
          .fix(Names.advice(name, names, kind.plural()))
          .asException();
    }
    String which =
        switch (wanted) {
          case Wanted.Version(String version) -> "version '" + version + "'";
          case Wanted.Label(String label) -> "label '" + label + "'";
          case Wanted.Newest() -> "version";
        };
    var known = new ArrayList<String>();
    versions.forEach(it -> {
      known.add(it.version());
      it.labels().forEach(label -> known.add("@" + label));
    });
    return Problem.of(ErrorCode.NOT_FOUND, kind.word() + " '" + name + "' has no " + which)
        .fix("there are: " + String.join(", ", known.subList(0, Math.min(known.size(), 20))))
        .asException();
  }

  /** The versions of a name, archived ones too, the newest first; of every name when empty. */
  public List<Asset> all(AssetKind kind, String name) {
    return records.read(connection -> AssetRows.all(connection, kind, name));
  }

  /** Changes what may change of one asset; what is not told stays as it is. */
  public Asset tell(Asset asset, Draft.Told told) {
    return records.writeNow(connection -> {
      Asset now = AssetRows.tell(connection, asset, told, clock.instant());
      watch.written(connection, now);
      return now;
    });
  }

  /** Gives an asset without versions another body. */
  public Asset replace(Asset asset, Value.Table body) {
    if (asset.kind().versioned()) {
      AssetRows.checkSame(asset, body);
    }
    var at = clock.instant();
    return secrets.write(
        asset.kind(),
        asset.name(),
        body,
        (connection, open, changed) -> {
          AssetRows.replace(connection, asset.kind(), asset.name(), open, at);
          return changed
              ? AssetRows.touch(connection, asset, at)
              : AssetRows.one(connection, asset.kind(), asset.name(), asset.version())
                  .orElseThrow();
        });
  }

  /** Points a label at a version, away from the one it pointed at. */
  public Asset label(Asset asset, String label) {
    check(NAME, label, "label");
    if (label.equals(AssetRows.LATEST)) {
      throw Problem.of(ErrorCode.BAD_NAME, "the label 'latest' moves by itself, to the newest")
          .asException();
    }
    return records.writeNow(connection -> {
      Sql.update(
          connection,
          "insert into asset_label (kind, name, label, version) values (?, ?, ?, ?)"
              + " on conflict (kind, name, label) do update set version = excluded.version",
          asset.kind().word(),
          asset.name(),
          label,
          asset.version());
      watch.labelled(connection, asset, label, true);
      return AssetRows.one(connection, asset.kind(), asset.name(), asset.version()).orElseThrow();
    });
  }

  /** Takes a label away. */
  public Asset unlabel(Asset asset, String label) {
    return records.writeNow(connection -> {
      Sql.update(
          connection,
          "delete from asset_label where kind = ? and name = ? and label = ?",
          asset.kind().word(),
          asset.name(),
          label);
      watch.labelled(connection, asset, label, false);
      return AssetRows.one(connection, asset.kind(), asset.name(), asset.version()).orElseThrow();
    });
  }

  /**
   * Hides assets from lists, or shows them again.
   *
   * @param version empty for all versions of the name
   */
  public void archive(AssetKind kind, String name, Optional<String> version, boolean archived) {
    get(kind, name, version.<Wanted>map(Wanted.Version::new).orElse(new Wanted.Newest()));
    records.writeNow(connection ->
        Sql.update(
            connection,
            "update asset set archived = ? where kind = ? and name = ?"
                + (version.isPresent() ? " and version = ?" : " and version <> ?"),
            archived ? 1 : 0,
            kind.word(),
            name,
            version.orElse("/")));
  }

  /** Takes a thing without versions away. */
  public void delete(AssetKind kind, String name) {
    get(kind, name, new Wanted.Newest());
    secrets.delete(kind, name);
  }

  /**
   * What opens a datastore or a connection. This is the one door to secrets: nothing else that is
   * asked of this room holds any.
   *
   * @throws ProblemException WORKSPACE when they were lost
   */
  public Credentials credentials(Asset asset) {
    return Credentials.of(secrets.open(asset));
  }

  /**
   * The file, for its owner alone, that holds the secrets of a datastore or a connection: for a
   * process that is to look there by itself.
   */
  public Optional<Path> secretFile(Asset asset) {
    return secrets.file(asset);
  }

  /** What a run could not register, for people. */
  public List<String> refused(String run) {
    return records.read(connection ->
        Sql.list(
            connection,
            "select refused from asset_output where run_id = ? and refused <> '' order by step",
            row -> row.getString(1),
            run));
  }

  /** The objects that assets are made of, with who needs each. */
  public Map<Digest, List<String>> dependents() {
    var found = new LinkedHashMap<Digest, List<String>>();
    for (var kind : AssetKind.values()) {
      for (var asset : all(kind, "")) {
        collect(asset.body(), asset.kind().word() + " " + asset.title(), found);
      }
    }
    return found;
  }

  private static void collect(Value value, String who, Map<Digest, List<String>> found) {
    switch (value) {
      case Value.Text(String text) ->
          StoredPath.parse(text)
              .ifPresent(it -> found.computeIfAbsent(it.digest(), _ -> new ArrayList<>()).add(who));
      case Value.Items(List<Value> items) -> items.forEach(it -> collect(it, who, found));
      case Value.Table(Map<String, Value> entries) ->
          entries.values().forEach(it -> collect(it, who, found));
      case Value.Whole _, Value.Real _, Value.Flag _, Value.Nothing _ -> {}
    }
  }
}
