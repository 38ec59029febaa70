package io.headrace.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Copies maps so that they keep the order of the YAML. */
final class Ordered {
  private Ordered() {}

  static <V> Map<String, V> copy(Map<String, V> map) {
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** Both, where the second gives a key anew. */
  static <V> Map<String, V> over(Map<String, V> first, Map<String, V> second) {
    var both = new LinkedHashMap<>(first);
    both.putAll(second);
    return both;
  }
}
