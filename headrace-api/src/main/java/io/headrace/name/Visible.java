package io.headrace.name;

import java.util.List;
import java.util.Set;

/** Which of many things somebody may see. Searches take it, so that pages come out whole. */
public sealed interface Visible {
  /** Everything. */
  record All() implements Visible {}

  /** Those with these ids or names, and no others. */
  record Only(Set<String> names) implements Visible {
    public Only {
      names = Set.copyOf(names);
    }
  }

  static Visible all() {
    return new All();
  }

  /** Those of {@code names} that may be seen, in their order. */
  default List<String> of(List<String> names) {
    return switch (this) {
      case All() -> names;
      case Only(Set<String> seen) -> names.stream().filter(seen::contains).toList();
    };
  }
}
