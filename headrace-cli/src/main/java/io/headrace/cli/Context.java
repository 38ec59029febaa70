package io.headrace.cli;

import io.headrace.cli.Main.Surroundings;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** What a command has at hand. */
record Context(Surroundings around, HeadraceCommand root) {
  PrintWriter out() {
    return around.out();
  }

  PrintWriter err() {
    return around.err();
  }

  /** The workspace that the user named, or the one that is found. */
  Workspace workspace() {
    var wanted = root.workspace().or(() -> variable("HEADRACE_WORKSPACE").map(Path::of));
    return Workspace.open(wanted, around.here());
  }

  /** A variable of the process's environment; empty text counts as not set. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(around.variables().get(name)).filter(it -> !it.isEmpty());
  }

  /** Who works here, for the records. */
  String user() {
    return variable("USER").or(() -> variable("LOGNAME")).orElse("unknown");
  }

  /** A number from a variable. */
  Optional<Long> number(String name) {
    return variable(name)
        .map(text -> {
          try {
            return Long.parseLong(text);
          } catch (NumberFormatException e) {
            throw Problem.of(ErrorCode.BAD_ARGUMENT, name + "=" + text + " is not a number")
                .asException();
          }
        });
  }

  Path resolve(Path path) {
    return around.here().resolve(path);
  }

  /** All of the program, wired for this workspace; opened as it is asked for. */
  Wiring wiring(EnvironmentOptions environments) {
    return new Wiring(workspace(), around, environments);
  }

  Wiring wiring() {
    return wiring(new EnvironmentOptions());
  }
}
