package io.headrace.backend.environment;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Podman or Docker, when it really answers: Docker's program is often there without its daemon.
 *
 * <p>A daemon behind one of the usual sockets is asked through the socket, without starting a
 * program. Otherwise {@code podman info} or {@code docker version} is run, and the answer believed
 * for ten minutes, or until the program changes.
 */
final class ContainerEngine {
  private static final Duration BELIEVED = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Surroundings surroundings;
  private final Path cache;
  private final InstantSource clock;

  ContainerEngine(Path cache, Surroundings surroundings, InstantSource clock) {
    this.cache = cache;
    this.surroundings = surroundings;
    this.clock = clock;
  }

  /** The executable of the engine that answers; podman before docker. */
  Optional<Path> find() {
    Optional<Path> podman = surroundings.program("podman");
    if (podman.isPresent() && answers(podman.get(), List.of("info"))) {
      return podman;
    }
    Optional<Path> docker = surroundings.program("docker");
    if (docker.isEmpty()) {
      return Optional.empty();
    }
    boolean elsewhere =
        surroundings.get("DOCKER_CONTEXT").isPresent()
            || surroundings.get("DOCKER_HOST").filter(host -> !host.startsWith("unix:")).isPresent()
            || Files.isDirectory(surroundings.home().resolve(".docker/contexts"));
    boolean answers =
        sockets().stream().anyMatch(ContainerEngine::pings)
            || (elsewhere && answers(docker.get(), List.of("version")));
    return answers ? docker : Optional.empty();
  }

  private List<Path> sockets() {
    Optional<String> host = surroundings.get("DOCKER_HOST");
    if (host.isPresent()) {
      String text = host.get();
      return text.startsWith("unix://") ? List.of(Path.of(text.substring(7))) : List.of();
    }
    List<Path> sockets = new ArrayList<>();
    sockets.add(Path.of("/var/run/docker.sock"));
    surroundings.get("XDG_RUNTIME_DIR").ifPresent(dir -> sockets.add(Path.of(dir, "docker.sock")));
    return sockets;
  }

  /** Asks as in <a href="https://docs.docker.com/reference/api/engine/">the engine's API</a>. */
  private static boolean pings(Path socket) {
    if (!Files.exists(socket)) {
      return false;
    }
    byte[] request =
        "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap(request));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      if (selector.select(Duration.ofSeconds(3).toMillis()) == 0) {
        return false;
      }
      ByteBuffer answer = ByteBuffer.allocate(64);
      channel.read(answer);
      String text = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
      return text.startsWith("HTTP/1.") && text.contains(" 200");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private boolean answers(Path program, List<String> arguments) {
    String key = program + " " + ProbeCache.stamp(program) + " " + dependsOn();
    Instant now = clock.instant();
    Optional<Boolean> known = known(file(program), key, now);
    if (known.isPresent()) {
      return known.get();
    }
    boolean answers = run(program, arguments);
    remember(file(program), key, now, answers);
    return answers;
  }

  private String dependsOn() {
    return surroundings.get("DOCKER_HOST").orElse("")
        + " "
        + surroundings.get("DOCKER_CONTEXT").orElse("")
        + " "
        + surroundings.get("CONTAINER_HOST").orElse("");
  }

  private boolean run(Path program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .environment()
          .clear();
      builder.environment().putAll(surroundings.variables());
      Process process = builder.start();
      try {
        return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The cache is three lines: what was asked, when, and whether it answered. */
  private static Optional<Boolean> known(Path file, String key, Instant now) {
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() < 3 || !lines.getFirst().equals(key)) {
        return Optional.empty();
      }
      Duration age = Duration.between(Instant.parse(lines.get(1)), now);
      boolean fresh = !age.isNegative() && age.compareTo(BELIEVED) < 0;
      return fresh ? Optional.of(lines.get(2).equals("yes")) : Optional.empty();
    } catch (IOException | java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private void remember(Path file, String key, Instant now, boolean answers) {
    try {
      Files.createDirectories(cache);
      Path temporary = Files.createTempFile(cache, ".engine", ".tmp");
      Files.writeString(temporary, key + "\n" + now + "\n" + (answers ? "yes" : "no") + "\n");
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      return; // Only a cache: asked again next time.
    }
  }

  private Path file(Path program) {
    return cache.resolve("engine-" + program.getFileName());
  }
}
