package io.headrace.http;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on 127.0.0.1 that holds its port at once and begins to be a server when the first
 * client connects: until then there is a socket, a thread that waits for it, and no code of the
 * server library. Connections that come meanwhile wait; none is lost. Thread-safe.
 */
public final class LoopbackServer implements AutoCloseable {
  /** How many connections may wait to be taken. */
  private static final int BACKLOG = 1_024;

  private final ServerSocketChannel channel;
  private final Selector selector;
  private final CallHandler handler;
  private final ServerLog log;
  private final int port;
  private final Object lock = new Object();
  private @Nullable JettyServer started;
  private boolean closed;

  private LoopbackServer(
      ServerSocketChannel channel, Selector selector, CallHandler handler, ServerLog log)
      throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.handler = handler;
    this.log = log;
    this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  /**
   * Takes the port and returns, in about a millisecond.
   *
   * @param port 1 to 65535, such as that of a server of ours that died; 0 for any that is free
   * @throws io.headrace.problem.ProblemException when the port is another's
   */
  public static LoopbackServer open(int port, CallHandler handler, ServerLog log) {
    try {
      return bound(port, handler, log);
    } catch (IOException e) {
      throw Problem.of(
              ErrorCode.WORKSPACE, "cannot listen on 127.0.0.1:" + port + ": " + e.getMessage())
          .fix("see which program uses the port, or let Headrace choose one")
          .asException(e);
    }
  }

  private static LoopbackServer bound(int port, CallHandler handler, ServerLog log)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      // The address is spelled out: resolving "localhost" could give another one.
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      channel.bind(new InetSocketAddress(loopback, port), BACKLOG);
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_ACCEPT);
      LoopbackServer server = new LoopbackServer(channel, selector, handler, log);
      Thread.ofPlatform().daemon().name("headrace-http-wait").start(server::awaitFirstClient);
      return server;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  public int port() {
    return port;
  }

  /** {@code http://127.0.0.1:port}. */
  public String uri() {
    return "http://127.0.0.1:" + port;
  }

  private void awaitFirstClient() {
    try {
      while (selector.isOpen() && selector.select() == 0) {
        // Woken without a client: look again whether all was closed meanwhile.
      }
      start();
    } catch (ClosedSelectorException e) {
      // Closed before anybody came.
    } catch (Exception e) {
      log.failed("starting the HTTP server", e);
      close();
    }
  }

  private void start() throws Exception {
    synchronized (lock) {
      if (closed) {
        return;
      }
      // A channel can be given back to blocking mode only when no selector knows it.
      selector.close();
      channel.configureBlocking(true);
      started = JettyServer.start(channel, handler, log);
    }
  }

  /** Takes no more requests, finishes those under way (30 s at most) and lets the port go. */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      try {
        selector.close();
        if (started != null) {
          started.close();
        }
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
