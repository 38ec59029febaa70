package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderWalk.Found;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the digests of files: of the unchanged from the cache, of the others by reading them, once.
 *
 * @param store where the bytes are to be afterwards; empty when only their digests are wanted
 */
record Contents(Optional<ObjectStore> store, StatCache cache) {
  /** What a file holds. */
  record Content(Digest digest, long size) {}

  /**
   * The contents of files, in their order.
   *
   * @param before a time before they were looked at
   */
  List<Content> of(List<Found> files, long before) throws IOException {
    var contents = new Content[files.size()];
    var known = new ArrayList<Digest>();
    var folders = new FolderCursor(cache);
    for (int i = 0; i < contents.length; i++) {
      var file = files.get(i);
      var digest = folders.at(file).known(file.baseName(), file.stat());
      if (digest.isPresent()) {
        contents[i] = new Content(digest.get(), file.stat().size());
        known.add(digest.get());
      }
    }
    var gone = store.isEmpty() ? Set.<Digest>of() : store.get().missing(new HashSet<>(known));
    var unread = new ArrayList<Integer>();
    for (int i = 0; i < contents.length; i++) {
      if (contents[i] == null || gone.contains(contents[i].digest)) {
        unread.add(i);
      }
    }
    int threads = store.isEmpty() ? Parallel.CORES : Parallel.WRITERS;
    Parallel.each(unread, threads, i -> contents[i] = read(files.get(i).path()));
    for (int i : unread) {
      var file = files.get(i);
      if (contents[i].size == file.stat().size()) {
        folders.at(file).remember(file.baseName(), file.stat(), contents[i].digest, before);
      }
    }
    return Arrays.asList(contents);
  }

  /** Files come folder by folder: the cache's part is looked up once for each. */
  private static final class FolderCursor {
    private final StatCache cache;
    private Optional<Path> path = Optional.empty();
    private StatCache.@Nullable Folder folder;

    FolderCursor(StatCache cache) {
      this.cache = cache;
    }

    StatCache.Folder at(Found file) {
      var known = folder;
      if (known == null || path.isEmpty() || !path.get().equals(file.folder())) {
        known = cache.folder(file.folder());
        folder = known;
        path = Optional.of(file.folder());
      }
      return known;
    }
  }

  private Content read(Path file) throws IOException {
    try {
      if (store.isPresent()) {
        var digest = store.get().put(file);
        return new Content(digest, store.get().size(digest));
      }
      return hash(file);
    } catch (NoSuchFileException e) {
      throw Problem.of(ErrorCode.MISSING_PATH, file + " vanished while it was read")
          .fix("run again when nothing else writes to its folder")
          .asException(e);
    } catch (FileSystemException e) {
      throw DiskProblem.reading(file, e);
    }
  }

  /** Reads a file. */
  static Content hash(Path file) throws IOException {
    return new Content(Digest.ofFile(file), Files.size(file));
  }
}
