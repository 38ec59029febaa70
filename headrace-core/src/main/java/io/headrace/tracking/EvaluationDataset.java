package io.headrace.tracking;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Questions and what was expected as answers, by which programs are measured.
 *
 * @param schema by part ({@code inputs}, {@code outputs}, {@code expectations}), the type of each
 *     field; no part while there were no records
 */
public record EvaluationDataset(
    String id,
    String name,
    String digest,
    long created,
    long updated,
    Optional<String> createdBy,
    Optional<String> updatedBy,
    Map<String, String> tags,
    Map<String, SortedMap<String, String>> schema,
    long records,
    List<String> experimentIds) {
  public EvaluationDataset {
    tags = Map.copyOf(tags);
    schema = Map.copyOf(schema);
    experimentIds = List.copyOf(experimentIds);
  }

  /**
   * A question. All but the inputs may be missing.
   *
   * @param inputs JSON, with sorted keys: two records with the same are one
   * @param outputs JSON
   * @param expectations JSON each
   * @param tags JSON each
   * @param source JSON
   * @param user who says so
   */
  public record Entry(
      String inputs,
      Optional<String> outputs,
      Map<String, String> expectations,
      Map<String, String> tags,
      Optional<String> source,
      String sourceType,
      Optional<String> user) {
    public Entry {
      expectations = Map.copyOf(expectations);
      tags = Map.copyOf(tags);
    }
  }

  /** A question that is kept. */
  public record Kept(
      String id,
      String datasetId,
      Entry entry,
      long created,
      long updated,
      Optional<String> createdBy,
      Optional<String> updatedBy) {}
}
