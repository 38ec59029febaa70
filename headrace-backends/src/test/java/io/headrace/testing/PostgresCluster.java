package io.headrace.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.Driver;

/**
 * A real PostgreSQL in a temporary folder, on a loopback port of its own. It ends with this
 * process, however that ends. It refuses to run as root, so that root starts it as the user
 * postgres, whom its package makes.
 */
public final class PostgresCluster implements AutoCloseable {
  private static final String USER = "headrace";
  private static final String PASSWORD = "a password of these tests: ü'\"$";

  /** Ends the database when this process is gone, and the pipe to it with it. */
  private static final String KEEPER =
      """
      folder=$1; shift
      "$@" >>"$folder/log" 2>&1 </dev/null & server=$!
      cat >/dev/null
      kill -QUIT $server 2>/dev/null; wait $server
      [ -e "$folder/stays" ] || rm -rf "$folder"
      """;

  private static Optional<PostgresCluster> shared = Optional.empty();

  private final Path programs;
  private final Path folder;
  private final int port;
  private final boolean durable;
  private final Map<Path, String> schemas = new LinkedHashMap<>();
  private int count;
  private Process keeper;

  private PostgresCluster(Path programs, boolean durable) throws IOException, InterruptedException {
    this.programs = programs;
    this.durable = durable;
    folder = Files.createTempDirectory("headrace-postgres");
    Files.writeString(folder.resolve("password"), PASSWORD);
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    if (isRoot()) {
      var postgres =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
      Files.setOwner(folder, postgres);
      Files.setOwner(folder.resolve("password"), postgres);
    }
    program(
        "initdb",
        "--pgdata=" + folder.resolve("data"),
        "--username=" + USER,
        "--pwfile=" + folder.resolve("password"),
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8", // not the order of bytes, to be unlike SQLite where that shows
        "--no-sync");
    keeper = start();
    try (var connection = connect("postgres")) {
      run(connection, "create database " + USER);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The one of this process: fast, since what it keeps need not outlive a power cut. */
  public static synchronized PostgresCluster shared() {
    if (shared.isEmpty()) {
      shared = Optional.of(make(false));
    }
    return shared.get();
  }

  /** One that a test may stop and start, and that syncs what it acknowledges. */
  public static PostgresCluster own() {
    return make(true);
  }

  private static PostgresCluster make(boolean durable) {
    var programs = programs();
    boolean mayNotSkip = System.getenv("CI") != null;
    if (programs.isEmpty()) {
      assumeTrue(mayNotSkip, "PostgreSQL is not installed here");
    }
    assertThat(programs).as("PostgreSQL's programs").isPresent();
    try {
      return new PostgresCluster(programs.get(), durable);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Debian keeps them in a folder for each version, out of the PATH. */
  private static Optional<Path> programs() {
    var folders = new ArrayList<Path>();
    var debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (var versions = Files.list(debian)) {
        versions
            .sorted(
                Comparator.comparingDouble(it -> -Double.parseDouble(it.getFileName().toString())))
            .forEach(it -> folders.add(it.resolve("bin")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    for (var part : System.getenv("PATH").split(":", -1)) {
      folders.add(Path.of(part));
    }
    return folders.stream().filter(it -> Files.isExecutable(it.resolve("initdb"))).findFirst();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static List<String> asUser() {
    return isRoot()
        ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")
        : List.of();
  }

  private void program(String name, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(asUser());
    command.add(programs.resolve(name).toString());
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private Process start() throws IOException {
    var command = new ArrayList<>(asUser());
    command.addAll(List.of("sh", "-c", KEEPER, "keeper", folder.toString()));
    command.addAll(List.of(programs.resolve("postgres").toString(), "-D", folder + "/data"));
    command.addAll(List.of("-p", "" + port, "-h", "127.0.0.1", "-k", ""));
    var settings =
        new ArrayList<>(List.of("max_connections=200", "shared_buffers=64MB", "timezone=UTC"));
    if (!durable) {
      settings.addAll(List.of("fsync=off", "full_page_writes=off", "autovacuum=off"));
    }
    settings.forEach(it -> command.addAll(List.of("-c", it)));
    var started = new ProcessBuilder(command).directory(folder.toFile()).start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (var connection = connect("postgres")) {
        run(connection, "select 1");
        return started;
      } catch (SQLException e) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(Files.readString(folder.resolve("log")), e);
        }
        Thread.onSpinWait();
      }
    }
  }

  /** Stops the database at once, as a crash of its machine would. */
  public void stop() throws IOException {
    Files.createFile(folder.resolve("stays"));
    close();
  }

  /** Starts it again, at the same port. */
  public void startAgain() throws IOException {
    keeper = start();
    Files.delete(folder.resolve("stays"));
  }

  /** A connection of the test's own, with all rights. */
  public Connection connect(String database) throws SQLException {
    var settings = new Properties();
    settings.setProperty("user", USER);
    settings.setProperty("password", PASSWORD);
    return new Driver().connect("jdbc:postgresql://127.0.0.1:" + port + "/" + database, settings);
  }

  /** Runs statements with all rights. */
  public void run(String... statements) {
    try (var connection = connect(USER)) {
      for (var sql : statements) {
        run(connection, sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public int port() {
    return port;
  }

  /**
   * The schema of a test's folder. To make all tables takes long for a test: that of a folder that
   * is gone serves the next one, emptied.
   *
   * @param used whether it may have tables
   */
  synchronized String schemaOf(Path folder, boolean used) {
    var key = used ? folder : folder.resolve("bare");
    var known = schemas.get(key);
    if (known != null) {
      return known;
    }
    var left =
        schemas.keySet().stream()
            .filter(it -> used && !it.endsWith("bare") && !Files.exists(it))
            .findFirst();
    if (left.isPresent()) {
      var schema = schemas.remove(left.get());
      run(
          "do $$ declare it record; begin for it in select tablename from pg_tables where schemaname = '"
              + schema
              + "' and tablename <> 'headrace_migration' loop execute format('delete from "
              + schema
              + ".%I', it.tablename); end loop; end $$");
      schemas.put(key, schema);
      return schema;
    }
    var schema = "test_" + count++ + (used ? "" : "_bare");
    run("create schema " + schema);
    schemas.put(key, schema);
    return schema;
  }

  /** The address of a schema. */
  public String url(String schema) {
    return "postgresql://" + USER + "@127.0.0.1:" + port + "/" + USER + "?schema=" + schema;
  }

  /** What a process needs to be let in. */
  public Map<String, String> variables() {
    return Map.of("PGPASSWORD", PASSWORD);
  }

  @Override
  public void close() throws IOException {
    keeper.getOutputStream().close();
    keeper.onExit().join();
  }
}
