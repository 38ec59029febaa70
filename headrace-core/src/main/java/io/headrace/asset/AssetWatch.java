package io.headrace.asset;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Hears of what is written to assets, within the same transaction; what it throws undoes all. */
public interface AssetWatch {
  /** Hears nothing. */
  AssetWatch NONE =
      new AssetWatch() {
        @Override
        public Optional<String> objection(Connection connection, AssetKind kind, String name) {
          return Optional.empty();
        }

        @Override
        public void written(Connection connection, Asset asset) {}

        @Override
        public void labelled(Connection connection, Asset asset, String label, boolean on) {}
      };

  /** Why no asset of that kind may have that name; empty when it may. */
  Optional<String> objection(Connection connection, AssetKind kind, String name)
      throws SQLException;

  /** An asset was made, or something else is said of it. Comes again for the same one. */
  void written(Connection connection, Asset asset) throws SQLException;

  /** A label was pointed at an asset ({@code on}), or taken away. */
  void labelled(Connection connection, Asset asset, String label, boolean on) throws SQLException;
}
