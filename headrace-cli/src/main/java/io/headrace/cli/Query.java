package io.headrace.cli;

import io.burt.jmespath.BaseRuntime;
import io.burt.jmespath.JmesPathException;
import io.burt.jmespath.JmesPathType;
import io.headrace.json.ValueJson;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Value;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JMESPath over our values. */
final class Query extends BaseRuntime<Value> {
  private Query() {}

  /** The part of a value that a query names; nothing when there is no such part. */
  static Value search(String query, Value value) {
    try {
      return new Query().compile(query).search(value);
    } catch (JmesPathException e) {
      throw Problem.of(
              ErrorCode.BAD_ARGUMENT,
              "--query " + query + ": " + String.valueOf(e.getMessage()).replace("\n", "; "))
          .fix("JMESPath, such as status, tags.owner, [].name or [?status=='Failed'].name")
          .asException(e);
    }
  }

  @Override
  public Value parseString(String json) {
    return ValueJson.read(json);
  }

  @Override
  public List<Value> toList(Value value) {
    return switch (value) {
      case Value.Items(var items) -> items;
      case Value.Table(var entries) -> List.copyOf(entries.values());
      case Value.Text _, Value.Whole _, Value.Real _, Value.Flag _, Value.Nothing _ -> List.of();
    };
  }

  @Override
  public String toString(Value value) {
    return value instanceof Value.Text(String text) ? text : ValueJson.compact(value);
  }

  @Override
  public Number toNumber(Value value) {
    return switch (value) {
      case Value.Whole(var number) -> number;
      case Value.Real(double number) -> number;
      case Value.Text _, Value.Flag _, Value.Nothing _, Value.Items _, Value.Table _ ->
          throw new IllegalArgumentException("not a number");
    };
  }

  @Override
  public boolean isTruthy(Value value) {
    return switch (value) {
      case Value.Text(String text) -> !text.isEmpty();
      case Value.Items(var items) -> !items.isEmpty();
      case Value.Table(var entries) -> !entries.isEmpty();
      case Value.Flag(boolean flag) -> flag;
      case Value.Nothing _ -> false;
      case Value.Whole _, Value.Real _ -> true;
    };
  }

  @Override
  public JmesPathType typeOf(Value value) {
    return switch (value) {
      case Value.Text _ -> JmesPathType.STRING;
      case Value.Whole _, Value.Real _ -> JmesPathType.NUMBER;
      case Value.Flag _ -> JmesPathType.BOOLEAN;
      case Value.Nothing _ -> JmesPathType.NULL;
      case Value.Items _ -> JmesPathType.ARRAY;
      case Value.Table _ -> JmesPathType.OBJECT;
    };
  }

  @Override
  public Value getProperty(Value value, Value name) {
    return value instanceof Value.Table(var entries)
        ? entries.getOrDefault(toString(name), createNull())
        : createNull();
  }

  @Override
  public Collection<Value> getPropertyNames(Value value) {
    return value instanceof Value.Table(var entries)
        ? entries.keySet().stream().<Value>map(Value.Text::new).toList()
        : List.of();
  }

  @Override
  public Value createNull() {
    return new Value.Nothing();
  }

  @Override
  public Value createArray(Collection<Value> items) {
    return new Value.Items(List.copyOf(items));
  }

  @Override
  public Value createString(String text) {
    return new Value.Text(text);
  }

  @Override
  public Value createBoolean(boolean flag) {
    return new Value.Flag(flag);
  }

  @Override
  public Value createObject(Map<Value, Value> entries) {
    var named = new LinkedHashMap<String, Value>();
    entries.forEach((name, value) -> named.put(toString(name), value));
    return new Value.Table(named);
  }

  @Override
  public Value createNumber(double number) {
    return new Value.Real(number);
  }

  @Override
  public Value createNumber(long number) {
    return new Value.Whole(BigInteger.valueOf(number));
  }
}
