package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.plan.StepInput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.ObjectStore;
import io.headrace.store.FolderManifest;
import io.headrace.table.TableDefinition;
import io.headrace.table.TableFiles;
import io.headrace.table.TableReader;
import io.headrace.table.TableText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Turns a table's folder into what a step is given of it. */
final class Tables {
  private final ObjectStore objects;

  Tables(ObjectStore objects) {
    this.objects = objects;
  }

  /**
   * The folder that an evaluated input holds, kept in the store. The same folder always gives the
   * same.
   *
   * @param folder a manifest's digest
   * @param mode one that {@link StepInput.Mode#isEvaluated}
   * @param file how problems name the MLTable file
   * @throws io.headrace.problem.ProblemException when the MLTable file is missing or wrong
   */
  Digest evaluated(Digest folder, StepInput.Mode mode, String file) throws IOException {
    var manifest = FolderManifest.read(objects, folder);
    var table = TableReader.read(text(manifest, file), file);
    var names = manifest.files().stream().map(FolderManifest.FileEntry::path).toList();
    var chosen = TableFiles.of(table, names);
    var result =
        mode == StepInput.Mode.TABLE
            ? withDefinition(manifest, TableText.of(table, chosen))
            : only(manifest, chosen);
    return result.put(objects);
  }

  private String text(FolderManifest folder, String file) throws IOException {
    var entry =
        folder
            .file(TableDefinition.FILE)
            .orElseThrow(() ->
                Problem.of(ErrorCode.MISSING_PATH, "'" + file + "' is not there")
                    .fix("an mltable is a folder that holds a file called MLTable")
                    .asException());
    try (var bytes = objects.open(entry.digest())) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private FolderManifest withDefinition(FolderManifest folder, byte[] definition)
      throws IOException {
    var entries = new ArrayList<>(folder.entries());
    entries.removeIf(it -> it.path().equals(TableText.FILE));
    var digest = objects.put(new ByteArrayInputStream(definition));
    entries.add(new FolderManifest.FileEntry(TableText.FILE, digest, definition.length, false));
    return FolderManifest.ofUnsorted(entries);
  }

  private static FolderManifest only(FolderManifest folder, List<String> chosen) {
    var kept = new HashSet<>(chosen);
    return FolderManifest.ofUnsorted(
        folder.files().stream()
            .filter(it -> kept.contains(it.path()))
            .map(FolderManifest.Entry.class::cast)
            .toList());
  }
}
