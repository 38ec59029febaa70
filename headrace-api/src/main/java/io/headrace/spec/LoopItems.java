package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Map;

/** What a {@code parallel_for} goes over. Each item gives the body its inputs, all by one set. */
public sealed interface LoopItems {
  Where where();

  /** In this order. */
  record Listed(List<Map<String, Input>> items, Where where) implements LoopItems {
    public Listed {
      items = items.stream().map(Ordered::copy).toList();
    }
  }

  /** In this order, each with a name. */
  record Keyed(Map<String, Map<String, Input>> items, Where where) implements LoopItems {
    public Keyed {
      items = Ordered.copy(items);
    }
  }

  /** JSON of one of the two forms, to be known when the pipeline runs. */
  record Bound(Written expression) implements LoopItems {
    @Override
    public Where where() {
      return expression.where();
    }
  }

  /** They were wrong, and that has been said. */
  record Broken(Where where) implements LoopItems {}
}
