package io.headrace.registry;

import io.headrace.json.ValueJson;
import io.headrace.spec.Value;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What is still to be told to webhooks. A message is written in the transaction of the change that
 * it tells of: a crash leaves both or neither.
 */
final class Outbox {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'", Locale.ROOT);

  private final InstantSource clock;
  private final Runnable written;
  private final AtomicBoolean holds = new AtomicBoolean();

  /**
   * Makes an outbox.
   *
   * @param written called after a change that left messages
   */
  Outbox(InstantSource clock, Runnable written) {
    this.clock = clock;
    this.written = written;
  }

  /** Does a change, and then has its messages sent. */
  <T> T around(Supplier<T> change) {
    T result = change.get();
    // Never reset: another's change may be told of here before it is on the disk.
    if (holds.get()) {
      written.run();
    }
    return result;
  }

  /** Writes a message for each webhook that wants to hear of this. */
  void tell(Connection connection, WebhookEvent event, Value.Table data) throws SQLException {
    List<Long> webhooks =
        Sql.list(
            connection,
            "select w.number from registry_webhooks w"
                + " join registry_webhook_events e on e.webhook = w.number"
                + " where e.event = ? and w.status = 'ACTIVE' order by w.number",
            row -> row.getLong(1),
            event.name());
    for (long webhook : webhooks) {
      holds.set(true);
      Sql.update(
          connection,
          "insert into registry_deliveries values (?, ?, ?, ?, ?, 0, ?)",
          Sql.next(connection, "registry_deliveries", "number"),
          UUID.randomUUID().toString(),
          webhook,
          event.name(),
          body(event, data, clock),
          clock.millis());
    }
  }

  /** The body of a message, as MLflow writes it. */
  static String body(WebhookEvent event, Value.Table data, InstantSource clock) {
    return ValueJson.compact(
        data(
            "entity", text(event.entity()),
            "action", text(event.action()),
            "timestamp", text(TIME.format(clock.instant().atOffset(ZoneOffset.UTC))),
            "data", data));
  }

  /** A table of names and values in turn. */
  static Value.Table data(Object... namesAndValues) {
    Map<String, Value> entries = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      entries.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
    }
    return new Value.Table(entries);
  }

  static Value text(String text) {
    return new Value.Text(text);
  }

  /** Null for an empty text. */
  static Value told(String text) {
    return text.isEmpty() ? new Value.Nothing() : new Value.Text(text);
  }

  static Value texts(Map<String, String> texts) {
    Map<String, Value> entries = new LinkedHashMap<>();
    texts.forEach((key, value) -> entries.put(key, new Value.Text(value)));
    return new Value.Table(entries);
  }
}
