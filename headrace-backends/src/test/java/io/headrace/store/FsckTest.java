package io.headrace.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.name.Digest;
import io.headrace.store.Fsck.Dependents;
import io.headrace.store.Fsck.Fault;
import io.headrace.store.Fsck.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FsckTest {
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

  private record Named(Map<Digest, List<String>> names) implements Dependents {
    @Override
    public Set<Digest> digests() {
      return names.keySet();
    }

    @Override
    public List<String> of(Digest digest) {
      return names.getOrDefault(digest, List.of());
    }
  }

  private static final Named NOBODY = new Named(Map.of());

  private List<Finding> check(Dependents dependents, boolean repair) throws IOException {
    return Fsck.check(fixture.store, dependents, Sources.NONE, repair).findings();
  }

  /** Changes one bit and leaves no trace in the file's times. */
  private void flip(Digest digest, long bit) throws IOException {
    var object = fixture.object(digest);
    var time = Files.getLastModifiedTime(object);
    var bytes = Files.readAllBytes(object);
    bytes[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
    Files.setPosixFilePermissions(object, PosixFilePermissions.fromString("rw-------"));
    Files.write(object, bytes);
    Files.setPosixFilePermissions(object, PosixFilePermissions.fromString("r--r--r--"));
    Files.setLastModifiedTime(object, time);
  }

  private Captured folder(String... files) throws IOException {
    for (var file : files) {
      fixture.write("d/" + file, "bytes of " + file);
    }
    try (var capture = fixture.storing()) {
      return capture.data(fixture.home.resolve("d"));
    }
  }

  @Test
  void a_whole_store_has_no_findings() throws IOException {
    var data = folder("a", "b/c");
    var report =
        Fsck.check(
            fixture.store,
            new Named(Map.of(data.digest(), List.of("run r1, input data"))),
            Sources.NONE,
            false);
    assertThat(report.findings()).isEmpty();
    assertThat(report.objects()).isEqualTo(3);
    assertThat(report.bytes()).isGreaterThan(0);
  }

  @Test
  void every_flip_of_a_single_bit_is_found() throws IOException {
    var random = new Random(20261122);
    var digests = new HashMap<Digest, Integer>();
    for (int i = 0; i < 500; i++) {
      var bytes = new byte[1 + random.nextInt(5_000)];
      random.nextBytes(bytes);
      digests.put(fixture.store.put(new ByteArrayInputStream(bytes)), bytes.length);
    }
    var flipped = new HashSet<Digest>();
    for (var object : digests.entrySet()) {
      flip(object.getKey(), random.nextInt(object.getValue() * 8));
      flipped.add(object.getKey());
    }
    var untouched = fixture.store.put(new ByteArrayInputStream("whole".getBytes(UTF_8)));
    var found = check(NOBODY, false).stream().map(Finding::digest).collect(Collectors.toSet());
    assertThat(found).isEqualTo(flipped).doesNotContain(untouched);
  }

  @Test
  void a_damaged_file_of_a_folder_is_told_with_all_that_depends_on_it() throws IOException {
    var data = folder("a", "b/c");
    var damaged = Digest.ofText("bytes of b/c");
    flip(damaged, 5);
    var findings =
        check(
            new Named(
                Map.of(
                    data.digest(),
                    List.of("run r1, step train, input data"),
                    damaged,
                    List.of("run r2, step score, output x"))),
            false);
    assertThat(findings).hasSize(1);
    var finding = findings.getFirst();
    assertThat(finding.digest()).isEqualTo(damaged);
    assertThat(finding.fault()).isEqualTo(Fault.DAMAGED);
    assertThat(finding.dependents())
        .containsExactly(
            "run r2, step score, output x", "run r1, step train, input data, file b/c");
    assertThat(finding.problem().toString()).contains("HR-2004").contains(damaged.hex());
    assertThat(fixture.store.size(damaged)).isPositive();
  }

  @Test
  void a_missing_object_and_a_missing_folder_are_told() throws IOException {
    var data = folder("a", "b");
    fixture.store.remove(Digest.ofText("bytes of a"));
    var other = Digest.ofText("never stored");
    var findings =
        check(new Named(Map.of(data.digest(), List.of("r1"), other, List.of("r2"))), false);
    assertThat(findings)
        .extracting(Finding::digest)
        .containsExactlyInAnyOrder(Digest.ofText("bytes of a"), other);
    assertThat(findings).extracting(Finding::fault).containsOnly(Fault.MISSING);
  }

  @Test
  void a_damaged_folder_list_is_told() throws IOException {
    var data = folder("a");
    flip(data.digest(), 200);
    assertThat(check(new Named(Map.of(data.digest(), List.of("r1"))), false))
        .extracting(Finding::digest)
        .containsExactly(data.digest());
  }

  @Test
  void a_repair_takes_the_damaged_away_and_makes_whole_what_it_can() throws IOException {
    folder("a", "b");
    Fixture.settle(fixture.home.resolve("d/b"));
    folder();
    var lost = fixture.store.put(new ByteArrayInputStream("made by a step".getBytes(UTF_8)));
    flip(lost, 3);
    flip(Digest.ofText("bytes of a"), 3);
    var report = Fsck.check(fixture.store, NOBODY, fixture.cache(), true);
    assertThat(report.findings()).hasSize(2);
    for (var finding : report.findings()) {
      assertThat(finding.mended()).isEqualTo(!finding.digest().equals(lost));
    }
    assertThat(fixture.store.missing(List.of(lost))).containsExactly(lost);
    assertThat(check(NOBODY, false)).isEmpty();
  }

  @Test
  void a_users_file_that_begins_like_a_list_of_files_is_no_trouble() throws IOException {
    fixture.store.put(
        new ByteArrayInputStream("headrace-folder 1\nis a fine format".getBytes(UTF_8)));
    assertThat(check(NOBODY, false)).isEmpty();
  }
}
