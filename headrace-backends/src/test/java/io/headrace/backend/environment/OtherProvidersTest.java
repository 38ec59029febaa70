package io.headrace.backend.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.plan.EnvironmentSpec;
import io.headrace.problem.ProblemException;
import io.headrace.spi.PreparedEnvironment;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * conda, docker and uv are not on every machine. conda's and docker's command lines are held
 * against programs that note how they are called; uv is tried for real where it can be had, and a
 * container engine in {@link PodmanTrial}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OtherProvidersTest {
  @TempDir Path folder;
  private Path root;
  private Path bin;
  private Path calls;
  private final Map<String, String> variables = new HashMap<>();
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void isolate() throws IOException {
    root = folder.resolve("environments");
    bin = Files.createDirectories(folder.resolve("bin"));
    calls = folder.resolve("calls");
    variables.put("PATH", bin + ":/usr/bin:/bin");
    variables.put("HOME", folder.toString());
    variables.put("CALLS", calls.toString());
  }

  private Environments environments(ProviderChoice provider) {
    return new Environments(
        root,
        new EnvironmentSettings(provider, false, List.of(), variables, InstantSource.system()));
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private static EnvironmentSpec spec(String image, String conda) {
    return new EnvironmentSpec(
        Optional.of("mine"),
        Optional.of(image).filter(it -> !it.isEmpty()),
        Optional.of(conda).filter(it -> !it.isEmpty()),
        Optional.empty());
  }

  private static final String CONDA = "dependencies: [python=3.8, {pip: [pyjokes]}]\n";

  @Nested
  class Given_conda {
    @BeforeEach
    void install() throws IOException {
      script(
          bin.resolve("conda"),
          """
          echo "conda $*" >> "$CALLS"
          case "$2" in
            create) mkdir -p "$4/bin"; cp "$6" "$4/given.yml"; echo 'done' ;;
            export) printf 'name: x\\ndependencies:\\n  - python=3.8.18=h0\\n  - pip=1\\nprefix: /p\\n' ;;
          esac
          """);
    }

    @Test
    void when_a_conda_file_is_asked_for_then_conda_makes_it_in_a_folder_of_ours() throws Exception {
      PreparedEnvironment environment =
          environments(ProviderChoice.AUTO).prepare(spec("", CONDA), told::add);
      How.Host host = (How.Host) environment.how();
      Path env = host.path().getFirst().resolve("..").normalize();

      assertThat(Files.readAllLines(calls))
          .containsExactly(
              "conda env create -p " + env + " -f " + env.resolveSibling("conda.yml"),
              "conda env export -p " + env);
      assertThat(CondaFile.parse(Files.readString(env.resolve("given.yml")), "given"))
          .isEqualTo(CondaFile.parse(CONDA, "asked"));
      assertThat(host.variables()).containsEntry("CONDA_PREFIX", env.toString());
      assertThat(environment.lock().orElseThrow())
          .contains("python=3.8.18=h0")
          .doesNotContain("prefix");
      assertThat(environment.description()).isEqualTo("conda, 2 packages");
      assertThat(
              CondaFile.parse(
                      Environments.fromLock(environment.lock().orElseThrow())
                          .condaFile()
                          .orElseThrow(),
                      "lock")
                  .packages())
          .contains("python=3.8.18=h0");
    }

    @Test
    void when_it_is_there_then_conda_is_not_started_again() throws Exception {
      environments(ProviderChoice.AUTO).prepare(spec("", CONDA), told::add);
      Files.delete(calls);
      environments(ProviderChoice.AUTO).prepare(spec("", CONDA), told::add);

      assertThat(calls).doesNotExist();
    }

    @Test
    void when_conda_fails_then_its_words_are_shown() throws Exception {
      script(bin.resolve("conda"), "echo 'PackagesNotFoundError: python=3.8' >&2; exit 1\n");

      assertThatThrownBy(
              () -> environments(ProviderChoice.CONDA).prepare(spec("", CONDA), told::add))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("PackagesNotFoundError");
    }

    @Test
    void when_micromamba_is_there_then_it_is_called_in_its_own_way() {
      assertThat(CondaBuilder.create(Path.of("/x/micromamba"), Path.of("/e"), Path.of("/f")))
          .containsExactly("/x/micromamba", "create", "-y", "-p", "/e", "-f", "/f");
    }

    @Test
    void when_only_conda_is_allowed_and_not_there_then_it_is_told() throws IOException {
      Files.delete(bin.resolve("conda"));

      assertThatThrownBy(() -> environments(ProviderChoice.CONDA).identity(spec("", CONDA)))
          .hasMessageContaining("no conda here");
    }
  }

  @Nested
  class Given_docker {
    @BeforeEach
    void install() throws IOException {
      script(
          bin.resolve("docker"),
          """
          echo "docker $*" >> "$CALLS"
          images="$CALLS.images"; touch "$images"
          case "$1 $2" in
            'image inspect') for last; do :; done; grep -qx "$last" "$images" && echo sha256:0123 ;;
            'pull '*) echo "$2" >> "$images"; echo sha256:0123 >> "$images" ;;
            'build '*) echo "$3" >> "$images"; for last; do :; done; [ -d "$last" ] && cp -r "$last" "$CALLS.context" ;;
            *) exit 1 ;;
          esac
          """);
      script(bin.resolve("podman"), "exit 1\n"); // Stands before one that may be there.
      variables.put("DOCKER_HOST", "unix://" + folder.resolve("docker.sock"));
    }

    /** Answers as a daemon does, for as long as {@code work} runs. */
    private void withDaemon(Work work) throws Exception {
      try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        daemon.bind(UnixDomainSocketAddress.of(folder.resolve("docker.sock")));
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  try (var client = daemon.accept()) {
                    client.read(ByteBuffer.allocate(1024));
                    client.write(
                        ByteBuffer.wrap(
                            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
                                .getBytes(StandardCharsets.US_ASCII)));
                  }
                }
              } catch (IOException e) {
                return; // Closed: the test is over.
              }
            });
        work.run();
      }
    }

    private interface Work {
      void run() throws Exception;
    }

    @Test
    void when_its_daemon_does_not_answer_then_it_counts_as_not_there() {
      PreparedEnvironment.How how;
      try {
        how = environments(ProviderChoice.AUTO).prepare(spec("ubuntu", ""), told::add).how();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }

      assertThat(how).isInstanceOf(How.Host.class);
      assertThat(calls).doesNotExist();
      assertThatThrownBy(() -> environments(ProviderChoice.CONTAINER).identity(spec("ubuntu", "")))
          .hasMessageContaining("neither podman nor docker answers");
    }

    @Test
    void when_an_image_is_asked_for_then_it_is_fetched_once() throws Exception {
      withDaemon(() -> {
        PreparedEnvironment environment =
            environments(ProviderChoice.AUTO).prepare(spec("ubuntu:24.04", ""), told::add);
        environments(ProviderChoice.AUTO).prepare(spec("ubuntu:24.04", ""), told::add);

        assertThat(environment.how())
            .isEqualTo(new How.Container(bin.resolve("docker"), "sha256:0123"));
        assertThat(Files.readAllLines(calls)).filteredOn(it -> it.contains("pull")).hasSize(1);
      });
    }

    @Test
    void when_there_is_a_conda_file_too_then_it_is_laid_over_the_image() throws Exception {
      withDaemon(() -> {
        environments(ProviderChoice.AUTO).prepare(spec("ubuntu:24.04", CONDA), told::add);
        Path context = Path.of(calls + ".context");

        assertThat(Files.readString(context.resolve("Dockerfile")))
            .startsWith("FROM ubuntu:24.04\n")
            .contains("ENV PATH=/headrace/env/bin:$PATH");
        assertThat(Files.readString(context.resolve("requirements.txt"))).contains("pyjokes");
        assertThat(CondaFile.parse(Files.readString(context.resolve("conda.yml")), "c"))
            .isEqualTo(CondaFile.parse(CONDA, "c"));
      });
    }

    @Test
    void when_a_build_is_asked_for_then_each_change_of_its_files_makes_another() throws Exception {
      Path context = Files.createDirectories(folder.resolve("context"));
      Files.writeString(context.resolve("Dockerfile"), "FROM ubuntu\n");
      EnvironmentSpec build =
          new EnvironmentSpec(
              Optional.of("b"),
              Optional.empty(),
              Optional.empty(),
              Optional.of(new EnvironmentSpec.Build(context.toString(), "Dockerfile")));
      withDaemon(() -> {
        Environments environments = environments(ProviderChoice.AUTO);
        environments.prepare(build, told::add);
        assertThat(Files.readAllLines(calls))
            .anyMatch(it ->
                it.startsWith("docker build -t headrace-environment:")
                    && it.endsWith("-f " + context.resolve("Dockerfile") + " " + context));
        var before = environments.identity(build);
        Files.writeString(context.resolve("more"), "x");

        assertThat(environments(ProviderChoice.AUTO).identity(build)).isNotEqualTo(before);
      });
    }

    @Test
    void when_the_image_is_gone_then_it_is_fetched_again() throws Exception {
      withDaemon(() -> {
        environments(ProviderChoice.AUTO).prepare(spec("ubuntu", ""), told::add);
        Files.delete(Path.of(calls + ".images"));
        environments(ProviderChoice.AUTO).prepare(spec("ubuntu", ""), told::add);

        assertThat(Files.readAllLines(calls)).filteredOn(it -> it.contains("pull")).hasSize(2);
      });
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + out).isZero();
    return out;
  }

  @Test
  void given_a_real_uv_when_prepared_then_it_makes_the_environment_and_the_lock() throws Exception {
    Map<String, String> own = new HashMap<>(System.getenv());
    Path venv = folder.resolve("uv");
    List<String> log = new ArrayList<>();
    assumeTrue(
        succeeds(log, "python3", "-m", "venv", venv.toString())
            && succeeds(log, venv + "/bin/python", "-m", "pip", "install", "-q", "uv"),
        () -> "uv cannot be installed here: " + log);
    own.put("PATH", bin + ":" + System.getenv("PATH"));
    Files.createSymbolicLink(bin.resolve("uv"), venv.resolve("bin/uv"));
    Environments environments =
        new Environments(
            root,
            new EnvironmentSettings(
                ProviderChoice.VENV, false, List.of(), own, InstantSource.system()));
    PreparedEnvironment environment =
        environments.prepare(spec("", "dependencies: [{pip: [pyjokes==0.6.0]}]"), told::add);
    Path python = ((How.Host) environment.how()).path().getFirst().resolve("python");

    assertThat(run(python.toString(), "-c", "import pyjokes, pip; print(pyjokes.__version__)"))
        .contains("0.6.0");
    assertThat(environment.lock().orElseThrow()).contains("pyjokes==0.6.0");
    try (var logs = Files.list(root.resolve("logs"))) {
      assertThat(Files.readString(logs.findFirst().orElseThrow())).contains("/uv venv --seed");
    }
  }

  private static boolean succeeds(List<String> log, String... command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    log.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    return process.waitFor() == 0;
  }

  @Test
  void when_pips_settings_say_where_packages_come_from_then_uv_is_told() {
    Map<String, String> found =
        PipSettings.forUv(
            List.of(
                "global.index-url='https://example.org/simple'",
                "install.find-links='/a\\n/b'",
                ":env:.cert='/c.pem'",
                "global.timeout='60'"),
            new Surroundings(Map.of("PIP_NO_INDEX", "1", "SSL_CERT_FILE", "/own.pem")));

    assertThat(found)
        .containsEntry("UV_DEFAULT_INDEX", "https://example.org/simple")
        .containsEntry("UV_FIND_LINKS", "/a,/b")
        .containsEntry("no-index", "1")
        .doesNotContainKey("SSL_CERT_FILE")
        .hasSize(3);
  }

  @Test
  void when_an_address_holds_a_password_then_it_is_masked() {
    assertThat(Subprocess.masked("get https://u:p@h/x?y=z@w and ftp://h/@ and http://a@b"))
        .isEqualTo("get https://****@h/x?y=z@w and ftp://h/@ and http://****@b");
  }
}
