package io.headrace.backend.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a database, and cuts a connection just when a commit is asked for. */
final class CuttingProxy implements AutoCloseable {
  /** What becomes of the next commit. */
  enum Cut {
    NONE,
    /** The database never hears of it. */
    BEFORE,
    /** The database does it; the client never hears of that. */
    AFTER,
    /** The same, and nobody gets through any more. */
    AFTER_AND_FOR_GOOD
  }

  private static final String COMMIT = "COMMIT";

  private final ServerSocket door;
  private final int behind;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Cut cut = Cut.NONE;

  CuttingProxy(int behind) throws IOException {
    this.behind = behind;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return door.getLocalPort();
  }

  void cutNextCommit(Cut how) {
    cut = how;
  }

  private void serve() {
    try {
      while (true) {
        var client = door.accept();
        open.add(client);
        var server = new Socket(InetAddress.getLoopbackAddress(), behind);
        open.add(server);
        Thread.ofVirtual().start(() -> pass(client, server, true));
        Thread.ofVirtual().start(() -> pass(server, client, false));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pass(Socket from, Socket to, boolean asks) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[65_536];
      for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
        var how = cut;
        if (asks
            && how != Cut.NONE
            && new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains(COMMIT)) {
          cut = Cut.NONE;
          cut(how, bytes, n, from, to);
          return;
        }
        out.write(bytes, 0, n);
      }
    } catch (IOException e) {
      // the other side went away
    }
  }

  private void cut(Cut how, byte[] bytes, int n, Socket client, Socket server) throws IOException {
    if (how == Cut.AFTER_AND_FOR_GOOD) {
      door.close();
    }
    client.close();
    if (how != Cut.BEFORE) {
      server.getOutputStream().write(bytes, 0, n);
      server.shutdownOutput();
      server.setSoTimeout(10_000);
      var _ = server.getInputStream().readAllBytes(); // until the database has ended
    }
  }

  @Override
  public void close() {
    try {
      door.close();
      for (var socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
