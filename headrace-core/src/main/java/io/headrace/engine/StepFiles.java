package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.plan.DataType;
import io.headrace.plan.Plan;
import io.headrace.plan.ValueType;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.run.OutputData;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest;
import io.headrace.store.Sources;
import io.headrace.store.Staging;
import io.headrace.store.Taking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The bytes' room, as the engine uses it. */
record StepFiles(ObjectStore objects, Staging staging, Taking taking, Tables tables) {
  private static final int MOST_TEXT = 1024 * 1024;

  /** As an argument or a variable of a process, Linux takes less than 128 KiB. */
  private static final int MOST_VALUE = 64 * 1024;

  static StepFiles over(ObjectStore objects, Sources sources) {
    return new StepFiles(
        objects, new Staging(objects, sources), new Taking(objects), new Tables(objects));
  }

  /**
   * Which of these outputs are still here and whole, with one question to the store for all of
   * them.
   *
   * @return the digests of outputs that lack something
   */
  java.util.Set<Digest> damaged(List<OutputData> outputs) {
    var needed = new HashMap<Digest, List<Digest>>();
    var damaged = new HashSet<Digest>();
    for (var data : outputs) {
      if (!needed.containsKey(data.digest())) {
        needed.put(data.digest(), needs(data, damaged));
      }
    }
    var all = new HashSet<Digest>();
    needed.values().forEach(all::addAll);
    var missing = missing(all);
    if (missing.isEmpty()) {
      return damaged;
    }
    for (Map.Entry<Digest, List<Digest>> entry : needed.entrySet()) {
      if (entry.getValue().stream().anyMatch(missing::contains)) {
        damaged.add(entry.getKey());
      }
    }
    return damaged;
  }

  /** A file needs itself; a folder its manifest and its files. */
  private List<Digest> needs(OutputData data, java.util.Set<Digest> damaged) {
    if (!data.name().isEmpty()) {
      return List.of(data.digest());
    }
    try {
      var digests = new java.util.ArrayList<Digest>();
      digests.add(data.digest());
      FolderManifest.read(objects, data.digest()).files().forEach(it -> digests.add(it.digest()));
      return digests;
    } catch (IOException | ProblemException e) {
      damaged.add(data.digest());
      return List.of();
    }
  }

  private java.util.Set<Digest> missing(java.util.Set<Digest> digests) {
    try {
      return objects.missing(digests);
    } catch (IOException e) {
      // A store that cannot be asked gives nothing again; running the step will say why.
      return digests;
    }
  }

  /**
   * The text of a small file, or of the only file of a folder, without white space around it.
   *
   * @throws ProblemException WRONG_TYPE when it is no such file, or longer than a mebibyte
   */
  String text(OutputData data, Plan.StepRef of) {
    try {
      var digest = data.digest();
      if (data.name().isEmpty()) {
        var files = FolderManifest.read(objects, digest).files();
        if (files.size() != 1) {
          throw notText(of, "is a folder of " + files.size() + " files, not one file");
        }
        digest = files.getFirst().digest();
      }
      try (var in = objects.open(digest)) {
        var bytes = in.readNBytes(MOST_TEXT + 1);
        if (bytes.length > MOST_TEXT) {
          throw notText(of, "is longer than " + MOST_TEXT + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8).strip();
      }
    } catch (IOException e) {
      throw notText(of, "cannot be read: " + e.getMessage());
    }
  }

  /**
   * Checks that a file's text is a value that may be given to other steps.
   *
   * @throws ProblemException OUTPUT_MISSING
   */
  void checkValue(String output, OutputData data, ValueType type) {
    var why =
        data.bytes() > MOST_VALUE
            ? Optional.of("is longer than " + MOST_VALUE + " bytes")
            : type.objection(text(data));
    why.ifPresent(it -> {
      throw Problem.of(
              ErrorCode.OUTPUT_MISSING,
              "output " + output + " is declared as " + type.yaml() + ", but its file " + it)
          .fix("write the value alone to the file whose path the command gets")
          .asException();
    });
  }

  private String text(OutputData data) {
    try (var in = objects.open(data.digest())) {
      return new String(in.readNBytes(MOST_VALUE), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw Problem.of(ErrorCode.DISK, "a value could not be read: " + e.getMessage())
          .asException(e);
    }
  }

  private static ProblemException notText(Plan.StepRef of, String why) {
    return Problem.of(
            ErrorCode.WRONG_TYPE, "output " + of.output() + " of " + of.step() + " " + why)
        .fix("write the value alone to a file of that output")
        .asException();
  }

  /** Several outputs as one folder: {@code 0}, {@code 1} and so on. */
  OutputData gathered(List<OutputData> parts) {
    var entries = new ArrayList<FolderManifest.Entry>();
    try {
      for (int i = 0; i < parts.size(); i++) {
        var part = parts.get(i);
        if (part.name().isEmpty()) {
          for (var entry : FolderManifest.read(objects, part.digest()).entries()) {
            entries.add(below(i + "/", entry));
          }
        } else {
          entries.add(
              new FolderManifest.FileEntry(
                  i + "/" + part.name(), part.digest(), part.bytes(), false));
        }
      }
      var folder = FolderManifest.ofUnsorted(entries);
      return new OutputData(
          folder.put(objects), DataType.URI_FOLDER, "", folder.bytes(), folder.fileCount());
    } catch (IOException e) {
      throw Problem.of(ErrorCode.DISK, "outputs could not be put together: " + e.getMessage())
          .asException(e);
    }
  }

  private static FolderManifest.Entry below(String folder, FolderManifest.Entry entry) {
    return switch (entry) {
      case FolderManifest.FileEntry it ->
          new FolderManifest.FileEntry(folder + it.path(), it.digest(), it.size(), it.executable());
      case FolderManifest.FolderEntry it -> new FolderManifest.FolderEntry(folder + it.path());
    };
  }
}
