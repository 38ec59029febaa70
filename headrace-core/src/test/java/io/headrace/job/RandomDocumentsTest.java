package io.headrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.problem.Problems;
import io.headrace.spec.Kind;
import io.headrace.spec.Value;
import io.headrace.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents made from the descriptions themselves, for every kind. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RandomDocumentsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void written_and_read_again_they_are_the_same(Kind kind) {
    var random = new Random(2_026);
    var shapes = new Shapes();
    for (int round = 0; round < 60; round++) {
      var made = new RandomDocument(random).of(shapes.of(kind), 0);
      var first = write(ValueText.json(made), kind);
      assertThat(write(ValueText.json(first), kind)).as("round %d", round).isEqualTo(first);
    }
  }

  private Value write(String text, Kind kind) {
    var shapes = new Shapes();
    return new DocumentWriter(shapes, folder).write(YamlReader.read(text, "made"), shapes.of(kind));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void spoilt_in_any_way_they_give_problems_with_a_place_or_a_document(Kind kind)
      throws java.io.IOException {
    var random = new Random(kind.name().hashCode());
    var shapes = new Shapes();
    for (int round = 0; round < 25; round++) {
      byte[] bytes =
          ValueText.json(new RandomDocument(random).of(shapes.of(kind), 0))
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var file = Files.write(folder.resolve("spoilt.yml"), bytes);
      var problems = new Problems();
      var loaded =
          new DocumentLoader(folder, ComponentSource.NONE, problems).loaded(file, List.of());
      assertThat(problems.all()).allMatch(problem -> problem.where().isPresent());
      assertThat(loaded.isPresent() || problems.hasErrors()).isTrue();
    }
  }
}
