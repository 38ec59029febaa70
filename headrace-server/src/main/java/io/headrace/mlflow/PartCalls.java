package io.headrace.mlflow;

import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.Uploads;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Files in parts, below {@code /mlflow-artifacts/mpu}. The addresses that clients are given for the
 * parts are this server's own.
 */
final class PartCalls {
  static final String FOLDER = "/mlflow-artifacts/mpu/";

  private static final String PART = FOLDER + "part/";

  private PartCalls() {}

  static Answer answer(Tracking tracking, Call call, String path) throws IOException {
    if (path.startsWith(PART) && call.method().equals("PUT")) {
      return part(tracking.uploads(), call, path.substring(PART.length()));
    }
    int slash = path.indexOf('/', FOLDER.length());
    String what = path.substring(FOLDER.length(), slash < 0 ? path.length() : slash);
    String folder = slash < 0 ? "" : Query.decodePath(path.substring(slash + 1));
    if (!call.method().equals("POST")) {
      throw MlflowApi.unknown(call);
    }
    Fields fields = MlflowApi.fields(call);
    return switch (what) {
      case "create" -> create(tracking.uploads(), call, folder, fields);
      case "complete" -> complete(tracking.uploads(), folder, fields);
      case "abort" -> abort(tracking.uploads(), folder, fields);
      default -> throw MlflowApi.unknown(call);
    };
  }

  private static ArtifactPath file(String folder, Fields fields) {
    ArtifactPath within = ArtifactPath.of(folder);
    ArtifactPath file = ArtifactPath.of(name(fields.required("path")));
    return ArtifactPath.of(within.isRoot() ? file.toString() : within + "/" + file);
  }

  /** Clients name the file as it is called on their machine, perhaps with its folders. */
  private static String name(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  private static Answer create(Uploads uploads, Call call, String folder, Fields fields) {
    int parts = Math.clamp(fields.integer("num_parts").orElse(1), -1, Integer.MAX_VALUE);
    String id = uploads.begin(file(folder, fields), parts);
    ObjectNode answer = Json.object();
    answer.put("upload_id", id);
    ArrayNode credentials = answer.putArray("credentials");
    Optional<String> authorization = call.header("Authorization");
    for (int number = 1; number <= parts; number++) {
      ObjectNode credential = credentials.addObject();
      credential.put("url", address(call) + "/api/2.0" + PART + id + "/" + number);
      credential.put("part_number", number);
      // The client sends to this address what it is told here, and nothing of its own.
      ObjectNode headers = credential.putObject("headers");
      authorization.ifPresent(value -> headers.put("Authorization", value));
    }
    return MlflowApi.json(200, answer);
  }

  /** The server's own, as the client reached it. */
  static String address(Call call) {
    String scheme = call.header("X-Forwarded-Proto").filter("https"::equals).orElse("http");
    return scheme + "://" + call.header("Host").orElse("127.0.0.1");
  }

  private static Answer part(Uploads uploads, Call call, String rest) throws IOException {
    String[] idAndNumber = rest.split("/", -1);
    int number;
    try {
      number = idAndNumber.length == 2 ? Integer.parseInt(idAndNumber[1]) : 0;
    } catch (NumberFormatException e) {
      throw MlflowApi.unknown(call);
    }
    String tag = uploads.put(idAndNumber[0], number, call.body());
    return MlflowApi.json(200, Json.object()).with("ETag", '"' + tag + '"');
  }

  private static Answer complete(Uploads uploads, String folder, Fields fields) throws IOException {
    ArtifactPath file = file(folder, fields);
    String id = fields.text("upload_id");
    fields.requiredList("parts");
    List<String> tags =
        fields.objects("parts").stream()
            .sorted(
                java.util.Comparator.comparingLong(
                    (Fields part) -> part.integer("part_number").orElse(0)))
            .map(part -> part.text("etag").replace("\"", ""))
            .toList();
    uploads.complete(file, id, tags);
    return MlflowApi.json(200, Json.object());
  }

  private static Answer abort(Uploads uploads, String folder, Fields fields) {
    uploads.abort(file(folder, fields), fields.text("upload_id"));
    return MlflowApi.json(200, Json.object());
  }
}
