package io.headrace.watch;

import io.headrace.access.Role;
import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.http.CallHandler;
import io.headrace.http.Concern;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import io.headrace.http.ServerLog;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code GET /metrics}, and {@code GET /ready}: whether the records answer and the disk takes
 * bytes. ({@code /health} says that the process lives, and no more.)
 */
public final class WatchCalls implements CallHandler {
  private static final String METRICS = "/metrics";
  private static final String READY = "/ready";

  /** Something that must work for the server to be of use; throws when it does not. */
  public record Check(String name, Attempt attempt) {
    /** Tries it. */
    @FunctionalInterface
    public interface Attempt {
      void run() throws Exception;
    }
  }

  private final Metrics metrics;
  private final List<Check> checks;
  private final ServerLog log;

  public WatchCalls(Metrics metrics, List<Check> checks, ServerLog log) {
    this.metrics = metrics;
    this.checks = List.copyOf(checks);
    this.log = log;
  }

  /** What there is to call. */
  public static List<Route> routes() {
    return List.of(
        Route.of("GET", METRICS, Needs.role(Role.READER, Concern.EVERYTHING)),
        Route.of("GET", READY, Needs.nothing()));
  }

  /** Whether a path is one of these. */
  public static boolean isOurs(String path) {
    return path.equals(METRICS) || path.equals(READY);
  }

  @Override
  public Answer answer(Call call) {
    return call.path().equals(READY) ? ready() : metrics(call);
  }

  private Answer metrics(Call call) {
    boolean may =
        call.match()
            .filter(it -> it.route().needs().areMetBy(call.asker().rights(), _ -> List.of()))
            .isPresent();
    return may
        ? Answer.of(
            200,
            "text/plain; version=0.0.4; charset=utf-8",
            metrics.text().getBytes(StandardCharsets.UTF_8))
        : Answer.text(403, "To see all numbers one must be a reader of everything.\n");
  }

  private Answer ready() {
    for (Check check : checks) {
      try {
        check.attempt().run();
      } catch (Exception e) {
        log.failed("being ready: " + check.name(), e);
        return Answer.text(503, "not ready: " + check.name() + "\n");
      }
    }
    return Answer.text(200, "ready\n");
  }
}
