package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.problem.ProblemException;
import io.headrace.run.OutputData;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest;
import io.headrace.store.Sources;
import io.headrace.store.Staging;
import io.headrace.store.Taking;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The bytes' room, as the engine uses it. */
record StepFiles(ObjectStore objects, Staging staging, Taking taking) {
  static StepFiles over(ObjectStore objects, Sources sources) {
    return new StepFiles(objects, new Staging(objects, sources), new Taking(objects));
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
}
