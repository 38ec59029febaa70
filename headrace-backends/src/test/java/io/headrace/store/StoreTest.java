package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.backend.sqlite.SqliteMetadataStore;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StoreTest {
  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void given_code_and_data_when_captured_staged_and_taken_then_the_bytes_are_the_same()
      throws IOException {
    write("code/train.py", "print(1)");
    write("code/lib/a.py", "a");
    write("code/.amlignore", "*.tmp\n");
    write("code/x.tmp", "no");
    write("data/d/1.csv", "1,2");
    Files.createDirectories(folder.resolve("data/empty"));
    var store = new FileObjectStore(folder.resolve("ws/objects"));
    try (var records = SqliteMetadataStore.open(folder.resolve("ws/records.db"));
        var capture = Capture.storing(store, new StatCache(records), folder.resolve("ws"))) {
      var code = capture.code(new Code.Local(folder.resolve("code"), List.of()));
      var data = capture.data(folder.resolve("data"));
      assertThat(code.files()).isEqualTo(3);
      var staging = new Staging(store, Sources.NONE);
      staging.giveCode(code.digest(), folder.resolve("run/code"));
      staging.giveFolder(data.digest(), folder.resolve("run/in"));
      assertThat(folder.resolve("run/code/lib/a.py")).hasContent("a");
      assertThat(folder.resolve("run/in/d/1.csv")).hasContent("1,2");
      assertThat(folder.resolve("run/in/empty")).isDirectory();
      var given = new Given("data", data.digest(), true, folder.resolve("run/in"));
      assertThat(staging.changes(List.of(given))).isEmpty();
      write("run/out/model/w.bin", "weights");
      var taken = new Taking(store).take(folder.resolve("run/out"), DataType.URI_FOLDER, List.of());
      assertThat(taken.files()).isEqualTo(1);
      assertThat(FolderManifest.read(store, taken.digest()).files().getFirst().path())
          .isEqualTo("model/w.bin");
    }
  }
}
