package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that is one command, followed, listed and cancelled in the words of {@code az ml}. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JobWordsTest {
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

  private void job(String command) {
    user.write(
        "job.yml",
        """
        type: command
        environment: azureml:local@latest
        command: |
          %s
        """
            .formatted(command.replace("\n", "\n  ")));
  }

  @Test
  void when_a_command_job_is_streamed_then_its_growing_log_is_printed_and_later_all_of_it()
      throws IOException {
    var gate = user.file("gate");
    job("echo première ligne\nuntil [ -e '" + gate + "' ]; do sleep 0.05; done\nprintf last");
    user.json("job", "create", "-f", "job.yml", "--name", "one", "--save-as", "one.yml");
    assertThat(user.file("one.yml")).content().contains("name: one", "type: command");

    var stream = user.start("job", "stream", "-n", "one");
    Await.until(stream::out, () -> stream.out().contains("première ligne\n"));
    Files.createFile(gate);
    var followed = stream.result().exits(0);
    assertThat(followed.out())
        .startsWith("RunId: one\n\nStreaming user_logs/std_log.txt\n")
        .contains("\n\npremière ligne\nlast\n\nExecution Summary\n", "Status: Completed");

    assertThat(user.run("job", "stream", "-n", "one").exits(0).out()).isEqualTo(followed.out());
    try (var files = Files.walk(user.state().resolve("runs/one"))) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(user.run("job", "stream", "-n", "one").exits(0).out()).isEqualTo(followed.out());

    assertThat(user.json("job", "list", "-p", "one").get(0).get("status").asString())
        .isEqualTo("Completed");
    assertThat(user.run("run", "list", "-r", "0", "-o", "json").exits(0).out())
        .isEqualToIgnoringWhitespace("[]");
    assertThat(user.run("job", "download", "-n", "one", "-o", "json").exits(0).out()).isEmpty();
    assertThat(user.file("artifacts/user_logs/std_log.txt")).content().contains("première ligne");
  }

  @Test
  void when_the_command_fails_then_the_log_and_the_reason_are_printed_and_the_exit_code_is_1() {
    job("echo the reason\nexit 3");
    user.run("run", "job.yml", "--name", "bad").exits(1);
    assertThat(user.run("job", "stream", "-n", "bad").exits(1).out())
        .contains("\nthe reason\n", "Status: Failed", "3");
    assertThat(user.run("job", "cancel", "-n", "bad", "-o", "json").exits(0).out()).isEmpty();
  }
}
