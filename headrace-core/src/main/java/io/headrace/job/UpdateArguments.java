package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code az … update} takes besides {@code --set}: {@code --add PATH VALUE} puts a value at a
 * list's end, {@code --add PATH KEY=VALUE…} a mapping; {@code --remove PATH} takes a field away,
 * {@code --remove PATH INDEX} an item.
 */
public final class UpdateArguments {
  private UpdateArguments() {}

  /**
   * Adds to a list, making it where there is none.
   *
   * @param words the path, then what to add
   */
  public static Mapping added(Mapping document, List<String> words) {
    String path = words.getFirst();
    if (words.size() < 2) {
      throw bad("--add", path, "has nothing to add", "write --add PATH VALUE, or PATH KEY=VALUE …");
    }
    int size = size(path, SetArguments.find(document, path));
    String item = path + "[" + size + "]";
    boolean mapping = words.subList(1, words.size()).stream().allMatch(it -> it.indexOf('=') > 0);
    var changed = document;
    if (mapping) {
      for (var pair : words.subList(1, words.size())) {
        changed = SetArguments.apply(changed, List.of(item + "." + pair));
      }
      return changed;
    }
    for (int i = 1; i < words.size(); i++) {
      changed =
          SetArguments.apply(changed, List.of(path + "[" + (size + i - 1) + "]=" + words.get(i)));
    }
    return changed;
  }

  private static int size(String path, Optional<YamlNode> list) {
    if (list.isEmpty()) {
      return 0;
    }
    if (list.get() instanceof Sequence sequence) {
      return sequence.items().size();
    }
    throw bad("--add", path, "is no list", "use --set");
  }

  /**
   * Takes a field, or an item of a list, away.
   *
   * @param words the path, then the item's place if it is of a list
   */
  public static Mapping removed(Mapping document, List<String> words) {
    String path = words.size() > 1 ? words.getFirst() + "[" + words.get(1) + "]" : words.getFirst();
    if (SetArguments.find(document, path).isEmpty()) {
      throw bad("--remove", path, "is not there", "`show` prints what is");
    }
    return (Mapping) without(document, SetArguments.names(path), 0);
  }

  private static YamlNode without(YamlNode node, List<String> path, int depth) {
    String name = path.get(depth);
    boolean last = depth + 1 == path.size();
    return switch (node) {
      case Scalar scalar -> scalar;
      case Mapping mapping -> {
        var entries = new ArrayList<Entry>();
        for (var entry : mapping.entries()) {
          if (!entry.key().text().equals(name)) {
            entries.add(entry);
          } else if (!last) {
            entries.add(new Entry(entry.key(), without(entry.value(), path, depth + 1)));
          }
        }
        yield new Mapping(mapping.where(), entries);
      }
      case Sequence sequence -> {
        var items = new ArrayList<YamlNode>(sequence.items());
        int at = Integer.parseInt(name);
        var old = items.remove(at);
        if (!last) {
          items.add(at, without(old, path, depth + 1));
        }
        yield new Sequence(sequence.where(), items);
      }
    };
  }

  private static ProblemException bad(String option, String path, String why, String fix) {
    return Problem.of(ErrorCode.BAD_ARGUMENT, option + " " + path + ": '" + path + "' " + why)
        .at(Where.file(option + " " + path))
        .fix(fix)
        .asException();
  }
}
