package io.headrace.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArtifactPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../etc/passwd",
        "a/../b",
        "a/..",
        "/etc/passwd",
        "C:/windows",
        "c:x",
        "a\\b",
        "..\\a",
        "%2e%2e/a",
        "%252e%252e%252fa",
        "%25252e%25252e",
        "a/%2E./b",
        "%2fetc",
        "%5c..",
        "a%00b",
        "a\0b",
        "a\nb",
        "a#b",
        "a?b",
        "a%23b",
        "a%3fb",
        "%ff%fe",
        "%2525252525252525252525252525252525252541"
      })
  void given_a_path_that_could_lead_elsewhere_then_it_is_refused(String path) {
    assertThatThrownBy(() -> ArtifactPath.of(path))
        .isInstanceOf(TrackingException.class)
        .hasMessageStartingWith("Invalid path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a/b.txt",
        "model/MLmodel",
        "ünï/码.bin",
        "100%",
        "a%zz",
        "...",
        "a..b",
        "x y"
      })
  void given_a_plain_path_then_it_is_kept_as_it_is(String path) {
    assertThat(ArtifactPath.of(path)).hasToString(path);
  }

  @Test
  void given_empty_parts_and_dots_then_they_vanish() {
    assertThat(ArtifactPath.of("a//./b/")).hasToString("a/b");
    assertThat(ArtifactPath.of("").isRoot()).isTrue();
  }

  @Test
  void given_names_longer_than_a_file_system_takes_then_they_are_refused() {
    assertThatThrownBy(() -> ArtifactPath.of("é".repeat(128)))
        .isInstanceOf(TrackingException.class);
    assertThatThrownBy(() -> ArtifactPath.of("a/".repeat(3_000)))
        .isInstanceOf(TrackingException.class);
  }
}
