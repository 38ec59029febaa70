package io.headrace.backend.file;

import io.headrace.name.Digest;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Objects as files of one folder: {@code ab/cdef…} for digest {@code abcdef…}, read-only.
 * Thread-safe, and safe between processes, also when one of them is killed at any moment.
 *
 * <p>Durable: a file is written under a temporary name, sealed (read-only, its modification time
 * {@link ObjectStore#SEALED}), synced, linked to its name, and the folder synced, before a method
 * that stores returns. An object that was written to through a link is known by its modification
 * time, in one stat: it is read again before it is trusted, and counts as missing when damaged.
 *
 * <p>A write that fails (disk full, read-only, I/O error) throws a DISK problem ({@link
 * io.headrace.problem.ProblemException}) with path and free bytes, and leaves nothing visible.
 */
public final class FileObjectStore implements ObjectStore, AutoCloseable {
  /** Where it is, the store has been made; the folders for objects are made when first needed. */
  private static final String TEMP = "tmp";

  /**
   * Where objects are while it is decided whether they go; a name in here is as good as its own.
   */
  private static final String GOING = "going";

  private static final int SHARDS = 256;

  /** Uses are noted no more often: it costs a write. */
  private static final Duration NOTED = Duration.ofMinutes(30);

  /** From here on, two files of the same bytes are worth a link to save the space. */
  private static final long WORTH_SHARING = 64 * 1024;

  /** From here on, several threads ask for more than they cost. */
  private static final int MANY = 4096;

  private static final int MOST_REMEMBERED = 200_000;

  private final Path root;
  private final Disk disk;
  private final TempFolder temp;
  private final Path[] shards = new Path[SHARDS];

  /** 1 for each shard whose own name is known to have reached the disk. */
  private final AtomicIntegerArray durableShards = new AtomicIntegerArray(SHARDS);

  /** Objects whose names this process has seen reach the disk. */
  private final Set<Digest> durable = ConcurrentHashMap.newKeySet();

  private volatile Cloning cloning = Cloning.UNKNOWN;

  /** Whether a copy shares its blocks, and so costs no more than a link and protects better. */
  private enum Cloning {
    UNKNOWN,
    YES,
    NO
  }

  private enum State {
    WHOLE,
    ABSENT,
    DAMAGED
  }

  /**
   * Opens a store, or makes it.
   *
   * @param root its folder; made with the folders above it when it is not there
   */
  public FileObjectStore(Path root) {
    this(root, new Disk());
  }

  FileObjectStore(Path root, Disk disk) {
    this.root = root.toAbsolutePath().normalize();
    this.disk = disk;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = this.root.resolve(shardName(i));
    }
    var tempFolder = this.root.resolve(TEMP);
    try {
      if (!Files.isDirectory(tempFolder)) {
        make(tempFolder);
      }
    } catch (IOException e) {
      throw DiskProblem.writing(this.root, e);
    }
    temp = new TempFolder(tempFolder, disk);
    temp.sweep();
  }

  private static String shardName(int shard) {
    return (shard < 16 ? "0" : "") + Integer.toHexString(shard);
  }

  private void make(Path tempFolder) throws IOException {
    Files.createDirectories(root);
    makeFolder(tempFolder);
    disk.syncFolder(root);
    var parent = root.getParent();
    if (parent != null) {
      disk.syncFolder(parent);
    }
  }

  private void makeFolder(Path folder) throws IOException {
    try {
      disk.makeFolder(folder);
    } catch (FileAlreadyExistsException e) {
      return; // another process was faster
    }
  }

  @Override
  public Digest put(InputStream bytes) throws IOException {
    try (var scratch = Scratch.take()) {
      int length = scratch.fill(bytes);
      return Scratch.isAll(length) ? putSmall(scratch, length) : putLarge(scratch, length, bytes);
    }
  }

  @Override
  public Digest put(Path file) throws IOException {
    try (var scratch = Scratch.take()) {
      var before = FileState.of(file);
      var began = System.currentTimeMillis();
      try (var bytes = Files.newInputStream(file)) {
        int length = scratch.fill(bytes);
        if (Scratch.isAll(length)) {
          return putSmall(scratch, length);
        }
      }
      // Read, then copied by the kernel: costs no more than both at once, and nothing is written
      // when the object is here already.
      var digest = Digest.ofFile(file);
      if (isHere(digest)) {
        return digest;
      }
      var copy = temp.next();
      try {
        disk.copy(file, copy);
        if (!before.surelyUnchanged(FileState.of(file), began)) {
          digest = Digest.ofFile(copy);
        }
        disk.seal(copy, false);
        disk.sync(copy);
        publish(digest, copy);
      } finally {
        disk.delete(copy);
      }
      return digest;
    }
  }

  private Digest putSmall(Scratch scratch, int length) throws IOException {
    var digest = scratch.digestOf(length);
    if (isHere(digest)) {
      return digest;
    }
    var file = temp.next();
    try {
      try (var channel = disk.create(file)) {
        disk.write(channel, file, scratch.buffer, length);
        finish(channel, file);
      }
      publish(digest, file);
    } finally {
      disk.delete(file);
    }
    return digest;
  }

  private Digest putLarge(Scratch scratch, int firstLength, InputStream bytes) throws IOException {
    var file = temp.next();
    try {
      try (var channel = disk.create(file)) {
        int length = firstLength;
        while (length > 0) {
          scratch.sha256.update(scratch.buffer, 0, length);
          disk.write(channel, file, scratch.buffer, length);
          length = scratch.fill(bytes);
        }
        finish(channel, file);
      }
      var digest = Digest.of(scratch.sha256.digest());
      if (!isHere(digest)) {
        publish(digest, file);
      }
      return digest;
    } finally {
      disk.delete(file);
    }
  }

  private void finish(FileChannel channel, Path file) throws IOException {
    disk.seal(file, false);
    disk.sync(channel, file);
  }

  @Override
  public Digest adopt(Path file) throws IOException {
    var state = FileState.of(file, LinkOption.NOFOLLOW_LINKS);
    if (!state.isFile()) {
      throw new IOException("not a plain file: " + file);
    }
    var digest = Digest.ofFile(file);
    if (isHere(digest)) {
      share(digest, file, state);
      return digest;
    }
    // Another name of the file may be somebody's who goes on writing to it.
    if (state.links() > 1 || !linkIn(digest, file)) {
      return put(file);
    }
    return digest;
  }

  /** Makes the finished file itself the object; false when this file system cannot. */
  private boolean linkIn(Digest digest, Path file) throws IOException {
    if (!sealed(file)) {
      return false;
    }
    disk.sync(file);
    try {
      name(digest, file);
    } catch (ProblemException e) {
      return false;
    }
    sync(digest);
    return true;
  }

  /** Seals a file of the caller's; false for another user's file, of which a copy must do. */
  private boolean sealed(Path file) throws IOException {
    try {
      disk.seal(file, false);
      return true;
    } catch (ProblemException e) {
      return false;
    }
  }

  /** The file is as good as its object: read-only, and the same bytes when they are many. */
  private void share(Digest digest, Path file, FileState state) throws IOException {
    var object = path(digest);
    if (Files.isSameFile(file, object)) {
      return;
    }
    if (state.size() < WORTH_SHARING) {
      if (state.links() == 1) {
        var _ = sealed(file);
      }
      return;
    }
    var link = temp.next();
    try {
      disk.link(link, object);
      disk.move(link, file);
    } catch (ProblemException e) {
      return; // too many links, or another file system: two copies then
    } finally {
      disk.delete(link);
    }
  }

  /**
   * Makes a sealed and synced file of ours the object, durably. What has the name already is
   * damaged, or was put by another process a moment ago and is the same: either may go.
   */
  private void publish(Digest digest, Path file) throws IOException {
    try {
      disk.move(file, path(digest));
    } catch (NoSuchFileException e) {
      makeFolder(shard(digest));
      disk.move(file, path(digest));
    }
    sync(digest);
  }

  /** Gives a file the object's name too, unless a whole object has it. */
  private void name(Digest digest, Path file) throws IOException {
    var object = path(digest);
    try {
      link(object, file, shard(digest));
    } catch (FileAlreadyExistsException e) {
      if (state(digest) != State.WHOLE) {
        replace(object, file);
      }
    }
  }

  private void link(Path object, Path file, Path shard) throws IOException {
    try {
      disk.link(object, file);
    } catch (NoSuchFileException e) {
      makeFolder(shard);
      disk.link(object, file);
    }
  }

  /** Sees to it that a shard's own name has reached the disk; costs something once for each. */
  private void syncShardName(int shard) throws IOException {
    if (durableShards.get(shard) != 0) {
      return;
    }
    var seen = new ArrayList<Integer>();
    try (var folders = Files.newDirectoryStream(root, "[0-9a-f][0-9a-f]")) {
      for (var folder : folders) {
        seen.add(HexFormat.fromHexDigits(String.valueOf(folder.getFileName())));
      }
    }
    disk.syncFolder(root);
    seen.forEach(number -> durableShards.set(number, 1));
  }

  /** Puts whole bytes in the place of damaged ones; whoever comes second replaces good by good. */
  private void replace(Path object, Path file) throws IOException {
    var link = temp.next();
    try {
      disk.link(link, file);
      disk.move(link, object);
    } finally {
      disk.delete(link);
    }
  }

  /** Whether a whole object is here; then it is also durable. */
  private boolean isHere(Digest digest) throws IOException {
    if (state(digest) != State.WHOLE) {
      return false;
    }
    if (!durable.contains(digest)) {
      // Another process may have linked it a moment ago and not have synced the folder yet.
      sync(digest);
    }
    return true;
  }

  /** Makes the object's name durable. */
  private void sync(Digest digest) throws IOException {
    disk.syncFolder(shard(digest));
    syncShardName(shardNumber(digest));
    if (durable.size() >= MOST_REMEMBERED) {
      durable.clear();
    }
    durable.add(digest);
  }

  /** One stat, unless the object was written to since it was sealed: then it is read. */
  private State state(Digest digest) throws IOException {
    var object = path(digest);
    BasicFileAttributes attributes;
    try {
      attributes = attributes(object);
    } catch (NoSuchFileException e) {
      return revived(digest) ? state(digest) : State.ABSENT;
    }
    if (isSealed(attributes)) {
      return noted(object, attributes) ? State.WHOLE : state(digest);
    }
    try {
      return intact(digest) ? State.WHOLE : State.DAMAGED;
    } catch (FileNotFoundException e) {
      return State.ABSENT;
    }
  }

  /** Notes that the object is used, for {@link #removeUnused}; false when it went meanwhile. */
  private boolean noted(Path object, BasicFileAttributes attributes) {
    if (attributes.lastAccessTime().toInstant().isAfter(disk.now().minus(NOTED))) {
      return true;
    }
    try {
      disk.touch(object);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | ProblemException e) {
      return true; // a store that is only read, or another user's object
    }
  }

  private Path going(Digest digest) {
    return root.resolve(GOING).resolve(digest.hex());
  }

  /** Gives an object that is about to be taken away its name back; false when it is not here. */
  private boolean revived(Digest digest) throws IOException {
    Path aside = going(digest);
    if (!Files.exists(aside)) {
      return false;
    }
    try {
      disk.link(path(digest), aside);
      return true;
    } catch (FileAlreadyExistsException e) {
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public boolean unusedSince(Digest digest, Instant then) throws IOException {
    try {
      return isUnused(path(digest), then);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static boolean isUnused(Path file, Instant then) throws IOException {
    return attributes(file).lastAccessTime().toInstant().isBefore(then);
  }

  @Override
  public boolean removeUnused(Digest digest, Instant then) throws IOException {
    if (!unusedSince(digest, then)) {
      return false;
    }
    Path aside = going(digest);
    makeFolderOnce(aside.resolveSibling(""));
    try {
      disk.move(path(digest), aside);
    } catch (NoSuchFileException e) {
      return false;
    }
    durable.remove(digest);
    try {
      // Who came between the look and the move has left a note.
      boolean goes = isUnused(aside, then);
      if (!goes) {
        var _ = revived(digest);
      }
      return goes;
    } finally {
      disk.delete(aside);
    }
  }

  private void makeFolderOnce(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      makeFolder(folder);
    }
  }

  private static BasicFileAttributes attributes(Path object) throws IOException {
    return Files.readAttributes(object, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isSealed(BasicFileAttributes attributes) {
    return attributes.isRegularFile() && SEALED.equals(attributes.lastModifiedTime());
  }

  @Override
  public void give(Digest digest, Path target, boolean executable) throws IOException {
    switch (state(digest)) {
      case WHOLE -> {}
      case ABSENT -> throw missing(digest);
      case DAMAGED -> throw damaged(digest).asException();
    }
    try {
      giveWhole(digest, target, executable);
    } catch (FileNotFoundException e) {
      if (!revived(digest)) {
        throw e;
      }
      giveWhole(digest, target, executable);
    }
  }

  private void giveWhole(Digest digest, Path target, boolean executable) throws IOException {
    var object = path(digest);
    if (executable || clones() || !linked(object, target, digest)) {
      copyOut(object, target, executable, digest);
    }
  }

  private boolean linked(Path object, Path target, Digest digest) throws IOException {
    try {
      Files.createLink(target, object);
      return true;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (NoSuchFileException e) {
      if (!Files.exists(object)) {
        throw missing(digest);
      }
      throw e; // the target's folder
    } catch (IOException e) {
      return false; // another file system, or the last link that this one allows
    }
  }

  private void copyOut(Path object, Path target, boolean executable, Digest digest)
      throws IOException {
    try {
      disk.copy(object, target);
      disk.seal(target, executable);
    } catch (NoSuchFileException e) {
      if (!Files.exists(object)) {
        throw missing(digest);
      }
      throw e;
    }
  }

  /** Asked once for a store: XFS is not listed since not every XFS can. */
  private boolean clones() throws IOException {
    var known = cloning;
    if (known == Cloning.UNKNOWN) {
      known =
          switch (Files.getFileStore(root).type()) {
            case "btrfs", "bcachefs" -> Cloning.YES;
            default -> Cloning.NO;
          };
      cloning = known;
    }
    return known == Cloning.YES;
  }

  private static FileNotFoundException missing(Digest digest) {
    return new FileNotFoundException("object " + digest + " is not in the store");
  }

  private Problem damaged(Digest digest) {
    return Problem.of(
            ErrorCode.OBJECT_DAMAGED,
            "object " + digest + " no longer has the bytes it was stored with: " + path(digest))
        .fix("run 'headrace fsck --repair', then run again: what is missing is made anew");
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    try {
      return Files.newInputStream(path(digest));
    } catch (NoSuchFileException e) {
      if (revived(digest)) {
        return Files.newInputStream(path(digest));
      }
      throw missing(digest);
    }
  }

  @Override
  public long size(Digest digest) throws IOException {
    try {
      return attributes(path(digest)).size();
    } catch (NoSuchFileException e) {
      return revived(digest) ? size(digest) : -1;
    }
  }

  @Override
  public Set<Digest> missing(Collection<Digest> digests) throws IOException {
    if (digests.size() >= MANY) {
      return missingOfMany(digests);
    }
    var missing = new HashSet<Digest>();
    for (var digest : digests) {
      if (state(digest) != State.WHOLE) {
        missing.add(digest);
      }
    }
    return missing;
  }

  private Set<Digest> missingOfMany(Collection<Digest> digests) throws IOException {
    Set<Digest> missing = ConcurrentHashMap.newKeySet();
    try {
      digests.parallelStream()
          .forEach(digest -> {
            try {
              if (state(digest) != State.WHOLE) {
                missing.add(digest);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return missing;
  }

  @Override
  public boolean intact(Digest digest) throws IOException {
    var object = path(digest);
    try {
      if (isIntact(object, digest)) {
        return true;
      }
      breakSeal(object);
      return false;
    } catch (NoSuchFileException e) {
      throw missing(digest);
    }
  }

  /** What a bad disk has changed still looks untouched: from now on nobody trusts it unread. */
  private static void breakSeal(Path object) {
    try {
      if (isSealed(attributes(object))) {
        Files.setLastModifiedTime(object, FileTime.from(SEALED.toInstant().plusSeconds(1)));
      }
    } catch (IOException e) {
      // A disk that cannot be written to: it is told as damaged all the same.
    }
  }

  /** Seals a file again that was touched or made writable, but has its bytes. */
  private boolean isIntact(Path file, Digest digest) throws IOException {
    var attributes = attributes(file);
    if (!attributes.isRegularFile()) {
      return false;
    }
    if (!Digest.ofFile(file).equals(digest)) {
      return false;
    }
    // What a writer does between here and the seal is for the check after the writer's step.
    if (!isSealed(attributes) && Files.isWritable(root)) {
      disk.seal(file, false);
    }
    return true;
  }

  @Override
  public boolean dropIfDamaged(Digest digest) throws IOException {
    if (intact(digest)) {
      return false;
    }
    // Taken aside first: a whole object that another process put meanwhile must not be lost.
    var aside = temp.next();
    try {
      disk.move(path(digest), aside);
    } catch (NoSuchFileException e) {
      return true;
    }
    durable.remove(digest);
    try {
      if (isIntact(aside, digest)) {
        publish(digest, aside);
        return false;
      }
      return true;
    } finally {
      disk.delete(aside);
    }
  }

  @Override
  public Stream<Digest> list() throws IOException {
    reviveAll();
    return IntStream.range(0, SHARDS).boxed().flatMap(this::listShard);
  }

  /** What was going when a process was killed is here again. */
  private void reviveAll() throws IOException {
    try (var entries = Files.newDirectoryStream(root.resolve(GOING))) {
      for (var entry : entries) {
        var hex = String.valueOf(entry.getFileName());
        if (Digest.isDigest(hex) && revived(new Digest(hex))) {
          disk.delete(entry);
        }
      }
    } catch (NoSuchFileException e) {
      return; // nothing ever went
    }
  }

  private Stream<Digest> listShard(int shard) {
    var found = Stream.<Digest>builder();
    try (var entries = Files.newDirectoryStream(shards[shard])) {
      for (var entry : entries) {
        var hex = shardName(shard) + entry.getFileName();
        if (Digest.isDigest(hex)) {
          found.add(new Digest(hex));
        }
      }
    } catch (NoSuchFileException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw DiskProblem.reading(shards[shard], e);
    }
    return found.build();
  }

  @Override
  public void remove(Digest digest) throws IOException {
    durable.remove(digest);
    disk.delete(path(digest));
  }

  /** Gives the temporary folder back; the store can still be used. */
  @Override
  public void close() {
    try {
      temp.close();
    } catch (IOException e) {
      return; // the next to open the store sweeps it
    }
  }

  private static int shardNumber(Digest digest) {
    var hex = digest.hex();
    return Character.digit(hex.charAt(0), 16) * 16 + Character.digit(hex.charAt(1), 16);
  }

  private Path shard(Digest digest) {
    return shards[shardNumber(digest)];
  }

  private Path path(Digest digest) {
    return shard(digest).resolve(digest.hex().substring(2));
  }
}
