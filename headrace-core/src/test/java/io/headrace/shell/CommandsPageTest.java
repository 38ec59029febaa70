package io.headrace.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CommandsPageTest {
  @TempDir private Path folder;

  @Nested
  class Given_the_first_table_of_the_page_on_commands {
    @Test
    void when_each_row_is_run_then_the_page_tells_the_truth() throws IOException {
      var bash = new Bash(folder);
      int rows = 0;
      for (var line : Files.readAllLines(page())) {
        if (!line.startsWith("| `") || !line.contains("show")) {
          continue;
        }
        var cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
        var codes = codes(cells[0]);
        if (cells.length != 3 || codes.size() != 1 || !codes.getFirst().contains("${{inputs.v}}")) {
          continue;
        }
        var command = codes.getFirst().replace("show", "args").replace("${{inputs.v}}", "${v}");
        var value = String.join("", codes(cells[1]));
        if (cells[1].equals("(empty)") || !value.isEmpty()) {
          var wanted = cells[2].equals("(one empty argument)") ? List.of("") : codes(cells[2]);
          assertThat(bash.run(render(command, value)).calls()).as(line).containsExactly(wanted);
          rows++;
        }
        if (line.contains("X=")) {
          break; // the table's last row
        }
      }
      assertThat(rows).isGreaterThan(10);
    }
  }

  private static String render(String command, String value) {
    return ShellText.render(ShellTextTest.segments(command, value), Object::toString);
  }

  /** What stands between backquotes. */
  private static List<String> codes(String cell) {
    var codes = new ArrayList<String>();
    var parts = cell.split("`", -1);
    for (int i = 1; i < parts.length; i += 2) {
      codes.add(parts[i]);
    }
    return codes;
  }

  private static Path page() {
    return Path.of(System.getProperty("headrace.root", "..")).resolve("docs/commands.md");
  }
}
