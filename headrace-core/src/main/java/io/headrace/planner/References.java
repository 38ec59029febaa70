package io.headrace.planner;

import io.headrace.job.ComponentSource;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.StepInput;
import io.headrace.problem.ProblemException;
import java.nio.file.Path;
import java.util.Optional;

/** Knows what is outside the file: registered data and models, components, other runs' outputs. */
public interface References {
  /** Knows nothing. */
  References NONE =
      new References() {
        @Override
        public Optional<StepInput> data(
            String reference, Optional<DataType> type, StepInput.Mode mode) {
          return Optional.empty();
        }

        @Override
        public Optional<Path> component(String reference) {
          return Optional.empty();
        }
      };

  /**
   * Data or a model.
   *
   * @param reference as written: {@code azureml:name:version}, {@code azureml:name@label}, {@code
   *     azureml://jobs/J/outputs/O/paths/P}, {@code azureml://datastores/…}, {@code runs:/…}
   * @param type the one that is wanted; empty for whichever it has
   * @return a {@link StepInput.Local}, {@link StepInput.Stored} or {@link StepInput.Remote} of that
   *     type and mode; empty when nothing is known of such references here
   * @throws ProblemException when it is known why it cannot be had; without a place
   */
  Optional<StepInput> data(String reference, Optional<DataType> type, StepInput.Mode mode);

  /** The YAML file that defines a component; as {@link ComponentSource#file}. */
  Optional<Path> component(String reference);

  /**
   * A registered environment: {@code azureml:name:version}, {@code azureml:name@label}, …
   *
   * @return empty when it is not known here; whoever prepares environments may know the name
   * @throws ProblemException when it is known why it cannot be had; without a place
   */
  default Optional<EnvironmentSpec> environment(String reference) {
    return Optional.empty();
  }

  /**
   * Where a connection leads.
   *
   * @param name without {@code azureml:}
   * @return empty when it is not known here
   * @throws ProblemException when it is known what is wrong with it
   */
  default Optional<Connection> connection(String name) {
    return Optional.empty();
  }

  /** Code that is in the object store already; empty when the text names something else. */
  default Optional<Code> code(String reference) {
    return Optional.empty();
  }
}
