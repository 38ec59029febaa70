package io.headrace.cli;

import io.headrace.job.JsonSchemas;
import io.headrace.job.Names;
import io.headrace.job.ValueText;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Kind;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headrace schema [KIND]}. */
@Command(
    name = "schema",
    header = "Print the JSON Schema of a kind of document, for editors; or list the kinds.",
    description = {"", "See docs/schema.md for its use in an editor.", ""})
final class SchemaCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "KIND", description = "Such as pipelineJob.")
  @Nullable String kind;

  private final Context context;

  SchemaCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Optional.ofNullable(kind).ifPresentOrElse(this::print, this::list);
    return CommandLineProgram.DONE;
  }

  private void print(String name) {
    var found =
        Kind.of(name)
            .orElseThrow(() ->
                Problem.of(ErrorCode.BAD_ARGUMENT, "there is no kind of document '" + name + "'")
                    .fix(
                        Names.advice(
                            name, Stream.of(Kind.values()).map(Kind::yaml).toList(), "kinds"))
                    .asException());
    context.out().print(ValueText.json(JsonSchemas.of(found)));
  }

  private void list() {
    for (var each : Kind.values()) {
      context.out().printf("%-24s%s%n", each.yaml(), each.title());
    }
  }
}
