package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.headrace.job.ComponentSource;
import io.headrace.job.DocumentLoader;
import io.headrace.job.JsonSchemas;
import io.headrace.job.ValueText;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.spec.Kind;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The schemas that editors get, against the files that we accept and refuse. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SchemaTest {
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final EnumMap<Kind, Schema> schemas = new EnumMap<>(Kind.class);

  private Schema schema(Kind kind) {
    return schemas.computeIfAbsent(
        kind, it -> registry.getSchema(ValueText.json(JsonSchemas.of(it)), InputFormat.JSON));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void every_kind_has_a_schema_that_an_empty_document_does_not_pass_by_its_form(Kind kind) {
    assertThat(schema(kind).validate("[]", InputFormat.JSON)).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void none_is_too_large_for_an_editor(Kind kind) {
    assertThat(ValueText.json(JsonSchemas.of(kind))).hasSizeLessThan(500_000);
  }

  @Test
  void every_accepted_file_passes_and_most_of_those_refused_for_their_form_fail()
      throws IOException {
    assumeTrue(Files.isDirectory(Conformance.given()), "no conformance files here");
    var wrong = new ArrayList<String>();
    int passed = 0;
    int refused = 0;
    int caught = 0;
    for (var it : Conformance.cases()) {
      var file = Conformance.given().resolve(it.path());
      var problems = new Problems();
      var loaded =
          new DocumentLoader(Conformance.given(), ComponentSource.NONE, problems)
              .loaded(file, List.of());
      if (loaded.isEmpty()) {
        continue;
      }
      String json;
      try {
        json = json(file);
      } catch (ProblemException e) {
        continue; // a key that is given twice: what an editor would read is not to be told
      }
      var objections = schema(loaded.get().kind()).validate(json, InputFormat.JSON);
      if (!problems.hasErrors()) {
        passed++;
        if (!objections.isEmpty()) {
          wrong.add("GOT " + it.path() + " " + loaded.get().kind() + " " + objections);
        }
      } else {
        refused++;
        caught += objections.isEmpty() ? 0 : 1;
      }
    }
    System.out.println(
        passed
            + " accepted files pass their schema; "
            + caught
            + " of "
            + refused
            + " refused fail it");
    assertThat(wrong).isEmpty();
    assertThat(caught).isGreaterThan(refused * 6 / 10);
  }

  /** The file as an editor gives it to its schema. */
  private static String json(Path file) throws IOException {
    return Trees.json(YamlReader.read(file, "file"));
  }
}
