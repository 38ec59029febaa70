package io.headrace.registry;

import io.headrace.asset.AssetWatch;
import io.headrace.asset.Assets;
import io.headrace.spi.MetadataStore;
import io.headrace.spi.ObjectStore;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * The door to the model registry. Thread-safe. Whatever a method wrote is durable when it returns;
 * what it refused with a {@link TrackingException} left no trace.
 */
public final class Registry implements AutoCloseable {
  private final RegisteredModels models;
  private final ModelVersions versions;
  private final Aliases aliases;
  private final RegistrySearch search;
  private final Webhooks webhooks;
  private final Deliveries deliveries;

  private Registry(
      MetadataStore store,
      Tracking tracking,
      ModelInspector inspector,
      InstantSource clock,
      Hooks hooks) {
    WebhookSender sender = new WebhookSender(hooks.settings(), clock);
    SecretSeal seal = new SecretSeal(hooks.key());
    deliveries = new Deliveries(store, clock, sender, seal, hooks.log());
    Outbox outbox = new Outbox(clock, deliveries::wake);
    models = new RegisteredModels(store, clock, outbox);
    versions = new ModelVersions(store, clock, outbox, tracking, inspector);
    aliases = new Aliases(store, clock, outbox);
    search = new RegistrySearch(store);
    webhooks = new Webhooks(store, clock, hooks.settings(), sender, seal);
    webhooks.sealAll();
  }

  /**
   * How webhooks are sent.
   *
   * @param key the file of the key that seals secrets, made when the first is; absolute
   * @param log told, a line each, of what could not be sent
   */
  public record Hooks(WebhookSettings settings, Path key, Consumer<String> log) {}

  /** Brings the tables up to date, and takes in models that were made as assets before. */
  public static Registry open(
      MetadataStore store,
      ObjectStore objects,
      Tracking tracking,
      InstantSource clock,
      Hooks hooks) {
    Assets.migrate(store);
    migrate(store);
    ModelViews.adoptAll(store, new ModelViews(clock));
    ModelInspector inspector =
        new ModelInspector(tracking.artifacts(), objects, new PickleScanner());
    return new Registry(store, tracking, inspector, clock, hooks);
  }

  private static void migrate(MetadataStore store) {
    store.migrate(Tables.ROOM, Tables.STEPS);
  }

  /** Shows models that are made as assets in the registry, too, in the same transaction. */
  public static AssetWatch watch(MetadataStore store, InstantSource clock) {
    migrate(store);
    return new ModelViews(clock);
  }

  public RegisteredModels models() {
    return models;
  }

  public ModelVersions versions() {
    return versions;
  }

  public Aliases aliases() {
    return aliases;
  }

  public RegistrySearch search() {
    return search;
  }

  public Webhooks webhooks() {
    return webhooks;
  }

  /** Sends what another process left unsent. */
  public void deliverPending() {
    deliveries.wake();
  }

  /** Waits some seconds for messages under way. */
  @Override
  public void close() {
    deliveries.close();
  }
}
