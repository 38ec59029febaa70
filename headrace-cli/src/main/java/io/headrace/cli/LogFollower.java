package io.headrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Prints what is added to a log, each byte once, and the whole of it in the end. On a terminal
 * control characters are made harmless; into a file or a pipe the text goes as it is.
 */
final class LogFollower {
  private final PrintWriter out;
  private final boolean terminal;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
  private final CharBuffer chars = CharBuffer.allocate(64 * 1024);
  private Optional<Path> followed = Optional.empty();
  private long printed;
  private char last = '\n';

  LogFollower(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Prints what has come since; another file than before, as of a second attempt, from its top. */
  void more(Path log) throws IOException {
    if (!followed.equals(Optional.of(log))) {
      end();
      followed = Optional.of(log);
      printed = 0;
    }
    try (var file = FileChannel.open(log, StandardOpenOption.READ)) {
      file.position(printed);
      int read = file.read(bytes);
      while (read > 0) {
        printed += read;
        print();
        read = file.read(bytes);
      }
    } catch (NoSuchFileException e) {
      // It has not begun to print, or its folder was deleted.
    }
  }

  /** Whether anything was there to print. */
  boolean hasPrinted() {
    return printed > 0;
  }

  /** Prints all of it. */
  void all(InputStream log) throws IOException {
    var chunk = new byte[32 * 1024];
    for (int read = log.read(chunk); read >= 0; read = log.read(chunk)) {
      bytes.put(chunk, 0, read);
      printed += read;
      print();
    }
  }

  private void print() {
    bytes.flip();
    decoder.decode(bytes, chars, false);
    bytes.compact(); // what is left of a character is kept until the rest of it comes
    chars.flip();
    while (chars.hasRemaining()) {
      last = chars.get();
      boolean harmless = last == '\n' || last == '\t' || !Character.isISOControl(last);
      out.print(harmless || !terminal ? last : '\uFFFD');
    }
    chars.clear();
    out.flush();
  }

  /** Ends the last line. */
  void end() {
    if (last != '\n') {
      out.println();
      last = '\n';
    }
    bytes.clear();
    decoder.reset();
  }
}
