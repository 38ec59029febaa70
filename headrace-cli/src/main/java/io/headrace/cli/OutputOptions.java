package io.headrace.cli;

import io.headrace.json.ValueJson;
import io.headrace.spec.Value;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command's result is printed, and which part of it, as the Azure CLI does. */
final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "text, json, jsonc, yaml, yamlc, table, tsv or none (default: ${DEFAULT-VALUE}).")
  OutputFormat format;

  @Option(
      names = "--query",
      paramLabel = "JMESPATH",
      description = "Which part of the result to print, such as status or [].name.")
  @Nullable String query;

  private OutputOptions(OutputFormat format) {
    this.format = format;
  }

  /** People look at it, unless another format is wanted. */
  static OutputOptions text() {
    return new OutputOptions(OutputFormat.TEXT);
  }

  /** As `az ml` prints it. */
  static OutputOptions json() {
    return new OutputOptions(OutputFormat.JSON);
  }

  boolean forPeople() {
    return format == OutputFormat.TEXT && query == null;
  }

  /** Prints a result that is at hand as JSON text. */
  void print(PrintWriter out, String json) {
    if (query == null && (format == OutputFormat.JSON || format == OutputFormat.JSONC)) {
      out.println(json);
    } else {
      print(out, ValueJson.read(json));
    }
  }

  void print(PrintWriter out, Value result) {
    var part = Optional.ofNullable(query).map(it -> Query.search(it, result)).orElse(result);
    if (!(part instanceof Value.Nothing)) {
      out.print(ResultText.of(part, format, query != null));
    }
  }
}
