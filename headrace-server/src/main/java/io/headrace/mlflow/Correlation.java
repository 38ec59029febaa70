package io.headrace.mlflow;

import io.headrace.tracking.TraceSearch;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** How much two filters of traces go together: normalised pointwise mutual information. */
final class Correlation {
  private Correlation() {}

  static ObjectNode answer(TraceSearch search, Fields fields) {
    fields.requiredList("experiment_ids");
    List<String> experiments = fields.texts("experiment_ids");
    String first = fields.required("filter_string1");
    String second = fields.required("filter_string2");
    String base = fields.text("base_filter");
    long one = search.count(experiments, List.of(base, first));
    long other = search.count(experiments, List.of(base, second));
    long both = search.count(experiments, List.of(base, first, second));
    long all = search.count(experiments, List.of(base));
    ObjectNode answer = Json.object();
    putDefined(answer, "npmi", npmi(both, one, other, all, 0));
    putDefined(answer, "npmi_smoothed", npmi(both, one, other, all, 0.5));
    answer.put("filter1_count", one);
    answer.put("filter2_count", other);
    answer.put("joint_count", both);
    answer.put("total_count", all);
    return answer;
  }

  private static void putDefined(ObjectNode answer, String field, double value) {
    if (!Double.isNaN(value)) {
      answer.put(field, value);
    }
  }

  /**
   * From -1, never together, to 1, always; NaN where nothing can be said. In MLflow's order of
   * terms, to the last digit.
   */
  static double npmi(long both, long one, long other, long all, double smoothing) {
    if (one == 0 || other == 0) {
      return Double.NaN;
    }
    if (smoothing == 0 && both == 0) {
      return -1;
    }
    if (both == one && both == other && both == all) {
      return 1;
    }
    double joint = both + smoothing;
    double firstOnly = one - both + smoothing;
    double secondOnly = other - both + smoothing;
    double neither = all - one - other + both + smoothing;
    double logTotal = Math.log(joint + firstOnly + secondOnly + neither);
    double logJoint = Math.log(joint);
    double logOne = Math.log(joint + firstOnly);
    double logOther = Math.log(joint + secondOnly);
    double pmi = (logJoint + logTotal) - (logOne + logOther);
    return Math.max(-1, Math.min(1, pmi / -(logJoint - logTotal)));
  }
}
