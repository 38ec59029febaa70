package io.headrace.registry;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Names what a pickle imports or calls beyond a list of harmless things, also within zip archives
 * (PyTorch's files are such). Reads opcodes only.
 */
final class PickleScanner implements ModelScanner {
  private static final int MOST_DEPTH = 3;
  private static final int MOST_ENTRIES = 10_000;
  private static final long MOST_BYTES = 64L * 1024 * 1024 * 1024;
  private static final int MOST_FINDINGS = 20;

  private static final Set<String> ENDINGS =
      Set.of("pkl", "pickle", "joblib", "dill", "pt", "pth", "bin", "ckpt", "npy", "model");

  @Override
  public List<String> scan(String path, InputStream bytes) throws IOException {
    Set<String> findings = new LinkedHashSet<>();
    scan(path, new BufferedInputStream(bytes, 1 << 16), 0, findings);
    List<String> told = new ArrayList<>();
    for (String finding : findings) {
      if (told.size() == MOST_FINDINGS) {
        told.add(path + ": and more");
        break;
      }
      told.add(finding);
    }
    return told;
  }

  private static void scan(String path, InputStream bytes, int depth, Set<String> findings)
      throws IOException {
    bytes.mark(8);
    byte[] start = bytes.readNBytes(4);
    bytes.reset();
    if (start.length == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4) {
      archive(path, bytes, depth, findings);
      return;
    }
    boolean isPickle =
        start.length > 1 && (start[0] & 0xff) == 0x80 && start[1] >= 2 && start[1] <= 5;
    int dot = path.lastIndexOf('.');
    String ending = dot < 0 ? "" : path.substring(dot + 1).toLowerCase(java.util.Locale.ROOT);
    boolean mayBeOldPickle =
        start.length > 0 && ENDINGS.contains(ending) && "(]}cg".indexOf(start[0]) >= 0;
    if (isPickle || mayBeOldPickle) {
      pickle(path, bytes, findings);
    }
  }

  private static void pickle(String path, InputStream bytes, Set<String> findings)
      throws IOException {
    PickleReader reader = new PickleReader(bytes);
    String end = reader.read();
    for (String global : reader.globals()) {
      if (!HarmlessGlobals.contain(global)) {
        findings.add(path + ": loading it runs " + Quoting.plain(global));
      }
    }
    if (!end.isEmpty()) {
      findings.add(path + ": " + end);
    }
  }

  private static void archive(String path, InputStream bytes, int depth, Set<String> findings)
      throws IOException {
    if (depth == MOST_DEPTH) {
      findings.add(path + ": archives within archives, not looked into");
      return;
    }
    Bounded bounded = new Bounded(bytes);
    try {
      ZipInputStream zip = new ZipInputStream(bounded);
      ZipEntry entry = zip.getNextEntry();
      for (int i = 0; entry != null; i++) {
        if (i == MOST_ENTRIES) {
          findings.add(path + ": more than " + MOST_ENTRIES + " entries, not looked into");
          return;
        }
        if (!entry.isDirectory()) {
          String name = path + "!" + Quoting.plain(entry.getName());
          scan(
              name,
              new BufferedInputStream(new Bounded(new Unclosed(zip)), 1 << 16),
              depth + 1,
              findings);
        }
        entry = zip.getNextEntry();
      }
    } catch (ZipException | IllegalArgumentException e) {
      findings.add(path + ": an archive that cannot be read to its end");
    }
  }

  /** A stream that another owns. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // The archive goes on.
    }
  }

  /** Ends with an error where a small archive unpacks to more than anyone needs. */
  private static final class Bounded extends FilterInputStream {
    private long left = MOST_BYTES;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = super.read(into, from, length);
      count(Math.max(0, read));
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private void count(int read) throws ZipException {
      left -= read;
      if (left < 0) {
        throw new ZipException("too large");
      }
    }
  }
}
