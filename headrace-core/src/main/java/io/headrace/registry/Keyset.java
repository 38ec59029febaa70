package io.headrace.registry;

import io.headrace.json.ValueJson;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Value;
import io.headrace.tracking.TrackingException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * An order of rows, and pages that go on after the last row that was shown: what is added meanwhile
 * neither shows a row twice nor hides one. The columns together are unique.
 *
 * @param kind so that no other list takes its tokens
 */
record Keyset(String kind, List<Column> columns) {
  Keyset {
    columns = List.copyOf(columns);
  }

  /** A column to order by. */
  record Column(String sql, boolean ascending, boolean isNumber) {}

  String orderBy() {
    return String.join(
        ", ", columns.stream().map(it -> it.sql + (it.ascending ? " asc" : " desc")).toList());
  }

  /** Adds the condition that a row comes after the one that a token names. */
  void after(Statement query, String token) {
    List<Object> last = values(token);
    query.add("(");
    for (int i = 0; i < columns.size(); i++) {
      query.add(i == 0 ? "(" : " or (");
      for (int before = 0; before < i; before++) {
        query.add(columns.get(before).sql + " = ? and ", last.get(before));
      }
      Column column = columns.get(i);
      query.add(column.sql + (column.ascending ? " > ?)" : " < ?)"), last.get(i));
    }
    query.add(")");
  }

  /** Names a row by its columns' values, in their order. */
  String token(List<Object> values) {
    List<Value> items = new ArrayList<>();
    items.add(new Value.Text(kind + orderBy()));
    for (Object value : values) {
      items.add(
          value instanceof Long number
              ? new Value.Whole(BigInteger.valueOf(number))
              : new Value.Text(value.toString()));
    }
    return Base64.getUrlEncoder()
        .encodeToString(ValueJson.compact(new Value.Items(items)).getBytes(StandardCharsets.UTF_8));
  }

  private List<Object> values(String token) {
    try {
      byte[] text = Base64.getUrlDecoder().decode(token);
      if (ValueJson.read(new String(text, StandardCharsets.UTF_8)) instanceof Value.Items items
          && items.items().size() == columns.size() + 1
          && items.items().getFirst().equals(new Value.Text(kind + orderBy()))) {
        return values(items.items());
      }
    } catch (IllegalArgumentException | ProblemException e) {
      throw bad();
    }
    throw bad();
  }

  private List<Object> values(List<Value> items) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(value(items.get(i + 1), columns.get(i).isNumber));
    }
    return values;
  }

  private static Object value(Value item, boolean isNumber) {
    return switch (item) {
      case Value.Whole(BigInteger number) when isNumber && number.bitLength() < 64 ->
          number.longValue();
      case Value.Text(String text) when !isNumber -> text;
      case Value.Whole _,
          Value.Text _,
          Value.Real _,
          Value.Flag _,
          Value.Nothing _,
          Value.Items _,
          Value.Table _ ->
          throw bad();
    };
  }

  static TrackingException bad() {
    return TrackingException.invalid("Invalid page token, could not base64-decode");
  }
}
