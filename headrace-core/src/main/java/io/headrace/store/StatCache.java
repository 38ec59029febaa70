package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers the digests of files by path, inode, size and times, so that what has not changed is
 * not read again. One record a folder. A file that changed so shortly before it was read that a
 * further change might not show in its times is not remembered (git calls such an entry racy).
 *
 * <p>The device is not compared: many machines number their disks anew at each start, and the time
 * of change, which no program can set, is told to the nanosecond.
 *
 * <p>A loss costs time, never truth. Thread-safe; two processes may share the database.
 */
public final class StatCache implements Sources {
  private static final List<List<String>> TABLES =
      List.of(
          List.of(
              "CREATE TABLE store_stat (folder TEXT NOT NULL PRIMARY KEY, entries BYTEA NOT NULL)"));

  /** The system's clock for file times moves in steps of at most 10 ms. */
  private static final long FINE_TICK = 50_000_000L;

  /** Some file systems keep times in seconds, or in two of them. */
  private static final long COARSE_TICK = 2_100_000_000L;

  private static final byte VERSION = 1;

  /** So many files that nobody asked for may stay in a folder's record. */
  private static final int MOST_UNUSED = 1_000;

  /** One file, as it was when its digest was taken. */
  private static final class Known {
    final long inode;
    final long size;
    final long modified;
    final long changed;
    final Digest digest;

    /** Whether this process met the file. */
    boolean used;

    Known(long inode, long size, long modified, long changed, Digest digest) {
      this.inode = inode;
      this.size = size;
      this.modified = modified;
      this.changed = changed;
      this.digest = digest;
    }

    boolean is(FileStat stat) {
      used = true;
      return inode == stat.inode()
          && size == stat.size()
          && modified == stat.modified()
          && changed == stat.changed();
    }
  }

  private final Optional<MetadataStore> records;
  private final Map<String, Map<String, Known>> folders = new HashMap<>();
  private final Set<String> unsaved = new HashSet<>();

  /** A cache in a database; makes its table. */
  public StatCache(MetadataStore records) {
    this(Optional.of(records));
    records.migrate("store", TABLES);
  }

  private StatCache(Optional<MetadataStore> records) {
    this.records = records;
  }

  /** A cache that is forgotten when the process ends. */
  public static StatCache inMemory() {
    return new StatCache(Optional.empty());
  }

