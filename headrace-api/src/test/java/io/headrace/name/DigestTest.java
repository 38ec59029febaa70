package io.headrace.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DigestTest {
  @TempDir Path folder;

  @Test
  void given_the_text_abc_then_its_digest_is_that_of_FIPS_180_2() {
    assertThat(Digest.ofText("abc").hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void
      given_files_below_at_and_above_the_size_from_which_the_system_computes_then_the_digest_is_javas()
          throws IOException {
    var random = new Random(7);
    for (long size :
        new long[] {0, 1, LargeSha256.WORTH - 1, LargeSha256.WORTH, LargeSha256.WORTH + 12_345}) {
      var bytes = new byte[(int) size];
      random.nextBytes(bytes);
      var file = Files.write(folder.resolve("file"), bytes);

      assertThat(Digest.ofFile(file))
          .as("size %d", size)
          .isEqualTo(Digest.of(Digest.sha256().digest(bytes)));
    }
  }

  @Test
  void given_something_else_than_64_lower_case_digits_then_it_is_refused() {
    assertThatThrownBy(() -> new Digest("ABC")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Digest("g".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
