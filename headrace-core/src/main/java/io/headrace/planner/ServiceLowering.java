package io.headrace.planner;

import io.headrace.plan.Service;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.JobService;
import io.headrace.spec.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What of a job's services there can be on this machine. */
final class ServiceLowering {
  private ServiceLowering() {}

  /** Those that are for getting at a far machine are left out, with a warning. */
  static Map<String, Service> of(
      Map<String, JobService> services, String field, Where where, Problems problems) {
    var lowered = new LinkedHashMap<String, Service>();
    services.forEach((name, service) -> {
      switch (service.type().orElse("")) {
        case "ssh", "vs_code" ->
            problems.add(
                Problem.of(
                        ErrorCode.NOT_SUPPORTED,
                        field
                            + "services."
                            + name
                            + " ("
                            + service.type().orElse("")
                            + ") is not started: the step runs on the machine where you are")
                    .at(where)
                    .warning());
        case "tensor_board" -> lowered.put(name, service(Service.Kind.TENSOR_BOARD, service));
        case "jupyter_lab" -> lowered.put(name, service(Service.Kind.JUPYTER_LAB, service));
        default -> lowered.put(name, service(Service.Kind.CUSTOM, service));
      }
    });
    return lowered;
  }

  private static Service service(Service.Kind kind, JobService written) {
    return new Service(
        kind, text(written, "port").map(Integer::parseInt), text(written, "log_dir").orElse("."));
  }

  private static Optional<String> text(JobService service, String option) {
    return switch (service.options().get(option)) {
      case Value.Text(String text) -> Optional.of(text);
      case Value.Whole(var number) -> Optional.of(number.toString());
      case null -> Optional.empty();
      case Value.Real _, Value.Flag _, Value.Nothing _, Value.Items _, Value.Table _ ->
          Optional.empty();
    };
  }
}
