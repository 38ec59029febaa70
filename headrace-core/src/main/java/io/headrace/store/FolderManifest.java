package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a folder holds. Its text's digest names the folder: equal folders have equal digests,
 * wherever and by whomever they were taken.
 *
 * <p>The text is UTF-8. The first line is {@code headrace-folder 1}; then a line for each entry, in
 * the order of the paths' bytes, each path once, ended by a line feed:
 *
 * <pre>
 * f DIGEST SIZE PATH     a file: SHA-256 of its bytes, their number
 * x DIGEST SIZE PATH     an executable file
 * d PATH                 an empty folder
 * </pre>
 *
 * <p>PATH has its parts joined by {@code /}; a backslash is written {@code \\} and a line feed
 * {@code \n}; every other character stands for itself.
 *
 * @param entries in order
 */
public record FolderManifest(List<Entry> entries) {
  private static final String HEADER = "headrace-folder 1\n";
  private static final byte[] HEADER_BYTES = HEADER.getBytes(StandardCharsets.UTF_8);

  /** Checks the order, that names are safe, and that no file is also a folder. */
  public FolderManifest {
    entries = List.copyOf(entries);
    var before = "";
    for (var entry : entries) {
      if (!SafePath.isSafe(entry.path())) {
        throw new IllegalArgumentException("not a safe path: " + entry.path());
      }
      if (FileNames.compare(before, entry.path()) >= 0) {
        throw new IllegalArgumentException("out of order: " + entry.path());
      }
      before = entry.path();
    }
    checkNoFileIsAFolder(entries);
  }

  /** One line. */
  public sealed interface Entry {
    String path();
  }

  /** A file. {@code size} in bytes. */
  public record FileEntry(String path, Digest digest, long size, boolean executable)
      implements Entry {
    public FileEntry {
      if (size < 0) {
        throw new IllegalArgumentException("a size below 0");
      }
    }
  }

  /** An empty folder. */
  public record FolderEntry(String path) implements Entry {}

  /** A manifest of entries in any order. */
  public static FolderManifest ofUnsorted(List<Entry> entries) {
    return new FolderManifest(
        entries.stream().sorted((a, b) -> FileNames.compare(a.path(), b.path())).toList());
  }

  /**
   * Between {@code a} and {@code a/b} other names may stand, such as {@code a.txt}: a stack of open
   * names.
   */
  private static void checkNoFileIsAFolder(List<Entry> entries) {
    var open = new java.util.ArrayDeque<String>();
    for (var entry : entries) {
      var path = entry.path();
      while (!open.isEmpty() && !path.startsWith(open.peek())) {
        open.pop();
      }
      if (!open.isEmpty() && path.charAt(open.peek().length()) == '/') {
        throw new IllegalArgumentException("both a file and a folder: " + open.peek());
      }
      open.push(path);
    }
  }

  /** The files alone. */
  public List<FileEntry> files() {
    return entries.stream().filter(FileEntry.class::isInstance).map(FileEntry.class::cast).toList();
  }

