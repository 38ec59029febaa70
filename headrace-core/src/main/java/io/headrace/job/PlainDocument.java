package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlReader;
import java.nio.file.Path;
import java.util.List;

/** A document as it was written, before anything is made of it. */
public final class PlainDocument {
  private PlainDocument() {}

  /**
   * Reads a file.
   *
   * @param sets changes to make, as {@code --set} takes them
   * @param workingFolder problems name files relative to it
   * @throws io.headrace.problem.ProblemException with all that is wrong
   */
  public static Mapping read(Path file, List<String> sets, Path workingFolder) {
    var tree = YamlReader.read(file, new DisplayNames(workingFolder).of(file));
    if (tree instanceof Mapping mapping) {
      return SetArguments.apply(mapping, sets);
    }
    throw Problem.of(
            ErrorCode.WRONG_TYPE, "the document must be a mapping, not " + Describe.node(tree))
        .at(tree.where())
        .fix("begin with fields such as 'name:' and 'type:'")
        .asException();
  }

  /** A document of which nothing is written but what {@code --set} says. */
  public static Mapping of(List<String> sets) {
    return SetArguments.apply(new Mapping(Where.file("the command line"), List.of()), sets);
  }

  /** Makes the changes of {@code --set} to a document. */
  public static Mapping changed(Mapping document, List<String> sets) {
    return SetArguments.apply(document, sets);
  }

  /** The values of a tree. */
  public static io.headrace.spec.Value value(YamlNode node) {
    return PlainValues.of(node);
  }
}
