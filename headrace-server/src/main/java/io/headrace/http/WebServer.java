package io.headrace.http;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that holds its port at once and begins to be a server when the first client
 * connects: until then there is a socket, a thread that waits for it, and no code of the server
 * library. Connections that come meanwhile wait; none is lost. Thread-safe.
 */
public final class WebServer implements AutoCloseable {
  /** How many connections may wait to be taken. */
  private static final int BACKLOG = 1_024;

  private final ServerSocketChannel channel;
  private final Selector selector;
  private final CallHandler handler;
  private final ServerLog log;
  private final InetSocketAddress address;
  private final Object lock = new Object();
  private @Nullable JettyServer started;
  private boolean closed;

  private WebServer(
      ServerSocketChannel channel, Selector selector, CallHandler handler, ServerLog log)
      throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.handler = handler;
    this.log = log;
    this.address = (InetSocketAddress) channel.getLocalAddress();
  }

  /**
   * Takes a port of 127.0.0.1 and returns, in about a millisecond.
   *
   * @param port 1 to 65535, such as that of a server of ours that died; 0 for any that is free
   * @throws io.headrace.problem.ProblemException when the port is another's
   */
  public static WebServer onLoopback(int port, CallHandler handler, ServerLog log) {
    try {
      // The address is spelled out: resolving "localhost" could give another one.
      return open(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
          handler,
          log);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // four bytes are an address
    }
  }

  /**
   * The same at any address of this machine.
   *
   * @throws io.headrace.problem.ProblemException when it cannot be had
   */
  public static WebServer open(InetSocketAddress address, CallHandler handler, ServerLog log) {
    try {
      return bound(address, handler, log);
    } catch (IOException e) {
      throw Problem.of(
              ErrorCode.WORKSPACE,
              "cannot listen on "
                  + address.getHostString()
                  + ":"
                  + address.getPort()
                  + ": "
                  + e.getMessage())
          .fix("see which program uses the port, or choose another one")
          .asException(e);
    }
  }

  private static WebServer bound(InetSocketAddress address, CallHandler handler, ServerLog log)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(address, BACKLOG);
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_ACCEPT);
      WebServer server = new WebServer(channel, selector, handler, log);
      Thread.ofPlatform().daemon().name("headrace-http-wait").start(server::awaitFirstClient);
      return server;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  public int port() {
    return address.getPort();
  }

  /** Where programs of this machine reach it: {@code http://127.0.0.1:port}, as a rule. */
  public String uri() {
    InetAddress host = address.getAddress();
    String text = host.isAnyLocalAddress() ? "127.0.0.1" : host.getHostAddress();
    return "http://" + (text.contains(":") ? "[" + text + "]" : text) + ":" + port();
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
