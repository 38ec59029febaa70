package io.headrace.backend.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.headrace.name.Digest;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.PreparedEnvironment;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With a real Python, real virtual environments and real pip; the packages come from a folder of
 * wheels that the tests make, so that no network is needed.
 *
 * <p>Python's venv takes seconds to put pip into an environment. All tests but one therefore use a
 * Python in front of the real one, which copies an environment that was made once; the rest it
 * hands on.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EnvironmentsTest {
  @TempDir static Path shared;
  @TempDir Path folder;
  private static Path python = Path.of("/usr/bin/python3");
  private Path root;
  private Path wheels;
  private final Map<String, String> variables = new HashMap<>(System.getenv());
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void makeQuickPython() throws Exception {
    Path real =
        new Interpreters(shared.resolve("pythons.txt"), new Surroundings(System.getenv()))
            .choose(VersionRange.ofConda("<3.14"), true)
            .orElseThrow()
            .interpreter()
            .executable();
    Path template = shared.resolve("template");
    Process venv =
        new ProcessBuilder(real.toString(), "-m", "venv", template.toString()).inheritIO().start();
    assertThat(venv.waitFor()).isZero();
    python =
        script(
            shared.resolve("bin/python3"),
            """
            if [ "$2" = venv ]; then exec cp -a %2$s "$3"; fi
            %1$s "$@" | sed "/^headrace-python/s|\t%1$s|\t$0|"
            """
                .formatted(real, template));
  }

  @BeforeEach
  void isolate() throws IOException {
    root = folder.resolve("environments");
    wheels = Files.createDirectories(folder.resolve("wheels"));
    wheel("greeting", "1.0");
    wheel("greeting", "2.0");
    wheel("setuptools", "81.0");
    variables
        .keySet()
        .removeIf(name -> name.matches("(PIP|UV|PYENV|CONDA|MAMBA|VIRTUAL|PYTHON).*"));
    variables.put("PIP_NO_INDEX", "1");
    variables.put("PIP_FIND_LINKS", wheels.toString());
    variables.put("PIP_CONFIG_FILE", "/dev/null");
    variables.put("HOME", folder.toString());
    variables.put("PATH", python.getParent() + ":/usr/bin:/bin");
  }

  /**
   * A wheel as in https://packaging.python.org/en/latest/specifications/binary-distribution-format/
   */
  private void wheel(String name, String version) throws IOException {
    String info = name + "-" + version + ".dist-info/";
    Path file = wheels.resolve(name + "-" + version + "-py3-none-any.whl");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      entry(zip, name + ".py", "version = '" + version + "'\n");
      entry(
          zip,
          info + "METADATA",
          "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
      entry(zip, info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
      entry(
          zip,
          info + "RECORD",
          name + ".py,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n");
    }
  }

  private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private EnvironmentSettings settings() {
    return new EnvironmentSettings(
        ProviderChoice.VENV,
        false,
        List.of(folder.resolve("environments.yml")),
        variables,
        InstantSource.system());
  }

  private Environments environments() {
    return new Environments(root, settings());
  }

  private PreparedEnvironment prepare(EnvironmentSpec spec) throws InterruptedException {
    return environments().prepare(spec, told::add);
  }

  private static EnvironmentSpec conda(String text) {
    return new EnvironmentSpec(
        Optional.of("mine"), Optional.empty(), Optional.of(text), Optional.empty());
  }

  private static EnvironmentSpec greeting(String version) {
    return conda("dependencies:\n  - pip:\n      - greeting==" + version + "\n");
  }

  private static EnvironmentSpec image(String image) {
    return new EnvironmentSpec(
        Optional.empty(), Optional.of(image), Optional.empty(), Optional.empty());
  }

  /** Runs a command as a step would: PATH and variables as the environment says. */
  private String step(PreparedEnvironment environment, String command)
      throws IOException, InterruptedException {
    How.Host host = (How.Host) environment.how();
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", command);
    builder.environment().clear();
    builder.environment().putAll(variables);
    host.without().forEach(builder.environment()::remove);
    builder.environment().putAll(host.variables());
    StringBuilder path = new StringBuilder();
    host.path().forEach(entry -> path.append(entry).append(':'));
    builder.environment().put("PATH", path + variables.get("PATH"));
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out.strip();
  }

  private static Problem problemOf(ThrowingCall call) {
    try {
      call.run();
    } catch (ProblemException e) {
      return e.problems().getFirst();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no problem was found");
  }

  private interface ThrowingCall {
    void run() throws InterruptedException;
  }

  private List<Path> built() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(file -> Files.isDirectory(file.resolve("env"))).sorted().toList();
    }
  }

  @Nested
  class Given_a_conda_file_and_no_conda {
    @Test
    void when_prepared_then_a_step_imports_its_packages_from_its_own_python() throws Exception {
      PreparedEnvironment environment = prepare(greeting("1.0"));

      assertThat(step(environment, "python -c 'import greeting; print(greeting.version)'"))
          .isEqualTo("1.0");
      assertThat(step(environment, "command -v python pip")).contains(root.toString());
      assertThat(environment.lock().orElseThrow()).contains("greeting==1.0");
      assertThat(environment.description()).startsWith("venv, Python 3.").endsWith("packages");
      assertThat(told)
          .anyMatch(line -> line.contains("building"))
          .anyMatch(l -> l.contains("ready"));
    }

    @Test
    void when_it_is_there_then_the_next_process_builds_nothing_and_gets_the_same()
        throws Exception {
      PreparedEnvironment first = prepare(greeting("1.0"));
      told.clear();
      // Nothing may be started any more: the programs are gone from PATH.
      PreparedEnvironment second = prepare(greeting("1.0"));

      assertThat(told).isEmpty();
      assertThat(second).isEqualTo(first);
      assertThat(built()).hasSize(1);
    }

    @Test
    void when_only_comments_order_of_keys_and_the_name_differ_then_it_is_the_same() {
      Digest one = environments().identity(conda("name: a\ndependencies: [python=3.11, pip]\n"));
      Digest other =
          environments().identity(conda("# hello\ndependencies:\n- python=3.11\n- pip\nname: b\n"));

      assertThat(one).isEqualTo(other);
      assertThat(environments().identity(greeting("1.0")))
          .isNotEqualTo(environments().identity(greeting("2.0")));
    }

    @Test
    void when_built_from_its_lock_then_the_versions_are_the_same_although_newer_exist()
        throws Exception {
      Files.delete(wheels.resolve("greeting-2.0-py3-none-any.whl"));
      EnvironmentSpec newest = conda("dependencies: [{pip: [greeting]}]");
      PreparedEnvironment old = prepare(newest);
      wheel("greeting", "2.0");
      String lock = old.lock().orElseThrow();
      PreparedEnvironment again = prepare(Environments.fromLock(lock));

      assertThat(step(again, "python -c 'import greeting; print(greeting.version)'"))
          .isEqualTo("1.0");
      assertThat(again.lock().orElseThrow().lines().filter(line -> line.contains("greeting")))
          .containsExactly("greeting==1.0");
    }

    @Test
    void when_it_sets_variables_then_steps_see_them() throws Exception {
      PreparedEnvironment environment =
          prepare(conda("dependencies: [python]\nvariables: {GREETING: 'a b'}\n"));

      assertThat(step(environment, "echo \"$GREETING\"")).isEqualTo("a b");
    }

    @Test
    void when_the_users_shell_points_python_elsewhere_then_steps_do_not_see_it() throws Exception {
      variables.put("PYTHONPATH", "/tmp/elsewhere");
      PreparedEnvironment environment = prepare(conda("dependencies: [python]"));

      assertThat(step(environment, "python -c 'import sys; print(sys.path)'"))
          .doesNotContain("/tmp/elsewhere");
    }
  }

  @Nested
  class Given_something_that_goes_wrong {
    @Test
    void when_a_package_cannot_be_had_offline_then_it_is_named_and_nothing_stays()
        throws Exception {
      Problem problem = problemOf(() -> prepare(conda("dependencies: [{pip: [absent-thing==3]}]")));

      assertThat(problem.code()).isEqualTo(ErrorCode.ENVIRONMENT_BUILD);
      assertThat(problem.message()).contains("absent-thing").contains("logs/");
      assertThat(problem.fix().orElseThrow()).contains("PIP_NO_INDEX").contains("absent-thing==3");
      assertThat(built()).isEmpty();
      Path log =
          Path.of(problem.message().substring(problem.message().indexOf("all of it: ") + 11));
      assertThat(log).exists();
    }

    @Test
    void when_the_server_is_not_reached_then_the_message_says_so() throws Exception {
      variables.remove("PIP_NO_INDEX");
      variables.put("PIP_INDEX_URL", "http://user:hidden@127.0.0.1:9/simple");
      variables.put("PIP_RETRIES", "1");
      Problem problem = problemOf(() -> prepare(conda("dependencies: [{pip: [absent-thing]}]")));

      assertThat(problem.code()).as("the machine's fault").isEqualTo(ErrorCode.ENVIRONMENT_BUILD);
      assertThat(problem.fix().orElseThrow()).contains("not reached").contains("absent-thing");
      assertThat(problem.toString()).doesNotContain("hidden");
      try (Stream<Path> logs = Files.list(root.resolve("logs"))) {
        assertThat(Files.readString(logs.findFirst().orElseThrow())).doesNotContain("hidden");
      }
    }

    @Test
    void when_the_server_has_no_such_package_then_the_definition_is_to_blame() throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          call -> {
            call.sendResponseHeaders(404, -1);
            call.close();
          });
      server.start();
      try {
        variables.remove("PIP_NO_INDEX");
        variables.put("NO_PROXY", "*");
        variables.put(
            "PIP_INDEX_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/simple");
        Problem problem = problemOf(() -> prepare(conda("dependencies: [{pip: [absent-thing]}]")));

        assertThat(problem.code()).as("%s", problem).isEqualTo(ErrorCode.ENVIRONMENT_WRONG);
        assertThat(problem.fix().orElseThrow()).contains("does not exist");
      } finally {
        server.stop(0);
      }
    }

    @Test
    void when_it_failed_once_then_the_next_try_builds_it() throws Exception {
      EnvironmentSpec spec = conda("dependencies: [{pip: [late]}]");
      problemOf(() -> prepare(spec));
      wheel("late", "1.0");

      assertThat(step(prepare(spec), "python -c 'import late; print(late.version)'"))
          .isEqualTo("1.0");
    }

    @Test
    void when_the_python_beneath_vanishes_then_it_is_built_anew() throws Exception {
      PreparedEnvironment first = prepare(greeting("1.0"));
      Path python = ((How.Host) first.how()).path().getFirst().resolve("python");
      Files.delete(python);
      Files.createSymbolicLink(python, Path.of("/nowhere/python"));
      PreparedEnvironment second = prepare(greeting("1.0"));

      assertThat(step(second, "python -c 'import greeting; print(greeting.version)'"))
          .isEqualTo("1.0");
      assertThat(built()).hasSize(1);
    }

    @Test
    void when_a_step_installs_into_it_then_a_warning_is_recorded() throws Exception {
      PreparedEnvironment environment = prepare(greeting("1.0"));
      step(environment, "python -m pip install --no-deps greeting==2.0");

      assertThat(prepare(greeting("1.0")).warnings())
          .extracting(Problem::code)
          .containsExactly(ErrorCode.ENVIRONMENT_CHANGED);
    }

    @Test
    void when_the_marker_is_cut_then_it_is_built_anew() throws Exception {
      prepare(greeting("1.0"));
      try (Stream<Path> files = Files.list(root)) {
        Path marker =
            files.filter(file -> file.toString().endsWith(".ready")).findFirst().orElseThrow();
        Files.writeString(marker, Files.readString(marker).substring(0, 30));
      }

      assertThat(step(prepare(greeting("1.0")), "python -c 'import greeting; print(1)'"))
          .isEqualTo("1");
      assertThat(built()).hasSize(1);
    }

    @Test
    void when_a_build_was_killed_then_its_leavings_are_not_taken_and_vanish() throws Exception {
      Digest identity = environments().identity(greeting("1.0"));
      Path left = root.resolve(identity.hex().substring(0, 16) + "-0badcafe");
      Files.createDirectories(left.resolve("env/bin"));
      Files.writeString(left.resolve("env/bin/python"), "half");
      Files.createDirectories(root.resolve("locks"));
      Files.writeString(
          root.resolve("locks").resolve(identity.hex().substring(0, 16) + ".lock"), "process 1\n");
      PreparedEnvironment environment = prepare(greeting("1.0"));

      assertThat(step(environment, "python -c 'import greeting; print(1)'")).isEqualTo("1");
      assertThat(left).doesNotExist();
    }

    @Test
    void when_the_thread_is_interrupted_then_the_installer_ends_and_nothing_stays()
        throws Exception {
      Path started = folder.resolve("started");
      variables.put("HEADRACE_PYTHON", slowPython(started).toString());
      List<Throwable> ended = new CopyOnWriteArrayList<>();
      Thread builder =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  prepare(conda("dependencies: [python=3.16]"));
                } catch (Throwable e) {
                  ended.add(e);
                }
              });
      while (!Files.exists(started)) {
        Thread.onSpinWait();
      }
      builder.interrupt();
      builder.join();

      assertThat(ended).hasSize(1).first().isInstanceOf(InterruptedException.class);
      long pid = Long.parseLong(Files.readString(started).strip());
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
      try (Stream<Path> files = Files.list(root)) {
        assertThat(files.filter(file -> file.getFileName().toString().contains("-"))).isEmpty();
      }
    }

    /** A program that answers as Python 3.16 would, and never ends making an environment. */
    private Path slowPython(Path started) throws IOException {
      return script(
          folder.resolve("slow/python3.16"),
          """
          if [ "$2" = venv ]; then
            echo $$ > %1$s.tmp && mv %1$s.tmp %1$s
            exec sleep 600
          fi
          printf 'headrace-python\\t3.16.0\\t1\\t%%s\\n' "$0"
          """
              .formatted(started));
    }
  }

  private static Path script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  @Nested
  class Given_a_python_that_is_not_here {
    private final EnvironmentSpec wanted = conda("dependencies: [python=3.99, {pip: [greeting]}]");

    @Test
    void when_prepared_then_the_nearest_is_taken_and_the_warning_is_recorded() throws Exception {
      PreparedEnvironment environment = prepare(wanted);

      assertThat(environment.warnings())
          .extracting(Problem::code)
          .containsExactly(ErrorCode.PYTHON_SUBSTITUTED);
      assertThat(environment.warnings().getFirst().message())
          .contains("3.99")
          .contains("taken: 3.");
      assertThat(step(environment, "python -c 'import greeting; print(greeting.version)'"))
          .isEqualTo("2.0");
    }

    @Test
    void when_strict_then_it_is_an_error() {
      Environments strict = new Environments(root, settings().strict(true));
      Problem problem = problemOf(() -> strict.prepare(wanted, told::add));

      assertThat(problem.code()).isEqualTo(ErrorCode.PYTHON_SUBSTITUTED);
      assertThat(problem.isError()).isTrue();
    }

    @Test
    void when_python_2_is_asked_for_then_it_is_refused() {
      assertThat(problemOf(() -> prepare(conda("dependencies: [python=2.7]"))).message())
          .contains("Python 2");
    }
  }

  @Nested
  class Given_an_image_and_no_container_engine {
    @Test
    void when_it_is_a_plain_python_then_an_empty_environment_is_made_and_it_is_told()
        throws Exception {
      PreparedEnvironment environment = prepare(image("docker.io/python"));

      assertThat(environment.warnings())
          .extracting(Problem::code)
          .containsExactly(ErrorCode.IMAGE_NOT_USED);
      assertThat(step(environment, "command -v python")).contains(root.toString());
    }

    @Test
    void when_it_is_another_then_the_python_here_runs_the_step_and_it_is_told() throws Exception {
      PreparedEnvironment environment = prepare(image("mcr.microsoft.com/azureml/openmpi:1"));

      assertThat(environment.warnings())
          .extracting(Problem::code)
          .containsExactly(ErrorCode.IMAGE_NOT_USED);
      assertThat(environment.description()).startsWith("the Python here");
    }

    @Test
    void when_strict_then_it_is_an_error() {
      Environments strict = new Environments(root, settings().strict(true));

      assertThat(problemOf(() -> strict.identity(image("ubuntu"))).code())
          .isEqualTo(ErrorCode.IMAGE_NOT_USED);
    }

    @Test
    void when_it_must_be_built_from_a_dockerfile_then_it_is_refused() {
      EnvironmentSpec build =
          new EnvironmentSpec(
              Optional.of("b"),
              Optional.empty(),
              Optional.empty(),
              Optional.of(new EnvironmentSpec.Build(folder.toString(), "Dockerfile")));

      assertThat(problemOf(() -> environments().identity(build)).message()).contains("Dockerfile");
    }
  }

  @Nested
  class Given_the_python_that_is_here {
    private final EnvironmentSpec here = EnvironmentSpec.named("azureml:local@latest");

    @Test
    void when_prepared_then_python_and_python3_both_are_it() throws Exception {
      PreparedEnvironment environment = prepare(here);
      String real = "import os, sys; print(os.path.realpath(sys.executable))";

      assertThat(step(environment, "python -c '" + real + "'"))
          .isEqualTo(step(environment, "python3 -c '" + real + "'"));
      assertThat(told).isEmpty();
    }

    @Test
    void when_only_python3_is_there_then_commands_that_say_python_work() throws Exception {
      Path real = Path.of(step(prepare(here), "python -c 'import sys; print(sys.executable)'"));
      Path bin = Files.createDirectories(folder.resolve("bin"));
      Files.createSymbolicLink(bin.resolve("python3"), real.toRealPath());
      // The test's own shell; nothing else is on PATH.
      Files.createSymbolicLink(bin.resolve("bash"), Path.of("/bin/bash"));
      variables.put("PATH", bin.toString());
      variables.put("HEADRACE_PYTHON", bin.resolve("python3").toString());

      assertThat(step(prepare(here), "python -c 'print(1 + 1)'")).isEqualTo("2");
    }

    @Test
    void when_a_package_is_added_to_it_then_it_is_no_longer_the_same() throws Exception {
      Path library = Files.createDirectories(folder.resolve("library"));
      variables.put("PYTHONPATH", library.toString());
      Digest before = environments().identity(here);
      assertThat(environments().identity(here)).isEqualTo(before);
      Files.setLastModifiedTime(library, FileTime.from(Instant.EPOCH));

      assertThat(environments().identity(here)).isNotEqualTo(before);
    }

    @Test
    void when_everything_is_to_run_here_then_definitions_are_passed_over_with_a_warning()
        throws Exception {
      Environments environments = new Environments(root, settings().provider(ProviderChoice.HERE));

      assertThat(environments.prepare(greeting("1.0"), told::add).warnings()).hasSize(1);
    }
  }

  @Nested
  class Given_many_who_ask_at_once {
    @Test
    void when_threads_ask_then_one_builds_and_all_get_the_same() throws Exception {
      Environments environments = environments();
      List<Callable<PreparedEnvironment>> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Environments own = i % 2 == 0 ? environments : environments();
        callers.add(() -> own.prepare(greeting("1.0"), told::add));
      }
      List<PreparedEnvironment> prepared = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var future : threads.invokeAll(callers)) {
          prepared.add(future.get());
        }
      }

      assertThat(prepared).containsOnly(prepared.getFirst());
      assertThat(told.stream().filter(line -> line.contains("building with"))).hasSize(1);
      assertThat(built()).hasSize(1);
    }

    @Test
    void when_processes_ask_then_one_builds_and_the_holder_is_named() throws Exception {
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        processes.add(builder().start());
      }
      StringBuilder all = new StringBuilder();
      for (Process process : processes) {
        all.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(process.waitFor()).as(all.toString()).isZero();
      }

      assertThat(all.toString().lines().filter(line -> line.contains("building with"))).hasSize(1);
      assertThat(all.toString().lines().filter(line -> line.startsWith("done"))).hasSize(3);
      assertThat(built()).hasSize(1);
    }

    @Test
    void when_a_building_process_is_killed_then_the_next_goes_on_at_once() throws Exception {
      Process first = builder().start();
      var lines = first.inputReader();
      String line = lines.readLine();
      while (line != null && !line.contains("building with")) {
        line = lines.readLine();
      }
      first.destroyForcibly().waitFor();
      PreparedEnvironment environment = prepare(greeting("1.0"));

      assertThat(step(environment, "python -c 'import greeting; print(greeting.version)'"))
          .isEqualTo("1.0");
    }

    private ProcessBuilder builder() {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin/java").toString(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              BuilderProcess.class.getName(),
              root.toString(),
              "dependencies:\n  - pip:\n      - greeting==1.0\n");
      builder.environment().clear();
      builder.environment().putAll(variables);
      return builder.redirectErrorStream(true);
    }
  }

  /** Another process that prepares an environment. */
  static final class BuilderProcess {
    private BuilderProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
      EnvironmentSettings settings =
          new EnvironmentSettings(
              ProviderChoice.VENV, false, List.of(), System.getenv(), InstantSource.system());
      new Environments(Path.of(arguments[0]), settings)
          .prepare(conda(arguments[1]), System.out::println);
      System.out.println("done");
    }
  }

  @Test
  void given_the_pythons_of_this_machine_when_prepared_then_a_real_environment_is_made()
      throws Exception {
    variables.put("PATH", System.getenv("PATH"));
    variables.put("HOME", System.getenv("HOME"));
    PreparedEnvironment environment = prepare(greeting("1.0"));

    assertThat(step(environment, "python -c 'import greeting, sys; print(sys.prefix)'"))
        .startsWith(root.toString());
    assertThat(step(environment, "pip --version")).contains(root.toString());
  }

  @Test
  void when_a_name_is_unknown_then_it_is_told_before_anything_is_built() {
    assertThatThrownBy(() -> environments().identity(EnvironmentSpec.named("azureml:nobody:1")))
        .hasMessageContaining("nobody")
        .hasMessageContaining("environments.yml");
    assertThat(root).doesNotExist();
  }
}
