package io.headrace.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a value may look like: data, so that one validator (and one writer of JSON Schemas) serves
 * every kind of document. Nothing (null) fits no shape unless it says so.
 */
public sealed interface Shape {
  /** Text of a form. Numbers and booleans must be quoted to be text. */
  record Text(Form form) implements Shape {}

  /** A whole number; also as text, and a real one, which is cut off. */
  record Whole(long least, long most) implements Shape {}

  /** A number; also as text. */
  record Quantity(double least, double most) implements Shape {}

  /** A boolean; also as the texts and numbers that mean one. */
  record Flag() implements Shape {}

  /** Any single value but null and dates. */
  record Literal() implements Shape {}

  /** A version: text or a number, read as text. */
  record Version() implements Shape {}

  /** A date, with a time or not; also as text. */
  record Moment() implements Shape {}

  /** One of some words, in any case of letters at least. */
  record Choice(List<String> words, TagSpelling spelling) implements Shape {
    public Choice {
      words = List.copyOf(words);
    }
  }

  /** A list. */
  record Items(Shape item) implements Shape {}

  /**
   * A mapping with keys of the user's choice.
   *
   * @param mayBeNull whether {@code key:} alone is a value
   */
  record Table(Form key, Shape value, boolean mayBeNull) implements Shape {}

  /** A mapping with known keys. */
  final class Fields implements Shape {
    private final String title;
    private final Map<String, Field> byName = new LinkedHashMap<>();
    private final List<Field> required;
    private final Unknown unknown;

    Fields(String title, Unknown unknown, List<Field> fields) {
      this.title = title;
      this.unknown = unknown;
      fields.forEach(field -> byName.put(field.name(), field));
      this.required = fields.stream().filter(Field::required).toList();
    }

    /** What such a mapping is called, for messages: {@code a command job}. */
    public String title() {
      return title;
    }

    public Unknown unknown() {
      return unknown;
    }

    /** In the order of the description. */
    public Map<String, Field> fields() {
      return Collections.unmodifiableMap(byName);
    }

    Optional<Field> field(String name) {
      return Optional.ofNullable(byName.get(name));
    }

    List<Field> required() {
      return required;
    }
  }

  /** What to say of a field that is not known. */
  sealed interface Unknown {
    /** An error. */
    record Refuse() implements Unknown {}

    /** Nothing. */
    record Keep() implements Unknown {}

    /** A warning. */
    record Warn() implements Unknown {}

    /** A warning for these, which mean something elsewhere; an error for others. */
    record WarnFor(List<String> names, String why) implements Unknown {
      public WarnFor {
        names = List.copyOf(names);
      }
    }
  }

  /** The first that fits the node's form: mapping, list or single value. */
  record AnyOf(String expected, List<Shape> choices) implements Shape {
    public AnyOf {
      choices = List.copyOf(choices);
    }
  }

  /**
   * Mappings told apart by a field.
   *
   * @param missing what to take when the field is missing; empty when it is required
   */
  record Tagged(String tag, Map<String, Shape> kinds, Optional<Shape> missing, TagSpelling spelling)
      implements Shape {
    public Tagged {
      kinds = Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
    }
  }

  /** How the value of a tag is compared. */
  enum TagSpelling {
    EXACT,
    ANY_CASE,
    /** {@code userIdentity} is {@code user_identity}. */
    ANY_CASE_OR_CAMEL
  }

  /** Mappings told apart by whether they have a field. */
  record When(String field, Shape present, Shape absent) implements Shape {}

  /** Below here any single value may be an expression instead. */
  record Bindable(Shape inner) implements Shape {}

  /** Described under a name, so that descriptions may hold themselves. */
  record Named(String name) implements Shape {}

  /** Anything at all, null too. */
  record Anything() implements Shape {}

  /** Whether a field must be there. */
  enum Need {
    NO,
    /** Yes, but the command line may give it: without it there is a warning. */
    ASKED,
    YES
  }

  /** One field of {@link Fields}. */
  record Field(String name, Shape shape, Need need) {
    static Field of(String name, Shape shape) {
      return new Field(name, shape, Need.NO);
    }

    static Field required(String name, Shape shape) {
      return new Field(name, shape, Need.YES);
    }

    boolean required() {
      return need != Need.NO;
    }
  }
}
