package io.headrace.kfp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The beginnings of Python components' commands, as kfp 2.7 and 2.17 write them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PipPreludeTest {
  private static final List<String> REST = List.of("sh", "-ec", "program", "code");
  private static final String KFP =
      "python3 -m pip install --quiet --no-warn-script-location 'kfp==2.17.3' '--no-deps'"
          + " 'typing-extensions>=3.7.4,<5; python_version<\"3.9\"'";

  private static List<String> command(String installs) {
    var script =
        "\nif ! [ -x \"$(command -v pip)\" ]; then\n    python3 -m ensurepip ||"
            + " python3 -m ensurepip --user || apt-get install python3-pip\nfi\n\n"
            + "PIP_DISABLE_PIP_VERSION_CHECK=1 "
            + installs
            + " && \"$0\" \"$@\"\n";
    return List.of("sh", "-c", script, "sh", "-ec", "program", "code");
  }

  private static List<String> requirements(String installs) {
    var prelude = PipPrelude.of(command(installs)).orElseThrow();
    assertThat(prelude.command()).isEqualTo(REST);
    return prelude.requirements();
  }

  @Test
  void when_only_kfp_is_installed_then_it_comes_without_what_it_depends_on() {
    assertThat(requirements(KFP))
        .containsExactly(
            "kfp==2.17.3 --no-deps",
            "typing-extensions>=3.7.4,<5; python_version<\"3.9\" --no-deps");
  }

  @Test
  void when_packages_are_named_too_then_those_bring_what_they_depend_on() {
    assertThat(
            requirements(
                KFP
                    + "  &&  python3 -m pip install --quiet --no-warn-script-location"
                    + " 'pandas>=2,<3' 'scikit-learn[alldeps]' 'a @ https://example.org/a.whl'"))
        .containsExactly(
            "kfp==2.17.3 --no-deps",
            "typing-extensions>=3.7.4,<5; python_version<\"3.9\" --no-deps",
            "pandas>=2,<3",
            "scikit-learn[alldeps]",
            "a @ https://example.org/a.whl");
  }

  @Test
  void when_indexes_are_named_then_they_stand_once_for_all() {
    var options =
        "--index-url https://example.org/simple --trusted-host https://example.org/simple";
    var install = "python3 -m pip install --quiet --no-warn-script-location " + options;
    assertThat(requirements(install + " 'a==1'  &&  " + install + " 'b==2' '--no-deps'"))
        .containsExactly(
            "--index-url https://example.org/simple",
            "--trusted-host https://example.org/simple",
            "a==1",
            "b==2 --no-deps");
  }

  @Test
  void when_the_beginning_is_another_then_the_command_runs_as_it_is() {
    for (var installs :
        List.of(
            "python3 -m pip install 'a'",
            KFP + " --target /tmp",
            KFP + " '-r' 'requirements.txt'",
            KFP + " plain",
            KFP + " && rm -rf /",
            "")) {
      assertThat(PipPrelude.of(command(installs))).as(installs).isEmpty();
    }
    assertThat(PipPrelude.of(List.of("python3", "main.py"))).isEmpty();
    assertThat(PipPrelude.of(List.of("sh", "-c", "echo", "x"))).isEmpty();
    assertThat(PipPrelude.of(command(KFP).subList(0, 3))).as("nothing behind it").isEmpty();
    assertThat(PipPrelude.of(List.of())).isEmpty();
  }
}
