package io.headrace.watch;

import io.headrace.access.Asker;
import io.headrace.access.Audit;
import io.headrace.http.Route;
import io.headrace.http.ServerLog;
import io.headrace.http.Visits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes and refusals into the log of deeds. Of what comes in thousands (a run's metrics, a
 * stranger's knocking) the first of its kind in a while is written, so that the log can be read and
 * nobody can fill the disk with it. Thread-safe.
 */
public final class AuditTrail implements Visits {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MOST_REMEMBERED = 10_000;

  private final Audit audit;
  private final InstantSource clock;
  private final ServerLog log;
  private final Map<String, Long> seen = new LinkedHashMap<>();

  public AuditTrail(Audit audit, InstantSource clock, ServerLog log) {
    this.audit = audit;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public void saw(Visit visit) {
    if (isWritten(visit)) {
      var _ = audit.add(deed(visit)).whenComplete((_, failure) -> tell(failure));
    }
  }

  private static Audit.Deed deed(Visit visit) {
    return new Audit.Deed(
        visit.asker().name(),
        visit.route().map(Route::text).orElse(visit.method() + " (no such call)"),
        visit.object(),
        visit.from(),
        visit.status());
  }

  private void tell(@Nullable Throwable failure) {
    if (failure != null) {
      log.failed("writing the log of deeds", failure);
    }
  }

  private boolean isWritten(Visit visit) {
    if (visit.status() == 401 || visit.status() == 403 || visit.status() == 429) {
      return visit.asker().isKnown() || isFirst(key(visit), MINUTE);
    }
    // Where nobody need be known there is nobody to name.
    if (visit.asker().kind() == Asker.Kind.ANYONE || visit.route().isEmpty()) {
      return false;
    }
    return switch (visit.route().get().trail()) {
      case NONE -> false;
      case EACH -> true;
      case FIRST -> isFirst(key(visit) + visit.object(), HOUR);
    };
  }

  private static String key(Visit visit) {
    return String.join(
        " ",
        visit.asker().name(),
        visit.from(),
        visit.route().map(Route::text).orElse(""),
        Integer.toString(visit.status()),
        "");
  }

  private synchronized boolean isFirst(String key, Duration window) {
    long now = clock.millis();
    Long last = seen.remove(key);
    boolean first = last == null || now - last >= window.toMillis();
    seen.put(key, last == null || first ? Long.valueOf(now) : last);
    if (seen.size() > MOST_REMEMBERED) {
      seen.remove(seen.keySet().iterator().next());
    }
    return first;
  }
}
