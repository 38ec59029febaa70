package io.headrace.store;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.backend.sqlite.SqliteMetadataStore;
import io.headrace.name.Digest;
import io.headrace.spi.MetadataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** A workspace with real records and objects, and a folder for a user's files beside it. */
final class Fixture implements AutoCloseable {
  final Path home;
  final Path workspace;
  final FileObjectStore store;
  final MetadataStore records;

  Fixture(Path folder) throws IOException {
    home = Files.createDirectories(folder.resolve("home"));
    workspace = Files.createDirectories(home.resolve(".headrace"));
    store = new FileObjectStore(workspace.resolve("objects"));
    records = SqliteMetadataStore.open(workspace.resolve("records.db"));
  }

  Path write(String name, String text) throws IOException {
    var file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** The cache of a command that begins now. */
  StatCache cache() {
    return new StatCache(records);
  }

  Capture storing() {
    return Capture.storing(store, cache(), workspace);
  }

  Capture identifying() {
    return Capture.identifying(cache(), workspace);
  }

  Staging staging() {
    return new Staging(store, Sources.NONE);
  }

  Path object(Digest digest) {
    return workspace.resolve("objects", digest.hex().substring(0, 2), digest.hex().substring(2));
  }

  /** Waits until a file is old enough for the cache to trust its times. */
  static void settle(Path file) throws IOException {
    long changed = FileStat.of(file).changed();
    while (StatCache.now() - changed < 60_000_000L) {
      Thread.onSpinWait();
    }
  }

  /** Gives a file back the modification time it had, as rsync does. */
  static void restoreTime(Path file, FileTime time) throws IOException {
    Files.setLastModifiedTime(file, time);
  }

  static FileTime longAgo() {
    return FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));
  }

  @Override
  public void close() {
    records.close();
    store.close();
  }
}
