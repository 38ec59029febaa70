package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.name.Digest;
import io.headrace.plan.DataType;
import io.headrace.run.OutputData;
import io.headrace.store.FolderManifest.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TakingTest {
  @TempDir Path folder;

  private Fixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new Fixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private OutputData take(String name, DataType type, Path... inputs) {
    return new Taking(fixture.store).take(fixture.home.resolve(name), type, List.of(inputs));
  }

  private List<String> paths(Digest manifest) throws IOException {
    return FolderManifest.read(fixture.store, manifest).entries().stream()
        .map(Entry::path)
        .toList();
  }

  @Test
  void a_file_is_taken_without_a_second_copy() throws IOException {
    var file = fixture.write("out/model.bin", "weights");
    var taken = take("out/model.bin", DataType.URI_FILE);
    assertThat(taken)
        .isEqualTo(new OutputData(Digest.ofText("weights"), DataType.URI_FILE, "model.bin", 7, 1));
    assertThat(Files.isSameFile(file, fixture.object(taken.digest()))).isTrue();
  }

  @Test
  void a_folder_is_taken_with_its_empty_folders_and_always_has_the_same_digest()
      throws IOException {
    for (var root : List.of("one", "two")) {
      for (int i = 0; i < 300; i++) {
        fixture.write(root + "/s" + i % 7 + "/f" + i, "x" + i);
      }
      Files.createDirectories(fixture.home.resolve(root + "/empty"));
    }
    var one = take("one", DataType.URI_FOLDER);
    var two = take("two", DataType.URI_FOLDER);
    assertThat(two).isEqualTo(one);
    assertThat(one.files()).isEqualTo(300);
    assertThat(paths(one.digest())).contains("empty", "s0/f0");
    assertThat(
            Files.isSameFile(
                fixture.home.resolve("one/s0/f0"), fixture.object(Digest.ofText("x0"))))
        .isTrue();
  }

  @Test
  void an_empty_folder_is_an_output_too() throws IOException {
    Files.createDirectories(fixture.home.resolve("out"));
    assertThat(take("out", DataType.URI_FOLDER).files()).isZero();
  }

  @Test
  void what_is_not_there_or_of_another_kind_is_told() throws IOException {
    fixture.write("out/x", "1");
    assertThatThrownBy(() -> take("nothing", DataType.URI_FILE)).hasMessageContaining("HR-4007");
    assertThatThrownBy(() -> take("out", DataType.URI_FILE))
        .hasMessageContaining("HR-4007")
        .hasMessageContaining("uri_file");
    assertThatThrownBy(() -> take("out/x", DataType.URI_FOLDER)).hasMessageContaining("HR-4007");
    assertThat(take("out/x", DataType.CUSTOM_MODEL).name()).isEqualTo("x");
  }

  @Test
  void links_within_the_output_and_to_inputs_are_replaced_by_what_they_lead_to()
      throws IOException {
    fixture.write("out/v1/model", "m");
    fixture.write("in/data.csv", "d");
    Files.createSymbolicLink(fixture.home.resolve("out/latest"), Path.of("v1"));
    Files.createSymbolicLink(
        fixture.home.resolve("out/data.csv"), fixture.home.resolve("in/data.csv"));
    var taken = take("out", DataType.URI_FOLDER, fixture.home.resolve("in"));
    assertThat(paths(taken.digest())).containsExactly("data.csv", "latest/model", "v1/model");
  }

  @Test
  void a_link_that_leads_elsewhere_is_refused() throws IOException {
    var secret = fixture.write("secret", "s");
    Files.createDirectories(fixture.home.resolve("out"));
    Files.createSymbolicLink(fixture.home.resolve("out/x"), secret);
    assertThatThrownBy(() -> take("out", DataType.URI_FOLDER))
        .hasMessageContaining("HR-2001")
        .hasMessageContaining("outside the output");
    Files.createSymbolicLink(fixture.home.resolve("file"), secret);
    assertThatThrownBy(() -> take("file", DataType.URI_FILE)).hasMessageContaining("HR-2001");
    Files.createSymbolicLink(fixture.home.resolve("root"), fixture.home);
    assertThatThrownBy(() -> take("root", DataType.URI_FOLDER)).hasMessageContaining("HR-2001");
    Files.createSymbolicLink(fixture.home.resolve("out/y"), Path.of("nowhere"));
    assertThatThrownBy(() -> take("out", DataType.URI_FOLDER)).hasMessageContaining("HR-2001");
    assertThat(secret).isWritable();
    assertThat(fixture.store.size(Digest.ofText("s"))).isEqualTo(-1);
  }

  @Test
  void a_pipe_is_refused_at_once() throws Exception {
    Files.createDirectories(fixture.home.resolve("out"));
    var pipe = fixture.home.resolve("out/pipe").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    assertThatThrownBy(() -> take("out", DataType.URI_FOLDER)).hasMessageContaining("a pipe");
  }

  @Test
  void artifacts_of_several_places_become_one_folder_and_logs_stay_writable() throws IOException {
    fixture.write("run/outputs/m/plot.png", "p");
    var log = fixture.write("run/std_log.txt", "line");
    var taking = new Taking(fixture.store);
    var parts =
        List.of(
            new Taking.Part("outputs", fixture.home.resolve("run/outputs"), false),
            new Taking.Part("logs", fixture.home.resolve("run/logs"), false),
            new Taking.Part("user_logs/std_log.txt", log, true));
    var manifest = taking.artifacts(parts, List.of()).orElseThrow();
    assertThat(paths(manifest)).containsExactly("outputs/m/plot.png", "user_logs/std_log.txt");
    Files.writeString(log, "more");
    assertThat(fixture.store.intact(Digest.ofText("line"))).isTrue();
    assertThat(taking.artifacts(parts.subList(1, 2), List.of())).isEmpty();
  }
}
