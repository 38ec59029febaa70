package io.headrace.backend.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.name.Digest;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects that nobody needs go; what is put or asked for meanwhile stays. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UnusedObjectsTest {
  /** Three hours from now all that was put now is old. */
  private final Instant afterwards = Instant.now().plus(Duration.ofHours(3));

  private final Instant limit = afterwards.minus(Duration.ofHours(1));

  @TempDir Path folder;
  private FileObjectStore now;
  private FileObjectStore later;

  @BeforeEach
  void open() {
    now = new FileObjectStore(objects());
    later = laterStore();
  }

  private Path objects() {
    return folder.resolve("objects");
  }

  private FileObjectStore laterStore() {
    return new FileObjectStore(
        objects(),
        new Disk() {
          @Override
          Instant now() {
            return afterwards;
          }
        });
  }

  private static Digest put(FileObjectStore store, String text) throws IOException {
    return store.put(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static String read(FileObjectStore store, Digest digest) throws IOException {
    try (var bytes = store.open(digest)) {
      return new String(bytes.readAllBytes(), UTF_8);
    }
  }

  @Nested
  class Given_an_object_that_was_put_long_ago {
    @Test
    void when_nobody_asked_for_it_since_then_it_goes() throws IOException {
      Digest digest = put(now, "old");
      assertThat(now.unusedSince(digest, limit)).isTrue();
      assertThat(now.removeUnused(digest, limit)).isTrue();
      assertThat(now.missing(List.of(digest))).containsExactly(digest);
      assertThat(now.removeUnused(digest, limit)).isFalse();
      assertThatThrownBy(() -> now.open(digest)).isInstanceOf(FileNotFoundException.class);
      assertThat(put(now, "old")).isEqualTo(digest);
      assertThat(read(now, digest)).isEqualTo("old");
    }

    @Test
    void when_it_is_put_again_then_it_stays() throws IOException {
      Digest digest = put(now, "old");
      put(later, "old");
      assertThat(now.removeUnused(digest, limit)).isFalse();
      assertThat(read(now, digest)).isEqualTo("old");
    }

    @Test
    void when_somebody_asks_whether_it_is_here_then_it_stays() throws IOException {
      Digest digest = put(now, "old");
      assertThat(later.missing(List.of(digest))).isEmpty();
      assertThat(now.removeUnused(digest, limit)).isFalse();
    }

    @Test
    void when_a_use_is_noted_then_it_is_as_sealed_as_before() throws IOException {
      Digest digest = put(now, "old");
      later.missing(List.of(digest));
      Path object =
          objects().resolve(digest.hex().substring(0, 2)).resolve(digest.hex().substring(2));
      assertThat(Files.getLastModifiedTime(object)).isEqualTo(FileObjectStore.SEALED);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(object)))
          .doesNotContain("w");
    }
  }

  @Nested
  class Given_a_process_that_was_killed_while_it_removed_objects {
    @Test
    void when_the_store_is_used_again_then_what_was_going_is_here() throws IOException {
      List<Digest> going = new ArrayList<>();
      Files.createDirectories(objects().resolve("going"));
      for (String text : List.of("asked", "opened", "given", "measured", "put", "listed")) {
        Digest digest = put(now, text);
        Path object =
            objects().resolve(digest.hex().substring(0, 2)).resolve(digest.hex().substring(2));
        Files.move(object, objects().resolve("going").resolve(digest.hex()));
        going.add(digest);
      }
      FileObjectStore next = new FileObjectStore(objects());
      assertThat(next.missing(going.subList(0, 1))).isEmpty();
      assertThat(read(next, going.get(1))).isEqualTo("opened");
      next.give(going.get(2), folder.resolve("given"), false);
      assertThat(next.size(going.get(3))).isEqualTo("measured".length());
      assertThat(put(next, "put")).isEqualTo(going.get(4));
      try (var all = next.list()) {
        assertThat(all).containsExactlyInAnyOrderElementsOf(going);
      }
      try (var left = Files.list(objects().resolve("going"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Nested
  class Given_others_that_put_and_ask_while_objects_are_removed {
    @Test
    void when_a_put_has_returned_then_its_object_is_here_whoever_removed_it_meanwhile()
        throws Exception {
      List<Digest> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        all.add(put(now, "text " + i));
      }
      try (var threads = Executors.newVirtualThreadPerTaskExecutor();
          var other = laterStore()) {
        var removing =
            threads.submit(() -> {
              for (int round = 0; round < 20; round++) {
                for (Digest digest : all) {
                  now.removeUnused(digest, limit);
                }
              }
              return null;
            });
        var putting =
            threads.submit(() -> {
              for (int i = all.size() - 1; i >= 0; i--) {
                Digest digest = put(later, "text " + i);
                assertThat(read(later, digest)).isEqualTo("text " + i);
              }
              return null;
            });
        var puttingToo =
            threads.submit(() -> {
              for (int i = 0; i < all.size(); i++) {
                Digest digest = put(other, "text " + i);
                assertThat(other.missing(List.of(digest))).isEmpty();
              }
              return null;
            });
        removing.get();
        putting.get();
        puttingToo.get();
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(read(now, all.get(i))).isEqualTo("text " + i);
      }
    }
  }
}
