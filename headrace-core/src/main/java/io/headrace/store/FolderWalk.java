package io.headrace.store;

import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Visible;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

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
   * @param folder the folder where it was found; the same object for all of a folder
   * @param path where it is
   */
  record Found(String name, Path folder, Path path, FileStat stat) {
    /** A file that is looked at by itself, named by its last name. */
    static Found alone(Path file, FileStat stat) {
      var folder = file.getParent();
      return new Found(FileNames.textOrProblem(file), folder == null ? file : folder, file, stat);
    }

    /** Its last name. */
    String baseName() {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

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

  /** A folder to be read, and what was then found in it. */
  private static final class Node {
    final Path path;
    final String prefix;
    final long[] at;
    final Around around;
    final int linksPassed;
    List<Child> children = List.of();
    boolean empty;

    Node(Path path, String prefix, long[] at, Around around, int linksPassed) {
      this.path = path;
      this.prefix = prefix;
      this.at = at;
      this.around = around;
      this.linksPassed = linksPassed;
    }
  }

  /**
   * One name in a folder.
   *
   * @param below what is in it, when it is a folder to be read
   */
  private record Child(String name, Path path, FileStat stat, Optional<Node> below)
      implements Comparable<Child> {
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

  /** So many folders, or names in one folder, are worth threads. */
  private static final int MANY_FOLDERS = 16;

  private static final int MANY_NAMES = 2_000;
  private static final int CHUNK = 500;

  /** Links in folders behind links, so many times over, multiply; nobody means more than this. */
  private static final int DEEP_LINKS = 5;

  private static final int MOST_BEHIND_DEEP_LINKS = 10_000;

  private final IgnoreRules rules;
  private final Optional<Path> workspace;
  private final Links links;
  private final AtomicInteger behindLinks = new AtomicInteger();

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
    var tree = new Tree(new ArrayList<>(), new ArrayList<>());
    if (rules.ignoresAllBelow(at)) {
      return tree;
    }
    var stat = FileStat.followed(folder);
    var around = new Around(stat.device(), stat.inode(), Optional.empty());
    var root = new Node(folder, prefix, at, around, 0);
    // All folders of one depth, then all of the next: they can be read side by side.
    var level = List.of(root);
    while (!level.isEmpty()) {
      Parallel.each(level, level.size() < MANY_FOLDERS ? 1 : Parallel.CORES, this::read);
      level = below(level);
    }
    collect(root, tree);
    return tree;
  }

  private static List<Node> below(List<Node> level) {
    var next = new ArrayList<Node>();
    for (var node : level) {
      for (var child : node.children) {
        child.below.ifPresent(next::add);
      }
    }
    return next;
  }

  private static void collect(Node node, Tree tree) {
    if (node.empty && !node.prefix.isEmpty()) {
      tree.emptyFolders.add(node.prefix.substring(0, node.prefix.length() - 1));
    }
    for (var child : node.children) {
      if (child.below.isPresent()) {
        collect(child.below.get(), tree);
      } else if (child.stat.isFile()) {
        tree.files.add(new Found(node.prefix + child.name, node.path, child.path, child.stat));
      }
    }
  }

  private void read(Node node) throws IOException {
    var entries = entries(node.path);
    node.empty = entries.isEmpty();
    if (node.linksPassed >= DEEP_LINKS
        && behindLinks.addAndGet(entries.size()) > MOST_BEHIND_DEEP_LINKS) {
      throw Problem.of(
              ErrorCode.UNSAFE_PATH,
              "links in "
                  + Visible.text(node.path.toString())
                  + " lead to folders of links, and so"
                  + " on: more than "
                  + MOST_BEHIND_DEEP_LINKS
                  + " files")
          .fix("remove the links, or ignore them in .amlignore")
          .asException();
    }
    var children = new ArrayList<Child>(entries.size());
    if (entries.size() < MANY_NAMES) {
      look(node, entries, children);
    } else {
      lookSideBySide(node, entries, children);
    }
    children.sort(null);
    node.children = children;
  }

  private static List<Path> entries(Path folder) throws IOException {
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      throw DiskProblem.reading(folder, new IOException(e.getMessage(), e));
    } catch (NoSuchFileException e) {
      throw changing(folder, e);
    } catch (FileSystemException e) {
      throw DiskProblem.reading(folder, e);
    }
    return found;
  }

  private void lookSideBySide(Node node, List<Path> entries, List<Child> children)
      throws IOException {
    var starts = new ArrayList<Integer>();
    for (int start = 0; start < entries.size(); start += CHUNK) {
      starts.add(start);
    }
    Parallel.each(
        starts,
        Parallel.CORES,
        start -> {
          var some = new ArrayList<Child>(CHUNK);
          look(node, entries.subList(start, Math.min(start + CHUNK, entries.size())), some);
          synchronized (children) {
            children.addAll(some);
          }
        });
  }

  /** Finds out what each entry is, leaving out what is ignored. */
  private void look(Node node, List<Path> entries, List<Child> children) throws IOException {
    for (var entry : entries) {
      var name = FileNames.textOrProblem(entry);
      FileStat stat;
      try {
        stat = FileStat.of(entry);
      } catch (NoSuchFileException e) {
        continue; // gone since the folder was read: as if it had never been there
      }
      if (stat.isFolder()) {
        if (!isWorkspace(entry, name)) {
          folder(node, name, entry, stat, node.linksPassed, children);
        }
      } else if (!rules.ignores(node.at, name)) {
        other(node, name, entry, stat, children);
      }
    }
  }

  private void folder(
      Node node, String name, Path path, FileStat stat, int linksPassed, List<Child> children) {
    var at = rules.enter(node.at, name);
    if (rules.ignoresAllBelow(at)) {
      return;
    }
    if (node.around.has(stat)) {
      throw Problem.of(
              ErrorCode.UNSAFE_PATH,
              "the link " + Visible.text(path.toString()) + " leads to a folder around itself")
          .fix("remove the link, or ignore it in .amlignore")
          .asException();
    }
    var around = new Around(stat.device(), stat.inode(), Optional.of(node.around));
    var below = new Node(path, node.prefix + name + "/", at, around, linksPassed);
    children.add(new Child(name, path, stat, Optional.of(below)));
  }

  private void other(Node node, String name, Path entry, FileStat stat, List<Child> children)
      throws IOException {
    switch (stat.kind()) {
      case FILE -> children.add(new Child(name, entry, stat, Optional.empty()));
      case FOLDER, SPECIAL -> throw special(entry);
      case LINK -> {
        var target = links.follow(entry, node.prefix + name);
        var behind = followed(entry, target);
        switch (behind.kind()) {
          case FILE -> children.add(new Child(name, target, behind, Optional.empty()));
          case FOLDER -> folder(node, name, target, behind, node.linksPassed + 1, children);
          case LINK, SPECIAL -> throw special(entry);
        }
      }
    }
  }

  private static FileStat followed(Path link, Path target) throws IOException {
    try {
      return FileStat.followed(target);
    } catch (FileSystemException e) {
      throw Problem.of(
              ErrorCode.MISSING_PATH,
              "the link " + Visible.text(link.toString()) + " leads nowhere")
          .fix("remove the link, mend it, or ignore it in .amlignore")
          .asException(e);
    }
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
