package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.Map;
import java.util.Optional;

/** How the processes of one job share its work. Counts are whole numbers or expressions. */
public sealed interface Distribution {
  Where where();

  record PyTorch(Optional<Written> processCountPerInstance, Where where) implements Distribution {}

  record TensorFlow(
      Optional<Written> workerCount, Optional<Written> parameterServerCount, Where where)
      implements Distribution {}

  record Mpi(Optional<Written> processCountPerInstance, Where where) implements Distribution {}

  /** Its options are Ray's own. */
  record Ray(Map<String, Value> options, Where where) implements Distribution {
    public Ray {
      options = Ordered.copy(options);
    }
  }

  /** To be replaced by a pipeline's input. */
  record Bound(Written expression) implements Distribution {
    @Override
    public Where where() {
      return expression.where();
    }
  }
}
