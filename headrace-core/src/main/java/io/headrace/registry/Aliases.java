package io.headrace.registry;

import io.headrace.asset.ModelAssets;
import io.headrace.registry.ModelRows.ModelRow;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.TrackingException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Names that point at versions. A move is one transaction: a reader sees the version before or the
 * version after, and each move leaves its row. Thread-safe.
 */
public final class Aliases {
  private final MetadataStore store;
  private final InstantSource clock;
  private final Outbox outbox;

  Aliases(MetadataStore store, InstantSource clock, Outbox outbox) {
    this.store = store;
    this.clock = clock;
    this.outbox = outbox;
  }

  /** Points an alias at a version, away from the one that it named. */
  public void set(String name, String alias, String version, String user) {
    RegistryNames.model(name);
    RegistryNames.newAlias(alias);
    long number = RegistryNames.version(version);
    outbox.around(() ->
        store.writeNow(connection -> {
          ModelVersion target = ModelRows.require(connection, name, number);
          ModelRow model = ModelRows.require(connection, name);
          point(connection, model, alias, target.version(), new Mover(clock.instant(), user));
          ModelAssets.label(connection, name, target.assetVersion(), alias);
          outbox.tell(
              connection,
              ModelRows.isPrompt(connection, model.number())
                  ? WebhookEvent.PROMPT_ALIAS_CREATED
                  : WebhookEvent.MODEL_VERSION_ALIAS_CREATED,
              Outbox.data(
                  "name", Outbox.text(name),
                  "alias", Outbox.text(alias),
                  "version", Outbox.text(Long.toString(number))));
          return target;
        }));
  }

  /** Who moves an alias, and when. */
  record Mover(Instant at, String user) {}

  static void point(Connection connection, ModelRow model, String alias, long version, Mover mover)
      throws SQLException {
    Optional<Long> before = pointed(connection, model.number(), alias);
    if (before.isPresent() && before.get() == version) {
      return;
    }
    Sql.update(
        connection,
        "insert into registry_aliases values (?, ?, ?)"
            + " on conflict (model, name) do update set version = excluded.version",
        model.number(),
        alias,
        version);
    note(connection, model, alias, before, Optional.of(version), mover);
  }

  /** Takes an alias away; one that is not there is no mistake. */
  public void delete(String name, String alias, String user) {
    RegistryNames.model(name);
    RegistryNames.alias(alias);
    outbox.around(() ->
        store.writeNow(connection -> {
          ModelRow model = ModelRows.require(connection, name);
          remove(connection, model, alias, new Mover(clock.instant(), user));
          ModelAssets.unlabel(connection, name, alias);
          Value.Table data = Outbox.data("name", Outbox.text(name), "alias", Outbox.text(alias));
          outbox.tell(
              connection,
              ModelRows.isPrompt(connection, model.number())
                  ? WebhookEvent.PROMPT_ALIAS_DELETED
                  : WebhookEvent.MODEL_VERSION_ALIAS_DELETED,
              data);
          return model;
        }));
  }

  static void remove(Connection connection, ModelRow model, String alias, Mover mover)
      throws SQLException {
    Optional<Long> before = pointed(connection, model.number(), alias);
    if (before.isPresent()) {
      Sql.update(
          connection,
          "delete from registry_aliases where model = ? and name = ?",
          model.number(),
          alias);
      note(connection, model, alias, before, Optional.empty(), mover);
    }
  }

  private static Optional<Long> pointed(Connection connection, long model, String alias)
      throws SQLException {
    return Sql.first(
        connection,
        "select version from registry_aliases where model = ? and name = ?",
        row -> row.getLong(1),
        model,
        alias);
  }

  private static void note(
      Connection connection,
      ModelRow model,
      String alias,
      Optional<Long> from,
      Optional<Long> to,
      Mover mover)
      throws SQLException {
    Sql.update(
        connection,
        "insert into registry_alias_moves values (?, ?, ?, ?, ?, ?, ?)",
        Sql.next(connection, "registry_alias_moves", "number"),
        model.name(),
        alias,
        from,
        to,
        mover.at().toEpochMilli(),
        mover.user());
  }

  /** The version that an alias names; {@code latest} names the greatest. */
  public ModelVersion version(String name, String alias) {
    RegistryNames.model(name);
    RegistryNames.alias(alias);
    return store.read(connection -> {
      ModelRow model = ModelRows.require(connection, name);
      if (alias.toLowerCase(Locale.ROOT).equals(RegistryNames.LATEST)) {
        ModelVersion newest =
            ModelRows.latest(connection, model.number()).stream()
                .max(java.util.Comparator.comparingLong(ModelVersion::version))
                .orElseThrow(() ->
                    TrackingException.notFound(
                        "Latest version not found for model %s.".formatted(Quoting.plain(name))));
        return ModelRows.withAliases(connection, newest);
      }
      long version =
          pointed(connection, model.number(), alias)
              .orElseThrow(() ->
                  TrackingException.invalid(
                      "Registered model alias %s not found.".formatted(alias)));
      return ModelRows.require(connection, name, version);
    });
  }

  /** How an alias has moved, the last move first; of all aliases when it is empty. */
  public List<AliasMove> moves(String name, String alias) {
    return store.read(connection ->
        alias.isEmpty()
            ? moves(connection, "where model = ? order by number desc", name)
            : moves(connection, "where model = ? and alias = ? order by number desc", name, alias));
  }

  private static List<AliasMove> moves(Connection connection, String which, Object... values)
      throws SQLException {
    return Sql.list(
        connection,
        "select model, alias, from_version, to_version, at, user_id from registry_alias_moves "
            + which,
        Aliases::move,
        values);
  }

  private static AliasMove move(ResultSet row) throws SQLException {
    return new AliasMove(
        row.getString(1),
        row.getString(2),
        number(row, 3),
        number(row, 4),
        Instant.ofEpochMilli(row.getLong(5)),
        row.getString(6));
  }

  private static Optional<Long> number(ResultSet row, int column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(number);
  }
}
