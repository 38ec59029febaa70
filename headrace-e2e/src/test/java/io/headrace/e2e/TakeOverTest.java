package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R2 and R8: what becomes of steps whose engine has died, and of two engines that meet. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TakeOverTest {
  @TempDir Path folder;
  private Headrace user;

  @BeforeEach
  void arrive() {
    user = new Headrace(folder);
  }

  @AfterEach
  void leave() {
    user.close();
  }

  /** A step that tells when it begins and ends when the file {@code gate} is there. */
  private String waits(String name, String then) {
    return Pipelines.step(
        name,
        "echo %1$s >> '%2$s'; echo heard; until [ -e '%3$s' ]; do sleep 0.05; done; %4$s"
            .formatted(name, user.file("ledger"), user.file("gate"), then));
  }

  private void openGate() throws IOException {
    Files.createFile(user.file("gate"));
  }

  private List<String> ledger() throws IOException {
    return Files.exists(user.file("ledger")) ? Files.readAllLines(user.file("ledger")) : List.of();
  }

  private void awaitBegun(int steps) {
    Await.until(
        steps + " steps begin",
        () -> {
          try {
            return ledger().size() >= steps;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Starts p.yml as run {@code r} and kills the engine once this many steps have begun. */
  private void killOnceBegun(int steps) {
    var engine = user.start("run", "p.yml", "--name", "r", "-j", Integer.toString(steps));
    awaitBegun(steps);
    engine.kill();
  }

  private String log(String step) throws IOException {
    user.run("job", "download", "-n", "r", "--all", "-p", "got").exits(0);
    return Files.readString(user.file("got/artifacts/" + step + "/user_logs/std_log.txt"));
  }

  private void awaitStepsGone() {
    Await.until(
        () -> Processes.describe(Processes.mentioning(user.state().toString())),
        () -> Processes.mentioning(user.state().toString()).isEmpty());
  }

  @Nested
  class Given_a_step_whose_engine_was_killed {
    @Test
    void when_it_still_runs_then_it_is_adopted_and_not_begun_again() throws IOException {
      user.write("p.yml", Pipelines.head("p") + waits("long", "echo end; echo 1 > $OUT"));
      killOnceBegun(1);
      assertThat(Processes.mentioning(user.state().toString())).isNotEmpty();
      assertThat(user.run("run", "list").exits(0).out()).contains("Interrupted");

      var resumed = user.start("resume");
      Await.until(resumed::out, () -> resumed.out().contains("taken over"));
      openGate();
      resumed.result().exits(0);
      assertThat(ledger()).containsExactly("long");
      assertThat(log("long")).isEqualTo("heard\nend\n");
    }

    @Test
    void when_it_ended_meanwhile_then_it_counts_as_done_with_its_log() throws IOException {
      user.write("p.yml", Pipelines.head("p") + waits("long", "echo end; echo 1 > $OUT"));
      killOnceBegun(1);
      openGate();
      awaitStepsGone();
      assertThat(user.run("resume", "r").exits(0).out()).contains("long", "done");
      assertThat(ledger()).containsExactly("long");
      assertThat(log("long")).isEqualTo("heard\nend\n");
      assertThat(Files.readString(user.file("got/named-outputs/long.out/out"))).isEqualTo("1\n");
    }

    @Test
    void when_it_failed_meanwhile_then_that_counts_with_its_exit_code_and_log() throws IOException {
      user.write(
          "p.yml",
          Pipelines.head("p")
              + waits("long", "echo why >&2; exit 41")
              + Pipelines.step("after", "cat ${{inputs.long}} > $OUT", "long"));
      killOnceBegun(1);
      openGate();
      awaitStepsGone();
      assertThat(user.run("resume", "r").exits(1).out()).contains("FAILED", "41", "| why");
      assertThat(ledger()).containsExactly("long");
      assertThat(log("long")).isEqualTo("heard\nwhy\n");
      var jobs = user.json("job", "show", "-n", "r").get("jobs");
      assertThat(jobs.get("long").get("message").asString()).contains("41");
      assertThat(jobs.get("after").get("status").asString()).isEqualTo("NotStarted");
    }

    @Test
    void when_it_dies_without_a_note_after_that_then_it_is_begun_again_and_that_one_counts()
        throws IOException {
      user.write("p.yml", Pipelines.head("p") + waits("long", "echo end; echo 1 > $OUT"));
      killOnceBegun(1);
      // The whole group at once, or the wrapper would note its command's end.
      var wrapper = Processes.wrappers(user.state().toString()).getFirst();
      var resumed = user.start("resume");
      Await.until(resumed::out, () -> resumed.out().contains("taken over"));
      Processes.signal("KILL", -wrapper.pid());
      awaitBegun(2);
      openGate();
      assertThat(resumed.result().exits(0).out()).contains("vanished").doesNotContain("FAILED");
      assertThat(ledger()).containsExactly("long", "long");
      assertThat(log("long")).isEqualTo("heard\nend\n");
    }

    @Test
    void when_the_file_is_run_again_then_its_run_is_taken_up() throws IOException {
      user.write("p.yml", Pipelines.head("p") + waits("long", "echo 1 > $OUT"));
      killOnceBegun(1);
      openGate();
      assertThat(user.run("run", "p.yml").exits(0).out()).contains("r was interrupted");
      assertThat(ledger()).containsExactly("long");
      assertThat(user.json("run", "list", "-o", "json")).hasSize(1);
    }

    @Test
    void when_the_yaml_is_gone_then_resume_goes_on_all_the_same() throws IOException {
      user.write(
          "p.yml",
          Pipelines.head("p")
              + waits("long", "echo 1 > $OUT")
              + Pipelines.step("after", "cat ${{inputs.long}} > $OUT", "long"));
      killOnceBegun(1);
      Files.delete(user.file("p.yml"));
      openGate();
      user.run("resume").exits(0);
      assertThat(user.json("job", "show", "-n", "r").get("jobs").get("after").get("status"))
          .asString()
          .contains("Completed");
    }

    @Test
    void when_several_run_on_and_the_run_is_cancelled_then_none_is_left() throws IOException {
      user.write(
          "p.yml",
          Pipelines.head("p")
              + waits("one", "echo 1 > $OUT")
              + waits("two", "echo 2 > $OUT")
              + waits("three", "echo 3 > $OUT")
              + waits("four", "echo 4 > $OUT"));
      killOnceBegun(3);
      assertThat(user.run("job", "cancel", "-n", "r").exits(0).out()).contains("Canceled");
      assertThat(ledger()).as("begun").containsExactlyInAnyOrder("one", "two", "three");
      awaitStepsGone();
    }

    @Test
    void when_taken_up_with_fewer_at_once_then_all_that_run_are_watched() throws IOException {
      user.write(
          "p.yml",
          Pipelines.head("p")
              + waits("one", "echo 1 > $OUT")
              + waits("two", "echo 2 > $OUT")
              + waits("three", "echo 3 > $OUT"));
      killOnceBegun(3);
      var resumed = user.start("resume", "-j", "1");
      Await.until(
          resumed::out,
          () -> resumed.out().lines().filter(it -> it.contains("taken over")).count() == 3);
      openGate();
      resumed.result().exits(0);
      assertThat(ledger()).hasSize(3);
    }

    @Test
    void when_one_had_failed_and_the_run_was_to_end_then_resume_begins_nothing_new()
        throws IOException {
      user.write(
          "p.yml",
          Pipelines.head("p").replace("settings:", "settings:\n  continue_on_step_failure: false")
              + waits("long", "echo 1 > $OUT")
              + Pipelines.step("bad", "exit 9")
              + Pipelines.step(
                  "later", "echo later >> '" + user.file("ledger") + "'; echo 1 > $OUT"));
      killOnceBegun(1);
      openGate();
      user.run("resume", "r", "-j", "1").exits(1);
      assertThat(ledger()).containsExactly("long");
    }
  }

  @Nested
  class Given_two_engines {
    @Test
    void when_both_want_one_run_then_the_second_names_the_first_and_refuses() throws IOException {
      user.write("p.yml", Pipelines.head("p") + waits("long", "echo 1 > $OUT"));
      var first = user.start("run", "p.yml", "--name", "r");
      awaitBegun(1);
      assertThat(user.run("resume", "r").exits(2).err())
          .contains("pid " + first.process().pid(), "host", "since 20");
      openGate();
      first.result().exits(0);
    }

    @Test
    void when_they_work_on_different_runs_then_both_complete() throws IOException {
      user.write("p.yml", Pipelines.head("p") + waits("one", "echo 1 > $OUT"));
      user.write("q.yml", Pipelines.head("q") + waits("two", "echo 2 > $OUT"));
      var first = user.start("run", "p.yml");
      var second = user.start("run", "q.yml");
      awaitBegun(2);
      openGate();
      first.result().exits(0);
      second.result().exits(0);
    }

    @Test
    void when_both_run_the_same_pipeline_at_once_then_both_complete_with_right_outputs()
        throws IOException {
      var text = new StringBuilder(Pipelines.head("p"));
      for (int i = 0; i < 8; i++) {
        text.append(Pipelines.step("s" + i, "echo " + i + " > $OUT"));
      }
      user.write("p.yml", text.toString());
      var first = user.start("run", "p.yml", "-o", "json");
      var second = user.start("run", "p.yml", "-o", "json");
      for (var engine : List.of(first, second)) {
        var steps = engine.result().exits(0).json().get("steps");
        for (int i = 0; i < 8; i++) {
          assertThat(steps.get("s" + i).get("outputs").get("out").get("digest").asString())
              .isEqualTo(Objects.sha256(i + "\n"));
        }
      }
      assertThat(user.run("fsck").exits(0).out()).contains("all whole");
    }

    @Test
    void when_the_holder_is_killed_then_the_next_takes_over_without_removing_anything()
        throws IOException {
      user.write("p.yml", Pipelines.head("p") + waits("long", "echo 1 > $OUT"));
      var first = user.start("run", "p.yml", "--name", "r");
      awaitBegun(1);
      for (int i = 0; i < 3; i++) {
        first.kill();
        first = user.start("resume", "r");
        var engine = first;
        Await.until(engine::out, () -> engine.out().contains("taken over"));
      }
      openGate();
      first.result().exits(0);
      assertThat(ledger()).containsExactly("long");
    }
  }
}
