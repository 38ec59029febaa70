package io.headrace.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.backend.local.SessionStarter.Launch;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whichever way a session is started, what runs in it sees the same. */
final class SessionStarterTest {
  private static final Map<String, String> VARIABLES =
      Map.of("PATH", "/usr/bin:/bin", "ODD-NAME.x", "two words");

  @TempDir private Path folder;

  static Stream<SessionStarter> starters() {
    var system = SystemStarter.find().map(it -> (SessionStarter) it);
    return Stream.concat(Stream.of(new ProgramStarter(), new WarmingStarter()), system.stream());
  }

  private int run(SessionStarter starter, String script) throws Exception {
    return start(starter, script).exit().get(30, TimeUnit.SECONDS);
  }

  private SessionStarter.Child start(SessionStarter starter, String script) throws IOException {
    return starter.start(
        new Launch(
            List.of("/bin/sh", "-c", script, "name", "an 'argument'"), VARIABLES, folder, log()));
  }

  private Path log() {
    return folder.resolve("log");
  }

  @ParameterizedTest
  @MethodSource("starters")
  void isTheLeaderOfASessionOfItsOwn(SessionStarter starter) throws Exception {
    var child = start(starter, "cut -d' ' -f5,6 /proc/self/stat");
    assertThat(child.exit().get(30, TimeUnit.SECONDS)).isZero();
    assertThat(log()).hasContent(child.pid() + " " + child.pid());
    assertThat(child.isAlive()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("starters")
  void seesNoFileOfOursAndNoBlockedSignal(SessionStarter starter) throws Exception {
    try (var file = new FileInputStream("/etc/passwd");
        var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(file.getFD().valid() && server.isBound()).isTrue();
      var script =
          "for f in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$f ] && echo open $f; done;"
              + " for f in /proc/$$/fd/??*; do [ -e $f ] && readlink $f; done;"
              + " grep SigBlk /proc/self/status; readlink /proc/$$/fd/0";
      assertThat(run(starter, script)).as(Files.readString(log())).isZero();
      assertThat(log()).hasContent("SigBlk:\t0000000000000000\n/dev/null");
    }
  }

  @ParameterizedTest
  @MethodSource("starters")
  void getsItsVariablesArgumentsAndFolderAndNoOthers(SessionStarter starter) throws Exception {
    assertThat(run(starter, "pwd; echo \"$1\"; tr '\\0' '\\n' </proc/$$/environ | sort")).isZero();
    assertThat(Files.readAllLines(log()))
        .startsWith(folder.toRealPath().toString(), "an 'argument'")
        .contains("ODD-NAME.x=two words", "PATH=/usr/bin:/bin")
        .noneMatch(line -> line.startsWith("HOME="));
  }

  @ParameterizedTest
  @MethodSource("starters")
  void tellsTheStatusOrTheSignal(SessionStarter starter) throws Exception {
    assertThat(run(starter, "exit 77")).isEqualTo(77);
    assertThat(run(starter, "kill -9 $$")).isEqualTo(137);
    assertThat(run(starter, "kill -QUIT $$")).isEqualTo(131);
  }

  @ParameterizedTest
  @MethodSource("starters")
  void appendsBothOutputsToTheLog(SessionStarter starter) throws Exception {
    Files.writeString(log(), "before\n");
    assertThat(run(starter, "echo out; echo err >&2")).isZero();
    assertThat(log()).hasContent("before\nout\nerr");
  }

  @ParameterizedTest
  @MethodSource("starters")
  void saysWhenItCannot(SessionStarter starter) {
    var gone =
        new Launch(List.of("/bin/sh", "-c", "true"), VARIABLES, folder.resolve("gone"), log());
    assertThatThrownBy(() -> starter.start(gone))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gone");
  }

  @ParameterizedTest
  @MethodSource("starters")
  void startsManyAtOnce(SessionStarter starter) throws Exception {
    var children =
        Stream.generate(() -> 0)
            .limit(200)
            .map(_ -> {
              try {
                return start(starter, "exit 3");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })
            .toList();
    for (var child : children) {
      assertThat(child.exit().get(30, TimeUnit.SECONDS)).isEqualTo(3);
    }
  }
}
