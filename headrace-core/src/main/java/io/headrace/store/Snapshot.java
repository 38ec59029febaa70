package io.headrace.store;

import io.headrace.plan.Code;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.store.FolderWalk.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Which files a code snapshot consists of, by Azure ML's rules: the ignore file of the root folder
 * counts, for the additional includes too; empty folders vanish; links are followed.
 *
 * @param files in no order; may be from anywhere on this machine
 * @param zips folders that are to be in it as one archive
 */
record Snapshot(List<Found> files, List<Zip> zips) {
  private static final String ZIP = ".zip";

  /**
   * A folder to be zipped.
   *
   * @param name of the archive, in the root
   * @param folder its name, before each entry of the archive
   * @param files named by their paths below that folder
   */
  record Zip(String name, String folder, List<Found> files) {}

  static Snapshot of(Code.Local code, Optional<Path> workspace) throws IOException {
    var root = code.path();
    boolean isFolder = Files.isDirectory(root);
    var rules = isFolder ? IgnoreRules.of(root) : IgnoreRules.NONE;
    var files = new ArrayList<Found>();
    if (isFolder) {
      files.addAll(walk(rules, workspace, root, "", rules.top()));
    } else {
      files.add(file(root));
    }
    var zips = new ArrayList<Zip>();
    var taken = new HashSet<String>();
    for (var include : code.additionalIncludes()) {
      var name = FileNames.textOrProblem(include);
      if (!taken.add(name) || isIn(root, isFolder, name)) {
        throw clash(include, name);
      }
      include(include, name, rules, workspace, files, zips);
    }
    if (files.isEmpty() && zips.isEmpty()) {
      throw empty(root);
    }
    return new Snapshot(List.copyOf(files), List.copyOf(zips));
  }

  private static boolean isIn(Path root, boolean isFolder, String name) {
    return isFolder
        ? Files.exists(FileNames.resolve(root, name))
        : FileNames.textOrProblem(root).equals(name);
  }

  private static void include(
      Path include,
      String name,
      IgnoreRules rules,
      Optional<Path> workspace,
      List<Found> files,
      List<Zip> zips)
      throws IOException {
    var top = rules.top();
    if (Files.isDirectory(include)) {
      files.addAll(walk(rules, workspace, include, name + "/", rules.enter(top, name)));
    } else if (Files.exists(include)) {
      if (!rules.ignores(top, name)) {
        files.add(file(include));
      }
    } else if (name.endsWith(ZIP)) {
      var folderName = name.substring(0, name.length() - ZIP.length());
      var folder = include.resolveSibling(folderName);
      if (!Files.isDirectory(folder)) {
        throw missing(include);
      }
      var found = walk(rules, workspace, folder, folderName + "/", rules.enter(top, folderName));
      zips.add(new Zip(name, folderName, found));
    } else {
      throw missing(include);
    }
  }

  private static List<Found> walk(
      IgnoreRules rules, Optional<Path> workspace, Path folder, String prefix, long[] at)
      throws IOException {
    return new FolderWalk(rules, workspace, FolderWalk.Links.ALL).of(folder, prefix, at).files();
  }

  private static Found file(Path file) throws IOException {
    var stat = FileStat.followed(file);
    if (!stat.isFile()) {
      throw Problem.of(ErrorCode.UNSAFE_PATH, file + " is neither a file nor a folder")
          .asException();
    }
    return Found.alone(file, stat);
  }

  private static ProblemException empty(Path root) {
    return Problem.of(ErrorCode.EMPTY_SNAPSHOT, "the code folder " + root + " has no files to take")
        .fix(
            "put the code there, or look whether .amlignore or .gitignore there ignores everything")
        .asException();
  }

  private static ProblemException missing(Path include) {
    return Problem.of(ErrorCode.MISSING_PATH, "the additional include " + include + " is not there")
        .fix("correct the path under additional_includes:")
        .asException();
  }

  private static ProblemException clash(Path include, String name) {
    return Problem.of(
            ErrorCode.CONFLICT,
            "the additional include " + include + " would replace '" + name + "' of the code")
        .fix("rename one of both, or take it out of additional_includes:")
        .asException();
  }
}
