package io.headrace.spec;

import java.util.Map;
import java.util.Optional;

/**
 * Something to run beside a job, such as a notebook.
 *
 * @param type {@code ssh}, {@code jupyter_lab}, {@code tensor_board}, {@code vs_code} or another
 * @param options the rest of what it says
 */
public record JobService(Optional<String> type, Map<String, Value> options) {
  public JobService {
    options = Ordered.copy(options);
  }
}
