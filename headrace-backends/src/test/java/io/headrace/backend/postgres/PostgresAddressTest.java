package io.headrace.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PostgresAddressTest {
  @Test
  void given_a_whole_address_then_each_part_is_read() {
    assertThat(
            PostgresAddress.parse(
                "postgresql://ann@db.example:6000/runs?schema=team_a&sslmode=verify-full"))
        .isEqualTo(
            new PostgresAddress(
                "db.example",
                6000,
                "runs",
                "ann",
                Map.of("schema", "team_a", "sslmode", "verify-full")));
  }

  @Test
  void given_a_short_one_then_the_port_is_postgresqls_own() {
    assertThat(PostgresAddress.parse("postgres://localhost/runs"))
        .isEqualTo(new PostgresAddress("localhost", 5432, "runs", "", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://a%20b@[::1]:1/my%20runs",
        "postgresql://h:5432/d?schema=s&sslrootcert=%2Fa%20b%2Fc%26d.pem",
      })
  void when_shown_then_it_can_be_read_again(String text) {
    assertThat(PostgresAddress.parse(text).toString()).isEqualTo(text);
    assertThat(PostgresAddress.parse(PostgresAddress.parse(text).toString()))
        .isEqualTo(PostgresAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://h/d",
        "h:5432/d",
        "postgresql://h",
        "postgresql://h/",
        "postgresql://h/a/b",
        "postgresql:///d",
        "postgresql://h/d?schema=A;drop",
        "postgresql://h/d?socketFactory=x.Y",
        "postgresql://h/d?sslmode",
        "postgresql://a b@h/d",
      })
  void given_what_is_none_then_it_is_refused(String text) {
    assertThatThrownBy(() -> PostgresAddress.parse(text))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
  }

  @Test
  void given_a_password_then_it_is_refused_and_not_repeated() {
    assertThatThrownBy(() -> PostgresAddress.parse("postgresql://ann:hunter2@h/d"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("PGPASSWORD")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> PostgresAddress.parse("postgresql://ann:hun ter2@h/d"))
        .isInstanceOf(ProblemException.class)
        .hasMessageNotContaining("ter2");
  }
}
