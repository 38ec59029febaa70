package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import io.headrace.spi.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Takes away the objects that nothing names any more. Others may work meanwhile: what is put or
 * asked for while it is being decided stays, since it was used a moment ago, and a record that
 * names it will follow.
 */
public final class Sweep {
  private final ObjectStore store;
  private final Set<Digest> named = new HashSet<>();
  private final Deque<Digest> unread = new ArrayDeque<>();

  private Sweep(ObjectStore store) {
    this.store = store;
  }

  /**
   * What went, or would go.
   *
   * @param objects how many
   * @param bytes how many they had
   * @param kept how many objects are left
   * @param recent how many of these nobody names, but were used of late
   */
  public record Report(long objects, long bytes, long kept, long recent) {}

  /**
   * Where the records name objects.
   *
   * @param leftOut tables whose names do not count
   * @param besides what is named in another way; asked when all objects were listed
   */
  public record Named(Set<String> leftOut, Supplier<Set<Digest>> besides) {}

  /**
   * Sweeps a store.
   *
   * @param by what the records name
   * @param unusedSince what was used later stays
   * @param dryRun whether all stays, and is only counted
   * @throws ProblemException when a folder's list is damaged: what it names cannot be told
   */
  public static Report run(
      ObjectStore store, MetadataStore records, Named by, Instant unusedSince, boolean dryRun)
      throws IOException {
    // First the objects, then who names them: what comes between is new, and no candidate.
    List<Digest> all;
    try (var objects = store.list()) {
      all = objects.toList();
    }
    List<Digest> candidates = new ArrayList<>();
    for (Digest digest : all) {
      if (store.unusedSince(digest, unusedSince)) {
        candidates.add(digest);
      }
    }
    Sweep sweep = new Sweep(store);
    sweep.mark(new HashSet<>(all), NamedDigests.in(records, by.leftOut()));
    sweep.mark(new HashSet<>(all), by.besides().get());
    return sweep.take(all, candidates, unusedSince, dryRun);
  }

  private Report take(
      List<Digest> all, List<Digest> candidates, Instant unusedSince, boolean dryRun)
      throws IOException {
    long objects = 0;
    long bytes = 0;
    for (Digest digest : candidates) {
      if (named.contains(digest)) {
        continue;
      }
      long size = Math.max(0, store.size(digest));
      if (dryRun || store.removeUnused(digest, unusedSince)) {
        objects++;
        bytes += size;
      }
    }
    long unnamed = all.stream().filter(digest -> !named.contains(digest)).count();
    return new Report(objects, bytes, all.size() - objects, unnamed - objects);
  }

  private void mark(Set<Digest> here, Set<Digest> roots) throws IOException {
    roots.stream().filter(here::contains).filter(named::add).forEach(unread::add);
    while (!unread.isEmpty()) {
      read(unread.remove(), here);
    }
  }

  /** A folder names its files; a plan, which is JSON, the data and the code of its steps. */
  private void read(Digest digest, Set<Digest> here) throws IOException {
    try (var object = store.open(digest)) {
      byte[] start = object.readNBytes(FolderManifest.headerLength());
      if (FolderManifest.isManifest(start)) {
        readFolder(digest);
      } else if (start.length > 0 && start[0] == '{') {
        NamedDigests.in(
            new SequenceInputStream(new ByteArrayInputStream(start), object),
            it -> {
              if (here.contains(it) && named.add(it)) {
                unread.add(it);
              }
            });
      }
    } catch (FileNotFoundException e) {
      // Missing: fsck tells who needs it; here it names nothing.
    }
  }

  private void readFolder(Digest digest) throws IOException {
    try {
      for (var file : FolderManifest.read(store, digest).files()) {
        named.add(file.digest());
      }
    } catch (ProblemException e) {
      if (store.intact(digest)) {
        return; // a user's file that begins as a folder's list does
      }
      throw Problem.of(
              ErrorCode.OBJECT_DAMAGED,
              "folder "
                  + digest
                  + " is damaged: what it holds cannot be told, and nothing was removed")
          .fix("run 'headrace fsck --repair' first")
          .asException();
    }
  }
}
