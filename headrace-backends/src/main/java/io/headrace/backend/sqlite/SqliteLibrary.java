package io.headrace.backend.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.util.OSInfo;

/**
 * Where the driver's native library comes from. The driver would unpack it from its jar into the
 * temporary folder at each start, which is slow and leaves the file behind after a {@code kill -9};
 * a distribution unpacks it once and names its folder in the system property {@value #FOLDER}.
 */
public final class SqliteLibrary {
  static final String FOLDER = "headrace.native";

  private SqliteLibrary() {}

  /**
   * Unpacks the library of this operating system and processor, for a distribution.
   *
   * @param folder exists; the file in it is called as the system calls libraries
   */
  public static void unpack(Path folder) throws IOException {
    var name = System.mapLibraryName("sqlitejdbc");
    var resource = "/org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS() + "/" + name;
    try (var bytes = SqliteLibrary.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IOException("the driver has no library for this machine: " + resource);
      }
      Files.copy(bytes, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** To be called before the driver is first used; does nothing without a usable folder. */
  static void prepare() {
    var folder = System.getProperty(FOLDER);
    if (folder == null || System.getProperty("org.sqlite.lib.path") != null) {
      return;
    }
    var name = System.mapLibraryName("sqlitejdbc");
    if (Files.isReadable(Path.of(folder, name))) {
      System.setProperty("org.sqlite.lib.name", name);
      System.setProperty("org.sqlite.lib.path", folder);
      // The driver looks through this folder for libraries that it left behind before.
      System.setProperty("org.sqlite.tmpdir", folder);
    }
  }
}
