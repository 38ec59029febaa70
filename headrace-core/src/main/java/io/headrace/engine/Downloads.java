package io.headrace.engine;

import io.headrace.plan.StepInput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Fetches inputs that are named by an {@code http} or {@code https} address into the object store.
 * The bytes decide whether a step is reused, not the address, so it is fetched for each run.
 */
public final class Downloads {
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private final ObjectStore objects;

  /** Fetched bytes go to {@code objects}. */
  public Downloads(ObjectStore objects) {
    this.objects = objects;
  }

  StepInput.Stored fetch(StepInput.Remote input, RunListener listener)
      throws IOException, InterruptedException {
    var uri = address(input.uri());
    listener.notice("fetching " + input.uri());
    try (var client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(uri).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
      try (var bytes = answer.body()) {
        if (answer.statusCode() != 200) {
          throw Problem.of(
                  ErrorCode.UNRESOLVED,
                  input.uri() + " answered with status " + answer.statusCode())
              .fix("check the address, or give a local file: --set inputs.NAME.path=./file")
              .asException();
        }
        return new StepInput.Stored(objects.put(bytes), fileName(uri), input.type(), input.mode());
      }
    } catch (java.net.ConnectException | java.net.http.HttpTimeoutException e) {
      throw Problem.of(ErrorCode.UNRESOLVED, input.uri() + " cannot be reached")
          .fix("check the network, or give a local file: --set inputs.NAME.path=./file")
          .asException(e);
    }
  }

  private static URI address(String text) {
    try {
      var uri = URI.create(text);
      if ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw Problem.of(ErrorCode.NOT_SUPPORTED, "'" + text + "' cannot be fetched from here")
        .fix(
            "copy the data to this machine and name its path, or use mode: direct to hand the address on")
        .asException();
  }

  private static String fileName(URI uri) {
    var path = uri.getPath() == null ? "" : uri.getPath();
    var last = path.substring(path.lastIndexOf('/') + 1);
    return last.isEmpty() || last.equals("..") || last.equals(".") ? "data" : last;
  }
}
