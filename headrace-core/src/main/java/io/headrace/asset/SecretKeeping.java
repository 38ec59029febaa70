package io.headrace.asset;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps the secrets of assets in files, and in the records only which file it is. */
final class SecretKeeping {
  private static final int TRIES = 3;

  private final MetadataStore records;
  private final Path folder;
  private final SecretFiles files;

  SecretKeeping(MetadataStore records, Path folder) {
    this.records = records;
    this.folder = folder;
    this.files = new SecretFiles(folder);
  }

  /** Writes an asset whose body holds no secret. */
  @FunctionalInterface
  interface Writing {
    /**
     * Writes it within a transaction.
     *
     * @param changed whether other secrets go with it
     */
    Asset write(Connection connection, Value.Table body, boolean changed) throws SQLException;
  }

  /** Writes an asset; its secrets are in force from the moment that its record is. */
  Asset write(AssetKind kind, String name, Value.Table body, Writing writing) {
    if (!Secrets.mayHave(kind)) {
      return records.writeNow(connection -> writing.write(connection, body, false));
    }
    var parted = Secrets.part(kind, body);
    var before = find(kind, name).orElse(Secrets.NONE);
    var now = parted.secrets().over(before);
    if (now.isSame(before)) {
      return records.writeNow(connection -> writing.write(connection, parted.body(), false));
    }
    var file = now.isEmpty() ? Optional.<String>empty() : Optional.of(files.put(now));
    try {
      var written =
          records.writeNow(connection -> {
            var asset = writing.write(connection, parted.body(), true);
            return new Written(asset, name(connection, kind, name, file));
          });
      written.replaced().ifPresent(files::delete);
      files.sweep(named());
      return written.asset();
    } catch (ProblemException e) {
      file.ifPresent(files::delete);
      throw e;
    }
  }

  private record Written(Asset asset, Optional<String> replaced) {}

  /** Says which file is in force, and answers which one was. */
  private static Optional<String> name(
      Connection connection, AssetKind kind, String name, Optional<String> file)
      throws SQLException {
    var replaced = named(connection, kind, name);
    Sql.update(
        connection, "delete from asset_secret where kind = ? and name = ?", kind.word(), name);
    if (file.isPresent()) {
      Sql.update(
          connection,
          "insert into asset_secret (kind, name, file) values (?, ?, ?)",
          kind.word(),
          name,
          file.get());
    }
    return replaced;
  }

  private static Optional<String> named(Connection connection, AssetKind kind, String name)
      throws SQLException {
    return Sql.list(
            connection,
            "select file from asset_secret where kind = ? and name = ?",
            row -> row.getString(1),
            kind.word(),
            name)
        .stream()
        .findFirst();
  }

  private Set<String> named() {
    return Set.copyOf(
        records.<List<String>>read(connection ->
            Sql.list(connection, "select file from asset_secret", row -> row.getString(1))));
  }

  /** Takes the secrets of an asset that is deleted away with it. */
  void delete(AssetKind kind, String name) {
    records
        .writeNow(connection -> {
          Sql.update(
              connection, "delete from asset where kind = ? and name = ?", kind.word(), name);
          return name(connection, kind, name, Optional.empty());
        })
        .ifPresent(files::delete);
  }

  /** The file that is in force; empty when there are no secrets. */
  Optional<Path> file(Asset asset) {
    return records
        .read(connection -> named(connection, asset.kind(), asset.name()))
        .map(name -> folder.resolve(name).toAbsolutePath());
  }

  /** The secrets in force; none when there are none, or their file is gone. */
  private Optional<Secrets> find(AssetKind kind, String name) {
    for (int i = 0; i < TRIES; i++) {
      var file = records.read(connection -> named(connection, kind, name));
      var found = file.flatMap(files::get);
      if (file.isEmpty() || found.isPresent()) {
        return found;
      }
      // Replaced since its name was read: there is a new one.
    }
    return Optional.empty();
  }

  /**
   * An asset's body with its secrets in place.
   *
   * @throws ProblemException WORKSPACE when their file is gone
   */
  Value.Table open(Asset asset) {
    var secrets = find(asset.kind(), asset.name());
    if (secrets.isEmpty()
        && records.read(connection -> named(connection, asset.kind(), asset.name())).isPresent()) {
      throw Problem.of(
              ErrorCode.WORKSPACE,
              "the secrets of %s '%s' are not in %s any more"
                  .formatted(asset.kind().word(), asset.name(), folder))
          .fix("create it again with its credentials")
          .asException();
    }
    return secrets.orElse(Secrets.NONE).into(asset.body());
  }

  /** Takes secrets out of the records that an earlier Headrace wrote, with every trace of them. */
  void seal(Assets assets) {
    var old =
        records.read(connection ->
            Sql.list(
                connection,
                "select kind, name from asset_unsealed",
                row -> new Old(row.getString(1), row.getString(2))));
    if (old.isEmpty()) {
      return;
    }
    old.forEach(it ->
        assets
            .all(AssetKind.of(it.kind()), it.name())
            .forEach(asset -> assets.replace(asset, asset.body())));
    try {
      records.erase();
      records.writeNow(connection -> Sql.update(connection, "delete from asset_unsealed"));
    } catch (ProblemException e) {
      // Others use the records, or the disk is full: whoever opens them next tries again.
    }
  }

  private record Old(String kind, String name) {}
}
