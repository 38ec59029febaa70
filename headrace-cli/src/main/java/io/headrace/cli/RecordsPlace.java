package io.headrace.cli;

import io.headrace.backend.postgres.PostgresAddress;
import io.headrace.backend.postgres.PostgresMetadataStore;
import io.headrace.backend.sqlite.SqliteMetadataStore;
import io.headrace.problem.DiskProblem;
import io.headrace.spi.MetadataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * Where a workspace's records are: in a file of its own, unless the variable {@value #VARIABLE} or
 * the workspace's file {@code database} names a PostgreSQL database. Neither holds a password.
 *
 * @param variables the process's
 */
record RecordsPlace(Workspace workspace, Map<String, String> variables) {
  static final String VARIABLE = "HEADRACE_DATABASE";

  MetadataStore open() {
    var database = database();
    return database.isPresent()
        ? PostgresMetadataStore.open(database.get(), variables)
        : openOfThisMachine();
  }

  /** What is known of this machine's files is of no use to another machine: never in a database. */
  MetadataStore openOfThisMachine() {
    return SqliteMetadataStore.open(workspace.records());
  }

  /** The database; empty for the workspace's own file. */
  Optional<PostgresAddress> database() {
    var named = variables.getOrDefault(VARIABLE, "");
    var text = named.isEmpty() ? remembered() : named;
    return text.isEmpty() ? Optional.empty() : Optional.of(PostgresAddress.parse(text));
  }

  private String remembered() {
    try {
      return Files.readString(file()).strip();
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw DiskProblem.reading(file(), e);
    }
  }

  /** Lets all commands of the workspace use a database from now on. */
  void remember(PostgresAddress database) {
    try {
      var coming = Files.createTempFile(workspace.root(), "database", ".tmp");
      Files.writeString(coming, database + "\n");
      Files.move(
          coming, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw DiskProblem.writing(file(), e);
    }
  }

  private Path file() {
    return workspace.root().resolve("database");
  }
}
