package io.headrace.backend.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.backend.records.MetadataStoreTest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SqliteFileTest {
  @TempDir Path folder;

  @Nested
  class Given_a_file_that_is_no_database {
    @Test
    void when_used_then_the_problem_names_it() throws IOException {
      var file =
          Files.writeString(folder.resolve("other.db"), "not a database at all\n".repeat(99));
      try (var other = SqliteMetadataStore.open(file)) {
        assertThatThrownBy(() -> other.migrate("notes", MetadataStoreTest.TABLES))
            .isInstanceOfSatisfying(
                ProblemException.class,
                e -> assertThat(MetadataStoreTest.code(e)).isEqualTo(ErrorCode.RECORDS))
            .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> other.writeNow(MetadataStoreTest.insert(1, "x")))
            .hasMessageContaining(file.toString());
      }
    }
  }

  @Nested
  class Given_odd_characters_in_the_path {
    @Test
    void when_used_then_the_file_has_just_that_name() throws IOException {
      for (var name : List.of("a b?mode=ro#%41'\"$.db", "ü\n;.db", "file:x.db", ":memory:")) {
        try (var odd = SqliteMetadataStore.open(folder.resolve("f?").resolve(name))) {
          odd.migrate("notes", MetadataStoreTest.TABLES);
          odd.writeNow(MetadataStoreTest.insert(1, "x"));
          assertThat(MetadataStoreTest.ids(odd)).containsExactly(1);
          assertThat(Files.size(folder.resolve("f?").resolve(name))).isPositive();
        }
      }
    }
  }
}
