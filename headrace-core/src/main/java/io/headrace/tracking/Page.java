package io.headrace.tracking;

import java.util.List;
import java.util.Optional;

/**
 * A part of a longer list.
 *
 * @param next asks for what follows; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }
}
