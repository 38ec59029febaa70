package io.headrace.mlflow;

import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.Artifacts;
import io.headrace.tracking.Run;
import io.headrace.tracking.Tracking;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Files through the server: the proxy below {@code /mlflow-artifacts} and what looks like it. */
final class ArtifactCalls {
  private static final String FOLDER = "/mlflow-artifacts/artifacts";
  private static final String PRESIGNED = "/mlflow-artifacts/presigned/";

  private ArtifactCalls() {}

  /** Answers a call below {@code /mlflow-artifacts/}. */
  static Answer proxied(Artifacts artifacts, Call call, String path) throws IOException {
    if (path.equals(FOLDER) && call.method().equals("GET")) {
      return list(artifacts, Fields.ofQuery(call.query()).text("path"));
    }
    if (path.startsWith(FOLDER + "/")) {
      ArtifactPath file = ArtifactPath.of(Query.decodePath(path.substring(FOLDER.length() + 1)));
      return switch (call.method()) {
        case "PUT" -> put(artifacts, file, call.body());
        case "GET" -> get(artifacts, file, call);
        case "DELETE" -> delete(artifacts, file);
        default -> throw MlflowApi.unknown(call);
      };
    }
    if (path.startsWith(PRESIGNED) && call.method().equals("GET")) {
      return presigned(artifacts, call, path.substring(PRESIGNED.length()));
    }
    throw MlflowApi.unknown(call);
  }

  /** Where a file can be had in parts: here, by {@code Range}. */
  private static Answer presigned(Artifacts artifacts, Call call, String path) throws IOException {
    long size = artifacts.find(ArtifactPath.of(Query.decodePath(path))).size();
    ObjectNode answer = Json.object();
    answer.put("url", PartCalls.address(call) + "/api/2.0" + FOLDER + "/" + path);
    ObjectNode headers = answer.putObject("headers");
    call.header("Authorization").ifPresent(value -> headers.put("Authorization", value));
    answer.put("file_size", size);
    return MlflowApi.json(200, answer);
  }

  private static Answer list(Artifacts artifacts, String folder) throws IOException {
    ObjectNode answer = Json.object();
    answer.set("files", Words.files("", artifacts.list(ArtifactPath.of(folder))));
    return MlflowApi.json(200, answer);
  }

  private static Answer put(Artifacts artifacts, ArtifactPath file, InputStream bytes)
      throws IOException {
    artifacts.put(file, bytes);
    return MlflowApi.json(200, Json.object());
  }

  private static Answer delete(Artifacts artifacts, ArtifactPath file) {
    artifacts.delete(file);
    return MlflowApi.json(200, Json.object());
  }

  /** Stores a raw body as a file of a run. */
  static Answer upload(Tracking tracking, Call call) throws IOException {
    Fields fields = Fields.ofQuery(call.query());
    if (fields.text("run_uuid").isEmpty() && fields.text("run_id").isEmpty()) {
      throw Refusal.invalid("Request must specify run_uuid.");
    }
    if (fields.text("path").isEmpty()) {
      throw Refusal.invalid("Request must specify path.");
    }
    Run run = tracking.runs().get(fields.runId());
    ArtifactPath file = within(run.info().artifactUri(), fields.text("path"));
    return put(tracking.artifacts(), file, call.body());
  }

  /** A file of a run. */
  static Answer ofRun(Tracking tracking, Call call, Fields fields) throws IOException {
    if (!call.method().equals("GET")) {
      throw MlflowApi.unknown(call);
    }
    Run run = tracking.runs().get(fields.runId());
    ArtifactPath file = within(run.info().artifactUri(), fields.required("path"));
    return get(tracking.artifacts(), file, call);
  }

  /** Where a path below a root lies. */
  static ArtifactPath within(String root, String path) {
    ArtifactPath below = ArtifactPath.of(path);
    ArtifactPath base =
        Artifacts.placeOf(root)
            .orElseThrow(() ->
                Refusal.invalid(
                    "The artifacts of '%s' are not kept by this server.".formatted(root)));
    String joined = below.isRoot() ? base.toString() : base + "/" + below;
    return ArtifactPath.of(joined);
  }

  static Answer get(Artifacts artifacts, ArtifactPath file, Call call) throws IOException {
    Artifacts.Content content = artifacts.find(file);
    Optional<Range> range =
        call.header("Range").flatMap(header -> Range.parse(header, content.size()));
    Range part = range.orElse(new Range(0, content.size()));
    if (part.length() < 0) {
      return Answer.text(416, "No such range.\n")
          .with("Content-Range", "bytes */" + content.size());
    }
    InputStream bytes = artifacts.open(content);
    bytes.skipNBytes(part.from());
    Answer answer =
        new Answer(
                range.isPresent() ? 206 : 200,
                List.of(new Answer.Header("Content-Type", contentType(file.name()))),
                new Answer.Body.Stream(bytes, part.length()))
            .with("Content-Disposition", disposition(file.name()))
            .with("X-Content-Type-Options", "nosniff")
            .with("Accept-Ranges", "bytes");
    return range.isPresent()
        ? answer.with(
            "Content-Range",
            "bytes %d-%d/%d"
                .formatted(part.from(), part.from() + part.length() - 1, content.size()))
        : answer;
  }

  private static String disposition(String name) {
    String plain = name.chars().allMatch(c -> c >= ' ' && c < 127 && c != '"') ? name : "artifact";
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
  }

  /** As a browser may be told; nothing that it would run. */
  private static String contentType(String name) {
    int dot = name.lastIndexOf('.');
    String ending = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "json" -> "application/json";
      case "png" -> "image/png";
      case "jpg", "jpeg" -> "image/jpeg";
      case "gif" -> "image/gif";
      case "webp" -> "image/webp";
      case "pdf" -> "application/pdf";
      case "csv" -> "text/csv; charset=utf-8";
      case "txt", "log", "md", "yaml", "yml", "py", "sh", "toml", "ini", "mlmodel", "" ->
          "text/plain; charset=utf-8";
      default -> "application/octet-stream";
    };
  }

  /**
   * A part of a file.
   *
   * @param length negative when the range lies outside
   */
  record Range(long from, long length) {
    /** Reads {@code bytes=a-b}; empty for what may be answered with the whole file. */
    static Optional<Range> parse(String header, long size) {
      if (!header.startsWith("bytes=") || header.indexOf(',') >= 0) {
        return Optional.empty();
      }
      String range = header.substring("bytes=".length()).strip();
      int dash = range.indexOf('-');
      if (dash < 0) {
        return Optional.empty();
      }
      try {
        String first = range.substring(0, dash);
        String last = range.substring(dash + 1);
        if (first.isEmpty()) {
          long length = Math.min(size, Long.parseLong(last));
          return Optional.of(new Range(size - length, length == 0 ? -1 : length));
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
        return to < from && !last.isEmpty() && Long.parseLong(last) < from
            ? Optional.empty()
            : Optional.of(new Range(from, from >= size ? -1 : to - from + 1));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }
}
