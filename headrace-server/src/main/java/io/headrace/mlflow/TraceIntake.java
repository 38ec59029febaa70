package io.headrace.mlflow;

import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.tracking.Span;
import io.headrace.tracking.Tracking;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** {@code POST /v1/traces}: spans from MLflow's client, or from any OpenTelemetry exporter. */
final class TraceIntake {
  static final String PATH = "/v1/traces";

  /** Also of what is unpacked. */
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private TraceIntake() {}

  static Answer take(Tracking tracking, Call call, Gate gate) throws IOException {
    if (!call.method().equals("POST")) {
      throw MlflowApi.unknown(call);
    }
    String experiment =
        call.header("x-mlflow-experiment-id")
            .filter(id -> !id.isEmpty())
            .orElseThrow(() ->
                new Refusal(
                    Refusal.Code.UNPROCESSABLE, "The header x-mlflow-experiment-id is missing."));
    List<Span> spans = read(call).stream().map(OtlpSpan::span).toList();
    if (spans.isEmpty()) {
      throw Refusal.invalid("Invalid OpenTelemetry format - no spans found");
    }
    gate.requireTraces(spans.stream().map(Span::traceId).distinct().toList());
    tracking.spans().log(experiment, spans);
    Optional<String> run = call.header("x-mlflow-run-id").filter(id -> !id.isEmpty());
    if (run.isPresent()) {
      List<String> ended =
          spans.stream().filter(it -> it.parent().isEmpty()).map(Span::traceId).toList();
      tracking.traces().linkToRun(ended, run.get());
    }
    // An empty message: all was taken.
    return Answer.of(200, "application/x-protobuf", new byte[0]);
  }

  private static List<OtlpSpan> read(Call call) throws IOException {
    String type = call.header("Content-Type").orElse("");
    int semicolon = type.indexOf(';');
    String media = semicolon < 0 ? type : type.substring(0, semicolon);
    byte[] body = body(call);
    return switch (media.strip().toLowerCase(Locale.ROOT)) {
      case "application/x-protobuf" -> OtlpProto.read(body);
      case "application/json" -> OtlpJson.read(body);
      default ->
          throw Refusal.invalid(
              "Invalid Content-Type: %s. Expected: application/x-protobuf or application/json"
                  .formatted(type));
    };
  }

  private static byte[] body(Call call) throws IOException {
    String encoding = call.header("Content-Encoding").orElse("").toLowerCase(Locale.ROOT);
    byte[] body;
    try (InputStream bytes = unpacked(call.body(), encoding)) {
      body = bytes.readNBytes(MOST_BYTES + 1);
    } catch (java.util.zip.ZipException e) {
      throw Refusal.invalid("Failed to decompress %s payload".formatted(encoding));
    }
    if (body.length > MOST_BYTES) {
      throw Refusal.invalid(
          "The request's body has more than the %d bytes allowed.".formatted(MOST_BYTES));
    }
    return body;
  }

  private static InputStream unpacked(InputStream bytes, String encoding) throws IOException {
    return switch (encoding) {
      case "", "identity" -> bytes;
      case "gzip" -> new GZIPInputStream(bytes);
      case "deflate" -> new InflaterInputStream(bytes);
      default -> throw Refusal.invalid("Unsupported Content-Encoding: " + encoding);
    };
  }
}
