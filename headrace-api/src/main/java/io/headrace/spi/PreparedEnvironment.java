package io.headrace.spi;

import io.headrace.name.Digest;
import io.headrace.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Software that is there and ready.
 *
 * @param identity of the definition and of what was chosen to meet it; part of a step's key
 * @param description for people: {@code venv, Python 3.11.7, 42 packages}
 * @param lock the resolved versions, from which the same can be built again; empty when unknown
 * @param warnings to show and record with the run, such as another Python than was asked for
 */
public record PreparedEnvironment(
    Digest identity, String description, How how, Optional<String> lock, List<Problem> warnings) {

  public PreparedEnvironment {
    warnings = List.copyOf(warnings);
  }

  /** How a command gets into it. */
  public sealed interface How {
    /**
     * A process of this machine.
     *
     * @param path folders to put before PATH
     * @param variables to set
     * @param without variables of the surrounding process to take away
     */
    record Host(List<Path> path, Map<String, String> variables, List<String> without)
        implements How {}

    /**
     * A container.
     *
     * @param engine the executable: podman or docker
     * @param image as the engine names it
     */
    record Container(Path engine, String image) implements How {}
  }
}
