package io.headrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.yaml.YamlNode.Value;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScalarsTest {
  @Nested
  class Given_plain_scalars_with_what_PyYAML_made_of_them {
    @Test
    void when_resolved_then_each_means_the_same() throws IOException {
      var softly = new SoftAssertions();
      int rows = 0;
      for (String row : resource("plain-scalars.tsv").split("\n", -1)) {
        if (row.isEmpty() || row.startsWith("# ")) {
          continue;
        }
        var cells = row.split("\t", -1);
        softly
            .assertThat(Scalars.resolve(cells[0]))
            .as("'%s'", cells[0])
            .isEqualTo(expected(cells[0], cells[1], cells[2]));
        rows++;
      }
      softly.assertAll();
      assertThat(rows).isGreaterThan(5000);
    }

    private static Value expected(String text, String kind, String value) {
      return switch (kind) {
        case "null" -> new Value.Null();
        case "bool" -> new Value.Bool(Boolean.parseBoolean(value));
        case "int" -> new Value.Int(new BigInteger(value));
        case "real" -> new Value.Real(pythonReal(value));
        case "timestamp" -> new Value.Timestamp(value);
        // What PyYAML fails on we take as text.
        case "text", "broken" -> new Value.Text(text);
        default -> throw new IllegalArgumentException(kind);
      };
    }

    private static double pythonReal(String hex) {
      return switch (hex) {
        case "inf" -> Double.POSITIVE_INFINITY;
        case "-inf" -> Double.NEGATIVE_INFINITY;
        case "nan" -> Double.NaN;
        default -> Double.parseDouble(hex);
      };
    }
  }

  @Nested
  class Given_very_long_digits {
    @Test
    void when_resolved_then_it_costs_no_time() {
      var digits = "1" + "234567890".repeat(1_000_000);
      Assertions.assertTimeout(
          Duration.ofSeconds(2),
          () -> assertThat(Scalars.resolve(digits)).isEqualTo(new Value.Text(digits)));
      var parts = "1" + ":30".repeat(1_400);
      assertThat(Scalars.resolve(parts)).isInstanceOf(Value.Int.class);
    }
  }

  private static String resource(String name) throws IOException {
    try (var in = Objects.requireNonNull(ScalarsTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