  /** The file of that path. */
  public Optional<FileEntry> file(String path) {
    int low = 0;
    int high = entries.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      var entry = entries.get(middle);
      int order = FileNames.compare(entry.path(), path);
      if (order == 0) {
        return entry instanceof FileEntry file ? Optional.of(file) : Optional.empty();
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /** The sum of all files' sizes. */
  public long bytes() {
    long sum = 0;
    for (var entry : entries) {
      if (entry instanceof FileEntry file) {
        sum += file.size();
      }
    }
    return sum;
  }

  /** How many files. */
  public long fileCount() {
    long count = 0;
    for (var entry : entries) {
      if (entry instanceof FileEntry) {
        count++;
      }
    }
    return count;
  }

  /** The text. */
  public byte[] toBytes() {
    var text = new StringBuilder(32 + entries.size() * 128);
    text.append(HEADER);
    for (var entry : entries) {
      switch (entry) {
        case FileEntry file ->
            text.append(file.executable() ? "x " : "f ")
                .append(file.digest().hex())
                .append(' ')
                .append(file.size())
                .append(' ');
        case FolderEntry _ -> text.append("d ");
      }
      appendPath(text, entry.path());
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void appendPath(StringBuilder text, String path) {
    if (path.indexOf('\\') < 0 && path.indexOf('\n') < 0) {
      text.append(path);
      return;
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        default -> text.append(c);
      }
    }
  }

  /** The folder's digest. */
  public Digest digest() {
    return Digest.of(Digest.sha256().digest(toBytes()));
  }

  /** Keeps the manifest in a store; the files are the caller's to keep. */
  public Digest put(ObjectStore store) throws IOException {
    var bytes = toBytes();
    var digest = Digest.of(Digest.sha256().digest(bytes));
    return store.missing(List.of(digest)).isEmpty()
        ? digest
        : store.put(new ByteArrayInputStream(bytes));
  }

  /** Whether an object's first bytes are those of a manifest. */
  static boolean isManifest(byte[] start) {
    return start.length >= HEADER_BYTES.length
        && Arrays.equals(start, 0, HEADER_BYTES.length, HEADER_BYTES, 0, HEADER_BYTES.length);
  }

  /** How many bytes {@link #isManifest} needs. */
  static int headerLength() {
    return HEADER_BYTES.length;
  }

  /**
   * Reads a folder's manifest from a store, and checks its digest.
   *
   * @throws ProblemException OBJECT_MISSING or OBJECT_DAMAGED
   */
  public static FolderManifest read(ObjectStore store, Digest manifest) throws IOException {
    byte[] text;
    try (var bytes = store.open(manifest)) {
      text = bytes.readAllBytes();
    } catch (FileNotFoundException e) {
      throw Problem.of(
              ErrorCode.OBJECT_MISSING,
              "the list of a folder's files, object " + manifest + ", is not in the store")
          .fix("run again: what is missing is made anew; 'headrace fsck' names all that is missing")
          .asException(e);
    }
    if (!Digest.of(Digest.sha256().digest(text)).equals(manifest)) {
      throw damaged(manifest, "its bytes have changed");
    }
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw damaged(manifest, "it is no list of a folder's files: " + e.getMessage());
    }
  }

  private static ProblemException damaged(Digest manifest, String why) {
    return Problem.of(ErrorCode.OBJECT_DAMAGED, "object " + manifest + ": " + why)
        .fix("run 'headrace fsck --repair', then run again: what is missing is made anew")
        .asException();
  }

  /**
   * Reads the text of a manifest.
   *
   * @throws IllegalArgumentException for any text that {@link #toBytes} would not write
   */
  public static FolderManifest parse(byte[] bytes) {
    if (!isManifest(bytes)) {
      throw new IllegalArgumentException("does not begin with 'headrace-folder 1'");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8", e);
    }
    var entries = new java.util.ArrayList<Entry>();
    int start = HEADER.length();
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        throw new IllegalArgumentException("the last line does not end");
      }
      entries.add(entry(text, start, end));
      start = end + 1;
    }
    return new FolderManifest(entries);
  }

  private static Entry entry(String text, int start, int end) {
    if (end - start < 3 || text.charAt(start + 1) != ' ') {
      throw new IllegalArgumentException("not an entry: " + text.substring(start, end));
    }
    return switch (text.charAt(start)) {
      case 'f' -> file(text, start + 2, end, false);
      case 'x' -> file(text, start + 2, end, true);
      case 'd' -> new FolderEntry(path(text.substring(start + 2, end)));
      default -> throw new IllegalArgumentException("not an entry: " + text.substring(start, end));
    };
  }

  private static FileEntry file(String text, int start, int end, boolean executable) {
    int digestEnd = start + 64;
    int sizeEnd = digestEnd < end ? text.indexOf(' ', digestEnd + 1) : -1;
    if (sizeEnd < 0 || sizeEnd >= end || text.charAt(digestEnd) != ' ') {
      throw new IllegalArgumentException("not a file's entry: " + text.substring(start, end));
    }
    return new FileEntry(
        path(text.substring(sizeEnd + 1, end)),
        new Digest(text.substring(start, digestEnd)),
        size(text.substring(digestEnd + 1, sizeEnd)),
        executable);
  }

  private static long size(String digits) {
    var size = Long.parseLong(digits);
    if (!Long.toString(size).equals(digits)) {
      throw new IllegalArgumentException("not a size: " + digits);
    }
    return size;
  }

  private static String path(String escaped) {
    if (escaped.indexOf('\\') < 0) {
      return escaped;
    }
    var path = new StringBuilder(escaped.length());
    int i = 0;
    while (i < escaped.length()) {
      char c = escaped.charAt(i++);
      path.append(c == '\\' ? meant(i < escaped.length() ? escaped.charAt(i++) : ' ') : c);
    }
    return path.toString();
  }

  private static char meant(char escape) {
    return switch (escape) {
      case '\\' -> '\\';
      case 'n' -> '\n';
      default -> throw new IllegalArgumentException("not an escape: \\" + escape);
    };
  }
}
