package io.headrace.name;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * SHA-256 of large streams by the system's own library: OpenSSL's libcrypto on Linux, the C library
 * on macOS. Commands run with Java's quick compiler alone, which makes Java's SHA-256 ten times
 * slower than the processor's instructions allow; for small files starting this costs more than it
 * saves. Where there is no such library, Java's own is used.
 */
final class LargeSha256 {
  /** From here on, the library is worth its start of about 20 ms. In bytes. */
  static final long WORTH = 16L * 1024 * 1024;

  /** Larger than the context of any of the libraries, which is 104 to 112 bytes. */
  private static final long CONTEXT_BYTES = 256;

  private static final int BUFFER = 1024 * 1024;
  private static final int DIGEST_BYTES = 32;

  private final MethodHandle init;
  private final MethodHandle update;
  private final MethodHandle last;

  private LargeSha256(MethodHandle init, MethodHandle update, MethodHandle last) {
    this.init = init;
    this.update = update;
    this.last = last;
  }

  /** Looked for once, when the first large file is met. */
  private static final class Found {
    static final Optional<LargeSha256> LIBRARY = find();
  }

  static Optional<LargeSha256> library() {
    return Found.LIBRARY;
  }

  private static Optional<LargeSha256> find() {
    var system = bind(Linker.nativeLinker().defaultLookup(), "CC_SHA256_");
    if (system.isPresent()) {
      return system;
    }
    for (var name : List.of("libcrypto.so.3", "libcrypto.so.1.1")) {
      try {
        var bound = bind(SymbolLookup.libraryLookup(name, Arena.global()), "SHA256_");
        if (bound.isPresent()) {
          return bound;
        }
      } catch (IllegalArgumentException | IllegalCallerException e) {
        // Not on this machine, or not allowed: the next, or Java's own.
      }
    }
    return Optional.empty();
  }

  private static Optional<LargeSha256> bind(SymbolLookup library, String prefix) {
    var init = library.find(prefix + "Init");
    var update = library.find(prefix + "Update");
    var last = library.find(prefix + "Final");
    if (init.isEmpty() || update.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    var linker = Linker.nativeLinker();
    var number = ValueLayout.JAVA_INT;
    var address = ValueLayout.ADDRESS;
    return Optional.of(
        new LargeSha256(
            linker.downcallHandle(init.get(), FunctionDescriptor.of(number, address)),
            linker.downcallHandle(
                update.get(),
                FunctionDescriptor.of(number, address, address, ValueLayout.JAVA_LONG)),
            linker.downcallHandle(last.get(), FunctionDescriptor.of(number, address, address))));
  }

  /** Reads to the end; the stream is left open. */
  Digest of(InputStream bytes) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var context = arena.allocate(CONTEXT_BYTES, 16);
      var chunk = arena.allocate(BUFFER);
      var array = new byte[BUFFER];
      check((int) init.invokeExact(context));
      int length;
      while ((length = bytes.readNBytes(array, 0, BUFFER)) > 0) {
        MemorySegment.copy(array, 0, chunk, ValueLayout.JAVA_BYTE, 0, length);
        check((int) update.invokeExact(context, chunk, (long) length));
      }
      var digest = arena.allocate(DIGEST_BYTES);
      check((int) last.invokeExact(digest, context));
      return Digest.of(digest.toArray(ValueLayout.JAVA_BYTE));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("the system's SHA-256 failed", e);
    }
  }

  private static void check(int done) {
    if (done != 1) {
      throw new IllegalStateException("the system's SHA-256 answered " + done);
    }
  }
}
