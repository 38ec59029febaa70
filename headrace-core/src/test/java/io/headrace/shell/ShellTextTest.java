package io.headrace.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.plan.Segment;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ShellTextTest {
  private static final List<String> HOSTILE =
      List.of(
          "; canary",
          "$(canary)",
          "`canary`",
          "x\ncanary",
          "' ; canary ; '",
          "\" ; canary ; \"",
          "\\' ; canary #",
          "| canary",
          "&& canary",
          "a[$(canary)]",
          "}; canary; {",
          ") ; canary ; (",
          "EOF\ncanary\nEOF",
          "${x:-$(canary)}",
          "<(canary)",
          "' \" ; canary");

  @TempDir private Path folder;
  private Bash bash;

  @BeforeEach
  void findBash() throws IOException {
    bash = new Bash(folder);
  }

  @Nested
  class Given_a_value_outside_quotes {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '^',
        value = {
          "abc                | [abc]",
          "0.01               | [0.01]",
          "--x 1 --msg \"a b\"  | [--x, 1, --msg, a b]",
          "a  'b  c'd         | [a, b  cd]",
          "a;b                | [a;b]",
          "*.csv              | [*.csv]",
          "$HOME              | [$HOME]",
          "~                  | [~]",
          "it's               | [it's]",
          "don't stop         | [don't, stop]",
          "#1                 | [#1]",
          "{a,b}              | [{a,b}]",
          "a>b                | [a>b]",
          "''                 | []",
          "[1, 2]             | [[1,, 2]]",
        })
    void when_run_then_it_is_these_words(String value, String words) {
      assertThat(arguments("args ${v}", value.strip())).hasToString(words.strip());
    }

    @Test
    void when_empty_then_it_vanishes() {
      assertThat(arguments("args a ${v} b", "")).containsExactly("a", "b");
      assertThat(arguments("args a ${v} b", " \n ")).containsExactly("a", "b");
      assertThat(arguments("args --v=${v}", "")).containsExactly("--v=");
    }

    @Test
    void when_text_is_glued_to_it_then_it_stays_glued() {
      assertThat(arguments("args --v=${v}.csv", "a b;c")).containsExactly("--v=a", "b;c.csv");
      assertThat(arguments("args 'x'${v}\"y\"", "a'b c'd")).containsExactly("xab cdy");
    }

    @Test
    void when_it_has_lines_then_they_are_words() {
      assertThat(arguments("args ${v} end", "a\ncanary\n")).containsExactly("a", "canary", "end");
    }
  }

  @Nested
  class Given_a_value_within_quotes {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "args \"${v}\"",
          "args '${v}'",
          "args $'${v}'",
          "args $\"${v}\"",
          "args \"$(printf %s \"${v}\")\"",
          "args \"$(printf %s '${v}')\"",
          "X=\"${v}\"; args \"$X\"",
          "X='${v}' && args \"$X\"",
          "for x in \"${v}\"; do args \"$x\"; done",
          "f() { args \"$1\"; }; f '${v}'",
          "bash -c 'args \"$1\"' _ \"${v}\"",
          "if [[ \"${v}\" == '' ]]; then :; else args '${v}'; fi",
          "case \"${v}\" in a) ;; *) args \"${v}\";; esac",
          "args \"${v}\" # ${v}",
          "( args '${v}' ) | cat",
          "env A=b args \"${v}\"",
        })
    void when_run_then_it_is_one_argument_as_it_is(String command) {
      for (var value : HOSTILE) {
        if (command.contains("[[") && value.startsWith("a[")) {
          continue;
        }
        assertThat(arguments(command, value)).as(command).containsExactly(value);
      }
    }

    @Test
    void when_in_a_here_document_then_it_is_as_it_is() {
      for (var value : HOSTILE) {
        if (!value.contains("EOF")) {
          assertThat(run("cat <<EOF\na ${v} b\nEOF", value).out()).isEqualTo("a " + value + " b\n");
          assertThat(run("cat <<'EOF'\n${v} b\nEOF", value).out()).isEqualTo(value + " b\n");
          assertThat(run("cat <<-\"EOF\"\n\t${v} b\n\tEOF\n", value).out()).endsWith(" b\n");
        }
      }
    }

    @Test
    void when_it_would_end_the_here_document_then_it_is_refused() {
      assertRefused("cat <<EOF\n${v}\nEOF\n", "EOF");
      assertRefused("cat <<EOF\n${v}\nEOF\n", "a\nEOF\ncanary");
      assertRefused("cat <<'EOF'\nE${v}\nEOF\n", "OF");
      assertRefused("cat <<-EOF\n\t${v}\n\tEOF\n", "x\n\tEOF\ncanary");
      assertThat(run("cat <<EOF\n${v}\nEOF\n", "EOFs").out()).isEqualTo("EOFs\n");
    }
  }

  @Nested
  class Given_a_path {
    @Test
    void when_rendered_then_it_is_always_one_word() {
      var command =
          List.<Segment>of(
              new Segment.Text("args --in "),
              new Segment.InputPath("data"),
              new Segment.Text("/x.csv > \""),
              new Segment.OutputPath("log"),
              new Segment.Text("\"; cat '"),
              new Segment.OutputPath("log"),
              new Segment.Text("'"));
      var log = folder.resolve("a 'b'.log");
      var text =
          ShellText.render(
              command,
              segment ->
                  segment instanceof Segment.InputPath ? "/my data/$(canary)" : log.toString());
      var outcome = bash.run(text);
      assertThat(outcome.calls()).containsExactly(List.of("--in", "/my data/$(canary)/x.csv"));
      assertThat(outcome.sang()).isFalse();
    }

    @Test
    void when_checked_then_unknown_paths_are_no_problem() {
      assertThat(
              ShellText.check(
                  List.of(
                      new Segment.Text("bash -c 'cat "),
                      new Segment.InputPath("data"),
                      new Segment.Text("'; "),
                      new Segment.InputPath("folder"),
                      new Segment.Text("/run.sh"))))
          .isEmpty();
    }
  }

  @Nested
  class Given_places_where_quoting_does_not_help {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "args `echo ${v}`",
          "args $((1 + ${v}))",
          "((x = ${v}))",
          "let x=${v}",
          "let \"x=${v}\"",
          "[[ ${v} -eq 1 ]]",
          "[[ -v ${v} ]]",
          "x[${v}]=1",
          "args ${x[${v}]}",
          "args ${x:${v}}",
          "args ${${v}}",
          "args ${!${v}}",
          "eval \"args ${v}\"",
          "eval args ${v}",
          "bash -c \"args ${v}\"",
          "bash -c 'args ${v}'",
          "sh -xc \"args ${v}\"",
          "bash -eo pipefail -c \"args ${v}\"",
          "sudo -u me bash -c 'args ${v}'",
          "timeout 5 bash -c 'args ${v}'",
          "python3 -c 'print(\"${v}\")'",
          "python3.11 -u -c \"print('${v}')\"",
          "perl -ne 'print \"${v}\"'",
          "find . -exec sh -c 'echo ${v}' ';'",
          "echo a | xargs -I{} sh -c 'echo {} ${v}'",
          "ssh host ls ${v}",
          "awk '{print \"${v}\"}' f",
          "awk -v x=1 '{print \"${v}\"}' f",
          "sed -i 's/a/${v}/' f",
          "sed -n -e p -e 's/a/${v}/' f",
          "trap 'echo ${v}' EXIT",
          "bash <<EOF\necho ${v}\nEOF\n",
          "cat <<EOF | bash\necho ${v}\nEOF\n",
          "python3 - <<'EOF'\nprint('${v}')\nEOF\n",
          "echo ${v} | bash",
          "bash <<< \"echo ${v}\"",
          "bash <(echo ${v})",
          "source <(echo \"${v}\")",
          "$PYTHON -c 'print(1, \"${v}\")'",
          "make X=${v}",
          "sqlite3 x.db \"${v}\"",
          "x[<(echo ${v})]=1",
          "x[$(echo ${v})]=1",
          "[[ a ]]; eval \"echo ${v}\"",
          "C='echo ${v}'; eval \"$C\"",
          "args 'unclosed ${v}",
          "args \"unclosed ${v}",
          "args \\${v}",
          "args $${v}",
          "cat <<EOF\nx ${v}\n",
          "cat <<${v}\nx\n",
          "args \"$(case x in a) echo;; esac; echo \"${v}\")\"",
        })
    void when_the_value_is_harmless_then_it_goes_in_and_else_it_is_refused(String command) {
      for (var value : HOSTILE) {
        assertRefused(command, value);
      }
      assertThat(ShellText.check(segments(command, "1"))).isEmpty();
      assertThat(render(command, "1")).isEqualTo(command.replace("${v}", "1"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "${v}",
          "${v} train.py",
          "\"${v}\" train.py",
          "''${v}",
          "\\${v}",
          "cd x && ${v}",
          "cd x; ${v}",
          "if true; then ${v}; fi",
          "for ((i=0;i<1;i++)) do ${v}; done",
          "if ((1)) then ${v}; fi",
          "f() { ${v}; }; f",
          "function f { ${v}; }; f",
          "A=b ${v}",
          "> out ${v}",
          "args $(${v})",
          "args `${v}`",
          "args <(${v})",
          "${Z:-${v}} a",
          "bash -c \"${Z:-${v}}\"",
          "$(echo ${v}) a",
          "\"`echo ${v}`\" a",
          "env \"$(echo '${v}')\"",
          "( ${v} )",
          "{ ${v}; }",
          "! ${v}",
          "exec ${v}",
          "env A=1 ${v}",
          "sudo ${v}",
          "timeout 5 ${v}",
          "echo a | xargs ${v}",
          "eval ${v}",
          "eval 'cd x;' \"${v}\"",
          "C=${v}; eval \"$C\"",
          "echo \\ ${v} | bash",
          "bash <<< ${v}",
          "source <(echo ${v})",
          "bash -c \"${v}\"",
          "bash -c 'cd x && ${v}'",
          "bash <<EOF\n${v}\nEOF\n",
          "trap ${v} EXIT",
          "ssh host ${v}",
        })
    void when_it_would_be_the_name_of_a_command_then_it_is_refused(String command) {
      assertRefused(command, "canary");
      assertRefused(command, "canary x");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "find ${v} -name x      | . -exec canary ;",
          "bash ${v}              | -c canary",
          "python3 ${v}           | -c pass",
          "python3 -u ${v}        | -c pass",
          "tar xf ${v}            | a.tar --to-command=canary",
          "printf ${v}            | -v a[$(canary)] x",
          "unset ${v}             | a[$(canary)]",
          "read ${v}              | a[$(canary)]",
          "test -v ${v}           | a[$(canary)]",
          "declare ${v}           | a[$(canary)]=1",
          "declare -a 'x=${v}'    | ($(canary))",
          "declare -i x=${v}      | HOSTILE",
          "RANDOM=${v}            | a[$(canary)]",
          "BASH_ENV='${v}' bash x | $(canary)",
          "timeout ${v} args      | 5 canary",
          "N=${v}; echo $((N))    | a[$(canary)]",
          "[[ ${v} -eq 1 ]]       | HOSTILE",
          "echo $((${v}))         | HOSTILE",
          "let \"$(echo ${v})\"   | HOSTILE",
          "let `echo ${v}`        | HOSTILE",
          "unset \"$(echo '${v}')\" | a[$(canary)]",
          "declare -a x=\"$(echo '${v}')\" | ($(canary))",
        })
    void when_a_program_would_run_part_of_it_then_it_is_refused(String command, String value) {
      assertRefused(command, value);
    }

    @Test
    void when_refused_then_the_problem_teaches() {
      var problem = ShellText.check(segments("echo $((${v} + 1))", "a b")).getFirst();
      assertThat(problem.code()).isEqualTo(ErrorCode.UNSAFE_VALUE);
      assertThat(problem.message()).contains("input 'v'").contains("arithmetic");
      assertThat(problem.fix().orElseThrow()).contains("AZUREML_PARAMETER_v");
      assertThatThrownBy(() -> render("echo $((${v} + 1))", "a b"))
          .isInstanceOf(ProblemException.class);
    }
  }

  @Nested
  class Given_commands_as_people_write_them {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "python train.py --epochs ${v} --lr 0.1   | 10",
          "python -m pkg.train -c ${v}              | my config.json",
          "python train.py -e ${v}                  | a b",
          "bash run.sh -c ${v}                      | a b",
          "bash -c 'args \"$1\"' _ ${v}             | a;b",
          "pip install ${v}                         | numpy pandas>=2",
          "mpirun -n ${v} python train.py           | 4",
          "timeout ${v} python train.py             | 10m",
          "accelerate launch --num ${v} train.py    | 2",
          "export X=${v} && args                    | a b",
          "X=${v} args                              | a; b",
          "./scripts/${v}.sh                        | stage_1",
          "args > ${v}.txt                          | out 1",
          "cat <<< ${v}                             | a b",
          "cat <<EOF > f^n$(date) ${v}^nEOF^nargs   | a; b $(x)",
          "echo $X ${v} $(date) `date`              | a; b",
          "for i in 1 2; do args $i ${v}; done      | a; b",
          "if [ \"${v}\" = \"yes\" ]; then args; fi | [1, 2] $(x)",
          "[[ ${v} == a* ]] && args                 | [1, 2] $(x)",
          "case ${v} in a) args;; *) args ${v};; esac | a b",
          "awk -v x=\"${v}\" '{print x}' f          | a; b",
          "args ${v} 2>&1 | tee log                 | a; b",
          "args ${v} && echo $((1+2)) && echo ok    | a; b",
        })
    void when_the_value_is_fair_then_it_is_taken(String command, String value) {
      assertThat(ShellText.check(segments(command.replace("^n", "\n"), value))).isEmpty();
    }

    @Test
    void when_an_environment_variable_is_made_then_nothing_is_quoted() {
      assertThat(
              ShellText.plain(
                  List.of(
                      new Segment.Text("a '"),
                      new Segment.Value("v", "$(x) '"),
                      new Segment.OutputPath("o")),
                  _ -> "/p q"))
          .isEqualTo("a '$(x) '/p q");
    }
  }

  @Nested
  class Given_enormous_text {
    @Test
    void when_rendered_then_it_takes_bounded_time() {
      for (var piece :
          List.of(
              "$(",
              "${x:-",
              "$((",
              "((",
              "(",
              "\"$(",
              "`",
              "[[ ",
              "<(",
              "'",
              "x=${v}",
              "a ",
              "\"${v}\" ",
              "<<E ",
              "case ")) {
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> ShellText.check(segments(piece.repeat(200_000), "v")),
            piece);
      }
    }
  }

  /** The author's text with {@code ${v}} where the value goes. */
  static List<Segment> segments(String command, String value) {
    var segments = new ArrayList<Segment>();
    int from = 0;
    for (int at = command.indexOf("${v}"); at >= 0; at = command.indexOf("${v}", from)) {
      segments.add(new Segment.Text(command.substring(from, at)));
      segments.add(new Segment.Value("v", value));
      from = at + 4;
    }
    segments.add(new Segment.Text(command.substring(from)));
    return segments;
  }

  private static String render(String command, String value) {
    return ShellText.render(
        segments(command, value),
        segment -> {
          throw new IllegalStateException("no path in " + segment);
        });
  }

  private Bash.Outcome run(String command, String value) {
    var outcome = bash.run(render(command, value));
    assertThat(outcome.sang()).as("%s with %s", command, value).isFalse();
    return outcome;
  }

  /** The arguments of the one call of {@code args}. */
  private List<String> arguments(String command, String value) {
    var calls = run(command, value).calls();
    assertThat(calls).as("%s with %s", command, value).hasSize(1);
    return calls.getFirst();
  }

  private static void assertRefused(String command, String value) {
    assertThat(ShellText.check(segments(command, value)))
        .as("%s with %s", command, value)
        .isNotEmpty()
        .extracting(Problem::code)
        .containsOnly(ErrorCode.UNSAFE_VALUE);
  }
}
