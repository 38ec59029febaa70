package io.headrace.testing;

import io.headrace.backend.postgres.PostgresAddress;
import io.headrace.backend.postgres.PostgresMetadataStore;
import io.headrace.backend.sqlite.SqliteMetadataStore;
import io.headrace.name.Digest;
import io.headrace.spi.MetadataStore;
import java.nio.file.Path;
import java.util.Map;

/** Where records are kept in a test. */
public enum TestDatabase {
  SQLITE {
    @Override
    public MetadataStore open(Path folder) {
      return SqliteMetadataStore.open(folder.resolve("records.db"));
    }

    @Override
    public Map<String, String> variables(Path folder) {
      return Map.of();
    }
  },
  POSTGRESQL {
    @Override
    public MetadataStore open(Path folder) {
      var cluster = PostgresCluster.shared();
      return PostgresMetadataStore.open(
          PostgresAddress.parse(cluster.url(schema(folder))), cluster.variables());
    }

    @Override
    public Map<String, String> variables(Path folder) {
      var cluster = PostgresCluster.shared();
      return Map.of(
          "HEADRACE_DATABASE",
          cluster.url(schema(folder)),
          "PGPASSWORD",
          cluster.variables().get("PGPASSWORD"));
    }

    private static String schema(Path folder) {
      return "of_" + Digest.ofText(folder.toAbsolutePath().toString()).hex().substring(0, 20);
    }
  };

  /** The store of a folder: fresh for a fresh one; opened again, it holds what it held. */
  public abstract MetadataStore open(Path folder);

  /** What tells another process of the same store. */
  public abstract Map<String, String> variables(Path folder);
}
