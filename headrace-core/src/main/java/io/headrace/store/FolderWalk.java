package io.headrace.store;

import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Visible;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lists the files of a folder in the order of a manifest. Links are followed as {@code links} says;
 * a link to a folder around itself, one that leads nowhere, and what is neither file nor folder are
 * problems, unless ignored. For one thread and one folder.
 */
final class FolderWalk {
  /** Deciding about links. */
  interface Links {
    /** Where a link leads that may be followed. Throws UNSAFE_PATH for one that may not. */
    Path follow(Path link, String name) throws IOException;

    /** Every link may be followed, and what is behind it has the link's own path. */
    Links ALL = (link, _) -> link;
  }

  /**
   * A file.
   *
   * @param name its path below the root, parts joined by {@code /}
   * @param path where it is
   */
  record Found(String name, Path path, FileStat stat) {}

  /**
   * What was found, each in order.
   *
   * @param emptyFolders those that hold nothing at all
   */
  record Tree(List<Found> files, List<String> emptyFolders) {}

  /** A folder around the place where we are, to find links that lead back. */
  private record Around(long device, long inode, Optional<Around> outer) {
    boolean has(FileStat folder) {
      for (var at = Optional.of(this); at.isPresent(); at = at.get().outer) {
        if (at.get().inode == folder.inode() && at.get().device == folder.device()) {
          return true;
        }
      }
      return false;
    }
  }

  /** One name in a folder. */
  private record Child(String name, Path path, FileStat stat) implements Comparable<Child> {
    /** A folder is sorted as if its name ended in a slash, as its files' paths will be. */
    @Override
    public int compareTo(Child other) {
      return FileNames.compare(sortName(), other.sortName());
    }

    private String sortName() {
      return stat.isFolder() ? name + "/" : name;
    }
  }

  private static final String WORKSPACE = ".headrace";

  private final IgnoreRules rules;
  private final Optional<Path> workspace;
  private final Links links;
  private final List<Found> files = new ArrayList<>();
  private final List<String> emptyFolders = new ArrayList<>();

  /**
   * A walk.
   *
   * @param workspace a folder that is left out wherever it is found, beside every one called {@code
   *     .headrace}
   */
  FolderWalk(IgnoreRules rules, Optional<Path> workspace, Links links) {
    this.rules = rules;
    this.workspace = workspace;
    this.links = links;
  }

  Tree of(Path root) throws IOException {
    return of(root, "", rules.top());
  }

  /**
   * Walks a folder that is to stand below the root under a name of its own.
   *
   * @param prefix empty, or that name and a slash
   * @param at the position in the ignore rules of what is in the folder
   */
  Tree of(Path folder, String prefix, long[] at) throws IOException {
    var stat = FileStat.followed(folder);
    if (!rules.ignoresAllBelow(at)) {
      walk(folder, prefix, at, new Around(stat.device(), stat.inode(), Optional.empty()));
    }
    return new Tree(List.copyOf(files), List.copyOf(emptyFolders));
  }

  private void walk(Path folder, String prefix, long[] at, Around around) throws IOException {
    var children = new ArrayList<Child>();
    boolean empty = list(folder, prefix, at, children);
    if (empty && !prefix.isEmpty()) {
      emptyFolders.add(prefix.substring(0, prefix.length() - 1));
    }
    children.sort(null);
    for (var child : children) {
      var name = prefix + child.name;
      switch (child.stat.kind()) {
        case FILE -> files.add(new Found(name, child.path, child.stat));
        case FOLDER -> enter(child, name, at, around);
        case LINK, SPECIAL -> throw special(child.path);
      }
    }
  }

  private void enter(Child child, String name, long[] at, Around around) throws IOException {
    var below = rules.enter(at, child.name);
    if (rules.ignoresAllBelow(below)) {
      return;
    }
    if (around.has(child.stat)) {
      throw Problem.of(
              ErrorCode.UNSAFE_PATH,
              "the link "
                  + Visible.text(child.path.toString())
                  + " leads to a folder around itself")
          .fix("remove the link, or ignore it in .amlignore")
          .asException();
    }
    var inner = new Around(child.stat.device(), child.stat.inode(), Optional.of(around));
    walk(child.path, name + "/", below, inner);
  }

  /** Reads one folder, leaving out what is ignored; whether there is nothing in it at all. */
  private boolean list(Path folder, String prefix, long[] at, List<Child> children)
      throws IOException {
    boolean empty = true;
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        empty = false;
        var name = FileNames.textOrProblem(entry);
        var stat = FileStat.of(entry);
        if (stat.isFolder()) {
          if (!isWorkspace(entry, name)) {
            children.add(new Child(name, entry, stat));
          }
        } else if (!rules.ignores(at, name)) {
          children.add(resolved(entry, name, prefix, stat));
        }
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw DiskProblem.reading(folder, new IOException(e.getMessage(), e));
    } catch (NoSuchFileException e) {
      throw changing(folder, e);
    } catch (FileSystemException e) {
      throw DiskProblem.reading(folder, e);
    }
    return empty;
  }

  private Child resolved(Path entry, String name, String prefix, FileStat stat) throws IOException {
    return switch (stat.kind()) {
      case FILE, FOLDER -> new Child(name, entry, stat);
      case SPECIAL -> throw special(entry);
      case LINK -> {
        var target = links.follow(entry, prefix + name);
        try {
          yield new Child(name, target, FileStat.followed(target));
        } catch (FileSystemException e) {
          throw Problem.of(
                  ErrorCode.MISSING_PATH,
                  "the link " + Visible.text(entry.toString()) + " leads nowhere")
              .fix("remove the link, mend it, or ignore it in .amlignore")
              .asException(e);
        }
      }
    };
  }

  private boolean isWorkspace(Path folder, String name) {
    return name.equals(WORKSPACE) || (workspace.isPresent() && workspace.get().equals(folder));
  }

  private static ProblemException special(Path path) {
    return Problem.of(
            ErrorCode.UNSAFE_PATH,
            Visible.text(path.toString())
                + " is neither a file nor a folder (a socket, a pipe or a device)")
        .fix("remove it, or ignore it in .amlignore")
        .asException();
  }

  private static ProblemException changing(Path folder, IOException cause) {
    return Problem.of(
            ErrorCode.MISSING_PATH,
            "the folder " + Visible.text(folder.toString()) + " was changed while it was read")
        .fix("run again when nothing else writes to it")
        .asException(cause);
  }
}
