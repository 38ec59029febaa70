package io.headrace.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One attempt at a step, all prepared.
 *
 * @param attempt unique for ever
 * @param folder the attempt's own, absolute; the compute keeps its notes in it
 * @param command for {@code bash -c}
 * @param workingFolder absolute
 * @param log where standard output and error go, absolute
 * @param environment variables to set beside those of {@code software}
 * @param software what the command runs in
 */
public record JobRequest(
    String attempt,
    Path folder,
    String command,
    Path workingFolder,
    Path log,
    Map<String, String> environment,
    PreparedEnvironment software,
    Optional<Duration> timeout) {}
