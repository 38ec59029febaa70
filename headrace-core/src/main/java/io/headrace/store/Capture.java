package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.plan.Code;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.ObjectStore;
import io.headrace.store.Contents.Content;
import io.headrace.store.FolderManifest.Entry;
import io.headrace.store.FolderManifest.FileEntry;
import io.headrace.store.FolderManifest.FolderEntry;
import io.headrace.store.FolderWalk.Found;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names local files and folders by their bytes, for one run: each path is looked at once, however
 * many steps use it. Either keeps the bytes in the object store, durably, or only finds their
 * digests. Files that the cache knows to be unchanged are not read. Thread-safe; one capture at a
 * time goes on.
 *
 * <p>Close it: what was learned is then saved for the next run.
 */
public final class Capture implements AutoCloseable {
  private final Optional<ObjectStore> store;
  private final StatCache cache;
  private final Optional<Path> workspace;
  private final Contents contents;
  private final Map<Path, Captured> data = new HashMap<>();
  private final Map<Code.Local, Captured> code = new HashMap<>();
  private final List<Problem> warnings = new ArrayList<>();

  private Capture(Optional<ObjectStore> store, StatCache cache, Optional<Path> workspace) {
    this.store = store;
    this.cache = cache;
    this.workspace = workspace;
    contents = new Contents(store, cache);
  }

  /**
   * Keeps the bytes.
   *
   * @param workspace absolute; never part of what is captured
   */
  public static Capture storing(ObjectStore store, StatCache cache, Path workspace) {
    return new Capture(Optional.of(store), cache, Optional.of(workspace));
  }

  /** Only finds digests: the same as {@link #storing} finds. */
  public static Capture identifying(StatCache cache, Path workspace) {
    return new Capture(Optional.empty(), cache, Optional.of(workspace));
  }

  /**
   * Captures data: a file, or a folder without what its ignore file names. Rights are not part of
   * it; empty folders are.
   *
   * @param path absolute
   * @throws io.headrace.problem.ProblemException MISSING_PATH, UNSAFE_PATH or DISK
   */
  public synchronized Captured data(Path path) {
    var known = data.get(path);
    if (known != null) {
      return known;
    }
    var captured = guarded(path, () -> captureData(path));
    data.put(path, captured);
    return captured;
  }

  /**
   * Captures many files at once, which is far faster for new ones than one after the other; {@link
   * #data} then answers from that. What is not a plain file, or cannot be looked at, is left for
   * {@link #data}, which tells why.
   *
   * @param paths absolute
   * @throws io.headrace.problem.ProblemException DISK
   */
  public synchronized void prepare(Collection<Path> paths) {
    long before = StatCache.now();
    var files = new ArrayList<Found>();
    for (var path : new LinkedHashSet<>(paths)) {
      if (!data.containsKey(path)) {
        plainFile(path).ifPresent(files::add);
      }
    }
    if (files.isEmpty()) {
      return;
    }
    try {
      var found = contents.of(files, before);
      for (int i = 0; i < files.size(); i++) {
        var content = found.get(i);
        var file = files.get(i);
        data.put(
            file.path(), new Captured(content.digest(), false, file.name(), content.size(), 1));
      }
    } catch (IOException e) {
      throw DiskProblem.reading(files.getFirst().folder(), e);
    }
  }

