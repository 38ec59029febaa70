package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R15: what is made does not depend on where, when and in which language it is made. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SameBytesTest {
  private static final String SOURCE =
      """
      import os, random, sys
      random.seed(os.environ["HEADRACE_SEED"])
      words = sorted({"b", "a", "c"}, key=hash)
      folder = sys.argv[1]
      os.makedirs(os.path.join(folder, "empty"))
      for name in ("Z", "a", "\\u00e9", "B"):
          with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
              file.write(" ".join(words) + str(random.random()))
      """;

  @TempDir Path folder;

  @Test
  void when_run_in_another_folder_time_zone_and_locale_then_the_digests_are_the_same() {
    var here = digests("one", "UTC", "C.UTF-8");
    var there = digests("another place", "Pacific/Kiritimati", "tr_TR.UTF-8");
    assertThat(there).isEqualTo(here).hasSize(2);
  }

  private Map<String, String> digests(String place, String zone, String locale) {
    try (var user = new Headrace(folder.resolve(place))) {
      user.with("TZ", zone).with("LC_ALL", locale).with("LANG", locale);
      user.write("code/make.py", SOURCE);
      user.write(
          "p.yml",
          Pipelines.head("same")
              + """
                make:
                  type: command
                  environment: azureml:local@latest
                  code: ./code
                  outputs:
                    out:
                      type: uri_folder
                  command: python3 make.py ${{outputs.out}}
              """
              + Pipelines.step("list", "(cd ${{inputs.make}} && cat Z a B) > $OUT", "make"));
      var first = user.json("run", "p.yml", "-o", "json");
      var again = user.json("run", "p.yml", "--no-reuse", "-o", "json");
      var digests = new TreeMap<String, String>();
      for (var step : List.of("make", "list")) {
        var of = first.get("steps").get(step).get("outputs").get("out").get("digest").asString();
        assertThat(again.get("steps").get(step).get("outputs").get("out").get("digest").asString())
            .isEqualTo(of);
        digests.put(step, of);
      }
      return digests;
    }
  }
}
