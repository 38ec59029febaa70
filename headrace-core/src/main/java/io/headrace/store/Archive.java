package io.headrace.store;

import io.headrace.store.FolderWalk.Found;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a zip archive whose bytes follow from names and contents alone: one time for all entries,
 * and no compression, whose result differs between versions of zlib.
 */
final class Archive {
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final int BUFFER = 128 * 1024;

  private Archive() {}

  /** Writes all files, in their order, under their names; then the archive is complete. */
  static void write(List<Found> files, OutputStream to) throws IOException {
    var zip = new ZipOutputStream(to);
    for (var file : files) {
      add(zip, file);
    }
    zip.finish();
  }

  private static void add(ZipOutputStream zip, Found file) throws IOException {
    var crc = new CRC32();
    long size = 0;
    var buffer = new byte[BUFFER];
    try (var bytes = Files.newInputStream(file.path())) {
      int length;
      while ((length = bytes.read(buffer)) >= 0) {
        crc.update(buffer, 0, length);
        size += length;
      }
    }
    var entry = new ZipEntry(file.name());
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    try (var bytes = Files.newInputStream(file.path())) {
      bytes.transferTo(zip);
    }
    zip.closeEntry();
  }
}
