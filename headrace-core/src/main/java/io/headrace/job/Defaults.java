package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.InputType.Parameter;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Coerces a parameter's default as Azure's client does, and checks its bounds, which it does not.
 */
final class Defaults {
  private Defaults() {}

  /** The declaration with its default. */
  static InputDeclaration read(
      String name, InputDeclaration declared, Entries entries, Problems problems) {
    var field = "inputs." + name;
    if (declared.type() instanceof Parameter type) {
      checkBounds(field, declared, type, problems);
      var scalar = entries.scalar("default");
      if (scalar.isEmpty()) {
        return declared;
      }
      var value = coerce(scalar.get(), type);
      if (value.isEmpty()) {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_VALUE,
                    field
                        + ".default must be "
                        + noun(type)
                        + ", not "
                        + Describe.node(scalar.get()))
                .at(scalar.get().where()));
        return declared;
      }
      objection(declared, value.get())
          .ifPresent(why ->
              problems.add(
                  Problem.of(ErrorCode.WRONG_VALUE, field + ".default: " + value.get() + " " + why)
                      .at(scalar.get().where())));
      return with(declared, value.get());
    }
    declared
        .mode()
        .ifPresent(mode -> new PortReader(problems).warnOfMode(field, mode, entries, true));
    return declared;
  }

  private static InputDeclaration with(InputDeclaration declared, String value) {
    return new InputDeclaration(
        declared.type(),
        declared.optional(),
        Optional.of(value),
        declared.min(),
        declared.max(),
        declared.choices(),
        declared.description(),
        declared.mode(),
        declared.where());
  }

  private static void checkBounds(
      String field, InputDeclaration declared, Parameter type, Problems problems) {
    boolean numeric = type == Parameter.INTEGER || type == Parameter.NUMBER;
    for (var bound : java.util.List.of(declared.min(), declared.max())) {
      if (bound.isPresent() && (!numeric || number(bound.get().text()).isEmpty())) {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_VALUE,
                    numeric
                        ? field + ": the bound '" + bound.get() + "' is not a number"
                        : field + ": only integer and number inputs have min and max")
                .at(bound.get().where()));
        return;
      }
    }
    var min = declared.min().flatMap(text -> number(text.text()));
    var max = declared.max().flatMap(text -> number(text.text()));
    if (min.isPresent() && max.isPresent() && min.get().compareTo(max.get()) > 0) {
      Where where = declared.min().map(Written::where).orElse(declared.where());
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  field + ": min " + min.get() + " is above max " + max.get())
              .at(where));
    }
  }

  /** Why a value does not fit a parameter, as the end of a sentence; empty when it does. */
  static Optional<String> objection(InputDeclaration declared, String value) {
    if (!declared.choices().isEmpty() && !isChoice(declared, value)) {
      return Optional.of("is not one of " + String.join(", ", declared.choices()));
    }
    var number = number(value);
    if (number.isPresent()) {
      var min = declared.min().flatMap(text -> number(text.text()));
      if (min.isPresent() && number.get().compareTo(min.get()) < 0) {
        return Optional.of("is below min " + min.get());
      }
      var max = declared.max().flatMap(text -> number(text.text()));
      if (max.isPresent() && number.get().compareTo(max.get()) > 0) {
        return Optional.of("is above max " + max.get());
      }
    }
    return Optional.empty();
  }

  private static boolean isChoice(InputDeclaration declared, String value) {
    if (declared.choices().contains(value)) {
      return true;
    }
    var number = number(value);
    return declared.type() != Parameter.STRING
        && number.isPresent()
        && declared.choices().stream()
            .anyMatch(
                choice -> number(choice).filter(n -> n.compareTo(number.get()) == 0).isPresent());
  }

  static String noun(Parameter type) {
    return switch (type) {
      case STRING -> "text";
      case INTEGER -> "a whole number";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
    };
  }

  /** A finite decimal number, Python's spellings; empty for other texts. */
  static Optional<BigDecimal> number(String text) {
    String bare = text.strip();
    if (bare.isEmpty() || bare.length() > 400) {
      return Optional.empty();
    }
    try {
      double value = Double.parseDouble(bare);
      char last = bare.charAt(bare.length() - 1);
      if (!Double.isFinite(value) || Character.isLetter(last) || bare.indexOf('x') >= 0) {
        return Optional.empty();
      }
      return Optional.of(BigDecimal.valueOf(value));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> coerce(Scalar scalar, Parameter type) {
    return switch (type) {
      case STRING ->
          switch (scalar.value()) {
            case Value.Text(String text) -> Optional.of(text);
            // The client reads every number as a real one here: 3 becomes 3.0.
            case Value.Int(BigInteger value) -> Optional.of(Scalars.python(value.doubleValue()));
            case Value.Real _, Value.Bool _ -> Scalars.literal(scalar);
            case Value.Null _, Value.Timestamp _ -> Optional.empty();
          };
      case INTEGER ->
          switch (scalar.value()) {
            case Value.Int(BigInteger value) -> Optional.of(value.toString());
            case Value.Real(double value) -> whole(value);
            case Value.Text(String text) ->
                number(text).flatMap(number -> whole(number.doubleValue()));
            case Value.Bool _ -> Scalars.literal(scalar);
            case Value.Null _, Value.Timestamp _ -> Optional.empty();
          };
      case NUMBER ->
          switch (scalar.value()) {
            case Value.Int(BigInteger value) -> Optional.of(Scalars.python(value.doubleValue()));
            case Value.Real(double value) -> Optional.of(Scalars.python(value));
            case Value.Text(String text) ->
                number(text).map(number -> Scalars.python(number.doubleValue()));
            case Value.Bool(boolean value) -> Optional.of(value ? "1.0" : "0.0");
            case Value.Null _, Value.Timestamp _ -> Optional.empty();
          };
      case BOOLEAN ->
          switch (scalar.value()) {
            case Value.Bool _ -> Scalars.literal(scalar);
            case Value.Text(String text) ->
                text.equalsIgnoreCase("true")
                    ? Optional.of("True")
                    : text.equalsIgnoreCase("false") ? Optional.of("False") : Optional.empty();
            case Value.Int _, Value.Real _, Value.Null _, Value.Timestamp _ -> Optional.empty();
          };
    };
  }

  private static Optional<String> whole(double value) {
    return Double.isFinite(value)
        ? Optional.of(new BigDecimal(value).toBigInteger().toString())
        : Optional.empty();
  }
}
