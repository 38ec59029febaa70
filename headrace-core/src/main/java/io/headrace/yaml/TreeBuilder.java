package io.headrace.yaml;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Builds the tree of one document from the parser's events. An alias is the same object as what it
 * names, so memory is bounded by the text; {@link #nodes} and {@link #characters} count what it
 * would be when written out.
 */
final class TreeBuilder {
  private static final String MERGE = "<<";

  /** More problems than this help nobody. */
  private static final int MOST_PROBLEMS = 100;

  private final String file;
  private final ParserImpl events;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private int unlisted;
  private int depth;
  private int collectionAliases;
  private long nodes;
  private long characters;

  /**
   * What an anchor names.
   *
   * @param node null while it is still being read
   */
  private record Anchored(Where where, @Nullable YamlNode node, long nodes, long characters) {}

  TreeBuilder(String text, String file) {
    this.file = file;
    var settings =
        LoadSettings.builder()
            .setLabel(file)
            .setCodePointLimit(Integer.MAX_VALUE)
            // All of it at once: the reader copies its window whenever a scalar outgrows it.
            .setBufferSize(text.length() + 2)
            .setParseComments(false)
            .build();
    this.events = new ParserImpl(settings, new StreamReader(settings, text));
  }

  /** The document's tree, when nothing is worse than a key given twice. */
  Optional<YamlNode> build(Problems told) {
    Optional<YamlNode> tree = Optional.empty();
    try {
      var root = document();
      if (problems.stream().allMatch(it -> it.code() == ErrorCode.DUPLICATE_KEY)) {
        tree = Optional.of(root);
      }
    } catch (MarkedYamlEngineException e) {
      problems.add(SyntaxProblems.explain(e, file));
    } catch (YamlEngineException e) {
      problems.add(
          Problem.of(ErrorCode.YAML_SYNTAX, "not YAML: " + e.getMessage()).at(Where.file(file)));
    } catch (ProblemException e) {
      // A limit: nothing further is read.
      problems.addAll(e.problems());
    }
    if (unlisted > 0) {
      problems.add(
          Problem.of(ErrorCode.YAML_SYNTAX, "and " + unlisted + " more problems")
              .at(Where.file(file)));
    }
    told.addAll(problems);
    return tree;
  }

  private YamlNode document() {
    next(); // the stream's start
    if (events.checkEvent(Event.ID.StreamEnd)) {
      throw empty().asException();
    }
    next(); // the document's start
    var first = next();
    var root = node(first);
    if (first instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().isEmpty()) {
      throw empty().asException();
    }
    next(); // the document's end
    if (!events.checkEvent(Event.ID.StreamEnd)) {
      report(
          Problem.of(ErrorCode.YAML_SYNTAX, "a second document begins here; only one is read")
              .at(where(events.peekEvent()))
              .fix("remove the line '---', or put the second document into a file of its own"));
    }
    return root;
  }

  private Problem empty() {
    return Problem.of(ErrorCode.YAML_SYNTAX, "the file is empty")
        .at(Where.file(file))
        .fix("write a job, a component, an environment or another document into it");
  }

  private Event next() {
    return events.next();
  }

  private YamlNode node(Event event) {
    if (event instanceof AliasEvent alias) {
      return aliased(alias);
    }
    count(1, 0, event);
    if (!(event instanceof NodeEvent start)) {
      throw new IllegalStateException("no node begins with " + event);
    }
    var anchor = start.getAnchor();
    if (anchor.isEmpty()) {
      return content(start);
    }
    return anchored(anchor.get(), start);
  }

  private YamlNode anchored(Anchor anchor, NodeEvent start) {
    var name = anchor.getValue();
    var here = where(start);
    var earlier = anchors.put(name, new Anchored(here, null, 0, 0));
    if (earlier != null) {
      report(
          Problem.of(
                  ErrorCode.YAML_SYNTAX,
                  "the anchor '&" + name + "' is already set at " + earlier.where())
              .at(here)
              .fix("give one of the two another name"));
    }
    long nodesBefore = nodes - 1;
    long charactersBefore = characters;
    var node = content(start);
    anchors.put(name, new Anchored(here, node, nodes - nodesBefore, characters - charactersBefore));
    return node;
  }

  private YamlNode aliased(AliasEvent alias) {
    var name = alias.getAlias().getValue();
    var anchored = anchors.get(name);
    if (anchored == null) {
      report(
          Problem.of(ErrorCode.YAML_SYNTAX, "the alias '*" + name + "' names no anchor above it")
              .at(where(alias))
              .fix(
                  "set it with '&"
                      + name
                      + "' before it is used, or write quotes around the text when no alias is meant"));
      return nothing(alias);
    }
    var node = anchored.node();
    if (node == null) {
      report(
          Problem.of(ErrorCode.YAML_SYNTAX, "the alias '*" + name + "' stands within what it names")
              .at(where(alias))
              .fix("a YAML file may not contain itself: write out what is meant"));
      return nothing(alias);
    }
    if (!(node instanceof Scalar)) {
      collectionAliases++;
    }
    count(anchored.nodes(), anchored.characters(), alias);
    return node;
  }

  private YamlNode content(NodeEvent event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar);
    }
    if (++depth > YamlReader.MOST_DEPTH) {
      throw Problem.of(
              ErrorCode.YAML_LIMIT,
              "lists and mappings nest deeper than " + YamlReader.MOST_DEPTH + " levels")
          .at(where(event))
          .fix("is a bracket left open? Otherwise split the file into components")
          .asException();
    }
    checkTag((CollectionStartEvent) event);
    var node = event instanceof MappingStartEvent mapping ? mapping(mapping) : sequence(event);
    depth--;
    return node;
  }

  private void checkTag(CollectionStartEvent event) {
    if (event.isImplicit()) {
      return;
    }
    var tag = event.getTag().orElse("!");
    boolean fits =
        switch (tag) {
          case "!" -> true;
          case Tags.MAP -> event instanceof MappingStartEvent;
          case Tags.SEQUENCE -> !(event instanceof MappingStartEvent);
          default -> false;
        };
    if (!fits) {
      report(Tags.unknown(tag).at(where(event)));
    }
  }

  private Sequence sequence(NodeEvent start) {
    var items = new ArrayList<YamlNode>();
    while (!events.checkEvent(Event.ID.SequenceEnd)) {
      items.add(node(next()));
    }
    next();
    return new Sequence(where(start), items);
  }

  private Scalar scalar(ScalarEvent event) {
    var text = event.getValue();
    count(0, text.length(), event);
    var where = where(event);
    var tag = event.getTag();
    // To PyYAML '!' means: as if plain.
    if (event.getImplicit().canOmitTagInPlainScalar() || tag.equals(Optional.of("!"))) {
      return new Scalar(where, text, resolve(text, where));
    }
    if (tag.isEmpty()) {
      return new Scalar(where, text, new Value.Text(text));
    }
    try {
      var value = Tags.value(tag.get(), text);
      // The text follows the value where the tag decodes: !!binary.
      return new Scalar(where, value instanceof Value.Text(String decoded) ? decoded : text, value);
    } catch (ProblemException e) {
      e.problems().forEach(problem -> report(problem.at(where)));
      return new Scalar(where, text, Scalars.NULL);
    }
  }

  private Value resolve(String text, Where where) {
    if (Scalars.isTooLongNumber(text)) {
      report(
          Problem.of(
                  ErrorCode.YAML_LIMIT,
                  "a number of more than " + Scalars.LONGEST_NUMBER + " characters")
              .at(where)
              .fix("write it between quotes if it is text"));
    }
    return Scalars.resolve(text);
  }

  private Mapping mapping(MappingStartEvent start) {
    var entries = new ArrayList<Entry>();
    var merges = new ArrayList<YamlNode>();
    var keys = new KeySet();
    while (!events.checkEvent(Event.ID.MappingEnd)) {
      var keyEvent = next();
      var key = node(keyEvent);
      var value = node(next());
      if (!(key instanceof Scalar name)) {
        report(complexKey(start, keyEvent));
      } else if (isMerge(keyEvent)) {
        merges.add(value);
      } else {
        // A key by alias stands where the alias stands.
        var placed =
            keyEvent instanceof AliasEvent
                ? new Scalar(where(keyEvent), name.text(), name.value())
                : name;
        var earlier = keys.add(placed);
        if (earlier.isPresent()) {
          report(duplicate(placed, earlier.get()));
          if (unlisted == 0) { // else nobody gets the tree
            entries.replaceAll(it ->
                it.key().equals(earlier.get()) ? new Entry(it.key(), both(it.value(), value)) : it);
          }
        } else {
          entries.add(new Entry(placed, value));
        }
      }
    }
    next();
    return new Mapping(where(start), merges.isEmpty() ? entries : merged(merges, entries));
  }

  /**
   * What a key given twice may have meant, so that what follows is checked against all of it: the
   * file is refused anyway.
   */
  private static YamlNode both(YamlNode first, YamlNode second) {
    if (!(first instanceof Mapping one) || !(second instanceof Mapping two)) {
      return first;
    }
    var all = new LinkedHashMap<String, Entry>();
    putAll(all, one.entries());
    two.entries().forEach(entry -> all.putIfAbsent(entry.key().text(), entry));
    return new Mapping(one.where(), List.copyOf(all.values()));
  }

  private static boolean isMerge(Event key) {
    return key instanceof ScalarEvent scalar
        && scalar.getValue().equals(MERGE)
        && (scalar.getImplicit().canOmitTagInPlainScalar()
            || scalar.getTag().equals(Optional.of(Tags.MERGE)));
  }

  /**
   * The entries of the merged mappings, then our own, which win. Of one list the first mapping
   * wins, of several {@code <<} the last, as in PyYAML.
   */
  private List<Entry> merged(List<YamlNode> merges, List<Entry> own) {
    var all = new LinkedHashMap<String, Entry>();
    for (var merge : merges) {
      switch (merge) {
        case Mapping mapping -> putAll(all, mapping.entries());
        case Sequence(Where _, List<YamlNode> items) -> {
          for (var item : items.reversed()) {
            if (item instanceof Mapping mapping) {
              putAll(all, mapping.entries());
            } else {
              report(badMerge(item));
            }
          }
        }
        case Scalar scalar -> report(badMerge(scalar));
      }
    }
    putAll(all, own);
    return List.copyOf(all.values());
  }

  private static void putAll(Map<String, Entry> all, List<Entry> entries) {
    for (var entry : entries) {
      all.put(entry.key().text(), entry);
    }
  }

  private static Problem badMerge(YamlNode node) {
    return Problem.of(ErrorCode.YAML_SYNTAX, "'<<' takes a mapping or a list of mappings")
        .at(node.where())
        .fix("write '<<: *name' where '&name' is set on a mapping");
  }

  private Problem duplicate(Scalar key, Scalar earlier) {
    return Problem.of(
            ErrorCode.DUPLICATE_KEY,
            "the key '" + shortened(key.text()) + "' is already given at " + earlier.where())
        .at(key.where())
        .fix("remove one of the two; Azure ML would silently take the last");
  }

  private Problem complexKey(MappingStartEvent start, Event key) {
    var outer = where(start);
    var inner = where(key);
    var problem = Problem.of(ErrorCode.YAML_SYNTAX, "a list or mapping cannot be a key").at(inner);
    boolean braces =
        start.isFlow()
            && key instanceof MappingStartEvent
            && outer.line() == inner.line()
            && outer.column() + 1 == inner.column();
    return braces
        ? Problem.of(ErrorCode.YAML_SYNTAX, "'{{' begins a mapping whose key is a mapping")
            .at(outer)
            .fix(
                "if '{{NAME}}' is a placeholder, fill it in; if the braces are meant, write quotes"
                    + " around the value")
        : problem.fix("write a text as the key; write quotes around it if it begins with [ or {");
  }

  private Scalar nothing(Event event) {
    return new Scalar(where(event), "", Scalars.NULL);
  }

  private void report(Problem problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    } else {
      unlisted++;
    }
  }

  /** Counts nodes and characters, and stops when the document, written out, is too large. */
  private void count(long moreNodes, long moreCharacters, Event at) {
    nodes += moreNodes;
    characters += moreCharacters;
    boolean manyAliases = collectionAliases > YamlReader.FREE_ALIASES;
    int most = manyAliases ? YamlReader.MOST_NODES_OF_MANY_ALIASES : YamlReader.MOST_NODES;
    if (nodes <= most && characters <= YamlReader.MOST_BYTES) {
      return;
    }
    var message =
        nodes > most
            ? "more than " + most + " values"
            : "more than " + YamlReader.MOST_BYTES + " characters of text";
    throw Problem.of(
            ErrorCode.YAML_LIMIT,
            message
                + (manyAliases
                    ? ", with its " + collectionAliases + " aliases written out"
                    : ", with aliases written out"))
        .at(where(at))
        .fix(
            manyAliases
                ? "use fewer aliases of lists and mappings: above "
                    + YamlReader.FREE_ALIASES
                    + " of them a smaller limit holds"
                : "keep data in files of their own and name their paths here")
        .asException();
  }

  private Where where(Event event) {
    return event.getStartMark().map(mark -> where(mark, file)).orElseGet(() -> Where.file(file));
  }

  static Where where(Mark mark, String file) {
    return new Where(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  /** Finds the earlier of two equal keys: by looking while they are few, by hash when many. */
  private static final class KeySet {
    private static final int FEW = 8;
    private final List<Scalar> few = new ArrayList<>();
    private final Map<String, Scalar> many = new HashMap<>(0);

    Optional<Scalar> add(Scalar key) {
      if (few.size() < FEW) {
        for (var earlier : few) {
          if (earlier.text().equals(key.text())) {
            return Optional.of(earlier);
          }
        }
        few.add(key);
        return Optional.empty();
      }
      if (many.isEmpty()) {
        few.forEach(earlier -> many.put(earlier.text(), earlier));
      }
      return Optional.ofNullable(many.putIfAbsent(key.text(), key));
    }
  }
}
