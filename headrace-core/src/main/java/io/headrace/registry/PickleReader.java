package io.headrace.registry;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Walks the opcodes of a pickle, of any protocol, and collects what it would import. Texts are
 * remembered as far as {@code STACK_GLOBAL} needs them; a name that is put together in another way
 * is told as one that is not known.
 */
final class PickleReader {
  private static final int MOST_TEXT = 4_096;
  private static final int MOST_MEMO = 1_000_000;
  private static final int MOST_GLOBALS = 1_000;
  private static final String UNKNOWN = "a name that is put together while loading";

  private final InputStream bytes;
  private final Set<String> globals = new LinkedHashSet<>();
  private final Map<Long, String> memo = new HashMap<>();
  private long position;
  private long memoized;

  /** The last two things pushed: their texts, or a line break for anything else. */
  private String last = OTHER;

  private String beforeLast = OTHER;
  private static final String OTHER = "\n";

  PickleReader(InputStream bytes) {
    this.bytes = bytes;
  }

  /** {@code module.name} each. */
  Set<String> globals() {
    return globals;
  }

  /** Reads to the end; says what kept it from that, or nothing. */
  String read() throws IOException {
    try {
      while (true) {
        int opcode = bytes.read();
        if (opcode < 0) {
          return "a pickle that ends too soon";
        }
        position++;
        if (opcode == '.') {
          return bytes.read() < 0 ? "" : "more follows after its pickle, not looked into";
        }
        if (!step(opcode)) {
          return "not a plain pickle after byte "
              + (position - 1)
              + "; what follows was not looked into";
        }
        if (globals.size() > MOST_GLOBALS) {
          return "it imports more than " + MOST_GLOBALS + " things";
        }
      }
    } catch (EOFException e) {
      return "a pickle that ends too soon";
    }
  }

  private boolean step(int opcode) throws IOException {
    switch (opcode) {
      case 'c', 'i' -> {
        String module = line();
        globals.add(module + "." + line());
        push(OTHER);
      }
      case 0x93 -> {
        boolean known = !last.equals(OTHER) && !beforeLast.equals(OTHER);
        globals.add(known ? beforeLast + "." + last : UNKNOWN);
        push(OTHER);
      }
      case 'V', 'S', 'U', 'T', 'X', 0x8c, 0x8d -> push(text(opcode));
      case 'p' -> remember(number(line()));
      case 'q' -> remember(little(1));
      case 'r' -> remember(little(4));
      case 0x94 -> remember(memoized++);
      case 'g' -> push(memo.getOrDefault(number(line()), OTHER));
      case 'h' -> push(memo.getOrDefault(little(1), OTHER));
      case 'j' -> push(memo.getOrDefault(little(4), OTHER));
      case 0x82, 0x83, 0x84 -> {
        globals.add("copyreg._extension_registry");
        little(1 << (opcode - 0x82));
        push(OTHER);
      }
      case 'P', 'I', 'L', 'F' -> {
        line();
        push(OTHER);
      }
      default -> {
        return plain(opcode);
      }
    }
    return true;
  }

  private boolean plain(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> skip(1);
      case 0x95 -> skip(8);
      case 'K' -> skipped(1);
      case 'M' -> skipped(2);
      case 'J' -> skipped(4);
      case 'G' -> skipped(8);
      case 0x8a, 'C' -> skipped(little(1));
      case 0x8b, 'B' -> skipped(little(4));
      case 0x8e, 0x96 -> skipped(little(8));
      case '(',
          '0',
          '1',
          '2',
          'N',
          'R',
          'Q',
          'a',
          'b',
          'd',
          'e',
          '}',
          'l',
          ']',
          'o',
          's',
          't',
          'u',
          ')',
          0x81,
          0x85,
          0x86,
          0x87,
          0x88,
          0x89,
          0x8f,
          0x90,
          0x91,
          0x92,
          0x97,
          0x98 ->
          push(OTHER);
      default -> {
        return false;
      }
    }
    return true;
  }

  private String text(int opcode) throws IOException {
    return switch (opcode) {
      case 'V' -> line();
      case 'S' -> line().replaceFirst("^['\"](.*)['\"]$", "$1");
      case 'U', 0x8c -> text(little(1));
      case 0x8d -> text(little(8));
      default -> text(little(4));
    };
  }

  private String text(long length) throws IOException {
    if (length < 0 || length > MOST_TEXT) {
      skip(length);
      return OTHER;
    }
    byte[] content = bytes.readNBytes((int) length);
    if (content.length < length) {
      throw new EOFException();
    }
    position += length;
    return new String(content, StandardCharsets.UTF_8);
  }

  private void push(String what) {
    beforeLast = last;
    last = what;
  }

  private void remember(long place) {
    memoized = Math.max(memoized, place + 1);
    if (!last.equals(OTHER) && memo.size() < MOST_MEMO) {
      memo.put(place, last);
    } else {
      memo.remove(place);
    }
  }

  private void skipped(long length) throws IOException {
    skip(length);
    push(OTHER);
  }

  private void skip(long length) throws IOException {
    if (length < 0) {
      throw new EOFException();
    }
    bytes.skipNBytes(length);
    position += length;
  }

  private long little(int length) throws IOException {
    long value = 0;
    for (int i = 0; i < length; i++) {
      int next = bytes.read();
      if (next < 0) {
        throw new EOFException();
      }
      position++;
      value |= (long) next << (8 * i);
    }
    return value;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int next = bytes.read();
      if (next < 0) {
        throw new EOFException();
      }
      position++;
      if (next == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      if (line.size() < MOST_TEXT) {
        line.write(next);
      }
    }
  }
}
