package io.headrace.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.backend.ChildJvm;
import io.headrace.problem.ProblemException;
import io.headrace.run.JobStatus;
import io.headrace.run.JobStatus.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LocalComputeTest {
  @TempDir Path root;
  private final LocalCompute compute = new LocalCompute(Duration.ofSeconds(2));
  private JobFixture jobs;

  @BeforeEach
  void prepare() {
    jobs = new JobFixture(root);
  }

  @AfterEach
  void endAll() {
    jobs.killAll();
    compute.close();
  }

  @Nested
  class Given_a_command {
    @Test
    void when_it_ends_well_then_it_has_succeeded_and_its_output_is_in_the_log() throws Exception {
      var job = jobs.job("echo out; echo err >&2; pwd");
      var status = job.run(compute);

      assertThat(status)
          .isInstanceOfSatisfying(
              JobStatus.Succeeded.class,
              it -> assertThat(it.started()).isBeforeOrEqualTo(it.ended()));
      assertThat(job.log()).isEqualTo("out\nerr\n" + job.workingFolder().toRealPath() + "\n");
    }

    @Test
    void when_it_fails_then_its_exit_code_is_told() throws Exception {
      assertFailed(jobs.job("exit 3").run(compute), 3, Cause.USER_COMMAND, "exit code 3");
      assertFailed(jobs.job("exit 255").run(compute), 255, Cause.USER_COMMAND, "255");
    }

    @Test
    void when_a_program_is_missing_then_the_message_says_which() throws Exception {
      assertFailed(
          jobs.job("no-such-program --x").run(compute), 127, Cause.USER_COMMAND, "no-such-program");
      assertFailed(jobs.job("/etc/passwd").run(compute), 126, Cause.USER_COMMAND, "passwd");
    }

    @Test
    void when_a_signal_ends_it_then_the_message_names_it() throws Exception {
      assertFailed(jobs.job("kill -9 $$").run(compute), 137, Cause.KILLED, "SIGKILL");
      assertFailed(jobs.job("kill -9 $$").run(compute), 137, Cause.KILLED, "memory");
      assertFailed(jobs.job("kill -SEGV $$").run(compute), 139, Cause.KILLED, "SIGSEGV");
    }

    @Test
    void when_it_reads_its_input_then_that_is_empty() throws Exception {
      assertThat(jobs.job("cat").run(compute)).isInstanceOf(JobStatus.Succeeded.class);
    }

    @Test
    void when_it_holds_odd_characters_then_bash_gets_just_those() throws Exception {
      var job = jobs.job("printf '%s|' \"$0\" '$(touch hacked)' \"a'b\" \"`echo c`\" ü\\\n 'x\ny'");
      job.run(compute);
      assertThat(job.log())
          .isEqualTo(
              "bash|$(touch hacked)|a'b|c|ü|x\ny|"
                  .replace("bash|", job.log().substring(0, job.log().indexOf('|') + 1)));
      assertThat(job.workingFolder().resolve("hacked")).doesNotExist();
    }

    @Test
    void when_it_writes_much_then_all_is_in_the_log() throws Exception {
      var job = jobs.job("head -c 200000000 /dev/zero");
      assertThat(job.run(compute)).isInstanceOf(JobStatus.Succeeded.class);
      assertThat(Files.size(job.logFile())).isEqualTo(200_000_000);
    }

    @Test
    void when_it_leaves_a_process_in_the_background_then_that_is_ended_too() throws Exception {
      var job = jobs.job("sleep 1000 & echo $!; exit 0");
      assertThat(job.run(compute)).isInstanceOf(JobStatus.Succeeded.class);
      JobFixture.await(() -> job.processes().isEmpty());
    }

    @Test
    void when_it_is_too_long_for_the_system_then_it_is_not_begun() throws Exception {
      var job = jobs.job("true " + "x".repeat(3_000_000));
      assertThatThrownBy(() -> job.submit(compute)).isInstanceOf(ProblemException.class);
    }
  }

  @Nested
  class Given_odd_characters_in_the_paths {
    @Test
    void when_run_then_it_works_there() throws Exception {
      for (var name : List.of("a b", "quote'\"", "new\nline", "$HOME `x` $(y)", "-n", "*?[x]")) {
        var odd = new JobFixture(Files.createDirectories(root.resolve(name)));
        var job = odd.job("pwd; exit 5");
        assertFailed(job.run(compute), 5, Cause.USER_COMMAND, "5");
        assertThat(job.log()).isEqualTo(job.workingFolder().toRealPath() + "\n");
        assertFailed(
            odd.job("sleep 1000").timeout(Duration.ofMillis(100)).run(compute), Cause.TIME_LIMIT);
      }
    }
  }

  @Nested
  class Given_variables {
    @Test
    void when_run_then_software_comes_first_and_the_jobs_own_last() throws Exception {
      var tools = Files.createDirectories(root.resolve("tools"));
      Files.writeString(tools.resolve("tool"), "#!/bin/sh\necho tool\n")
          .toFile()
          .setExecutable(true);
      var job =
          jobs.job("tool; echo $A $B; echo \"${HOME-none}\"; env")
              .software(List.of(tools), Map.of("A", "software", "B", "software"), List.of("HOME"))
              .environment(Map.of("B", "own", "ODD", "a'b\n$(c)"));
      assertThat(job.run(compute)).isInstanceOf(JobStatus.Succeeded.class);
      assertThat(job.log())
          .startsWith("tool\nsoftware own\nnone\n")
          .contains("ODD=a'b\n$(c)\n")
          .contains("HEADRACE_ATTEMPT=" + job.attempt());
    }
  }

  @Nested
  class Given_a_time_limit {
    @Test
    void when_it_is_over_then_all_of_the_job_ends() throws Exception {
      var job = jobs.job("sleep 1000 & sleep 1000").timeout(Duration.ofMillis(300));
      var begun = System.nanoTime();
      assertFailed(job.run(compute), Cause.TIME_LIMIT);
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
      assertThat(job.processes()).isEmpty();
    }

    @Test
    void when_the_job_is_faster_then_it_does_not_matter() throws Exception {
      assertThat(jobs.job("true").timeout(Duration.ofSeconds(60)).run(compute))
          .isInstanceOf(JobStatus.Succeeded.class);
    }
  }

  @Nested
  class Given_it_is_cancelled {
    @Test
    void when_it_has_a_large_family_then_none_of_it_is_left() throws Exception {
      var job =
          jobs.job(
              """
              trap '' TERM
              (trap '' TERM; sleep 1000 & (sleep 1000; true) & sleep 1000) &
              setsid sh -c 'trap "" TERM; sleep 1000; true' &
              setsid env -i HEADRACE_ATTEMPT="$HEADRACE_ATTEMPT" sleep 1000 &
              env -i setsid sleep 1000.%s &
              echo ready
              while :; do sleep 1; done
              """
                  .formatted(ProcessHandle.current().pid()));
      var handle = job.submit(compute);
      JobFixture.await(() -> job.log().contains("ready") && job.processes().size() >= 8);
      compute.cancel(handle);
      compute.cancel(handle);

      assertFailed(job.end(), Cause.CANCELED);
      assertThat(job.processes()).isEmpty();
      assertThat(JobFixture.commandLines())
          .noneMatch(line -> line.startsWith("sleep 1000." + ProcessHandle.current().pid()));
    }

    @Test
    void when_it_takes_its_leave_within_the_grace_then_it_may() throws Exception {
      var job =
          jobs.job(
              "trap 'sleep 0.5; echo saved > saved; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
      var handle = job.submit(compute);
      JobFixture.await(() -> job.log().contains("ready"));
      compute.cancel(handle);
      assertFailed(job.end(), Cause.CANCELED);
      assertThat(job.workingFolder().resolve("saved")).exists();
    }

    @Test
    void when_who_cancelled_it_is_gone_then_the_next_ends_it() throws Exception {
      var job = jobs.job("trap '' TERM; echo ready; while :; do sleep 0.1; done");
      var patient = new LocalCompute(Duration.ofMinutes(10));
      var handle = job.submit(patient);
      JobFixture.await(() -> job.log().contains("ready"));
      patient.cancel(handle);
      JobFixture.await(() -> new AttemptFolder(job.folder()).ending().isPresent());
      patient.close();
      assertThat(job.processes()).isNotEmpty();

      assertFailed(job.run(compute), Cause.CANCELED);
      assertThat(job.processes()).isEmpty();
      assertThat(job.ends()).isZero();
    }

    @Test
    void when_it_has_ended_then_that_stands() throws Exception {
      var job = jobs.job("exit 4");
      var handle = job.submit(compute);
      assertFailed(job.end(), 4, Cause.USER_COMMAND, "4");
      compute.cancel(handle);
      assertFailed(job.run(compute), 4, Cause.USER_COMMAND, "4");
    }
  }

  @Nested
  class Given_the_same_attempt_again {
    @Test
    void when_it_has_ended_then_its_end_is_told_and_it_does_not_run_again() throws Exception {
      var job = jobs.job("echo once >> count; exit 7");
      assertFailed(job.run(compute), 7, Cause.USER_COMMAND, "7");
      try (var next = new LocalCompute()) {
        assertFailed(job.run(next), 7, Cause.USER_COMMAND, "7");
      }
      assertThat(job.workingFolder().resolve("count")).hasContent("once\n");
    }

    @Test
    void when_it_is_alive_then_it_is_adopted() throws Exception {
      var job = jobs.job("echo once >> count; until [ -e go ]; do sleep 0.02; done; exit 7");
      var first = job.submit(compute);
      JobFixture.await(() -> Files.exists(job.workingFolder().resolve("count")));
      try (var next = new LocalCompute()) {
        var second = job.submit(next);
        assertThat(first.adopted()).isFalse();
        assertThat(second.adopted()).isTrue();
        Files.createFile(job.workingFolder().resolve("go"));
        assertFailed(job.end(), 7, Cause.USER_COMMAND, "7");
        assertFailed(job.end(), 7, Cause.USER_COMMAND, "7");
      }
      assertThat(job.workingFolder().resolve("count")).hasContent("once\n");
    }

    @Test
    void when_many_submit_it_at_once_then_it_runs_once() throws Exception {
      for (int round = 0; round < 10; round++) {
        var job = jobs.job("echo once >> count; sleep 0.05; exit 7");
        var computes = new ArrayList<LocalCompute>();
        for (int i = 0; i < 4; i++) {
          computes.add(new LocalCompute());
        }
        var threads =
            computes.stream().map(it -> Thread.startVirtualThread(() -> job.submit(it))).toList();
        for (var thread : threads) {
          thread.join();
        }
        for (var _ : computes) {
          assertFailed(job.end(), 7, Cause.USER_COMMAND, "7");
        }
        computes.forEach(LocalCompute::close);
        assertThat(job.workingFolder().resolve("count")).hasContent("once\n");
      }
    }

    @Test
    void when_another_wrapper_has_claimed_it_then_ours_goes_away_and_says_so() throws Exception {
      var job = jobs.job("echo twice");
      Files.createFile(job.folder().resolve(AttemptFolder.STARTED));
      var late = new ProgramStarter().start(Wrapper.launch(job.request()));
      assertThat(late.exit().get()).isEqualTo(Wrapper.NOT_MINE);
      assertThat(job.log()).isEmpty();
      assertThat(new AttemptFolder(job.folder()).exit()).isEmpty();
    }

    @Test
    void when_its_time_was_over_while_nobody_watched_then_it_is_ended() throws Exception {
      var job = jobs.job("sleep 1000").timeout(Duration.ofMillis(200));
      var first = new LocalCompute();
      job.submit(first);
      first.close();
      JobFixture.await(() -> !job.processes().isEmpty());
      assertFailed(job.run(compute), Cause.TIME_LIMIT);
      assertThat(job.processes()).isEmpty();
    }
  }

  @Nested
  class Given_the_wrapper_is_killed {
    @Test
    void when_watched_then_the_command_ends_too_and_it_is_told_as_killed() throws Exception {
      var job = jobs.job("echo ready; sleep 1000");
      job.submit(compute);
      JobFixture.await(() -> job.log().contains("ready"));
      ProcessHandle.of(job.wrapper()).orElseThrow().destroyForcibly();
      assertFailed(job.end(), 137, Cause.KILLED, "SIGKILL");
      assertThat(job.processes()).isEmpty();
    }

    @Test
    void when_nobody_watched_then_it_is_lost_and_nothing_of_it_is_left() throws Exception {
      var job = jobs.job("echo ready; sleep 1000");
      var first = new LocalCompute();
      job.submit(first);
      JobFixture.await(() -> job.log().contains("ready"));
      first.close();
      ProcessHandle.of(job.wrapper()).orElseThrow().destroyForcibly();
      JobFixture.await(
          () -> !ProcessHandle.of(job.wrapper()).map(ProcessHandle::isAlive).orElse(false));
      assertThat(job.run(compute)).isInstanceOf(JobStatus.Lost.class);
      assertThat(job.processes()).isEmpty();
    }
  }

  @Nested
  class Given_the_engine_is_killed {
    /** Each job runs for a moment, some end before the kill, some after it, some after adoption. */
    @Test
    void when_another_takes_over_then_each_job_has_run_once_and_its_end_is_known()
        throws Exception {
      var random = new Random(11);
      var command =
          "echo begun >> count; sleep 0.$((RANDOM % 6)); echo out; echo ended >> count; exit 9";
      for (int round = 0; round < 6; round++) {
        var attempts = new ArrayList<String>();
        for (int i = 0; i < 8; i++) {
          attempts.add("r" + round + "-" + i);
        }
        var arguments = new ArrayList<>(List.of(root.toString(), command));
        arguments.addAll(attempts);
        try (var engine = new ChildJvm(SubmittingMain.class, arguments.toArray(String[]::new))) {
          int seen = random.nextInt(10);
          for (int i = 0; i < seen; i++) {
            engine.line();
          }
          engine.kill();
          engine.await();
        }
        for (var attempt : attempts) {
          var job = jobs.job(attempt, command);
          assertFailed(job.run(compute), 9, Cause.USER_COMMAND, "9");
          assertThat(job.workingFolder().resolve("count")).hasContent("begun\nended\n");
          assertThat(job.log()).isEqualTo("out\n");
        }
      }
    }
  }

  @Nested
  class Given_a_command_that_leaves_a_daemon {
    @Test
    void when_it_has_ended_then_the_daemon_ends_within_moments() throws Exception {
      var job = jobs.job("setsid sleep 1000 & sleep 0.1; exit 0");
      assertThat(job.run(compute)).isInstanceOf(JobStatus.Succeeded.class);
      JobFixture.await(() -> job.processes().isEmpty());
    }

    @Test
    void when_the_compute_is_closed_then_the_daemon_has_ended() throws Exception {
      var job = jobs.job("setsid sleep 1000 & sleep 0.1; exit 0");
      try (var other = new LocalCompute()) {
        assertThat(job.run(other)).isInstanceOf(JobStatus.Succeeded.class);
      }
      JobFixture.await(() -> job.processes().isEmpty());
    }
  }

  @Nested
  class Given_many_quick_jobs {
    @Test
    void when_four_run_at_a_time_then_each_is_told_once() throws Exception {
      int count = 200;
      var four = new Semaphore(4);
      var all = new ArrayList<JobFixture.Job>();
      var begun = System.nanoTime();
      for (int i = 0; i < count; i++) {
        four.acquire();
        var job = jobs.job("exit " + i % 2).whenEnded(four::release);
        job.submit(compute);
        all.add(job);
      }
      four.acquire(4);
      System.out.printf(
          "local compute: %.2f ms a job, 4 at a time%n", (System.nanoTime() - begun) / 1e6 / count);
      for (int i = 0; i < count; i++) {
        if (i % 2 == 0) {
          assertThat(all.get(i).end()).isInstanceOf(JobStatus.Succeeded.class);
        } else {
          assertFailed(all.get(i).end(), 1, Cause.USER_COMMAND, "1");
        }
        assertThat(all.get(i).ends()).isZero();
      }
    }
  }

  @Nested
  class Given_it_cannot_be_begun {
    @Test
    void when_a_text_cannot_reach_a_process_then_it_is_refused() throws IOException {
      for (var job :
          List.of(
              jobs.job("echo a\0b"),
              jobs.job("echo \ud800"),
              jobs.job("true").environment(Map.of("A=B", "c")),
              jobs.job("true").environment(Map.of("A", "b\0")))) {
        assertThatThrownBy(() -> job.submit(compute))
            .isInstanceOf(ProblemException.class)
            .hasMessageContaining("HR-4005");
      }
    }

    @Test
    void when_a_folder_is_missing_then_the_problem_names_it() throws IOException {
      var job = jobs.job("true");
      Files.delete(job.workingFolder());
      assertThatThrownBy(() -> job.submit(compute))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining(job.workingFolder().toString());
    }
  }

  static void assertFailed(JobStatus status, Cause cause) {
    assertThat(status)
        .isInstanceOfSatisfying(
            JobStatus.Failed.class, it -> assertThat(it.cause()).as(it.message()).isEqualTo(cause));
  }

  static void assertFailed(JobStatus status, int code, Cause cause, String words) {
    assertFailed(status, cause);
    assertThat(status)
        .isInstanceOfSatisfying(
            JobStatus.Failed.class,
            it -> {
              assertThat(it.exitCode()).isEqualTo(code);
              assertThat(it.message()).contains(words);
            });
  }
}
