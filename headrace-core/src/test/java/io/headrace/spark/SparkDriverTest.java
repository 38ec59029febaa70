package io.headrace.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How spark-submit is called. A program in its place tells what it was given; Spark itself runs in
 * the tests of the whole program.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SparkDriverTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;
  private final ObjectNode told = JSON.createObjectNode();

  @BeforeEach
  void begin() throws IOException {
    spark("3.5");
    java("jdk17", "17.0.9");
    write("wd/main.py", "");
    for (var list : List.of("py_files", "jars", "files", "archives", "args", "direct")) {
      told.putArray(list);
    }
    told.putObject("conf");
    told.set("version", text("3.5"));
    told.putObject("entry").set("file", text("main.py"));
  }

  @Test
  void files_and_arguments_reach_Spark_word_by_word() throws Exception {
    write("wd/a.py", "");
    write("wd/table.csv", "x");
    list("py_files", "a.py");
    list("files", "table.csv#other.csv");
    list("args", "--label", "two \"words\"; $(touch pwned)", "--conf");
    conf("spark.sql.shuffle.partitions", "7");
    var given = run(Map.of()).given();
    assertThat(given)
        .containsSubsequence("--conf", "spark.sql.shuffle.partitions=7")
        .containsSubsequence("--py-files", work("a.py"))
        .containsSubsequence("--files", work("table.csv") + "#other.csv")
        .endsWith(work("main.py"), "--label", "two \"words\"; $(touch pwned)", "--conf");
    assertThat(folder.resolve("wd/other.csv")).hasContent("x");
    assertThat(folder.resolve("wd/pwned")).doesNotExist();
  }

  @Test
  void a_class_is_run_from_the_first_jar() throws Exception {
    write("wd/app.jar", "");
    write("wd/lib.jar", "");
    told.putObject("entry").set("class_name", text("org.example.Main"));
    list("jars", "app.jar", "lib.jar");
    assertThat(run(Map.of()).given())
        .containsSubsequence("--jars", work("lib.jar"), "--class", "org.example.Main")
        .endsWith(work("app.jar"));
  }

  @Test
  void one_process_gets_what_driver_and_executors_would_have_had() throws Exception {
    conf("spark.executor.cores", "1");
    conf("spark.executor.instances", "1");
    conf("spark.driver.memory", "512m");
    conf("spark.executor.memory", "256m");
    assertThat(run(Map.of()).given())
        .containsSubsequence("--master", "local[1]")
        .contains("spark.driver.memory=768m");
  }

  @Test
  void never_more_than_the_machine_has() throws Exception {
    conf("spark.executor.cores", "4000");
    conf("spark.dynamicAllocation.enabled", "true");
    conf("spark.dynamicAllocation.maxExecutors", "100");
    conf("spark.executor.memory", "900t");
    var given = run(Map.of()).given();
    assertThat(given)
        .anyMatch(it -> it.matches("local\\[[0-9]{1,3}\\]"))
        .anyMatch(it -> it.matches("spark.driver.memory=[0-9]{1,7}m"));
  }

  @Test
  void a_compute_may_name_another_master_and_the_application_has_the_last_word() throws Exception {
    var elsewhere = Map.of("HEADRACE_SPARK_MASTER", "spark://there:7077");
    assertThat(run(elsewhere).given()).containsSubsequence("--master", "spark://there:7077");
    conf("spark.master", "local[1]");
    assertThat(run(elsewhere).given()).containsSubsequence("--master", "local[1]");
  }

  @Test
  void a_Java_that_does_not_fit_is_passed_by() throws Exception {
    java("jdk25", "25.0.1");
    var path = folder.resolve("jdk17/bin") + ":" + System.getenv("PATH");
    var done = run(Map.of("JAVA_HOME", folder.resolve("jdk25").toString(), "PATH", path));
    assertThat(done.said()).contains("Java 17");
    assertThat(done.variable("JAVA_HOME")).isEqualTo(real("jdk17"));
  }

  @Test
  void a_direct_output_is_not_there_before_and_is_there_after() throws Exception {
    Files.createDirectories(folder.resolve("out/zones"));
    list("direct", "zones");
    var output = folder.resolve("out/zones");
    var done = run(Map.of("AZURE_ML_OUTPUT_zones", output.toString()));
    assertThat(done.variable("OUTPUT")).isEqualTo("absent");
    assertThat(output).isDirectory();
  }

  @Test
  void Sparks_exit_status_is_the_steps() throws Exception {
    assertThat(run(Map.of("FAKE_STATUS", "7")).status()).isEqualTo(7);
  }

  @Test
  void a_missing_file_is_told_by_its_field() throws Exception {
    list("jars", "absent.jar");
    var done = run(Map.of());
    assertThat(done.status()).isEqualTo(1);
    assertThat(done.said()).contains("spark: error: jars: there is no 'absent.jar' in the code");
  }

  @Test
  void a_missing_pyspark_is_told_with_what_to_do() throws Exception {
    Files.delete(folder.resolve("site/pyspark/__init__.py"));
    Files.delete(folder.resolve("site/pyspark/bin/spark-submit"));
    Files.delete(folder.resolve("site/pyspark/bin"));
    Files.delete(folder.resolve("site/pyspark/version.py"));
    Files.delete(folder.resolve("site/pyspark"));
    assertThat(run(Map.of()).said()).contains("has no pyspark", "pip install 'pyspark==3.5.*'");
  }

  private void spark(String version) throws IOException {
    write("site/pyspark/__init__.py", "");
    write("site/pyspark/version.py", "__version__: str = \"" + version + ".1\"\n");
    var program =
        write(
            "site/pyspark/bin/spark-submit",
            """
            #!/bin/sh
            printf '%s\\0' "$@" > "$FAKE_FOLDER/given"
            if [ -e "$AZURE_ML_OUTPUT_zones" ]; then there=present; else there=absent; fi
            printf 'JAVA_HOME=%s\\nOUTPUT=%s\\n' "$JAVA_HOME" "$there" > "$FAKE_FOLDER/variables"
            exit ${FAKE_STATUS:-0}
            """);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private void java(String name, String version) throws IOException {
    write(name + "/release", "JAVA_VERSION=\"" + version + "\"\n");
    assertThat(write(name + "/bin/java", "#!/bin/sh\n").toFile().setExecutable(true)).isTrue();
  }

  private record Done(int status, String said, Path folder) {
    List<String> given() throws IOException {
      return List.of(Files.readString(folder.resolve("given")).split("\0"));
    }

    String variable(String name) throws IOException {
      return Files.readAllLines(folder.resolve("variables")).stream()
          .filter(it -> it.startsWith(name + "="))
          .map(it -> it.substring(name.length() + 1))
          .findFirst()
          .orElseThrow();
    }
  }

  private Done run(Map<String, String> variables) throws Exception {
    var main = SparkDriverTest.class.getResource("/io/headrace/spark/__main__.py");
    var driver = Objects.requireNonNull(Path.of(Objects.requireNonNull(main).toURI()).getParent());
    var builder =
        new ProcessBuilder("python3", "-B", driver.toString())
            .directory(folder.resolve("wd").toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().keySet().removeIf(it -> it.startsWith("SPARK_"));
    builder.environment().put("JAVA_HOME", folder.resolve("jdk17").toString());
    builder.environment().put("PYTHONPATH", folder.resolve("site").toString());
    builder.environment().put("FAKE_FOLDER", folder.toString());
    builder.environment().put("HEADRACE_SPARK", JSON.writeValueAsString(told));
    builder.environment().putAll(variables);
    var process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Done(process.exitValue(), Files.readString(folder.resolve("log")), folder);
  }

  private Path write(String name, String content) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, content);
  }

  private String work(String name) throws IOException {
    return folder.resolve("wd").toRealPath().resolve(name).toString();
  }

  private String real(String name) throws IOException {
    return folder.resolve(name).toRealPath().toString();
  }

  private void list(String name, String... values) {
    var list = told.putArray(name);
    new ArrayList<>(List.of(values)).forEach(it -> list.add(text(it)));
  }

  private void conf(String name, String value) {
    ((ObjectNode) told.get("conf")).set(name, text(value));
  }

  private static tools.jackson.databind.node.ArrayNode text(String value) {
    var pieces = JSON.createArrayNode();
    pieces.addArray().add("text").add(value);
    return pieces;
  }
}
