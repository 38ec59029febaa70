package io.headrace.backend.local;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Through {@code posix_spawn(3)} of GNU's C library, from 2.34 on: one process and one program,
 * where Java's way takes three. Constants and sizes are those of its {@code spawn.h} on 64-bit
 * Linux.
 */
final class SystemStarter implements SessionStarter {
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;
  private static final int APPEND = 02000 | 0100 | 01; // O_APPEND | O_CREAT | O_WRONLY
  private static final int RIGHTS = 0666; // less the umask
  private static final int NO_HANG = 1;

  // Not smaller than posix_spawn_file_actions_t (80), posix_spawnattr_t (336), sigset_t (128).
  private static final long ACTIONS_SIZE = 128;
  private static final long ATTRIBUTES_SIZE = 512;
  private static final long SIGNALS_SIZE = 128;
  private static final long ALIGNMENT = 16;

  private final Linker linker;
  private final SymbolLookup library;
  private final MethodHandle initActions;
  private final MethodHandle destroyActions;
  private final MethodHandle initAttributes;
  private final MethodHandle destroyAttributes;
  private final MethodHandle setFlags;
  private final MethodHandle setSignals;
  private final MethodHandle addFolder;
  private final MethodHandle addOpen;
  private final MethodHandle addDuplicate;
  private final MethodHandle addCloseFrom;
  private final MethodHandle spawn;
  private final MethodHandle awaitChild;

  private SystemStarter() {
    linker = Linker.nativeLinker();
    library = linker.defaultLookup();
    initActions = function("posix_spawn_file_actions_init", ADDRESS);
    destroyActions = function("posix_spawn_file_actions_destroy", ADDRESS);
    initAttributes = function("posix_spawnattr_init", ADDRESS);
    destroyAttributes = function("posix_spawnattr_destroy", ADDRESS);
    setFlags = function("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
    setSignals = function("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
    addFolder = function("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);
    addOpen =
        function(
            "posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    addDuplicate = function("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    addCloseFrom = function("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
    spawn = function("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    awaitChild = function("waitpid", JAVA_INT, ADDRESS, JAVA_INT);
  }

  private MethodHandle function(String name, MemoryLayout... arguments) {
    return linker.downcallHandle(
        library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** Empty where the system has no such call. Takes some 30 ms. */
  static Optional<SystemStarter> find() {
    var lookup = Linker.nativeLinker().defaultLookup();
    // Its first version to close files has all the others too; only GNU's library can tell which.
    boolean known =
        System.getProperty("os.name", "").equals("Linux")
            && ADDRESS.byteSize() == Long.BYTES
            && lookup.find("gnu_get_libc_version").isPresent()
            && lookup.find("posix_spawn_file_actions_addclosefrom_np").isPresent();
    return known ? Optional.of(new SystemStarter()) : Optional.empty();
  }

  /** Whether all of it can be written as Java decoded it. */
  static boolean canStart(Launch launch) {
    var encoder = NativeText.charset().newEncoder();
    return launch.environment().entrySet().stream()
        .allMatch(it ->
            isWhole(it.getKey()) && isWhole(it.getValue()) && encoder.canEncode(it.getValue()));
  }

  private static boolean isWhole(String decoded) {
    return decoded.indexOf('\uFFFD') < 0;
  }

  @Override
  public Child start(Launch launch) throws IOException {
    try (var arena = Arena.ofConfined()) {
      int pid = spawn(launch, arena);
      var handle = ProcessHandle.of(pid);
      // Java's own reaper tells of the end and leaves the status for us to take.
      var end = handle.isPresent() ? handle.get().onExit() : CompletableFuture.completedFuture(pid);
      return new Child(pid, end.thenApply(_ -> reap(pid)));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private int spawn(Launch launch, Arena arena) throws Throwable {
    var actions = arena.allocate(ACTIONS_SIZE, ALIGNMENT);
    var attributes = arena.allocate(ATTRIBUTES_SIZE, ALIGNMENT);
    require((int) initActions.invokeExact(actions));
    require((int) initAttributes.invokeExact(attributes));
    try {
      require((int) setFlags.invokeExact(attributes, (short) (SETSID | SETSIGMASK)));
      var noSignal = arena.allocate(SIGNALS_SIZE, ALIGNMENT);
      require((int) setSignals.invokeExact(attributes, noSignal));
      require((int) addOpen.invokeExact(actions, 0, text(arena, "/dev/null"), 0, 0));
      var log = text(arena, launch.log().toString());
      require((int) addOpen.invokeExact(actions, 1, log, APPEND, RIGHTS));
      require((int) addDuplicate.invokeExact(actions, 1, 2));
      require((int) addFolder.invokeExact(actions, text(arena, launch.folder().toString())));
      require((int) addCloseFrom.invokeExact(actions, 3));
      var pid = arena.allocate(JAVA_INT);
      var program = text(arena, launch.command().getFirst());
      var arguments = texts(arena, launch.command());
      var variables =
          texts(
              arena,
              launch.environment().entrySet().stream()
                  .map(it -> it.getKey() + "=" + it.getValue())
                  .toList());
      int error = (int) spawn.invokeExact(pid, program, actions, attributes, arguments, variables);
      if (error != 0) {
        throw new IOException(
            launch.command().getFirst()
                + " could not be started in "
                + launch.folder()
                + ": system error "
                + error);
      }
      return pid.get(JAVA_INT, 0);
    } finally {
      var _ = (int) destroyActions.invokeExact(actions);
      var _ = (int) destroyAttributes.invokeExact(attributes);
    }
  }

  private static void require(int error) throws IOException {
    if (error != 0) {
      throw new IOException("a process could not be prepared: system error " + error);
    }
  }

  private static MemorySegment text(Arena arena, String text) {
    var bytes = text.getBytes(NativeText.charset());
    var memory = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 0, bytes.length);
    return memory; // fresh memory is zero, and so the end is
  }

  private static MemorySegment texts(Arena arena, List<String> texts) {
    var memory = arena.allocate(ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      memory.setAtIndex(ADDRESS, i, text(arena, texts.get(i)));
    }
    return memory;
  }

  /** By wait(2): the status in bits 8 to 15, or the signal in bits 0 to 6. */
  private int reap(long pid) {
    try (var arena = Arena.ofConfined()) {
      var status = arena.allocate(JAVA_INT);
      int found = (int) awaitChild.invokeExact((int) pid, status, NO_HANG);
      if (found != pid) {
        throw new IllegalStateException("process " + pid + " has ended and left no status");
      }
      int bits = status.get(JAVA_INT, 0);
      int signal = bits & 0x7f;
      return signal == 0 ? (bits >> 8) & 0xff : 0x80 + signal;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