  private static Optional<Found> plainFile(Path path) {
    try {
      var stat = FileStat.followed(path);
      return stat.isFile() && Files.isReadable(path) && FileNames.text(path).isPresent()
          ? Optional.of(Found.alone(path, stat))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Captures the files that a step finds in its working folder, as a folder.
   *
   * @throws io.headrace.problem.ProblemException MISSING_PATH, UNSAFE_PATH, EMPTY_SNAPSHOT,
   *     CONFLICT or DISK
   */
  public synchronized Captured code(Code.Local local) {
    var known = code.get(local);
    if (known != null) {
      return known;
    }
    var captured = guarded(local.path(), () -> captureCode(local));
    code.put(local, captured);
    return captured;
  }

  /**
   * Captures files that are on no disk, as a folder.
   *
   * @param files by their paths in it, joined by slashes
   */
  public Captured supplied(Map<String, byte[]> files) throws IOException {
    var entries = new ArrayList<Entry>();
    for (var file : files.entrySet()) {
      var bytes = file.getValue();
      var digest = Digest.of(Digest.sha256().digest(bytes));
      if (store.isPresent()) {
        store.get().put(new ByteArrayInputStream(bytes));
      }
      entries.add(new FileEntry(file.getKey(), digest, bytes.length, false));
    }
    return captured(FolderManifest.ofUnsorted(entries), Path.of("supplied"));
  }

  /** What is odd but stops nothing: LARGE_SNAPSHOT. */
  public synchronized List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  /** Saves what was learned; the capture can still be used. */
  @Override
  public synchronized void close() {
    cache.save();
  }

  private interface Work {
    Captured run() throws IOException;
  }

  private static Captured guarded(Path path, Work work) {
    try {
      return work.run();
    } catch (NoSuchFileException e) {
      throw Problem.of(ErrorCode.MISSING_PATH, path + " is not there")
          .fix("correct the path, or make the file or folder")
          .asException(e);
    } catch (FileSystemException e) {
      throw DiskProblem.reading(Path.of(e.getFile()), e);
    } catch (IOException e) {
      throw DiskProblem.reading(path, e);
    }
  }

  private Captured captureData(Path path) throws IOException {
    long before = StatCache.now();
    var stat = FileStat.followed(path);
    return switch (stat.kind()) {
      case FILE -> file(Found.alone(path, stat), before);
      case FOLDER -> folder(path, before);
      case LINK, SPECIAL ->
          throw Problem.of(
                  ErrorCode.UNSAFE_PATH,
                  path + " is neither a file nor a folder (a socket, a pipe or a device)")
              .asException();
    };
  }

  private Captured file(Found file, long before) throws IOException {
    var content = contents.of(List.of(file), before).getFirst();
    return new Captured(content.digest(), false, file.name(), content.size(), 1);
  }

  private Captured folder(Path folder, long before) throws IOException {
    cache.load(folder);
    var rules = IgnoreRules.of(folder);
    var tree = new FolderWalk(rules, workspace, FolderWalk.Links.ALL).of(folder);
    var entries = new ArrayList<Entry>(tree.files().size() + tree.emptyFolders().size());
    addFiles(entries, tree.files(), before, false);
    for (var empty : tree.emptyFolders()) {
      entries.add(new FolderEntry(empty));
    }
    var manifest =
        tree.emptyFolders().isEmpty()
            ? new FolderManifest(entries)
            : FolderManifest.ofUnsorted(entries);
    return captured(manifest, folder);
  }

  private Captured captureCode(Code.Local local) throws IOException {
    long before = StatCache.now();
    if (Files.isDirectory(local.path())) {
      cache.load(local.path());
    }
    var snapshot = Snapshot.of(local, workspace);
    var entries = new ArrayList<Entry>();
    addFiles(entries, snapshot.files(), before, true);
    for (var zip : snapshot.zips()) {
      var content = archive(zip);
      entries.add(new FileEntry(zip.name(), content.digest(), content.size(), false));
    }
    var manifest = FolderManifest.ofUnsorted(entries);
    SnapshotSize.warning(local.path(), manifest).ifPresent(warnings::add);
    return captured(manifest, local.path());
  }

  private void addFiles(List<Entry> entries, List<Found> files, long before, boolean rights)
      throws IOException {
    var found = contents.of(files, before);
    for (int i = 0; i < files.size(); i++) {
      var file = files.get(i);
      var content = found.get(i);
      entries.add(
          new FileEntry(
              file.name(), content.digest(), content.size(), rights && file.stat().executable()));
    }
  }

  private Content archive(Snapshot.Zip zip) throws IOException {
    if (store.isEmpty()) {
      try (var hash = new DigestOutputStream(OutputStream.nullOutputStream(), Digest.sha256())) {
        var count = new CountingStream(hash);
        Archive.write(zip.files(), count);
        return new Content(Digest.of(hash.getMessageDigest().digest()), count.written());
      }
    }
    var file = Files.createTempFile("headrace-", ".zip");
    try {
      try (var out = new java.io.BufferedOutputStream(Files.newOutputStream(file))) {
        Archive.write(zip.files(), out);
      }
      return new Content(store.get().put(file), Files.size(file));
    } finally {
      Files.delete(file);
    }
  }

  private Captured captured(FolderManifest manifest, Path path) throws IOException {
    var digest = store.isPresent() ? manifest.put(store.get()) : manifest.digest();
    var name = FileNames.text(path.normalize()).orElse("");
    return new Captured(digest, true, name, manifest.bytes(), manifest.fileCount());
  }
}
