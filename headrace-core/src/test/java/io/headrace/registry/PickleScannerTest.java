package io.headrace.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Pickles as Python 3.11's own {@code pickle} wrote them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PickleScannerTest {
  /** {@code pickle.dumps(C(), 4)} where {@code C.__reduce__} gives {@code (os.system, ("id",))}. */
  private static final byte[] SYSTEM =
      HexFormat.of()
          .parseHex(
              "8004951d000000000000008c05706f736978948c0673797374656d9493948c02696494859452942e");

  /** The same by protocol 0: {@code cposix\nsystem\np0\n(Vid\np1\ntp2\nRp3\n.} */
  private static final byte[] OLD =
      "cposix\nsystem\np0\n(Vid\np1\ntp2\nRp3\n.".getBytes(StandardCharsets.US_ASCII);

  private static List<String> scan(String path, byte[] bytes) throws IOException {
    return new PickleScanner().scan(path, new ByteArrayInputStream(bytes));
  }

  private static byte[] pickle(String module, String name) {
    return ("\u0080\u0002c" + module + "\n" + name + "\n)R.").getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void when_a_pickle_would_run_a_command_then_it_is_named_by_any_protocol() throws Exception {
    assertThat(scan("model.pkl", SYSTEM))
        .containsExactly("model.pkl: loading it runs posix.system");
    assertThat(scan("model.pkl", OLD)).containsExactly("model.pkl: loading it runs posix.system");
    assertThat(scan("hidden.txt", SYSTEM)).hasSize(1);
  }

  @Test
  void when_it_builds_harmless_things_then_nothing_is_said() throws Exception {
    assertThat(scan("m.pkl", pickle("collections", "OrderedDict"))).isEmpty();
    assertThat(scan("m.pkl", pickle("sklearn.linear_model._base", "LinearRegression"))).isEmpty();
    assertThat(scan("m.pkl", pickle("sklearn.utils", "resample"))).hasSize(1);
    assertThat(scan("m.pkl", pickle("builtins", "eval"))).hasSize(1);
    assertThat(scan("MLmodel", "flavors: {}".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(scan("empty.pkl", new byte[0])).isEmpty();
  }

  @Test
  void when_it_lies_in_archives_then_it_is_found() throws Exception {
    assertThat(scan("model.pt", zip("archive/data.pkl", SYSTEM)))
        .containsExactly("model.pt!archive/data.pkl: loading it runs posix.system");
    assertThat(scan("a.zip", zip("b.zip", zip("data.pkl", SYSTEM)))).hasSize(1);
    byte[] deep = zip("a", zip("b", zip("c", zip("d", SYSTEM))));
    assertThat(scan("deep.zip", deep).getFirst()).contains("not looked into");
  }

  private static byte[] zip(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  @Test
  void when_a_name_is_put_together_while_loading_then_that_is_told() throws Exception {
    byte[] computed = {(byte) 0x80, 4, 'N', 'N', (byte) 0x93, '.'};
    assertThat(scan("m.pkl", computed).getFirst()).contains("put together while loading");
  }

  @Test
  void when_it_is_cut_or_garbled_then_it_is_told_and_the_scan_ends() throws Exception {
    for (int length = 3; length < SYSTEM.length; length++) {
      assertThat(scan("m.pkl", java.util.Arrays.copyOf(SYSTEM, length))).isNotEmpty();
    }
    Random random = new Random(9);
    for (int i = 0; i < 5_000; i++) {
      byte[] garbled = SYSTEM.clone();
      for (int change = 0; change < 3; change++) {
        garbled[2 + random.nextInt(garbled.length - 2)] = (byte) random.nextInt(256);
      }
      assertThat(scan("m.pkl", garbled)).isNotNull();
    }
  }
}
