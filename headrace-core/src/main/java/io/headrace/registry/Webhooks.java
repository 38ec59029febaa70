package io.headrace.registry;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.Page;
import io.headrace.tracking.TrackingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The webhooks. Thread-safe. */
public final class Webhooks {
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,63}$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final int MOST = 1_000;
  private static final String COLUMNS =
      "select w.number, w.webhook_id, w.name, w.description, w.url, w.status, w.created, w.updated"
          + " from registry_webhooks w ";
  private static final Keyset NEWEST =
      new Keyset("w", List.of(new Keyset.Column("w.number", false, true)));

  private final MetadataStore store;
  private final InstantSource clock;
  private final WebhookSettings settings;
  private final WebhookSender sender;
  private final SecretSeal seal;

  Webhooks(
      MetadataStore store,
      InstantSource clock,
      WebhookSettings settings,
      WebhookSender sender,
      SecretSeal seal) {
    this.store = store;
    this.clock = clock;
    this.settings = settings;
    this.sender = sender;
    this.seal = seal;
  }

  /** Secrets that were written before they were sealed. */
  void sealAll() {
    record Plain(long number, String secret) {}
    List<Plain> plain =
        store
            .read(connection ->
                Sql.list(
                    connection,
                    "select number, secret from registry_webhooks where secret <> ''",
                    row -> new Plain(row.getLong(1), row.getString(2))))
            .stream()
            .filter(it -> !SecretSeal.isSealed(it.secret()))
            .toList();
    for (Plain it : plain) {
      String sealed = seal.seal(it.secret());
      store.writeNow(connection ->
          Sql.update(
              connection,
              "update registry_webhooks set secret = ? where number = ? and secret = ?",
              sealed,
              it.number(),
              it.secret()));
    }
    if (!plain.isEmpty()) {
      store.erase();
    }
  }

  /**
   * What a new webhook is to be.
   *
   * @param secret empty for none
   */
  public record NewWebhook(
      String name,
      String url,
      List<WebhookEvent> events,
      String description,
      String secret,
      boolean active) {}

  public Webhook create(NewWebhook wanted) {
    checkName(wanted.name());
    checkUrl(wanted.url());
    checkEvents(wanted.events());
    long now = clock.millis();
    String secret = seal.seal(wanted.secret());
    return store.writeNow(connection -> {
      long number = Sql.next(connection, "registry_webhooks", "number");
      String id = UUID.randomUUID().toString();
      Sql.update(
          connection,
          "insert into registry_webhooks values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          number,
          id,
          wanted.name(),
          wanted.description(),
          wanted.url(),
          secret,
          status(wanted.active()),
          now,
          now);
      putEvents(connection, number, wanted.events());
      return require(connection, id);
    });
  }

  private static String status(boolean active) {
    return active ? "ACTIVE" : "DISABLED";
  }

  private static void putEvents(Connection connection, long webhook, List<WebhookEvent> events)
      throws SQLException {
    Sql.update(connection, "delete from registry_webhook_events where webhook = ?", webhook);
    for (WebhookEvent event : new LinkedHashSet<>(events)) {
      Sql.update(
          connection, "insert into registry_webhook_events values (?, ?)", webhook, event.name());
    }
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw TrackingException.invalid(
          ("Webhook name %s is invalid. It must start and end with a letter or digit, be less than 63"
                  + " characters long, and contain only letters, digits, dots (.), underscores (_),"
                  + " and hyphens (-).")
              .formatted(Quoting.repr(name)));
    }
  }

  private void checkUrl(String url) {
    if (url.isBlank()) {
      throw TrackingException.invalid(
          "Webhook URL cannot be empty or just whitespace: " + Quoting.repr(url));
    }
    Uri parsed = Uri.parse(url);
    if (!settings.schemes().contains(parsed.scheme())) {
      throw TrackingException.invalid(
          "Invalid webhook URL scheme: %s. Allowed schemes are: %s."
              .formatted(Quoting.repr(parsed.scheme()), String.join(", ", settings.schemes())));
    }
    if (parsed.host().isEmpty()) {
      throw TrackingException.invalid("Webhook URL must include a hostname: " + Quoting.repr(url));
    }
    try {
      if (new URI(url).getHost() == null || parsed.authority().indexOf('@') >= 0) {
        throw TrackingException.invalid("Invalid webhook URL " + Quoting.repr(url));
      }
    } catch (URISyntaxException e) {
      throw TrackingException.invalid(
          "Invalid webhook URL %s: %s".formatted(Quoting.repr(url), e.getReason()));
    }
    if (!settings.privateAddresses()) {
      PublicAddress.require(parsed.host());
    }
  }

  private static void checkEvents(List<WebhookEvent> events) {
    if (events.isEmpty()) {
      throw TrackingException.invalid(
          "Webhook events must be a non-empty list of WebhookEvent objects: [].");
    }
  }

  public Webhook get(String id) {
    return store.read(connection -> require(connection, id));
  }

  /** A page of the webhooks, the newest first. */
  public Page<Webhook> list(int limit, Optional<String> after) {
    if (limit < 1 || limit > MOST) {
      throw TrackingException.invalid("max_results must be between 1 and 1000.");
    }
    return store.read(connection -> {
      Statement query = new Statement(connection).add(COLUMNS + "where 1 = 1");
      if (after.isPresent()) {
        query.add(" and ");
        NEWEST.after(query, after.get());
      }
      query.add(" order by " + NEWEST.orderBy() + " limit ?", limit + 1L);
      List<Numbered> found =
          Sql.list(connection, query.sql(), row -> read(connection, row), query.values());
      List<Webhook> shown = new ArrayList<>();
      found.subList(0, Math.min(limit, found.size())).forEach(it -> shown.add(it.webhook));
      return new Page<>(
          shown,
          found.size() > limit
              ? Optional.of(NEWEST.token(List.of(found.get(limit - 1).number)))
              : Optional.empty());
    });
  }

  /** A webhook's row. */
  private record Numbered(long number, Webhook webhook) {}

  private static Numbered read(Connection connection, ResultSet row) throws SQLException {
    long number = row.getLong(1);
    List<WebhookEvent> events =
        Sql.list(
            connection,
            "select event from registry_webhook_events where webhook = ?",
            event -> WebhookEvent.valueOf(event.getString(1)),
            number);
    return new Numbered(
        number,
        new Webhook(
            row.getString(2),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            events.stream().sorted().toList(),
            row.getString(6).equals("ACTIVE"),
            row.getLong(7),
            row.getLong(8)));
  }

  private static Webhook require(Connection connection, String id) throws SQLException {
    return numbered(connection, id).webhook;
  }

  private static Numbered numbered(Connection connection, String id) throws SQLException {
    return Sql.first(
            connection, COLUMNS + "where w.webhook_id = ?", row -> read(connection, row), id)
        .orElseThrow(() ->
            TrackingException.notFound(
                "Webhook with ID %s not found.".formatted(Quoting.plain(id))));
  }

  /** What is to be changed of a webhook; what is absent stays. */
  public record Change(
      Optional<String> name,
      Optional<String> url,
      List<WebhookEvent> events,
      Optional<String> description,
      Optional<String> secret,
      Optional<Boolean> active) {}

  public Webhook update(String id, Change change) {
    get(id); // what is not here is told first
    change.name().ifPresent(Webhooks::checkName);
    change.url().ifPresent(this::checkUrl);
    long now = clock.millis();
    Optional<String> secret = change.secret().map(seal::seal);
    return store.writeNow(connection -> {
      Numbered known = numbered(connection, id);
      Webhook it = known.webhook;
      Sql.update(
          connection,
          "update registry_webhooks set name = ?, url = ?, description = ?, status = ?, updated = ?"
              + " where number = ?",
          change.name().orElse(it.name()),
          change.url().orElse(it.url()),
          change.description().orElse(it.description()),
          status(change.active().orElse(it.active())),
          now,
          known.number);
      if (secret.isPresent()) {
        Sql.update(
            connection,
            "update registry_webhooks set secret = ? where number = ?",
            secret.get(),
            known.number);
      }
      if (!change.events().isEmpty()) {
        putEvents(connection, known.number, change.events());
      }
      return require(connection, id);
    });
  }

  /** Takes a webhook away, with what it was still to be told. */
  public void delete(String id) {
    store.writeNow(connection -> {
      long number = numbered(connection, id).number;
      for (String table : List.of("registry_webhook_events", "registry_deliveries")) {
        Sql.update(connection, "delete from " + table + " where webhook = ?", number);
      }
      return Sql.update(connection, "delete from registry_webhooks where number = ?", number);
    });
  }

  /** What became of a message that was sent as a trial. */
  public sealed interface Tried {
    /** An answer of any status. */
    record Answered(int status, String body) implements Tried {}

    record Failed(String why) implements Tried {}
  }

  /** Sends a message of the kind, or of the first one it wants, with made-up content. */
  public Tried test(String id, Optional<WebhookEvent> event) {
    Webhook webhook = get(id);
    String secret =
        store.read(connection ->
            Sql.first(
                    connection,
                    "select secret from registry_webhooks where webhook_id = ?",
                    row -> row.getString(1),
                    id)
                .orElse(""));
    WebhookEvent what = event.orElse(webhook.events().getFirst());
    WebhookSender.Message message =
        new WebhookSender.Message(
            webhook.url(),
            seal.open(secret),
            UUID.randomUUID().toString(),
            Outbox.body(what, WebhookExamples.of(what), clock));
    return switch (sender.send(message)) {
      case WebhookSender.Outcome.Answered(int status, String body) ->
          new Tried.Answered(status, body);
      case WebhookSender.Outcome.Unreached(String why) ->
          new Tried.Failed("Failed to test webhook: " + why);
      case WebhookSender.Outcome.Forbidden(String why) ->
          new Tried.Failed("Failed to test webhook: " + why);
    };
  }
}
