package io.headrace.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value whose meaning is another's: properties, unknown settings, a service's options. */
public sealed interface Value {
  /** A single value as text; empty for null. */
  record Text(String text) implements Value {}

  record Items(List<Value> items) implements Value {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** In the order written. */
  record Table(Map<String, Value> entries) implements Value {
    public Table {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }
}
