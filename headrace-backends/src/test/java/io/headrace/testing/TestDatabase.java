package io.headrace.testing;

import io.headrace.backend.postgres.PostgresAddress;
import io.headrace.backend.postgres.PostgresMetadataStore;
import io.headrace.backend.sqlite.SqliteMetadataStore;
import io.headrace.spi.MetadataStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Where records are kept in a test. */
public enum TestDatabase {
  SQLITE {
    @Override
    public MetadataStore open(Path folder) {
      return SqliteMetadataStore.open(folder.resolve("records.db"));
    }

    @Override
    public MetadataStore openBare(Path folder) {
      return open(folder);
    }

    @Override
    public Map<String, String> variables(Path folder) {
      return Map.of();
    }
  },
  POSTGRESQL {
    @Override
    public MetadataStore open(Path folder) {
      return open(PostgresCluster.shared().schemaOf(folder, true));
    }

    @Override
    public MetadataStore openBare(Path folder) {
      return open(PostgresCluster.shared().schemaOf(folder, false));
    }

    private static MetadataStore open(String schema) {
      var cluster = PostgresCluster.shared();
      return PostgresMetadataStore.open(
          PostgresAddress.parse(cluster.url(schema)), cluster.variables());
    }

    @Override
    public Map<String, String> variables(Path folder) {
      var cluster = PostgresCluster.shared();
      var variables = new HashMap<>(cluster.variables());
      variables.put("HEADRACE_DATABASE", cluster.url(cluster.schemaOf(folder, true)));
      return variables;
    }
  };

  /**
   * The store of a folder: without records for a new one; opened again, it holds what it held. Its
   * tables may be there already.
   */
  public abstract MetadataStore open(Path folder);

  /** The same, without any tables at first. */
  public abstract MetadataStore openBare(Path folder);

  /** What tells another process of the same store. */
  public abstract Map<String, String> variables(Path folder);
}
