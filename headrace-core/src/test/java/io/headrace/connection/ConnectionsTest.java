package io.headrace.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.planner.Connection;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConnectionsTest {
  @TempDir Path folder;

  private Map<String, Connection> read(String connections) throws IOException {
    var file = folder.resolve("connections.yml");
    Files.writeString(file, "connections:\n" + connections.indent(2));
    return Connections.read(List.of(folder.resolve("absent.yml"), file));
  }

  @Test
  void paths_start_from_the_file() throws IOException {
    assertThat(read("a: {target: 'sqlite:./x.db'}\nb: {target: ../share}\nc: {target: /srv}"))
        .containsEntry(
            "a",
            new Connection.Database(
                "sqlite:" + folder.resolve("x.db"), Optional.empty(), Optional.empty()))
        .containsEntry("b", new Connection.Folder(folder.resolveSibling("share")))
        .containsEntry("c", new Connection.Folder(Path.of("/srv")));
  }

  @Test
  void a_password_is_only_pointed_at() throws IOException {
    assertThat(
            read(
                """
                a:
                  target: postgresql://host:5433/db
                  credentials: {type: username_password, username: me, password: "env:DB_PASSWORD"}
                b:
                  target: postgresql://me@host/db
                  credentials: {type: username_password, password: "file:./secret"}
                """))
        .containsEntry(
            "a",
            new Connection.Database(
                "postgresql://host:5433/db", Optional.of("me"), Optional.of("env:DB_PASSWORD")))
        .containsEntry(
            "b",
            new Connection.Database(
                "postgresql://me@host/db",
                Optional.empty(),
                Optional.of("file:" + folder.resolve("secret"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: {target: 'postgresql://h/d', credentials: {password: hunter2}} | must say where it is",
        "a: {target: 'postgresql://me:hunter2@h/d'} | a password in the target",
        "a: {target: 'postgresql://h/d', credentials: {password: 'env:HEADRACE_X'}} | do not get",
        "a: {target: 's3://bucket'} | cannot open",
        "a: {type: custom} | has no target",
        "a: {target: ./x, sort: b} | 'a.sort' is not known here",
        "a: here | must be a mapping",
      })
  void what_is_wrong_is_told_with_its_line_and_without_the_password(String line, String message)
      throws IOException {
    try {
      assertThat(read(line)).isNull();
    } catch (ProblemException e) {
      assertThat(e.problems())
          .anySatisfy(it -> {
            assertThat(it.message()).contains(message);
            assertThat(it.where().orElseThrow().line()).isEqualTo(2);
          })
          .allSatisfy(it -> assertThat(it.toString()).doesNotContain("hunter2"));
    }
  }
}
