package io.headrace.job;

import io.headrace.spec.DataPath;
import io.headrace.spec.Kind;
import io.headrace.spec.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads data, models, computes, schedules and their like, from a tree that has been validated. */
final class ResourceReader {
  private final PartsReader parts;

  ResourceReader(PartsReader parts) {
    this.parts = parts;
  }

  Resource resource(Kind kind, Entries entries, Source source) {
    if (kind == Kind.ONLINE_DEPLOYMENT || kind == Kind.BATCH_DEPLOYMENT) {
      parts.environmentReference(entries, source); // its files must be there
    }
    return new Resource(
        kind,
        entries.text("name"),
        entries.version("version"),
        entries.text("type").map(text -> text.toLowerCase(Locale.ROOT)),
        entries.text("description"),
        path(kind, entries, source),
        kind == Kind.SCHEDULE ? TriggerReader.trigger(entries) : Optional.empty(),
        entries.except(List.of()),
        entries.where());
  }

  private static Optional<DataPath> path(Kind kind, Entries entries, Source source) {
    return kind == Kind.DATA || kind == Kind.MODEL
        ? entries.written("path").flatMap(written -> PortReader.dataPath("path:", written, source))
        : Optional.empty();
  }
}
