package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import tools.jackson.databind.JsonNode;

/**
 * R1 and R2: the engine is killed at random moments, over and over; what it had said to be done
 * stays done, no step is ever run twice, and the outputs are right.
 *
 * <p>{@code -Dheadrace.kills=500} for more than the usual 50; {@code -Dheadrace.kills.seed=N} for
 * other moments.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KillTest {
  private static final int KILLS = Integer.getInteger("headrace.kills", 50);
  private static final long SEED = Long.getLong("headrace.kills.seed", 1);

  @TempDir Path folder;

  @Test
  void when_the_engine_is_killed_at_random_moments_then_every_run_completes_and_no_step_runs_twice()
      throws IOException {
    try (var user = new Headrace(folder)) {
      user.write("p.yml", pipeline(user.file("ledger")));
      var random = new Random(SEED);
      long usual = timeOf(user, 0);
      int kills = 0;
      for (int round = 1; kills < KILLS; round++) {
        kills += round(user, round, random, usual);
      }
      assertThat(user.run("fsck").exits(0).out()).contains("all whole");
      FirstDayTest.assertNothingRuns(user);
    }
  }

  /** One run, killed one to three times. */
  private static int round(Headrace user, int round, Random random, long usual) throws IOException {
    int kills = random.nextInt(3) == 0 ? 3 : 1;
    var told = new ArrayList<String>();
    for (int i = 0; i < kills; i++) {
      var engine = i > 0 && random.nextBoolean() ? resume(user) : run(user, round);
      Await.pause(Duration.ofMillis((long) (usual * (0.25 + random.nextDouble()))));
      told.addAll(done(engine.kill().out()));
    }
    var last = random.nextBoolean() ? resume(user).result() : run(user, round).result();
    if (last.code() == 2) {
      // Nothing was interrupted: the kill came before the run was begun or after it had ended.
      assertThat(last.err()).contains("no run was interrupted");
      last = run(user, round).result();
    }
    check(user, round, last, told);
    return kills;
  }

  private static Headrace.Running run(Headrace user, int round) {
    return user.start("run", "p.yml", "--set", "inputs.round=" + round, "-j", "3");
  }

  private static Headrace.Running resume(Headrace user) {
    return user.start("resume", "-j", "3");
  }

  private static void check(Headrace user, int round, Headrace.Result last, List<String> told)
      throws IOException {
    try {
      assertThat(last.exits(0).out()).contains("Completed");
      var counts = new HashMap<String, Integer>();
      for (var line : Files.readAllLines(user.file("ledger"))) {
        var words = line.split(" ", -1);
        if (words[0].equals(Integer.toString(round))) {
          counts.merge(words[1], 1, Integer::sum);
        }
      }
      assertThat(counts)
          .as("how often each step was begun; told as done before the kills: %s", told)
          .isEqualTo(Map.of("a", 1, "b", 1, "c", 1, "d", 1, "e", 1, "f", 1));
      var shown = newest(user);
      var jobs = shown.get("jobs");
      for (var step : List.of("a", "b", "c", "d", "e", "f")) {
        assertThat(jobs.get(step).get("status").asString()).as(step).isEqualTo("Completed");
      }
      var digest = jobs.get("f").get("outputs").get("out").get("digest").asString();
      assertThat(digest).isEqualTo(Objects.sha256(expected(round)));
    } catch (AssertionError e) {
      throw new AssertionFailedError("round " + round + ", seed " + SEED + ": " + last, e);
    }
  }

  private static JsonNode newest(Headrace user) {
    var name = user.json("run", "list", "-o", "json").get(0).get("name").asString();
    return user.json("job", "show", "-n", name);
  }

  /** The steps that an engine had reported as done before its end. */
  private static List<String> done(String out) {
    return out.lines()
        .filter(it -> it.contains(" done in "))
        .map(it -> it.strip().split("\\s+", -1)[1])
        .toList();
  }

  private static long timeOf(Headrace user, int round) throws IOException {
    long from = System.nanoTime();
    var result = run(user, round).result();
    long time = (System.nanoTime() - from) / 1_000_000;
    check(user, round, result, List.of());
    return time;
  }

  /**
   * Six steps of a few milliseconds: two chains side by side, joined at the end. Each adds a line
   * to a ledger outside when it begins.
   */
  private static String pipeline(Path ledger) {
    return """
    type: pipeline
    display_name: killed
    settings:
      default_compute: azureml:local
    inputs:
      round: 0
    jobs:
    """
        + step("a", ledger)
        + step("b", ledger)
        + step("c", ledger, "a")
        + step("d", ledger, "b")
        + step("e", ledger, "a", "b")
        + step("f", ledger, "c", "d", "e");
  }

  private static String step(String name, Path ledger, String... after) {
    var inputs = new StringBuilder("    inputs:\n      round: ${{parent.inputs.round}}\n");
    var reads = new StringBuilder();
    for (var it : after) {
      inputs.append("      %1$s: ${{parent.jobs.%1$s.outputs.out}}%n".formatted(it));
      reads.append(" ${{inputs.").append(it).append("}}");
    }
    var content = after.length == 0 ? "" : "cat" + reads + "; ";
    return """
      %1$s:
        type: command
        environment: azureml:local@latest
    %2$s    outputs:
          out:
            type: uri_file
        command: |
          echo "${{inputs.round}} %1$s $$" >> '%3$s'
          sleep 0.02
          { %4$secho %1$s${{inputs.round}}; } > ${{outputs.out}}
    """
        .formatted(name, inputs, ledger, content);
  }

  private static String expected(int round) {
    var a = "a" + round + "\n";
    var b = "b" + round + "\n";
    return a + "c" + round + "\n" + b + "d" + round + "\n" + a + b + "e" + round + "\nf" + round
        + "\n";
  }
}