  /** Now, in the unit of file times; to be taken before the files are looked at. */
  static long now() {
    var now = java.time.Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /** Reads what is known of a folder and all below it, in one query. */
  synchronized void load(Path folder) {
    if (records.isEmpty()) {
      return;
    }
    var key = FileNames.key(folder);
    var found =
        records
            .get()
            .read(connection ->
                select(
                    connection,
                    "SELECT folder, entries FROM store_stat WHERE folder = ?"
                        + " OR (folder >= ? AND folder < ?)",
                    key,
                    key + "/",
                    key + "0"));
    found.forEach((name, entries) -> folders.putIfAbsent(name, decode(entries)));
  }

  /** What is known of the files of one folder. */
  synchronized Folder folder(Path folder) {
    var key = FileNames.key(folder);
    var known = folders.get(key);
    if (known == null) {
      known = loadOne(key);
      folders.put(key, known);
    }
    return new Folder(key, known);
  }

  /** A folder's part of the cache. Of use to one thread. */
  final class Folder {
    private final String key;
    private final Map<String, Known> files;

    private Folder(String key, Map<String, Known> files) {
      this.key = key;
      this.files = files;
    }

    /** The digest of a file if it has not changed since it was {@link #remember}ed. */
    Optional<Digest> known(String name, FileStat stat) {
      synchronized (StatCache.this) {
        var known = files.get(name);
        return known != null && known.is(stat) ? Optional.of(known.digest) : Optional.empty();
      }
    }

    /**
     * Remembers a digest.
     *
     * @param stat taken before the file was read
     * @param before a time before {@code stat} was taken
     */
    void remember(String name, FileStat stat, Digest digest, long before) {
      boolean coarse = stat.changed() % 1_000_000_000L == 0;
      if (stat.changed() >= before - (coarse ? COARSE_TICK : FINE_TICK)) {
        return;
      }
      var known = new Known(stat.inode(), stat.size(), stat.modified(), stat.changed(), digest);
      known.used = true;
      synchronized (StatCache.this) {
        files.put(name, known);
        unsaved.add(key);
      }
    }
  }

  private Map<String, Known> loadOne(String key) {
    if (records.isEmpty()) {
      return new HashMap<>();
    }
    var found =
        records
            .get()
            .read(connection ->
                select(connection, "SELECT folder, entries FROM store_stat WHERE folder = ?", key));
    return found.containsKey(key) ? decode(found.get(key)) : new HashMap<>();
  }

  /** Writes what is new. What cannot be written is lost, which costs time only. */
  public synchronized void save() {
    if (records.isEmpty() || unsaved.isEmpty()) {
      return;
    }
    var rows = new HashMap<String, byte[]>();
    for (var key : unsaved) {
      var files = folders.getOrDefault(key, Map.of());
      forgetUnused(files);
      rows.put(key, encode(files));
    }
    unsaved.clear();
    try {
      records.get().writeNow(connection -> upsert(connection, rows));
    } catch (ProblemException e) {
      return; // a full or read-only disk is told by whoever has something to lose
    }
  }

  /** Files come and go: most of what was not met in a folder that was gone through is gone. */
  private static void forgetUnused(Map<String, Known> files) {
    int used = 0;
    for (var known : files.values()) {
      used += known.used ? 1 : 0;
    }
    if (files.size() > 2 * used + MOST_UNUSED) {
      files.values().removeIf(known -> !known.used);
    }
  }

  /** Files that had these bytes when last seen. Reads all that is known: for repairs. */
  @Override
  public synchronized List<Path> of(Digest digest) {
    var all = new HashMap<>(folders);
    if (records.isPresent()) {
      records
          .get()
          .read(connection -> select(connection, "SELECT folder, entries FROM store_stat"))
          .forEach((key, entries) -> all.putIfAbsent(key, decode(entries)));
    }
    var found = new ArrayList<Path>();
    all.forEach((key, files) ->
        files.forEach((name, known) -> {
          if (known.digest.equals(digest)) {
            found.add(FileNames.resolve(FileNames.ofKey(key), name));
          }
        }));
    return found;
  }

  private static Map<String, byte[]> select(Connection connection, String sql, String... values)
      throws SQLException {
    var rows = new HashMap<String, byte[]>();
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          rows.put(result.getString(1), result.getBytes(2));
        }
      }
    }
    return rows;
  }

  private static int upsert(Connection connection, Map<String, byte[]> rows) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "INSERT INTO store_stat (folder, entries) VALUES (?, ?)"
                + " ON CONFLICT (folder) DO UPDATE SET entries = excluded.entries")) {
      for (var row : rows.entrySet()) {
        statement.setString(1, row.getKey());
        statement.setBytes(2, row.getValue());
        statement.addBatch();
      }
      return statement.executeBatch().length;
    }
  }

  private static byte[] encode(Map<String, Known> files) {
    var names = new ArrayList<byte[]>(files.size());
    var known = new ArrayList<Known>(files.size());
    int length = 1;
    for (var file : files.entrySet()) {
      var name = file.getKey().getBytes(StandardCharsets.UTF_8);
      names.add(name);
      known.add(file.getValue());
      length += 2 + name.length + 4 * Long.BYTES + 32;
    }
    var bytes = ByteBuffer.allocate(length).put(VERSION);
    for (int i = 0; i < names.size(); i++) {
      var file = known.get(i);
      bytes.putShort((short) names.get(i).length).put(names.get(i));
      bytes.putLong(file.inode).putLong(file.size).putLong(file.modified).putLong(file.changed);
      bytes.put(HexFormat.of().parseHex(file.digest.hex()));
    }
    return bytes.array();
  }

  /** What cannot be read, of a later version say, is as good as nothing known. */
  private static Map<String, Known> decode(byte[] entries) {
    var files = new HashMap<String, Known>();
    var bytes = ByteBuffer.wrap(entries);
    try {
      if (bytes.get() != VERSION) {
        return files;
      }
      var digest = new byte[32];
      while (bytes.hasRemaining()) {
        var name = new byte[bytes.getShort()];
        bytes.get(name);
        long inode = bytes.getLong();
        long size = bytes.getLong();
        long modified = bytes.getLong();
        long changed = bytes.getLong();
        bytes.get(digest);
        files.put(
            new String(name, StandardCharsets.UTF_8),
            new Known(inode, size, modified, changed, Digest.of(digest)));
      }
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      return new HashMap<>();
    }
    return files;
  }
}
