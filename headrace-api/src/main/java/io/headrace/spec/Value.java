package io.headrace.spec;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value whose meaning is another's: properties, unknown settings, a service's options. */
public sealed interface Value {
  record Text(String text) implements Value {}

  record Whole(BigInteger value) implements Value {}

  record Real(double value) implements Value {}

  record Flag(boolean value) implements Value {}

  /** Null. */
  record Nothing() implements Value {}

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
