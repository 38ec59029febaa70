package io.headrace.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shape of the house: which room may look into which. The same is said in each package-info.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HouseTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.headrace");

  /** Room to the rooms it may look into; every room may look into itself, `problem` and `name`. */
  private static final Map<String, List<String>> MAY_LOOK_INTO =
      Map.ofEntries(
          Map.entry("problem", List.of()),
          Map.entry("name", List.of()),
          Map.entry("plan", List.of()),
          Map.entry("run", List.of("plan")),
          Map.entry("spi", List.of("plan", "run")),
          Map.entry("spec", List.of("plan")),
          Map.entry("yaml", List.of()),
          Map.entry("job", List.of("yaml", "spec", "plan")),
          Map.entry("planner", List.of("job", "yaml", "spec", "plan", "shell", "sweep", "json")),
          Map.entry("shell", List.of("plan")),
          Map.entry("mlproject", List.of("yaml")),
          Map.entry("connection", List.of("planner", "yaml")),
          Map.entry("kfp", List.of("planner", "job", "yaml", "plan")),
          Map.entry("store", List.of("plan", "run", "spi")),
          Map.entry("sweep", List.of("plan")),
          Map.entry("schedule", List.of("spec", "job")),
          Map.entry("table", List.of("yaml")),
          Map.entry(
              "engine",
              List.of("plan", "run", "store", "shell", "sweep", "table", "json", "sql", "spi")),
          Map.entry("sql", List.of()),
          Map.entry("tracking", List.of("sql", "run", "store", "spi")),
          Map.entry("json", List.of("spec")),
          Map.entry(
              "asset",
              List.of("sql", "json", "yaml", "job", "spec", "plan", "run", "store", "spi")),
          Map.entry(
              "service",
              List.of(
                  "engine",
                  "asset",
                  "sql",
                  "schedule",
                  "job",
                  "yaml",
                  "json",
                  "spec",
                  "plan",
                  "run",
                  "spi")),
          Map.entry("access", List.of("sql", "spi")),
          Map.entry(
              "control",
              List.of("http", "access", "service", "engine", "tracking", "sql", "plan", "run")),
          Map.entry("oidc", List.of("http", "access")),
          Map.entry("watch", List.of("http", "access")),
          Map.entry("web", List.of("http", "access")),
          Map.entry(
              "registry",
              List.of("sql", "asset", "tracking", "json", "yaml", "spec", "store", "spi")),
          Map.entry("http", List.of("access")),
          Map.entry("mlflow", List.of("tracking", "registry", "http", "access")));

  static Stream<String> rooms() {
    return MAY_LOOK_INTO.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void a_room_looks_only_where_it_may(String room) {
    var allowed = new ArrayList<String>();
    allowed.add("io.headrace." + room + "..");
    allowed.add("io.headrace.problem..");
    allowed.add("io.headrace.name..");
    MAY_LOOK_INTO
        .getOrDefault(room, List.of())
        .forEach(it -> allowed.add("io.headrace." + it + ".."));
    noClasses()
        .that()
        .resideInAPackage("io.headrace." + room + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.headrace..")
                .and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
        .because("rooms are kept apart so that each can be understood and exchanged alone")
        .check(HOUSE);
  }

  @Test
  void backends_know_the_doors_and_not_one_another() {
    classes()
        .that()
        .resideInAPackage("io.headrace.backend..")
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("io.headrace.."))
                .or(
                    resideInAnyPackage(
                        "io.headrace.backend..",
                        "io.headrace.spi..",
                        "io.headrace.problem..",
                        "io.headrace.name..",
                        "io.headrace.plan..",
                        "io.headrace.run..")))
        .because("a backend that knows the engine cannot be replaced")
        .check(HOUSE);
    slices()
        .matching("io.headrace.backend.(*)..")
        .should()
        .notDependOnEachOther()
        // What the two stores share: one writer, readers, migrations.
        .ignoreDependency(
            resideInAnyPackage("io.headrace.backend.sqlite", "io.headrace.backend.postgres"),
            resideInAPackage("io.headrace.backend.records"))
        .because("backends are strangers to one another")
        .check(HOUSE);
  }

  @Test
  void rooms_form_no_cycle() {
    slices().matching("io.headrace.(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void third_party_types_stop_at_their_rooms_wall() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.headrace.problem..",
            "io.headrace.name..",
            "io.headrace.plan..",
            "io.headrace.spec..",
            "io.headrace.run..",
            "io.headrace.spi..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("io.headrace..", "java..", "org.jspecify..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.headrace.yaml..")
        .and()
        .resideOutsideOfPackage("io.headrace.backend.environment..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.snakeyaml..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.headrace.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.headrace.sweep..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.commons.math3..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.headrace.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.burt.jmespath..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.headrace.backend.postgres..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.postgresql..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.headrace.http..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.headrace.oidc..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .check(HOUSE);
  }

  @Test
  void every_room_of_the_house_is_on_the_plan() {
    var rooms =
        HOUSE.stream()
            .map(it -> it.getPackageName().replaceFirst("^io\\.headrace\\.?", ""))
            .map(it -> it.replaceFirst("\\..*", ""))
            .distinct()
            .filter(it -> !it.isEmpty() && !it.equals("backend") && !it.equals("cli"))
            .toList();
    assertThat(MAY_LOOK_INTO.keySet()).containsAll(rooms);
  }
}
