package io.headrace.backend.local;

import static io.headrace.backend.local.LocalComputeTest.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.run.JobStatus.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a program that takes the arguments of a container engine and runs the command here. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ContainerJobTest {
  private static final String ENGINE =
      """
      #!/bin/bash
      printf '%s\\n' "$@" >> "$(dirname "$0")/calls"
      case $1 in
        run)
          shift
          while [ $# -gt 0 ]; do
            case $1 in
              --rm|--network=*|--userns=*) shift ;;
              --name) name=$2; shift 2 ;;
              --user|--volume|--mount) shift 2 ;;
              --workdir) cd "$2"; shift 2 ;;
              --env) case $2 in *=*) export "$2" ;; *) export "$2" ;; esac; shift 2 ;;
              --entrypoint) entry=$2; shift 2 ;;
              *) break ;;
            esac
          done
          [ "$1" = broken ] && { echo "Unable to find image"; exit 125; }
          shift
          echo $$ > "$(dirname "$0")/$name"
          trap '' TERM
          setsid "$entry" "$@" &
          echo $! > "$(dirname "$0")/$name"
          wait $! ;;
        kill) kill -s "$3" -- "-$(cat "$(dirname "$0")/$4")" ;;
        rm) kill -9 -- "-$(cat "$(dirname "$0")/$3")" 2>/dev/null ;;
      esac
      """;

  @TempDir Path root;
  private final LocalCompute compute = new LocalCompute(Duration.ofSeconds(1));
  private JobFixture jobs;
  private Path engine;

  @BeforeEach
  void prepare() throws IOException {
    jobs = new JobFixture(root);
    engine = Files.writeString(root.resolve("docker"), ENGINE);
    assertThat(engine.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void endAll() {
    jobs.killAll();
    compute.close();
  }

  @Test
  void given_odd_values_then_the_command_gets_them_and_no_command_line_holds_them()
      throws Exception {
    var job =
        jobs.job("echo \"$SECRET|$HOME|$PATH|$HEADRACE_ATTEMPT\"; pwd; exit 3")
            .environment(Map.of("SECRET", "a'b $(c)\nd", "PATH", "/usr/bin:/bin:/x y"))
            .container(engine, "image:1");
    assertFailed(job.run(compute), 3, Cause.USER_COMMAND, "3");
    assertThat(job.log())
        .isEqualTo(
            "a'b $(c)\nd|/tmp|/usr/bin:/bin:/x y|"
                + job.attempt()
                + "\n"
                + job.workingFolder()
                + "\n");
    var calls = Files.readAllLines(root.resolve("calls"));
    assertThat(calls)
        .startsWith(
            "run", "--rm", "--name", "headrace-" + job.attempt(), "--network=host", "--user")
        .contains("--volume", job.folder() + ":" + job.folder())
        .containsSubsequence("image:1", "-c")
        .noneMatch(call -> call.contains("a'b"));
  }

  @Test
  void given_an_image_that_is_not_there_then_the_message_says_so() throws Exception {
    assertFailed(
        jobs.job("true").container(engine, "broken").run(compute),
        125,
        Cause.NOT_STARTED,
        "Unable to find image");
  }

  @Test
  void given_it_is_cancelled_then_the_container_is_removed() throws Exception {
    var job =
        jobs.job("trap '' TERM; echo ready; while :; do sleep 0.1; done").container(engine, "i");
    var handle = job.submit(compute);
    JobFixture.await(() -> job.log().contains("ready"));
    compute.cancel(handle);
    assertFailed(job.end(), Cause.CANCELED);
    assertThat(job.processes()).isEmpty();
    assertThat(Files.readAllLines(root.resolve("calls")))
        .containsSubsequence(List.of("kill", "--signal", "TERM"))
        .containsSubsequence(List.of("rm", "--force", ContainerCommand.name(job.attempt())));
  }

  @Test
  void given_names_of_attempts_then_their_containers_differ() {
    assertThat(ContainerCommand.name("a/b")).isNotEqualTo(ContainerCommand.name("a_b"));
    assertThat(ContainerCommand.name("run-1.2_x")).matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
  }
}
