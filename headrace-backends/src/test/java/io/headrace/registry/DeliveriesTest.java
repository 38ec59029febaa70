package io.headrace.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.headrace.backend.file.FileObjectStore;
import io.headrace.registry.WebhookSender.Message;
import io.headrace.registry.Webhooks.NewWebhook;
import io.headrace.registry.Webhooks.Tried;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import io.headrace.tracking.Tracking;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Webhooks against a real receiver. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DeliveriesTest {
  private static final WebhookSettings LOCAL = new WebhookSettings(List.of("http", "https"), true);
  private static final InstantSource CLOCK = InstantSource.system();

  /** What the receiver got. */
  private record Received(String id, String second, String signature, String body) {}

  @Parameter TestDatabase database;
  @TempDir Path folder;
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private MetadataStore records;
  private FileObjectStore objects;
  private HttpServer receiver;

  @BeforeEach
  void open() throws Exception {
    records = database.open(folder);
    objects = new FileObjectStore(folder.resolve("objects"));
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        call -> {
          var headers = call.getRequestHeaders();
          received.add(
              new Received(
                  headers.getFirst("X-MLflow-Delivery-Id"),
                  headers.getFirst("X-MLflow-Timestamp"),
                  String.valueOf(headers.getFirst("X-MLflow-Signature")),
                  new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          boolean refuses = refusals.getAndUpdate(it -> Math.max(0, it - 1)) > 0;
          if (call.getRequestURI().getPath().equals("/moved")) {
            call.getResponseHeaders().add("Location", "/elsewhere");
            call.sendResponseHeaders(307, -1);
          } else {
            byte[] answer = "thanks".getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(refuses ? 503 : 200, answer.length);
            call.getResponseBody().write(answer);
          }
          call.close();
        });
    receiver.start();
  }

  @AfterEach
  void close() {
    receiver.stop(0);
    records.close();
    objects.close();
  }

  private Registry registry(WebhookSettings settings) {
    Tracking tracking = Tracking.open(records, objects, CLOCK);
    return Registry.open(
        records,
        objects,
        tracking,
        CLOCK,
        new Registry.Hooks(settings, folder.resolve("webhooks.key"), logged::add));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
  }

  private Webhook webhook(Registry registry, String path, boolean active) {
    return registry
        .webhooks()
        .create(
            new NewWebhook(
                "w",
                url(path),
                List.of(WebhookEvent.REGISTERED_MODEL_CREATED),
                "",
                "secret",
                active));
  }

  private Received next() throws InterruptedException {
    Received next = received.poll(60, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  /** The receiver has it before the records say so. */
  private void untilAllIsSent() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (waiting() > 0) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private long waiting() {
    return records.read(connection ->
        Sql.first(connection, "select count(*) from registry_deliveries", row -> row.getLong(1))
            .orElseThrow());
  }

  @Test
  void when_a_model_is_made_then_who_asked_is_told_with_a_signature() throws Exception {
    try (Registry registry = registry(LOCAL)) {
      webhook(registry, "/", true);
      registry.models().create("m", Map.of("k", "v"), "d", "");
      Received told = next();
      assertThat(told.body)
          .contains(
              "\"entity\":\"registered_model\",\"action\":\"created\"",
              "\"data\":{\"name\":\"m\",\"tags\":{\"k\":\"v\"},\"description\":\"d\"}");
      Message message = new Message("", "secret", told.id, told.body);
      assertThat(told.signature).isEqualTo(WebhookSender.signature(message, told.second));
      untilAllIsSent();
    }
  }

  @Test
  void when_a_change_is_refused_or_the_webhook_is_off_then_nobody_is_told() throws Exception {
    try (Registry registry = registry(LOCAL)) {
      webhook(registry, "/", false);
      registry.models().create("m", Map.of(), "", "");
    }
    assertThat(waiting()).isZero();
    assertThat(received).isEmpty();
  }

  @Test
  void when_the_receiver_is_busy_then_it_is_told_again_under_the_same_id() throws Exception {
    refusals.set(1);
    try (Registry registry = registry(LOCAL)) {
      webhook(registry, "/", true);
      registry.models().create("m", Map.of(), "", "");
      assertThat(next().id).isEqualTo(next().id);
    }
  }

  @Test
  void when_the_process_ends_before_then_the_next_one_tells() throws Exception {
    refusals.set(Integer.MAX_VALUE);
    try (Registry registry = registry(LOCAL)) {
      webhook(registry, "/", true);
      registry.models().create("m", Map.of(), "", "");
      next();
    }
    assertThat(waiting()).isOne();
    refusals.set(0);
    try (Registry registry = registry(LOCAL)) {
      registry.deliverPending();
      next();
      untilAllIsSent();
    }
  }

  @Test
  void when_tried_then_the_answer_is_shown_and_a_redirect_is_not_followed() {
    try (Registry registry = registry(LOCAL)) {
      Webhook webhook = webhook(registry, "/", true);
      assertThat(registry.webhooks().test(webhook.id(), Optional.empty()))
          .isEqualTo(new Tried.Answered(200, "thanks"));
      Webhook moved = webhook(registry, "/moved", true);
      assertThat(registry.webhooks().test(moved.id(), Optional.of(WebhookEvent.PROMPT_TAG_SET)))
          .isEqualTo(new Tried.Answered(307, ""));
      assertThat(received).hasSize(2);
    }
  }

  @Test
  void when_private_addresses_are_not_allowed_then_none_is_called_even_if_it_was_kept_before() {
    String id;
    try (Registry registry = registry(LOCAL)) {
      id = webhook(registry, "/", true).id();
    }
    try (Registry registry = registry(new WebhookSettings(List.of("http", "https"), false))) {
      assertThat(registry.webhooks().test(id, Optional.empty())).isInstanceOf(Tried.Failed.class);
    }
    WebhookSender strict = new WebhookSender(WebhookSettings.PUBLIC, CLOCK);
    Message message = new Message(url("/").replace("http:", "https:"), "", "id", "{}");
    assertThat(strict.send(message)).isInstanceOf(WebhookSender.Outcome.Forbidden.class);
    assertThat(received).isEmpty();
  }

  @Test
  void when_shown_then_the_secret_is_not() {
    try (Registry registry = registry(LOCAL)) {
      Webhook webhook = webhook(registry, "/", true);
      assertThat(webhook.toString()).doesNotContain("secret");
      assertThat(registry.webhooks().list(10, Optional.empty()).items().toString())
          .doesNotContain("secret");
    }
  }

  private String kept() {
    return records.read(connection ->
        Sql.first(connection, "select secret from registry_webhooks", row -> row.getString(1))
            .orElseThrow());
  }

  @Test
  void when_kept_then_the_records_hold_the_secret_sealed_and_a_lost_key_is_told()
      throws IOException, InterruptedException {
    Path key = folder.resolve("webhooks.key");
    String id;
    try (Registry registry = registry(LOCAL)) {
      id = webhook(registry, "/", true).id();
      assertThat(kept()).startsWith("sealed:").doesNotContain("secret");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
    }
    records.writeNow(connection ->
        Sql.update(connection, "update registry_webhooks set secret = 'of an earlier version'"));
    try (Registry registry = registry(LOCAL)) {
      assertThat(kept()).startsWith("sealed:");
      assertThat(registry.webhooks().test(id, Optional.empty())).isInstanceOf(Tried.Answered.class);
      assertThat(received.take().signature()).startsWith("v1,");
      Files.delete(key);
      assertThatThrownBy(() -> registry.webhooks().test(id, Optional.empty()))
          .hasMessageContaining("webhooks.key is gone");
    }
  }
}
