package io.headrace.job;

import io.headrace.job.Shape.AnyOf;
import io.headrace.job.Shape.Anything;
import io.headrace.job.Shape.Choice;
import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Fields;
import io.headrace.job.Shape.Flag;
import io.headrace.job.Shape.Items;
import io.headrace.job.Shape.Literal;
import io.headrace.job.Shape.Quantity;
import io.headrace.job.Shape.Table;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.Unknown;
import io.headrace.job.Shape.Version;
import io.headrace.job.Shape.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words that the descriptions of documents are made of. */
final class Terms {
  static final Shape TEXT = new Text(Form.ANY);
  static final Shape NOT_BLANK = new Text(Form.NOT_BLANK);

  /** A file or folder of this machine, or somewhere else. */
  static final Shape PATH = new Text(Form.PATH);

  static final Shape FLAG = new Flag();
  static final Shape LITERAL = new Literal();
  static final Shape ANYTHING = new Anything();
  static final Shape VERSION = new Version();

  /** From 1. */
  static final Shape COUNT = new Whole(1, Integer.MAX_VALUE);

  /** From 0. */
  static final Shape AMOUNT = new Whole(0, Integer.MAX_VALUE);

  static final Shape WHOLE = new Whole(Long.MIN_VALUE, Long.MAX_VALUE);
  static final Shape PORT = new Whole(0, 65_535);
  static final Shape NUMBER = new Quantity(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** Such as tags. */
  static final Shape TEXTS = new Table(Form.ANY, TEXT, false);

  /** A mapping with whatever in it. */
  static final Shape OPEN_TABLE = new Table(Form.ANY, ANYTHING, true);

  static final Unknown REFUSE = new Unknown.Refuse();

  /** A date and time, in quotes or not. */
  static final Shape MOMENT = new Shape.Moment();

  private Terms() {}

  static Field field(String name, Shape shape) {
    return Field.of(name, shape);
  }

  /** One that Azure's command line may give instead, by an option of the same name. */
  static Field asked(String name, Shape shape) {
    return new Field(name, shape, Shape.Need.ASKED);
  }

  static Field needed(String name, Shape shape) {
    return Field.required(name, shape);
  }

  /** Several fields of one shape. */
  static List<Field> each(Shape shape, String... names) {
    return List.of(names).stream().map(name -> Field.of(name, shape)).toList();
  }

  /** One list of several. */
  @SafeVarargs
  static List<Field> all(List<Field>... parts) {
    var fields = new ArrayList<Field>();
    for (var part : parts) {
      fields.addAll(part);
    }
    return fields;
  }

  /** A mapping with these keys and no others. */
  static Fields object(String title, Field... fields) {
    return new Fields(title, REFUSE, List.of(fields));
  }

  static Fields object(String title, List<Field> fields) {
    return new Fields(title, REFUSE, fields);
  }

  static Shape words(String... words) {
    return new Choice(List.of(words), TagSpelling.ANY_CASE);
  }

  /** Words that may be written {@code likeThis} too. */
  static Shape camelWords(String... words) {
    return new Choice(List.of(words), TagSpelling.ANY_CASE_OR_CAMEL);
  }

  static Shape items(Shape item) {
    return new Items(item);
  }

  static Shape table(Shape value) {
    return new Table(Form.ANY, value, false);
  }

  static Shape either(String expected, Shape... choices) {
    return new AnyOf(expected, List.of(choices));
  }

  /** One, or a list of such. */
  static Shape oneOrMore(String expected, Shape item) {
    return either(expected, item, items(item));
  }

  /** Mappings told apart by {@code type}. */
  static Shape byType(Map<String, Shape> kinds) {
    return new Tagged("type", kinds, Optional.empty(), TagSpelling.ANY_CASE_OR_CAMEL);
  }

  /** For {@link #byType}: several names of one shape. */
  static Map<String, Shape> kinds(Shape shape, String... names) {
    var kinds = new LinkedHashMap<String, Shape>();
    for (String name : names) {
      kinds.put(name, shape);
    }
    return kinds;
  }
}
