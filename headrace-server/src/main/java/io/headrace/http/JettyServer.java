package io.headrace.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * All that we say to Jetty. Requests are handled on virtual threads, so that handlers may block.
 */
final class JettyServer {
  private static final int HEADERS_BYTES = 32 * 1024;
  private static final int MOST_PASSED_OVER = 64 * 1024;
  private static final long IDLE_MILLIS = 300_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Server server;
  private final ServerConnector connector;
  private final Door door;

  private JettyServer(Server server, ServerConnector connector, Door door) {
    this.server = server;
    this.connector = connector;
    this.door = door;
  }

  /** Serves a channel that is bound and blocking. */
  static JettyServer start(ServerSocketChannel channel, CallHandler handler, ServerLog log)
      throws Exception {
    QueuedThreadPool threads = new QueuedThreadPool(16, 3);
    threads.setName("headrace-http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    Server server = new Server(threads);
    // Jetty's own grace would hold every idle connection for a second: we wait for requests.
    server.setStopTimeout(0);
    server.setErrorHandler(JettyServer::refuse);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.open(channel);
    server.addConnector(connector);
    Door door = new Door(handler, log);
    server.setHandler(door);
    server.start();
    return new JettyServer(server, connector, door);
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    configuration.setRequestHeaderSize(HEADERS_BYTES);
    // Paths come to us as they were sent: those who use one check it, with a message of ours.
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    return configuration;
  }

  /** Answers what Jetty itself refuses, such as a request that is not HTTP. */
  private static boolean refuse(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    byte[] text =
        ("HTTP error " + response.getStatus() + "\n")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    response.write(true, ByteBuffer.wrap(text), callback);
    return true;
  }

  /** Lets no more connections in, and waits for the requests that are being answered. */
  void close() {
    try {
      connector.close();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (door.answering.get() > 0 && System.nanoTime() < end) {
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not stop", e);
    }
  }

  /** Hands requests to our handler. */
  private static final class Door extends Handler.Abstract {
    private final CallHandler handler;
    private final ServerLog log;
    private final AtomicInteger answering = new AtomicInteger();

    private Door(CallHandler handler, ServerLog log) {
      this.handler = handler;
      this.log = log;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      answering.incrementAndGet();
      try {
        Answer answer = answer(request);
        if (answer.status() >= 400) {
          letGo(request, response);
        }
        send(answer, response);
        callback.succeeded();
      } catch (EofException e) {
        // The client went away.
        callback.failed(e);
      } catch (IOException | RuntimeException e) {
        log.failed("sending an answer", e);
        callback.failed(e);
      } finally {
        answering.decrementAndGet();
      }
      return true;
    }

    private Answer answer(Request request) throws EofException {
      try {
        return handler.answer(new JettyCall(request));
      } catch (EofException e) {
        throw e;
      } catch (IOException | RuntimeException | StackOverflowError e) {
        log.failed("answering " + request.getMethod() + " " + request.getHttpURI().getPath(), e);
        return Answer.text(500, "Internal error; the log of the server says more.\n");
      }
    }

    /**
     * A refusal may come before the body was read. A small one is passed over, so that the next
     * request on the connection is found; a client that sends more is told that there is no next.
     */
    private static void letGo(Request request, Response response) throws IOException {
      long length = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
      if (length > MOST_PASSED_OVER
          || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
      } else if (length > 0) {
        var _ = Content.Source.asInputStream(request).readNBytes(MOST_PASSED_OVER);
      }
    }

    private static void send(Answer answer, Response response) throws IOException {
      response.setStatus(answer.status());
      for (Answer.Header header : answer.headers()) {
        response.getHeaders().put(header.name(), header.value());
      }
      switch (answer.body()) {
        case Answer.Body.Bytes(ByteBuffer bytes) -> {
          response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
          Content.Sink.write(response, true, bytes);
        }
        case Answer.Body.Stream(InputStream bytes, long length) -> {
          response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
          try (bytes;
              OutputStream out = Content.Sink.asOutputStream(response)) {
            copy(bytes, out, length);
          }
        }
      }
    }

    private static void copy(InputStream bytes, OutputStream out, long length) throws IOException {
      byte[] buffer = new byte[64 * 1024];
      long left = length;
      while (left > 0) {
        int read = bytes.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new IOException("the content ended " + left + " bytes early");
        }
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }

  /** A request of Jetty's. */
  private record JettyCall(Request request) implements Call {
    @Override
    public String method() {
      return request.getMethod();
    }

    @Override
    public String path() {
      String path = request.getHttpURI().getPath();
      return path == null ? "" : path;
    }

    @Override
    public String query() {
      String query = request.getHttpURI().getQuery();
      return query == null ? "" : query;
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.ofNullable(request.getHeaders().get(name));
    }

    @Override
    public InputStream body() {
      return Content.Source.asInputStream(request);
    }

    @Override
    public String from() {
      return Request.getRemoteAddr(request);
    }
  }
}
