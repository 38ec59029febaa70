package io.headrace.cli;

import io.headrace.engine.Engine;
import io.headrace.name.RunId;
import io.headrace.spec.Value;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job show-services -n NAME}. */
@Command(
    name = "show-services",
    header = "Show the services that a job's running steps offer, and where.",
    description = {
      "",
      "Those of a pipeline's steps are called STEP.SERVICE. `status` is Running when something",
      "listens there, else Unreachable.",
      ""
    })
final class JobServicesCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "The job's name.")
  @Nullable String name;

  @Option(
      names = {"-i", "--node-index"},
      hidden = true)
  int node;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobServicesCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    try (var wiring = context.wiring()) {
      var services = wiring.engine().services(new RunId(Objects.requireNonNull(name)));
      var shown = new LinkedHashMap<String, Value>();
      services.forEach(it -> shown.put(title(it), shown(it)));
      output.print(context.out(), new Value.Table(shown));
      return CommandLineProgram.DONE;
    }
  }

  /** A job of one step calls it {@code main}, which nobody has written. */
  private static String title(Engine.RunningService service) {
    return service.step().value().equals("main")
        ? service.name()
        : service.step() + "." + service.name();
  }

  private static Value shown(Engine.RunningService service) {
    var shown = new LinkedHashMap<String, Value>();
    shown.put("endpoint", new Value.Text(service.endpoint()));
    shown.put(
        "port", new Value.Whole(BigInteger.valueOf(URI.create(service.endpoint()).getPort())));
    shown.put("status", new Value.Text(service.reachable() ? "Running" : "Unreachable"));
    shown.put("type", new Value.Text(service.kind()));
    return new Value.Table(shown);
  }
}
