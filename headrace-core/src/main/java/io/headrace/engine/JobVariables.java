package io.headrace.engine;

import io.headrace.name.RunId;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The variables that a step finds beside those of its software: Azure ML's, the seed, and the
 * user's own, which win.
 *
 * <p>{@code AZUREML_SERVICE_ENDPOINT} and {@code AZUREML_RUN_TOKEN} are not set: there is no such
 * service, and the old SDKs that look for them then work offline.
 */
final class JobVariables {
  private static final String NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

  private JobVariables() {}

  /**
   * All variables of one attempt.
   *
   * @param path the text that stands for an input or output in a command
   */
  static Map<String, String> of(
      Step step,
      RunId run,
      RunId child,
      String experiment,
      String workspace,
      long seed,
      Function<Segment, String> path) {
    var variables = new HashMap<String, String>();
    variables.put("AZUREML_RUN_ID", child.value());
    variables.put("AZUREML_ROOT_RUN_ID", run.value());
    variables.put("AZUREML_EXPERIMENT_NAME", experiment);
    variables.put("AZUREML_ARM_PROJECT_NAME", experiment);
    variables.put("AZUREML_ARM_WORKSPACE_NAME", workspace);
    variables.put("AZUREML_ARM_RESOURCEGROUP", "headrace");
    variables.put("AZUREML_ARM_SUBSCRIPTION", NO_SUBSCRIPTION);
    variables.put("AZUREML_WORKSPACE_ID", NO_SUBSCRIPTION);
    variables.put("AZUREML_PROCESS_NAME", "rank_0");
    variables.put("AZUREML_CR_NODE_RANK", "0");
    variables.put("PYTHONHASHSEED", Long.toString(seed));
    variables.put("HEADRACE_SEED", Long.toString(seed));
    variables.put("PYTHONUNBUFFERED", "1");
    step.inputs()
        .forEach((name, input) -> {
          if (input instanceof StepInput.Literal(String value)) {
            variables.put("AZUREML_PARAMETER_" + name, value);
            variables.put("AZURE_ML_INPUT_" + name, value);
          } else {
            var at = path.apply(new Segment.InputPath(name));
            variables.put("AZURE_ML_INPUT_" + name, at);
            variables.put("AZUREML_DATAREFERENCE_" + name, at);
          }
        });
    step.outputs()
        .keySet()
        .forEach(name -> {
          var at = path.apply(new Segment.OutputPath(name));
          variables.put("AZURE_ML_OUTPUT_" + name, at);
          variables.put("AZUREML_DATAREFERENCE_" + name, at);
        });
    step.environmentVariables()
        .forEach((name, value) -> variables.put(name, concatenated(value, path)));
    return variables;
  }

  private static String concatenated(List<Segment> value, Function<Segment, String> path) {
    var text = new StringBuilder();
    for (var segment : value) {
      switch (segment) {
        case Segment.Text(String it) -> text.append(it);
        case Segment.Value(String _, String it) -> text.append(it);
        case Segment.InputPath _, Segment.OutputPath _ -> text.append(path.apply(segment));
      }
    }
    return text.toString();
  }
}
