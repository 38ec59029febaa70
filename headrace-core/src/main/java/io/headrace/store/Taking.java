package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.plan.DataType;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Visible;
import io.headrace.run.OutputData;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest.Entry;
import io.headrace.store.FolderManifest.FileEntry;
import io.headrace.store.FolderManifest.FolderEntry;
import io.headrace.store.FolderWalk.Found;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Takes what a step wrote into the object store, durably, without a second copy where the file
 * system allows it: the files become read-only. Only to be used when nothing of the step runs any
 * more. Thread-safe.
 *
 * <p>Links are replaced by what they lead to, if that is within the output itself or an input of
 * the step. Any other link is refused: a step must not carry a file of this machine into its output
 * unseen. So are sockets, pipes and devices.
 */
public final class Taking {
  private final ObjectStore store;

  public Taking(ObjectStore store) {
    this.store = store;
  }

  /**
   * Takes an output.
   *
   * @param inputs where the step's inputs were given: links may lead there
   * @throws ProblemException OUTPUT_MISSING when nothing is there, or a folder where the type wants
   *     a file or the other way round; UNSAFE_PATH; DISK
   */
  public OutputData take(Path path, DataType type, List<Path> inputs) {
    return guarded(
        path,
        () -> {
          var links = new OutputLinks(path, inputs);
          var real = Files.isSymbolicLink(path) ? links.follow(path, "") : path;
          var stat = FileStat.of(real);
          check(path, type, stat);
          return stat.isFile() ? file(path, real, type) : folder(path, type, links);
        });
  }

  private static void check(Path path, DataType type, FileStat stat) {
    boolean wantsFolder =
        switch (type) {
          case URI_FILE -> false;
          case URI_FOLDER, MLTABLE, MLFLOW_MODEL -> true;
          case CUSTOM_MODEL, TRITON_MODEL -> stat.isFolder(); // either will do
        };
    if (wantsFolder ? !stat.isFolder() : !stat.isFile()) {
      throw Problem.of(
              ErrorCode.OUTPUT_MISSING,
              "output "
                  + path.getFileName()
                  + " is of type "
                  + type.yaml()
                  + ", which is a "
                  + (wantsFolder ? "folder" : "file")
                  + ", but the step made something else there")
          .fix("write to the path that the command gets, or declare the type that it writes")
          .asException();
    }
  }

  private OutputData file(Path path, Path real, DataType type) throws IOException {
    var digest = store.adopt(real);
    return new OutputData(digest, type, FileNames.textOrProblem(path), store.size(digest), 1);
  }

  private OutputData folder(Path path, DataType type, OutputLinks links) throws IOException {
    var manifest = FolderManifest.ofUnsorted(entries(path, "", links, true));
    return new OutputData(manifest.put(store), type, "", manifest.bytes(), manifest.fileCount());
  }

  /**
   * Files that become part of a step's artifacts.
   *
   * @param name of the file, or of the folder around the files, in the artifacts
   * @param path a file or folder; may be missing
   * @param copied whether the file stays as it is, writable, and a copy is taken
   */
  public record Part(String name, Path path, boolean copied) {}

  /**
   * Takes several files and folders as one folder.
   *
   * @return the digest of its manifest; empty when there is no file
   * @throws ProblemException UNSAFE_PATH or DISK
   */
  public Optional<Digest> artifacts(List<Part> parts, List<Path> inputs) {
    var entries = new ArrayList<Entry>();
    for (var part : parts) {
      entries.addAll(guarded(part.path(), () -> part(part, inputs)));
    }
    if (entries.stream().noneMatch(FileEntry.class::isInstance)) {
      return Optional.empty();
    }
    var manifest = FolderManifest.ofUnsorted(entries);
    return Optional.of(guarded(parts.getFirst().path(), () -> manifest.put(store)));
  }

  private List<Entry> part(Part part, List<Path> inputs) throws IOException {
    if (!Files.exists(part.path(), LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    var links = new OutputLinks(part.path(), inputs);
    var real = Files.isSymbolicLink(part.path()) ? links.follow(part.path(), "") : part.path();
    var stat = FileStat.of(real);
    if (stat.isFolder()) {
      return entries(real, part.name() + "/", links, !part.copied());
    }
    return List.of(entry(new Found(part.name(), part.path(), real, stat), !part.copied()));
  }

  private List<Entry> entries(Path folder, String prefix, OutputLinks links, boolean adopt)
      throws IOException {
    var walk = new FolderWalk(IgnoreRules.NONE, Optional.empty(), links);
    var tree = walk.of(folder, prefix, IgnoreRules.NONE.top());
    var files = tree.files();
    var indices = new ArrayList<Integer>(files.size());
    for (int i = 0; i < files.size(); i++) {
      indices.add(i);
    }
    var taken = new Entry[files.size()];
    Parallel.each(indices, Parallel.WRITERS, i -> taken[i] = entry(files.get(i), adopt));
    var entries = new ArrayList<>(Arrays.asList(taken));
    tree.emptyFolders().forEach(name -> entries.add(new FolderEntry(name)));
    return entries;
  }

  private Entry entry(Found file, boolean adopt) throws IOException {
    var digest = adopt ? store.adopt(file.path()) : store.put(file.path());
    return new FileEntry(file.name(), digest, store.size(digest), file.stat().executable());
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private static <T> T guarded(Path path, Work<T> work) {
    try {
      return work.run();
    } catch (NoSuchFileException e) {
      throw Problem.of(
              ErrorCode.OUTPUT_MISSING,
              "the step left nothing at " + Visible.text(String.valueOf(e.getFile())))
          .fix("write to the path that the command gets for this output")
          .asException(e);
    } catch (FileSystemException e) {
      throw DiskProblem.reading(Path.of(e.getFile()), e);
    } catch (IOException e) {
      throw DiskProblem.writing(path, e);
    }
  }

  /** Lets a link lead to within the output or to an input, and nowhere else. */
  private static final class OutputLinks implements FolderWalk.Links {
    private final List<Path> allowed = new ArrayList<>();

    OutputLinks(Path output, List<Path> inputs) throws IOException {
      if (Files.exists(output)) {
        // Not what the output itself may link to: its folder, where it was to be made.
        allowed.add(parentOf(output).toRealPath().resolve(output.getFileName()));
      }
      for (var input : inputs) {
        if (Files.exists(input)) {
          allowed.add(input.toRealPath());
        }
      }
    }

    private static Path parentOf(Path path) {
      var parent = path.toAbsolutePath().getParent();
      return parent == null ? path.toAbsolutePath() : parent;
    }

    @Override
    public Path follow(Path link, String name) throws IOException {
      Path real;
      try {
        real = link.toRealPath();
      } catch (FileSystemException e) {
        throw unsafe(link, "leads nowhere");
      }
      for (var root : allowed) {
        if (real.startsWith(root)) {
          return real;
        }
      }
      throw unsafe(link, "leads to " + Visible.text(real.toString()) + ", outside the output");
    }

    private static ProblemException unsafe(Path link, String why) {
      return Problem.of(
              ErrorCode.UNSAFE_PATH,
              "the link " + Visible.text(link.toString()) + " in an output " + why)
          .fix("let the step copy the file into its output instead of linking to it")
          .asException();
    }
  }
}
