package io.headrace.watch;

import io.headrace.http.Route;
import io.headrace.http.Visits;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Numbers in Prometheus' text format 0.0.4. Requests are counted by route, never by address, so
 * that nobody outside can make more series. Thread-safe; a count costs some nanoseconds.
 */
public final class Metrics implements Visits {
  private static final double[] BOUNDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };
  private static final double NANOS = 1e9;

  /** Requests of one route with one status. */
  private static final class Series {
    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Series() {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = new LongAdder();
      }
    }

    void add(long took) {
      int at = 0;
      while (at < BOUNDS.length && took > BOUNDS[at] * NANOS) {
        at++;
      }
      buckets[at].increment();
      nanos.add(took);
    }
  }

  private record Key(String method, String route, int status) {}

  /**
   * A number of somebody else's.
   *
   * @param name with {@code headrace_} before it
   * @param type {@code gauge} or {@code counter}
   * @param values by the value of the label, asked for when somebody looks
   */
  public record Reading(
      String name, String type, String help, String label, Supplier<Map<String, Double>> values) {}

  private final Map<Key, Series> requests = new ConcurrentHashMap<>();
  private final List<Reading> numbers;

  /** With further numbers. */
  public Metrics(List<Reading> further) {
    List<Reading> all = new ArrayList<>(further);
    all.add(
        new Reading(
            "jvm_memory_used_bytes",
            "gauge",
            "Memory of the Java machine in use.",
            "area",
            Metrics::memory));
    all.add(
        new Reading(
            "jvm_threads",
            "gauge",
            "Platform threads.",
            "state",
            () -> Map.of("live", (double) ManagementFactory.getThreadMXBean().getThreadCount())));
    numbers = List.copyOf(all);
  }

  private static Map<String, Double> memory() {
    var bean = ManagementFactory.getMemoryMXBean();
    return Map.of(
        "heap", (double) bean.getHeapMemoryUsage().getUsed(),
        "nonheap", (double) bean.getNonHeapMemoryUsage().getUsed());
  }

  @Override
  public void saw(Visit visit) {
    Key key =
        visit
            .route()
            .map(Route::label)
            .map(label -> new Key(visit.route().get().method(), label, visit.status()))
            .orElseGet(() -> new Key("", "none", visit.status()));
    requests.computeIfAbsent(key, _ -> new Series()).add(visit.nanos());
  }

  /** All that there is, as Prometheus reads it. */
  public String text() {
    StringBuilder text = new StringBuilder();
    head(text, "headrace_http_request_seconds", "histogram", "Time until an answer was known.");
    requests.entrySet().stream()
        .sorted(Comparator.comparing(it -> it.getKey().toString()))
        .forEach(it -> histogram(text, it.getKey(), it.getValue()));
    for (Reading number : numbers) {
      String name = "headrace_" + number.name();
      head(text, name, number.type(), number.help());
      number.values().get().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(it ->
              line(
                  text, name, number.label() + "=\"" + escaped(it.getKey()) + "\"", it.getValue()));
    }
    return text.toString();
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void histogram(StringBuilder text, Key key, Series series) {
    String labels =
        "method=\"%s\",route=\"%s\",status=\"%d\""
            .formatted(escaped(key.method), escaped(key.route), key.status);
    String name = "headrace_http_request_seconds";
    long count = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      count += series.buckets[i].sum();
      line(text, name + "_bucket", labels + ",le=\"" + number(BOUNDS[i]) + "\"", (double) count);
    }
    count += series.buckets[BOUNDS.length].sum();
    line(text, name + "_bucket", labels + ",le=\"+Inf\"", (double) count);
    line(text, name + "_sum", labels, series.nanos.sum() / NANOS);
    line(text, name + "_count", labels, (double) count);
  }

  private static void line(StringBuilder text, String name, String labels, double value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%s", value);
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
