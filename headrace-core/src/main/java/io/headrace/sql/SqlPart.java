package io.headrace.sql;

import java.util.List;

/** A piece of a statement that one room gives to another, with the values of its parameters. */
public record SqlPart(String sql, List<Object> values) {
  public SqlPart {
    values = List.copyOf(values);
  }
}
