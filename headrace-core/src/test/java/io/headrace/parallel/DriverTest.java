package io.headrace.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver of parallel steps: mini batches, failures, timeouts, deaths, resumption. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DriverTest {
  private static final String ECHO =
      """
      def run(batch):
          return [open(file).read() for file in batch]
      """;

  @TempDir Path folder;
  private ParallelRun step;

  @BeforeEach
  void begin() {
    step = new ParallelRun(folder);
  }

  @AfterEach
  void end() {
    step.close();
  }

  @Test
  void when_all_goes_well_then_the_rows_stand_in_the_order_of_the_files() {
    step.files(47).with("mini_batch_size", "5").script(ECHO).run().exits(0);
    assertThat(step.rows()).isEqualTo(IntStream.range(0, 47).mapToObj(Integer::toString).toList());
    assertThat(step.log()).contains("10 mini batches, 2 workers", "47 items processed, 0 failed");
  }

  @Test
  void when_there_are_init_arguments_and_shutdown_then_each_worker_has_them() {
    step.files(4)
        .with(
            "arguments",
            List.of(
                List.of(List.of("text", "--label")),
                List.of(List.of("text", "two words; $(x)")),
                List.of(List.of("text", "--out="), List.of("output", "side"))))
        .with("mini_batch_size", "1")
        .script(
            """
            import argparse
            import settings
            def init():
                global args
                parser = argparse.ArgumentParser()
                parser.add_argument("--label")
                parser.add_argument("--out")
                args = parser.parse_args()
            def run(batch, context):
                open(os.path.join(args.out, context.minibatch_index), "w").close()
                return [args.label + settings.MINE]
            def shutdown():
                open(os.path.join(HERE, "shut" + str(os.getpid())), "w").close()
            """)
        .code("settings.py", "MINE = '!'\n")
        .run()
        .exits(0);
    assertThat(step.rows()).containsOnly("two words; $(x)!").hasSize(4);
    assertThat(step.out("side").toFile().list()).containsExactlyInAnyOrder("0", "1", "2", "3");
    assertThat(folder.toFile().list((_, name) -> name.startsWith("shut"))).isNotEmpty();
  }

  @Test
  void when_run_raises_then_it_is_tried_again_and_the_others_go_on() {
    step.files(30)
        .script(
            """
            def run(batch):
                print("seen", os.path.basename(batch[0]))
                if batch[0].endswith("f0010.txt"):
                    raise ValueError("no such luck")
                return batch
            """)
        .run()
        .exits(0);
    assertThat(step.rows()).hasSize(20);
    assertThat(step.log())
        .contains(
            "mini batch 1 failed at try 2",
            "mini batch 1 failed after 3 tries: ValueError: no such luck",
            "f0010.txt, f0011.txt, f0012.txt and 7 more",
            "score.py\", line 6, in run");
    assertThat(ParallelRun.read(step.work().resolve("logs/user/error.txt")))
        .contains("no such luck");
    assertThat(ParallelRun.read(step.work().resolve("logs/job_progress_overview.txt")))
        .contains("3 of 3 mini batches done, 1 failed", "succeeded");
    assertThat(
            ParallelRun.read(step.work().resolve("logs/user/stdout/0/process000.stdout.txt"))
                + ParallelRun.read(step.work().resolve("logs/user/stdout/0/process001.stdout.txt")))
        .contains("seen f0000.txt", "seen f0020.txt");
  }

  @Test
  void when_more_fail_than_the_threshold_allows_then_the_step_fails_and_names_the_first() {
    step.files(10)
        .with("mini_batch_size", "1")
        .with("mini_batch_error_threshold", 2)
        .with("max_retries", 0)
        .script("def run(batch):\n    raise KeyError(os.path.basename(batch[0]))\n")
        .run()
        .exits(1);
    assertThat(step.log())
        .containsPattern("error: \\d+ mini batches failed; mini_batch_error_threshold allows 2")
        .contains("the first: mini batch", "KeyError: 'f000");
  }

  @Test
  void when_fewer_rows_return_than_went_in_then_those_items_count_as_failed() {
    step.files(20).script("def run(batch):\n    return batch[:7]\n").run().exits(0);
    assertThat(step.log()).contains("14 items processed, 6 failed");
    assertThat(step.rows()).hasSize(14);
    try (var again = new ParallelRun(folder.resolve("strict"))) {
      again
          .files(20)
          .with("error_threshold", 3)
          .script("def run(batch):\n    return batch[:7]\n")
          .run()
          .exits(1);
      assertThat(again.log()).contains("6 items failed; error_threshold allows 3");
    }
  }

  @Test
  void when_no_mini_batch_succeeds_then_the_step_fails_whatever_the_thresholds() {
    step.files(3)
        .with("max_retries", 0)
        .script("def run(batch):\n    return None\n")
        .run()
        .exits(1);
    assertThat(step.log())
        .contains("no mini batch succeeded", "run() returned NoneType; it must return a list");
  }

  @Test
  void when_run_hangs_then_its_worker_is_replaced_and_the_message_says_where_it_hung() {
    step.files(3)
        .with("mini_batch_size", "1")
        .with("timeout", 1)
        .with("max_retries", 1)
        .script(
            """
            def run(batch):
                if batch[0].endswith("f0001.txt"):
                    while True: time.sleep(60)
                return batch
            """)
        .run()
        .exits(0);
    assertThat(step.rows()).hasSize(2);
    assertThat(step.log())
        .contains(
            "mini batch 1 failed after 2 tries: run() took longer than retry_settings.timeout (1 s)",
            "score.py\", line 5 in run");
  }

  @Test
  void when_a_worker_is_killed_then_another_does_its_mini_batch() {
    step.files(40)
        .script(
            """
            def run(batch):
                mark = os.path.join(HERE, "died")
                if batch[0].endswith("f0020.txt") and not os.path.exists(mark):
                    open(mark, "w").close()
                    os.kill(os.getpid(), 9)
                return batch
            """)
        .run()
        .exits(0);
    assertThat(step.rows()).hasSize(40);
    assertThat(step.log())
        .contains("mini batch 2 failed at try 1, is tried again: worker process00", "SIGKILL");
  }

  @Test
  void when_the_driver_is_killed_then_no_finished_mini_batch_runs_again_and_its_files_are_kept() {
    step.files(60)
        .with("arguments", List.of(List.of(List.of("output", "side"))))
        .script(
            """
            def run(batch):
                name = os.path.basename(batch[0])
                if name >= "f0030.txt" and not os.path.exists(os.path.join(HERE, "go")):
                    time.sleep(600)
                with open(os.path.join(HERE, "ledger"), "a") as ledger:
                    ledger.write(name + "\\n")
                open(os.path.join(sys.argv[1], name), "w").close()
                return batch
            """);
    var process = step.start();
    await(() -> segments() > 0 && ParallelRun.read(folder.resolve("ledger")).lines().count() == 3);
    await(() -> committed() == 3);
    process.destroyForcibly();
    step.result(process);
    await(() -> step.left().isEmpty());
    step.input("../go", "");
    step.run().exits(0);
    assertThat(step.log()).contains("6 mini batches, 3 of them finished before");
    assertThat(ParallelRun.read(folder.resolve("ledger")).lines())
        .containsExactlyInAnyOrder(
            "f0000.txt", "f0010.txt", "f0020.txt", "f0030.txt", "f0040.txt", "f0050.txt");
    assertThat(step.rows()).hasSize(60).isSorted();
    assertThat(step.out("side").toFile().list()).hasSize(6);
  }

  private long segments() {
    var names = folder.resolve("checkpoint/results").toFile().list();
    return names == null ? 0 : names.length;
  }

  /** How many mini batches the segments hold. */
  private long committed() {
    // Not what is still being written, under another name.
    var files =
        folder
            .resolve("checkpoint/results")
            .toFile()
            .listFiles((_, name) -> name.endsWith(".part"));
    long count = 0;
    for (var file : files == null ? new java.io.File[0] : files) {
      count +=
          Pattern.compile("\"index\"").matcher(ParallelRun.read(file.toPath())).results().count();
    }
    return count;
  }

  @Test
  void when_the_step_fails_then_only_what_failed_is_done_again() {
    step.files(30)
        .with("mini_batch_error_threshold", 0)
        .with("max_retries", 0)
        .with("workers", 1)
        .script(
            """
            def run(batch):
                if batch[0].endswith("f0020.txt") and not os.path.exists(HERE + "/go"):
                    raise ValueError("not yet")
                return batch
            """);
    step.run().exits(1);
    step.input("../go", "");
    step.run().exits(0);
    assertThat(step.log()).contains("3 mini batches, 2 of them finished before");
    assertThat(step.rows()).hasSize(30);
  }

  @Test
  void when_a_value_or_its_return_has_odd_characters_then_they_are_kept() {
    step.input("a b'\"ü.txt", "ü \u2028 'x'").script(ECHO).run().exits(0);
    assertThat(ParallelRun.read(step.out("rows").resolve("rows.txt"))).isEqualTo("ü \u2028 'x'\n");
  }

  @Test
  void when_partition_keys_are_given_then_a_mini_batch_is_one_combination_of_folders() {
    for (var name : List.of("y=1/m=1/a", "y=1/m=2/b", "y=1/m=2/c", "y=2/m=1/d")) {
      step.input(name, name);
    }
    step.with("partition_keys", List.of("y", "m"))
        .script(
            """
            def run(batch, context):
                key = context.partition_key_value
                return ["%s.%s" % (key["y"], key["m"])] * len(batch)
            """)
        .run()
        .exits(0);
    assertThat(step.rows()).containsExactly("1.1", "1.2", "1.2", "2.1");
  }

  @Test
  void when_a_file_is_in_no_partition_then_it_is_named() {
    step.input("y=1/a", "").input("b", "").with("partition_keys", List.of("y")).script(ECHO);
    step.run().exits(1);
    assertThat(step.log()).contains("partition_keys: 'b' says no value for y");
  }

  @Test
  void when_init_fails_then_the_step_fails_at_once() {
    step.files(3).script("def init():\n    raise OSError('no model')\n" + ECHO).run().exits(1);
    assertThat(step.log())
        .contains("score.py cannot begin: OSError: no model", "score.py\", line 4, in init");
  }

  @Test
  void when_the_script_is_missing_or_has_no_run_then_it_is_said() {
    step.files(1).script("x = 1\n").run().exits(1);
    assertThat(step.log()).contains("score.py defines no run(mini_batch)");
    step.with("entry_script", "other.py").run().exits(1);
    assertThat(step.log()).contains("task.entry_script: there is no 'other.py' in the code folder");
  }

  @Test
  void when_workers_die_before_they_begin_then_it_is_not_tried_for_ever() {
    step.files(3).script("os.kill(os.getpid(), 9)\n").run().exits(1);
    assertThat(step.log()).contains("workers end before they are ready", "SIGKILL");
  }

  @Test
  void when_there_is_nothing_to_do_then_the_output_is_empty() {
    step.script(ECHO).run().exits(0);
    assertThat(step.rows()).isEmpty();
  }

  @Test
  void when_there_are_100_000_small_files_then_it_takes_minutes_at_most_and_little_memory()
      throws IOException {
    for (int i = 0; i < 100_000; i++) {
      var file = folder.resolve("in/%03d/f%05d.txt".formatted(i / 1000, i));
      if (i % 1000 == 0) {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, Integer.toString(i));
    }
    var measure =
        "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
            + "print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); "
            + "sys.exit(code)";
    long from = System.nanoTime();
    step.script(ECHO);
    step.result(step.start("python3", "-c", measure)).exits(0);
    long seconds = Duration.ofNanos(System.nanoTime() - from).toSeconds();
    var peak = Pattern.compile("peak (\\d+)").matcher(step.log());
    assertThat(peak.find()).isTrue();
    long megabytes = Long.parseLong(peak.group(1)) / 1024;
    System.out.printf(
        "100,000 files in batches of 10: %d s, largest process %d MB%n", seconds, megabytes);
    assertThat(step.rows()).hasSize(100_000).startsWith("0", "1", "2").endsWith("99999");
    assertThat(seconds).isLessThan(600);
    assertThat(megabytes).isLessThan(300);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
