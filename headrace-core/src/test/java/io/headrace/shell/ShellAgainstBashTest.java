package io.headrace.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.plan.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random commands with random values, given to the real bash. More rounds: {@code
 * -Dheadrace.shell.rounds=30000 -Dheadrace.shell.seed=7}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ShellAgainstBashTest {
  private static final int ROUNDS = Integer.getInteger("headrace.shell.rounds", 1_000);
  private static final int SEED = Integer.getInteger("headrace.shell.seed", 20261122);

  /** Stands for a value in a template. */
  private static final char VALUE = '@';

  /** Stands for a word, in the templates of commands. */
  private static final char WORD = '~';

  private static final List<String> WORDS =
      List.of(
          "@",
          "@",
          "@",
          "--x=@",
          "\"@\"",
          "\"@\"",
          "'@'",
          "'@'",
          "\"a @ b\"",
          "'a @ b'",
          "$'@'",
          "$'a\\'@'",
          "$(echo @)",
          "\"$(echo \"@\")\"",
          "\"$(echo '@')\"",
          "\"$(echo @)\"",
          "`echo @`",
          "\"`echo '@'`\"",
          "${Z:-@}",
          "\"${Z:-@}\"",
          "${Z:-'@'}",
          "${Z#@}",
          "${Z:@}",
          "${Z[@]}",
          "${@}",
          "${!@}",
          "$((1+@))",
          "$[1+@]",
          "x@y",
          "\\@",
          "$@",
          "@@",
          "\"@@\"",
          "'a'@\"b\"",
          "\"a\"'@'b",
          "\"\\@\"",
          "\"$@\"",
          "$'\\@'",
          "<(echo @)",
          "{a,@}",
          "x\"@\"",
          "'x'",
          "\"$Z\"",
          "it\\'s",
          "a\\",
          "#@",
          "x#@",
          "\"`echo \\\"@\\\"`\"",
          "\"${Z:-\"@\"}\"",
          "\"${Z:-'@'}\"",
          "$(( $(echo @) ))",
          "\"$(( @ ))\"",
          "-n",
          "@*",
          "~/@",
          "@\\ @");

  private static final List<String> COMMANDS =
      List.of(
          "args ~",
          "args ~ ~",
          "args ~ ~ ~",
          "args ~ > out",
          "args > out~ a",
          "args 2>&1 ~ <<< ~",
          "X=~; args \"$X\"",
          "X=~ args ~",
          "for i in ~ ~; do args \"$i\" ~; done",
          "for ((i=0;i<1;i++)) do args ~; done",
          "if [ ~ = ~ ]; then args ~; fi",
          "if [[ ~ == ~ ]]; then args ~; else args ~; fi",
          "[[ ~ -eq ~ ]] && args ~",
          "[[ ~ ~ ~ ]]",
          "[ ~ ~ ]",
          "case ~ in a) args ~;; *) args ~;; esac",
          "case a in ~) args ~;; esac",
          "f() { args \"$1\" ~; }; f ~",
          "( args ~ )",
          "{ args ~; }",
          "( case ~ in (a) args;; *) args ~;; esac )",
          "args ~ | cat",
          "cat <<EOF\n~\na @ b\nEOF\nargs ~",
          "cat <<'EOF'\n@\n~\nEOF\nargs ~",
          "cat <<-EOF\n\t@\n\tEOF\nargs ~",
          "cat <<EOF ~\n@\nEOF",
          "cat <<A <<'B'\n@\nA\n@\nB\nargs ~",
          "args ~ # it's ~ \"@\nargs ~",
          "# don't @\nargs ~",
          "eval args ~",
          "eval \"args ~\"",
          "bash -c \"args ~\"",
          "bash -c 'args ~'",
          "bash -c 'args \"$1\"' _ ~",
          "sh -c ~",
          "echo ~ | bash",
          "cat <<EOF | bash\n@\nEOF",
          "let x=~",
          "let ~",
          "declare x=~",
          "declare ~",
          "declare -i x=~",
          "declare -a x=(~ ~)",
          "x=(~ ~); args \"${x[@]}\"",
          "f() { local y=~; args \"$y\"; }; f",
          "export X=~; args \"$X\"",
          "export ~",
          "read ~ <<< a",
          "read x <<< ~; args \"$x\"",
          "printf ~",
          "printf %s ~",
          "unset ~",
          "test -v ~",
          "test ~",
          "x[~]=1",
          "(( ~ ))",
          "while args ~; do break; done",
          "~",
          "~ ~",
          "exec ~",
          "env ~",
          "env X=~ args ~",
          "find /nonexistent ~",
          "echo a | xargs ~",
          "echo a | xargs args ~",
          "trap ~ EXIT",
          "timeout ~",
          "timeout 5 args ~",
          "sed -n ~ /dev/null",
          "awk ~ /dev/null",
          "command ~",
          "coproc ~",
          "args ~ &\nwait",
          "time args ~",
          "! args ~",
          "function g { args ~; }; g",
          "select x in ~; do break; done",
          "args ~ |& cat",
          "args ~ &> out",
          "args ~; # ~",
          "N=~; echo $((N))",
          "C=~; eval \"$C\"",
          "args \\\n ~",
          "set -- ~; args \"$@\"",
          "IFS=~; args ~",
          "PS4=~; set -x; args ~",
          "BASH_ENV=~ bash -c :",
          "alias x=~",
          "type ~",
          "hash ~",
          "cd ~",
          "echo ~ >&2",
          "echo ~ 3>&1",
          "args a~ b",
          "args ~\\\n~",
          "[[ ~ =~ ~ ]]",
          "[[ -n ~ && ~ ]]",
          "[[ ( ~ ) ]]",
          "args ~; exit 0",
          "x=~; y=~; args \"$x$y\"",
          "x=$(args ~)",
          "x=`args ~`",
          "getopts ~ x",
          "mapfile -C ~ x < /dev/null",
          "printf -v ~ x",
          "wait ~",
          "python3 -c ~",
          "perl -e ~",
          "until args ~; do break; done");

  private static final List<String> HOSTILE =
      List.of(
          "canary",
          "canary",
          ";canary",
          ";canary;",
          "$(canary)",
          "`canary`",
          "'",
          "'",
          "\"",
          "\"",
          "\\",
          "\\",
          "\n",
          "\n",
          " ",
          " ",
          "&&canary ",
          "|canary",
          "a[$(canary)]",
          "[$(canary)]",
          "=($(canary))",
          "($(canary))",
          "{canary,}",
          "EOF",
          "A",
          "B",
          ")",
          "(",
          "}",
          "{",
          "#",
          "<(canary)",
          "-c",
          "-v",
          "-e",
          "-exec",
          "*",
          "$",
          "!",
          "x",
          "1",
          "HOSTILE",
          "x=",
          "|",
          "&",
          ";",
          "<",
          ">",
          "${x:-$(canary)}",
          "in",
          "do",
          "then",
          "esac",
          ";;",
          "]]",
          "[[",
          "-eq",
          "\t",
          "@P",
          ":",
          "\r",
          "é",
          "~",
          "%",
          "/",
          "system(\"canary\")",
          "import os;os.system(\"canary\")",
          "1e canary");

  private static final List<String> FAIR =
      List.of("a", "b", "Z", "0", "1", "_", ".", "/", ":", "@", "%", "+", "=", ",", "-", " ");

  @TempDir private Path folder;
  private Bash bash;

  @BeforeEach
  void findBash() throws IOException {
    bash = new Bash(folder);
  }

  @Nested
  class Given_hostile_values_in_random_commands {
    @Test
    void when_run_then_no_value_runs_a_command() {
      var random = new Random(SEED);
      int taken = 0;
      for (int i = 0; i < ROUNDS; i++) {
        var segments = filled(random, command(random), HOSTILE, 5);
        if (!ShellText.check(segments).isEmpty()) {
          continue;
        }
        taken++;
        var text = ShellText.render(segments, Object::toString);
        assertThat(bash.run(text).sang()).as("%s%nwas written as:%n%s", segments, text).isFalse();
      }
      assertThat(taken).isGreaterThan(ROUNDS / 20);
    }
  }

  @Nested
  class Given_fair_values_in_random_commands {
    @Test
    void when_taken_then_it_is_as_if_they_had_been_written_there() {
      var random = new Random(SEED + 1);
      int taken = 0;
      for (int i = 0; i < ROUNDS; i++) {
        var segments = filled(random, command(random), FAIR, 3);
        var plain = ShellText.plain(segments, Object::toString);
        if (!ShellText.check(segments).isEmpty() || differsOnPurpose(segments, plain)) {
          continue;
        }
        taken++;
        var text = ShellText.render(segments, Object::toString);
        var ours = bash.run(text);
        var azures = bash.run(plain);
        assertThat(ours.calls()).as("%s%nagainst%n%s", text, plain).isEqualTo(azures.calls());
        assertThat(ours.out()).as("%s%nagainst%n%s", text, plain).isEqualTo(azures.out());
      }
      assertThat(taken).isGreaterThan(ROUNDS / 20);
    }

    /** Blanks and nothing at all: several words for Azure and a shell, one for us, or an error. */
    private static boolean differsOnPurpose(List<Segment> segments, String plain) {
      for (var word :
          List.of(
              "<(", "time", "env", "declare", "export", "coproc", "&", "unset", "exec", "find")) {
        if (plain.contains(word)) {
          return true; // prints or reads what changes from run to run
        }
      }
      boolean words =
          !plain.contains("[")
              && !plain.contains("=")
              && !plain.contains("<")
              && !plain.contains(">")
              && !plain.contains("case ");
      for (var segment : segments) {
        if (segment instanceof Segment.Value(var _, String value)
            && !words
            && (value.isEmpty() || value.indexOf(' ') >= 0)) {
          return true;
        }
      }
      return false;
    }
  }

  private static String command(Random random) {
    var text = new StringBuilder();
    for (int n = random.nextInt(3); n >= 0; n--) {
      var command = COMMANDS.get(random.nextInt(COMMANDS.size()));
      for (int i = 0; i < command.length(); i++) {
        char c = command.charAt(i);
        if (c == WORD && !command.startsWith("=~", i - 1)) {
          text.append(WORDS.get(random.nextInt(WORDS.size())));
        } else {
          text.append(c);
        }
      }
      text.append(
          command.contains("<<") || n == 0
              ? "\n"
              : List.of("\n", "; ", " && ", " || ").get(random.nextInt(4)));
    }
    return text.toString();
  }

  private static List<Segment> filled(
      Random random, String template, List<String> pieces, int most) {
    var segments = new ArrayList<Segment>();
    var text = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      // "$@" and "${x[@]}" of the author's own are written with a value too: all the better.
      if (c != VALUE) {
        text.append(c);
        continue;
      }
      segments.add(new Segment.Text(text.toString()));
      text.setLength(0);
      var value = new StringBuilder();
      for (int n = random.nextInt(most); n > 0; n--) {
        value.append(pieces.get(random.nextInt(pieces.size())));
      }
      segments.add(new Segment.Value("v" + i, value.toString()));
    }
    segments.add(new Segment.Text(text.toString()));
    return segments;
  }
}
