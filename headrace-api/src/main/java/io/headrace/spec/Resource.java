package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.Map;
import java.util.Optional;

/**
 * A document that is neither job, component nor environment: data, a model, a compute, a datastore,
 * a schedule, an endpoint and so on. What Headrace acts on has a part of its own; all that was
 * written is in the fields.
 *
 * @param type of those that have one, such as {@code uri_folder} or {@code amlcompute}; lower case
 * @param path where its data is, for data and models
 * @param trigger when it starts, for schedules
 * @param fields all, as written
 */
public record Resource(
    Kind kind,
    Optional<String> name,
    Optional<String> version,
    Optional<String> type,
    Optional<String> description,
    Optional<DataPath> path,
    Optional<Trigger> trigger,
    Map<String, Value> fields,
    Where where)
    implements Document {
  public Resource {
    fields = Ordered.copy(fields);
  }
}
