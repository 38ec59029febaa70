package io.headrace.kfp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The beginning of a Python component's command, by which it installs its packages in a fresh
 * container. Where it is recognised, the packages become part of the environment, so that they are
 * installed once and not in every step.
 *
 * @param requirements for pip; one that ends in {@code --no-deps} is installed by itself
 * @param command the command without the beginning
 */
record PipPrelude(List<String> requirements, List<String> command) {
  private static final Pattern SCRIPT =
      Pattern.compile(
          "\\s*if ! \\[ -x \"\\$\\(command -v pip\\)\" \\]; then\\s.*?\\sfi\\s+"
              + "PIP_DISABLE_PIP_VERSION_CHECK=1 (.*?)\\s*&& \"\\$0\" \"\\$@\"\\s*",
          Pattern.DOTALL);
  private static final Pattern INSTALL =
      Pattern.compile("\\s*python3 -m pip install --quiet --no-warn-script-location (.*?)\\s*");

  /** One word of the install command, or an option with its value. */
  private static final Pattern WORD =
      Pattern.compile(
          "'([^']*)'|\"([^\"]*)\"|(--(?:extra-index-url|index-url|trusted-host)) (\\S+)");

  PipPrelude {
    requirements = List.copyOf(requirements);
    command = List.copyOf(command);
  }

  /** Empty when the command begins in another way; it then runs as it is. */
  static Optional<PipPrelude> of(List<String> command) {
    if (command.size() < 4 || !command.get(0).equals("sh") || !command.get(1).equals("-c")) {
      return Optional.empty();
    }
    var script = SCRIPT.matcher(command.get(2));
    if (!script.matches()) {
      return Optional.empty();
    }
    var requirements = new ArrayList<String>();
    for (var install : script.group(1).split(" && ", -1)) {
      var match = INSTALL.matcher(install);
      if (!match.matches() || !add(match.group(1), requirements)) {
        return Optional.empty();
      }
    }
    return Optional.of(new PipPrelude(requirements, command.subList(3, command.size())));
  }

  private static boolean add(String words, List<String> to) {
    var packages = new ArrayList<String>();
    var options = new ArrayList<String>();
    boolean alone = false;
    var word = WORD.matcher(words);
    int end = 0;
    while (word.find()) {
      if (!words.substring(end, word.start()).isBlank()) {
        return false;
      }
      end = word.end();
      if (word.group(3) != null) {
        options.add(word.group(3) + " " + word.group(4));
      } else {
        var text = word.group(1) == null ? word.group(2) : word.group(1);
        if (text.equals("--no-deps")) {
          alone = true;
        } else {
          packages.add(text);
        }
      }
    }
    if (!words.substring(end).isBlank() || packages.stream().anyMatch(it -> it.startsWith("-"))) {
      return false;
    }
    for (var option : options) {
      if (!to.contains(option)) {
        to.add(option);
      }
    }
    for (var each : packages) {
      to.add(alone ? each + " --no-deps" : each);
    }
    return true;
  }
}
