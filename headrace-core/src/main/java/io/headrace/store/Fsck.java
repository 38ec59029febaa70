package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest.FileEntry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads every object again and looks whether all that the records name is there and whole. Finds
 * every change of a single bit. Others may use the store meanwhile.
 */
public final class Fsck {
  /** What the records know of objects. */
  public interface Dependents {
    /** Every object that the records name. */
    Set<Digest> digests();

    /**
     * Who depends on it, for people, such as {@code run lemon_tree_1, step train, output model}.
     */
    List<String> of(Digest digest);
  }

  /** What is wrong with an object. */
  public enum Fault {
    DAMAGED,
    MISSING
  }

  /**
   * One object that is not as it should be.
   *
   * @param dependents who depends on it, directly or through a folder
   * @param mended whether it is whole again, from a file of this machine that has its bytes
   */
  public record Finding(Digest digest, Fault fault, List<String> dependents, boolean mended) {
    public Finding {
      dependents = List.copyOf(dependents);
    }

    /** As a problem: OBJECT_DAMAGED or OBJECT_MISSING. */
    public Problem problem() {
      var what =
          switch (fault) {
            case DAMAGED -> "object " + digest + " is damaged";
            case MISSING -> "object " + digest + " is missing";
          };
      var problem =
          Problem.of(
              fault == Fault.DAMAGED ? ErrorCode.OBJECT_DAMAGED : ErrorCode.OBJECT_MISSING,
              what
                  + (dependents.isEmpty()
                      ? "; nothing depends on it"
                      : "; needed by " + String.join("; ", dependents)));
      return mended
          ? problem.warning().fix("nothing: it was made whole again")
          : problem.fix(
              "run 'headrace fsck --repair', then run again: what is missing is made anew");
    }
  }

  /**
   * The result.
   *
   * @param findings in the order of digests; empty when all is well
   * @param objects how many were read
   * @param bytes how many were read
   */
  public record Report(List<Finding> findings, long objects, long bytes) {
    public Report {
      findings = List.copyOf(findings);
    }
  }

  private final ObjectStore store;
  private final Dependents dependents;
  private final Sources sources;

  private final Set<Digest> here = ConcurrentHashMap.newKeySet();
  private final Map<Digest, FolderManifest> folders = new ConcurrentHashMap<>();
  private final Set<Digest> damaged = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();

  private Fsck(ObjectStore store, Dependents dependents, Sources sources) {
    this.store = store;
    this.dependents = dependents;
    this.sources = sources;
  }

  /**
   * Checks a store.
   *
   * @param repair whether damaged objects are taken away, so that their steps run again, and made
   *     whole from {@code sources} where those still have the bytes
   */
  public static Report check(
      ObjectStore store, Dependents dependents, Sources sources, boolean repair)
      throws IOException {
    return new Fsck(store, dependents, sources).run(repair);
  }

  private Report run(boolean repair) throws IOException {
    List<Digest> all;
    try (var objects = store.list()) {
      all = objects.toList();
    }
    Parallel.each(all, Parallel.CORES, this::read);
    var missing = missing();
    var needs = needs(missing);
    var findings = new ArrayList<Finding>();
    for (var digest : new TreeSet<>(damaged)) {
      findings.add(finding(digest, Fault.DAMAGED, needs, repair));
    }
    for (var digest : missing) {
      findings.add(finding(digest, Fault.MISSING, needs, repair));
    }
    findings.sort((a, b) -> a.digest().compareTo(b.digest()));
    return new Report(findings, all.size(), bytes.get());
  }

  private void read(Digest digest) throws IOException {
    try {
      bytes.addAndGet(Math.max(0, store.size(digest)));
      if (!isIntact(digest)) {
        damaged.add(digest);
        return;
      }
      here.add(digest);
      keepIfManifest(digest);
    } catch (FileNotFoundException e) {
      // Taken away since the list was made; if it is needed, it will be told as missing.
    }
  }

  private boolean isIntact(Digest digest) throws IOException {
    try {
      return store.intact(digest);
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException e) {
      return false; // the disk itself cannot read it any more
    }
  }

  private void keepIfManifest(Digest digest) throws IOException {
    try (var object = store.open(digest)) {
      if (!FolderManifest.isManifest(object.readNBytes(FolderManifest.headerLength()))) {
        return;
      }
    }
    try {
      folders.put(digest, FolderManifest.read(store, digest));
    } catch (ProblemException e) {
      // A user's file that begins as a manifest does.
      return;
    }
  }

  private Set<Digest> missing() throws IOException {
    var wanted = new HashSet<>(dependents.digests());
    for (var folder : folders.values()) {
      for (var file : folder.files()) {
        wanted.add(file.digest());
      }
    }
    wanted.removeAll(here);
    wanted.removeAll(damaged);
    // Asked again: it may have come since the list was made.
    return new TreeSet<>(store.missing(wanted));
  }

  /** Who depends on each object that is not well. */
  private Map<Digest, Set<String>> needs(Set<Digest> missing) {
    var needs = new TreeMap<Digest, Set<String>>();
    for (var digest : missing) {
      needs.put(digest, new LinkedHashSet<>(dependents.of(digest)));
    }
    for (var digest : damaged) {
      needs.put(digest, new LinkedHashSet<>(dependents.of(digest)));
    }
    var described = new HashMap<Digest, List<String>>();
    folders.forEach((folder, manifest) -> {
      for (var file : manifest.files()) {
        var needed = needs.get(file.digest());
        if (needed != null) {
          described
              .computeIfAbsent(folder, dependents::of)
              .forEach(description -> needed.add(through(description, file)));
        }
      }
    });
    return needs;
  }

  private static String through(String description, FileEntry file) {
    return description + ", file " + io.headrace.problem.Visible.text(file.path());
  }

  private Finding finding(
      Digest digest, Fault fault, Map<Digest, Set<String>> needs, boolean repair)
      throws IOException {
    boolean mended = repair && new Mending(store, sources).mend(digest);
    return new Finding(digest, fault, List.copyOf(needs.getOrDefault(digest, Set.of())), mended);
  }
}
