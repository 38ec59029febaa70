package io.headrace.backend.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import io.headrace.spi.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FileObjectStoreTest {
  private static final int MEGABYTE = 1024 * 1024;

  @TempDir Path folder;

  private FileObjectStore store;

  @BeforeEach
  void open() {
    store = new FileObjectStore(folder.resolve("objects"));
  }

  private Path object(Digest digest) {
    return folder.resolve("objects", digest.hex().substring(0, 2), digest.hex().substring(2));
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] random(int length, long seed) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Digest digest(byte[] bytes) {
    return Digest.of(Digest.sha256().digest(bytes));
  }

  private byte[] read(Digest digest) throws IOException {
    try (var bytes = store.open(digest)) {
      return bytes.readAllBytes();
    }
  }

  private List<Path> leftovers() throws IOException {
    try (var files = Files.walk(folder.resolve("objects", "tmp"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(f -> !f.toString().endsWith(".lock"))
          .toList();
    }
  }

  private Set<Digest> all() throws IOException {
    try (var objects = store.list()) {
      return objects.collect(Collectors.toSet());
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  /** So many bytes; something is done before their end is told. */
  private static InputStream thenDo(int length, Action action) {
    var end =
        new InputStream() {
          @Override
          public int read() throws IOException {
            action.run();
            return -1;
          }

          @Override
          public int read(byte[] to, int start, int wanted) throws IOException {
            return read();
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(new byte[length]), end);
  }

  @Nested
  class Given_bytes_of_any_length {
    @Test
    void when_put_as_a_stream_or_a_file_then_they_come_back_under_their_digest()
        throws IOException {
      for (int length :
          List.of(0, 1, 10, 128 * 1024 - 1, 128 * 1024, 128 * 1024 + 1, 3 * MEGABYTE)) {
        var bytes = random(length, length);
        var other = random(length, length + 1000L);
        assertThat(store.put(new ByteArrayInputStream(bytes))).isEqualTo(digest(bytes));
        assertThat(store.put(file("f" + length, other))).isEqualTo(digest(other));
        assertThat(read(digest(bytes))).isEqualTo(bytes);
        assertThat(read(digest(other))).isEqualTo(other);
        assertThat(store.size(digest(other))).isEqualTo(length);
      }
      assertThat(leftovers()).isEmpty();
    }

    @Test
    void when_put_then_the_object_is_read_only_and_sealed() throws IOException {
      var digest = store.put(new ByteArrayInputStream("x".getBytes(UTF_8)));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(object(digest))))
          .isEqualTo("r--r--r--");
      assertThat(Files.getLastModifiedTime(object(digest))).isEqualTo(ObjectStore.SEALED);
    }

    @Test
    void when_put_from_a_file_then_the_file_stays_its_owners() throws IOException {
      var bytes = random(MEGABYTE, 1);
      var file = file("mine", bytes);
      var digest = store.put(file);
      Files.writeString(file, "changed");
      assertThat(read(digest)).isEqualTo(bytes);
    }

    @Test
    void when_the_stream_fails_then_nothing_is_visible() throws IOException {
      var failing =
          thenDo(
              MEGABYTE,
              () -> {
                throw new IOException("the other side hung up");
              });
      assertThatThrownBy(() -> store.put(failing)).hasMessage("the other side hung up");
      assertThat(all()).isEmpty();
      assertThat(leftovers()).isEmpty();
    }
  }

  @Nested
  class Given_a_finished_file {
    @Test
    void when_adopted_then_file_and_object_share_their_bytes() throws IOException {
      var bytes = random(MEGABYTE, 2);
      var file = file("out", bytes);
      var digest = store.adopt(file);
      assertThat(digest).isEqualTo(digest(bytes));
      assertThat(Files.isSameFile(file, object(digest))).isTrue();
      assertThat(Files.getPosixFilePermissions(file).toString()).doesNotContain("WRITE");
    }

    @Test
    void when_the_same_bytes_are_adopted_twice_then_there_is_one_object_and_large_files_share_it()
        throws IOException {
      var bytes = random(MEGABYTE, 3);
      var digest = store.adopt(file("one", bytes));
      assertThat(store.adopt(file("two", bytes))).isEqualTo(digest);
      assertThat(all()).containsExactly(digest);
      assertThat(Files.isSameFile(folder.resolve("two"), object(digest))).isTrue();
      assertThat(Files.readAllBytes(folder.resolve("two"))).isEqualTo(bytes);
      assertThat(leftovers()).isEmpty();
    }

    @Test
    void when_it_has_another_name_elsewhere_then_a_copy_is_taken_since_somebody_may_write_there()
        throws IOException {
      var elsewhere = file("elsewhere", "important".getBytes(UTF_8));
      var out = Files.createLink(folder.resolve("out"), elsewhere);
      var digest = store.adopt(out);
      Files.writeString(elsewhere, "rewritten");
      assertThat(read(digest)).asString().isEqualTo("important");
    }

    @Test
    void when_it_is_a_link_or_a_folder_then_it_is_refused() throws IOException {
      var link = Files.createSymbolicLink(folder.resolve("link"), file("target", new byte[1]));
      assertThatThrownBy(() -> store.adopt(link)).hasMessageContaining("not a plain file");
      assertThatThrownBy(() -> store.adopt(folder)).hasMessageContaining("not a plain file");
    }
  }

  @Nested
  class Given_an_object {
    @Test
    void when_given_then_the_target_is_a_read_only_link() throws IOException {
      var digest = store.put(new ByteArrayInputStream("data".getBytes(UTF_8)));
      var target = folder.resolve("given");
      store.give(digest, target, false);
      assertThat(target).hasContent("data");
      assertThat(Files.isSameFile(target, object(digest))).isTrue();
    }

    @Test
    void when_given_executable_then_the_target_is_its_own_and_the_object_stays_as_it_is()
        throws IOException {
      var digest = store.put(new ByteArrayInputStream("#!/bin/sh\n".getBytes(UTF_8)));
      var target = folder.resolve("run");
      store.give(digest, target, true);
      assertThat(Files.isExecutable(target)).isTrue();
      assertThat(Files.getLastModifiedTime(target)).isEqualTo(ObjectStore.SEALED);
      assertThat(Files.isSameFile(target, object(digest))).isFalse();
    }

    @Test
    void when_the_target_is_there_then_it_is_left_alone() throws IOException {
      var digest = store.put(new ByteArrayInputStream("data".getBytes(UTF_8)));
      var target = file("there", "mine".getBytes(UTF_8));
      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> store.give(digest, target, false));
      assertThat(target).hasContent("mine");
    }

    @Test
    void when_it_is_not_here_then_each_method_says_so() throws IOException {
      var absent = digest("absent".getBytes(UTF_8));
      assertThatExceptionOfType(FileNotFoundException.class)
          .isThrownBy(() -> store.give(absent, folder.resolve("t"), false));
      assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> store.open(absent));
      assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> store.intact(absent));
      assertThat(store.size(absent)).isEqualTo(-1);
      assertThat(store.missing(List.of(absent))).containsExactly(absent);
      store.remove(absent);
    }

    @Test
    void when_given_more_often_than_the_file_system_allows_links_then_copies_follow()
        throws IOException {
      var digest = store.put(new ByteArrayInputStream("popular".getBytes(UTF_8)));
      var many = Files.createDirectory(folder.resolve("many"));
      for (int i = 0; i < 65_100; i++) {
        store.give(digest, many.resolve("t" + i), false);
      }
      assertThat(many.resolve("t65099")).hasContent("popular");
      assertThat(Files.getLastModifiedTime(many.resolve("t65099"))).isEqualTo(ObjectStore.SEALED);
    }
  }

  @Nested
  class Given_an_object_that_was_written_to_through_a_link {
    private final byte[] bytes = random(200_000, 4);
    private Digest digest = digest(bytes);

    @BeforeEach
    void damage() throws IOException {
      digest = store.put(new ByteArrayInputStream(bytes));
      Files.setPosixFilePermissions(object(digest), PosixFilePermissions.fromString("rw-r--r--"));
      var changed = bytes.clone();
      changed[100_000] ^= 1;
      Files.write(object(digest), changed);
    }

    @Test
    void then_it_counts_as_missing() throws IOException {
      assertThat(store.missing(List.of(digest))).containsExactly(digest);
      assertThat(store.intact(digest)).isFalse();
    }

    @Test
    void then_it_is_not_given() {
      assertThatExceptionOfType(ProblemException.class)
          .isThrownBy(() -> store.give(digest, folder.resolve("given"), false))
          .satisfies(
              e -> assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.OBJECT_DAMAGED));
    }

    @Test
    void when_the_right_bytes_come_again_then_they_take_its_place() throws IOException {
      assertThat(store.put(new ByteArrayInputStream(bytes))).isEqualTo(digest);
      assertThat(read(digest)).isEqualTo(bytes);
      assertThat(store.intact(digest)).isTrue();
    }

    @Test
    void when_a_file_with_the_right_bytes_is_adopted_then_neither_is_lost() throws IOException {
      var file = file("again", bytes);
      assertThat(store.adopt(file)).isEqualTo(digest);
      assertThat(read(digest)).isEqualTo(bytes);
      assertThat(file).hasBinaryContent(bytes);
      assertThat(leftovers()).isEmpty();
    }

    @Test
    void when_dropped_then_it_is_gone() throws IOException {
      assertThat(store.dropIfDamaged(digest)).isTrue();
      assertThat(all()).isEmpty();
      assertThat(leftovers()).isEmpty();
    }
  }

  @Nested
  class Given_an_object_that_was_only_touched {
    @Test
    void then_it_is_read_once_and_sealed_again() throws IOException {
      var digest = store.put(new ByteArrayInputStream("same".getBytes(UTF_8)));
      Files.setPosixFilePermissions(object(digest), PosixFilePermissions.fromString("rw-r--r--"));
      Files.writeString(object(digest), "same");
      assertThat(store.missing(List.of(digest))).isEmpty();
      assertThat(Files.getLastModifiedTime(object(digest))).isEqualTo(ObjectStore.SEALED);
      assertThat(Files.getPosixFilePermissions(object(digest)).toString()).doesNotContain("WRITE");
      assertThat(store.dropIfDamaged(digest)).isFalse();
    }
  }

  @Nested
  class Given_many_threads {
    @Test
    void when_they_put_and_adopt_the_same_bytes_then_one_object_is_kept() throws Exception {
      var contents = new ArrayList<byte[]>();
      for (int i = 0; i < 40; i++) {
        contents.add(random(i * 5000, i));
      }
      var work = new ArrayList<Callable<Digest>>();
      for (int i = 0; i < 400; i++) {
        var bytes = contents.get(i % 40);
        var file = file("w" + i, bytes);
        work.add(
            switch (i % 3) {
              case 0 -> () -> store.put(new ByteArrayInputStream(bytes));
              case 1 -> () -> store.put(file);
              default -> () -> store.adopt(file);
            });
      }
      try (var threads = Executors.newFixedThreadPool(16)) {
        for (var done : threads.invokeAll(work)) {
          done.get();
        }
      }
      assertThat(all())
          .isEqualTo(
              contents.stream().map(FileObjectStoreTest::digest).collect(Collectors.toSet()));
      for (var bytes : contents) {
        assertThat(read(digest(bytes))).isEqualTo(bytes);
      }
      assertThat(leftovers()).isEmpty();
    }
  }

  @Nested
  class Given_a_process_that_died {
    @Test
    void when_the_store_is_opened_then_its_temporary_files_are_swept() throws IOException {
      var temp = folder.resolve("objects", "tmp");
      var dead = Files.createDirectory(temp.resolve("4711-dead"));
      Files.writeString(dead.resolve("1"), "half");
      Files.createFile(temp.resolve("4711-dead.lock"));
      var _ = new FileObjectStore(folder.resolve("objects"));
      assertThat(dead).doesNotExist();
      assertThat(temp.resolve("4711-dead.lock")).doesNotExist();
    }

    @Test
    void when_this_process_is_alive_then_its_files_are_not_swept() throws IOException {
      var slow =
          thenDo(
              3 * MEGABYTE,
              () -> {
                var _ = new FileObjectStore(folder.resolve("objects"));
              });
      var digest = store.put(slow);
      assertThat(store.size(digest)).isEqualTo(3L * MEGABYTE);
    }
  }

  @Nested
  class Given_a_store_on_disk {
    @Test
    void when_opened_again_then_the_objects_are_there() throws IOException {
      var digest = store.put(new ByteArrayInputStream("kept".getBytes(UTF_8)));
      store.close();
      store = new FileObjectStore(folder.resolve("objects"));
      assertThat(read(digest)).asString().isEqualTo("kept");
      assertThat(store.put(new ByteArrayInputStream("kept".getBytes(UTF_8)))).isEqualTo(digest);
      assertThat(all()).containsExactly(digest);
    }

    @Test
    void when_somebody_tidied_empty_folders_away_then_it_still_works() throws IOException {
      try (var shards = Files.newDirectoryStream(folder.resolve("objects"), "[0-9a-f][0-9a-f]")) {
        for (var shard : shards) {
          Files.delete(shard);
        }
      }
      var digest = store.put(new ByteArrayInputStream("kept".getBytes(UTF_8)));
      assertThat(all()).containsExactly(digest);
    }
  }
}
