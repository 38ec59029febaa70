package io.headrace.cli;

import io.headrace.backend.sqlite.SqliteLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Part of the build: unpacks native libraries into the distribution, so that no start has to. */
public final class NativeLibraries {
  private NativeLibraries() {}

  /** {@code args[0]}: the folder to fill. */
  public static void main(String[] args) throws IOException {
    SqliteLibrary.unpack(Files.createDirectories(Path.of(args[0])));
  }
}
