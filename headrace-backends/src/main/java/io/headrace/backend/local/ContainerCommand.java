package io.headrace.backend.local;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.JobRequest;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The argument list that runs a command in a container, under the same paths as here, as the same
 * user, on the machine's own network (for the tracking server on its loopback).
 */
final class ContainerCommand {
  private ContainerCommand() {}

  /** A name for the container that can be found again from the attempt alone. */
  static String name(String attempt) {
    var name = new StringBuilder("headrace-");
    for (int i = 0; i < attempt.length(); i++) {
      char c = attempt.charAt(i);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '.');
      // '_' stands for nothing but itself here, so that two attempts never share a name.
      name.append(plain ? String.valueOf(c) : "_" + Integer.toHexString(c) + "_");
    }
    return name.toString();
  }

  static List<String> of(How.Container container, JobRequest request) throws IOException {
    var command = new ArrayList<String>();
    command.add(container.engine().toString());
    command.addAll(List.of("run", "--rm", "--name", name(request.attempt()), "--network=host"));
    command.addAll(user(container, request.folder()));
    for (var folder : folders(request)) {
      command.addAll(mount(folder));
    }
    command.addAll(List.of("--workdir", request.workingFolder().toString()));
    for (var variable : new TreeSet<>(request.environment().keySet())) {
      // By name alone the value comes from the engine's own environment and is on no command line.
      var value = "=" + request.environment().get(variable);
      command.addAll(List.of("--env", isEngines(variable) ? variable + value : variable));
    }
    if (!request.environment().containsKey("HOME")) {
      // A user without an entry in the image's passwd has '/', which it may not write to.
      command.addAll(List.of("--env", "HOME=/tmp"));
    }
    command.addAll(List.of("--env", JobEnvironment.MARK, "--entrypoint", "bash"));
    command.addAll(List.of(container.image(), "-c", request.command()));
    return command;
  }

  /** Gives the engine's client the values that it hands on. */
  static void fillEngine(Map<String, String> variables, JobRequest request) {
    request
        .environment()
        .forEach((name, value) -> {
          if (!isEngines(name)) {
            variables.put(name, value);
          }
        });
  }

  /** Variables that would change the engine's client itself. */
  private static boolean isEngines(String name) {
    return switch (name) {
      case "PATH", "HOME", "USER", "TMPDIR", "LANG", "SSH_AUTH_SOCK" -> true;
      default ->
          name.startsWith("LD_")
              || name.startsWith("DYLD_")
              || name.startsWith("DOCKER_")
              || name.startsWith("PODMAN_")
              || name.startsWith("CONTAINER")
              || name.startsWith("BUILDAH_")
              || name.startsWith("REGISTRY_")
              || name.startsWith("XDG_")
              || name.startsWith("DBUS_")
              || name.startsWith("LC_")
              || name.startsWith("GO")
              || name.toLowerCase(java.util.Locale.ROOT).endsWith("_proxy");
    };
  }

  private static List<String> user(How.Container container, Path folder) throws IOException {
    int uid = (Integer) Files.getAttribute(folder, "unix:uid");
    int gid = (Integer) Files.getAttribute(folder, "unix:gid");
    var user = List.of("--user", uid + ":" + gid);
    boolean podman = container.engine().endsWith("podman");
    if (podman && uid != 0) {
      // Without it, a rootless podman maps its user to root in the container and to others outside.
      return List.of("--userns=keep-id", user.get(0), user.get(1));
    }
    return user;
  }

  private static Iterable<Path> folders(JobRequest request) {
    var folders = new LinkedHashSet<Path>(List.of(request.folder()));
    if (!request.workingFolder().startsWith(request.folder())) {
      folders.add(request.workingFolder());
    }
    var checkpoint = request.environment().get("HEADRACE_CHECKPOINT_DIR");
    if (checkpoint != null) {
      folders.add(Path.of(checkpoint));
    }
    return folders;
  }

  private static List<String> mount(Path folder) {
    var path = folder.toString();
    if (path.indexOf(':') < 0) {
      return List.of("--volume", path + ":" + path);
    }
    if (path.indexOf(',') < 0 && path.indexOf('"') < 0) {
      return List.of("--mount", "type=bind,source=" + path + ",target=" + path);
    }
    throw Problem.of(
            ErrorCode.STEP_NOT_STARTED, "a container cannot be given the folder '" + path + "'")
        .fix("use a workspace whose path holds no ':' beside ',' or '\"'")
        .asException();
  }

  /** Ends the container, whatever state it is in; quiet when it is gone. */
  static void remove(How.Container container, String attempt) throws IOException {
    engine(container, "rm", "--force", name(attempt));
  }

  /** Sends SIGTERM to the container's first process. */
  static void terminate(How.Container container, String attempt) throws IOException {
    engine(container, "kill", "--signal", "TERM", name(attempt));
  }

  private static void engine(How.Container container, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(container.engine().toString()));
    command.addAll(List.of(arguments));
    Processes.runQuietly(command);
  }
}
