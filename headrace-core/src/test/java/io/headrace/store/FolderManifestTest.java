package io.headrace.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headrace.name.Digest;
import io.headrace.store.FolderManifest.Entry;
import io.headrace.store.FolderManifest.FileEntry;
import io.headrace.store.FolderManifest.FolderEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FolderManifestTest {
  private static final String X =
      "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
  private static final List<String> NAME_PIECES =
      List.of(
          "a",
          "Z",
          " ",
          "\n",
          "\\",
          "\\n",
          "\r",
          "\t",
          "é",
          "\uD83D\uDE00",
          "\uFFFE",
          "-",
          ".x",
          "'",
          "\"",
          "$",
          "*",
          "\u0001",
          "\u007f",
          "中");

  private static FileEntry file(String path) {
    return new FileEntry(path, new Digest(X), 1, false);
  }

  private static String name(Random random) {
    var name = new StringBuilder();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      name.append(NAME_PIECES.get(random.nextInt(NAME_PIECES.size())));
    }
    return name.toString();
  }

  /** A folder of odd names, two levels deep; no file is a folder too. */
  private static FolderManifest random(Random random) {
    var entries = new TreeMap<String, Entry>();
    for (int i = 0; i < random.nextInt(20); i++) {
      var digest = Digest.ofText("bytes " + random.nextInt());
      var path =
          random.nextBoolean() ? "f" + name(random) : "d" + name(random) + "/" + name(random);
      entries.put(path, new FileEntry(path, digest, random.nextLong() >>> 1, random.nextBoolean()));
    }
    entries.put("e", new FolderEntry("e"));
    return FolderManifest.ofUnsorted(new ArrayList<>(entries.values()));
  }

  @Nested
  class Given_folders_of_any_names {
    @Test
    void when_written_and_read_then_they_are_the_same() {
      var random = new Random(42);
      for (int i = 0; i < 2_000; i++) {
        var folder = random(random);
        var read = FolderManifest.parse(folder.toBytes());
        assertThat(read).isEqualTo(folder);
        assertThat(read.toBytes()).isEqualTo(folder.toBytes());
      }
    }

    @Test
    void when_the_entries_come_in_another_order_then_the_digest_is_the_same() {
      var random = new Random(43);
      for (int i = 0; i < 200; i++) {
        var folder = random(random);
        var shuffled = new ArrayList<>(folder.entries());
        Collections.shuffle(shuffled, random);
        assertThat(FolderManifest.ofUnsorted(shuffled).digest()).isEqualTo(folder.digest());
      }
    }

    @Test
    void when_any_byte_is_changed_then_it_is_refused_or_is_another_folder() {
      var random = new Random(44);
      for (int i = 0; i < 300; i++) {
        var folder = random(random);
        var bytes = folder.toBytes();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        try {
          var other = FolderManifest.parse(bytes);
          assertThat(other).isNotEqualTo(folder);
          assertThat(other.toBytes()).isEqualTo(bytes);
        } catch (IllegalArgumentException refused) {
          assertThat(refused).isNotNull();
        }
      }
    }

    @Test
    void then_they_are_ordered_by_their_utf_8_bytes() {
      var folder =
          FolderManifest.ofUnsorted(
              List.of(file("\uFFFE"), file("\uD83D\uDE00"), file("a/b"), file("a.txt"), file("Z")));
      var paths = folder.files().stream().map(FileEntry::path).toList();
      var byBytes = new ArrayList<>(paths);
      byBytes.sort((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
      assertThat(paths).isEqualTo(byBytes);
    }
  }

  @Nested
  class Given_a_known_folder {
    private final FolderManifest folder =
        FolderManifest.ofUnsorted(
            List.of(
                new FileEntry("b\nc", new Digest(X), 1, true),
                new FolderEntry("empty"),
                new FileEntry("a/x.txt", new Digest(X), 12, false)));

    @Test
    void then_its_text_is_for_ever_this() {
      assertThat(new String(folder.toBytes(), UTF_8))
          .isEqualTo(
              "headrace-folder 1\n"
                  + "f "
                  + X
                  + " 12 a/x.txt\n"
                  + "x "
                  + X
                  + " 1 b\\nc\n"
                  + "d empty\n");
    }

    @Test
    void then_files_are_found_and_summed() {
      assertThat(folder.file("a/x.txt")).isPresent();
      assertThat(folder.file("empty")).isEmpty();
      assertThat(folder.file("nothing")).isEmpty();
      assertThat(folder.bytes()).isEqualTo(13);
      assertThat(folder.fileCount()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "headrace-folder 2\n",
        "headrace-folder 1",
        "headrace-folder 1\nf " + X + " 1 a",
        "headrace-folder 1\nf " + X + " 01 a\n",
        "headrace-folder 1\nf " + X + " -1 a\n",
        "headrace-folder 1\nf " + X + " +1 a\n",
        "headrace-folder 1\nf " + X + " 1 \n",
        "headrace-folder 1\nf " + X + " 1 /a\n",
        "headrace-folder 1\nf " + X + " 1 a/\n",
        "headrace-folder 1\nf " + X + " 1 ../a\n",
        "headrace-folder 1\nf " + X + " 1 a/../b\n",
        "headrace-folder 1\nf " + X + " 1 a//b\n",
        "headrace-folder 1\nf " + X + " 1 .\n",
        "headrace-folder 1\nf " + X + " 1 a\\x\n",
        "headrace-folder 1\nf " + X + " 1 a\\\n",
        "headrace-folder 1\nf " + X + " 1 a\u0000b\n",
        "headrace-folder 1\nf " + X + " 99999999999999999999 a\n",
        "headrace-folder 1\ng " + X + " 1 a\n",
        "headrace-folder 1\nf 2D711642 1 a\n",
        "headrace-folder 1\n\n",
        "headrace-folder 1\nf " + X + " 1 b\nf " + X + " 1 a\n",
        "headrace-folder 1\nf " + X + " 1 a\nf " + X + " 1 a\n",
        "headrace-folder 1\nf " + X + " 1 a\nf " + X + " 1 a.b\nf " + X + " 1 a/b\n",
        "headrace-folder 1\nd a\nf " + X + " 1 a/b\n"
      })
  void a_text_that_would_not_be_written_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FolderManifest.parse(text.getBytes(UTF_8)));
  }
}
