package io.headrace.http;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request gets.
 *
 * @param status of HTTP
 * @param headers besides the length
 */
public record Answer(int status, List<Header> headers, Body body) {
  public Answer {
    headers = List.copyOf(headers);
  }

  /** A header. */
  public record Header(String name, String value) {}

  /** What follows the headers. */
  public sealed interface Body {
    /** Of a known content. */
    record Bytes(ByteBuffer bytes) implements Body {}

    /**
     * To be read until {@code length} bytes have gone, then closed by the server.
     *
     * @param length in bytes
     */
    record Stream(InputStream bytes, long length) implements Body {}
  }

  /** An answer of bytes. */
  public static Answer of(int status, String contentType, byte[] bytes) {
    return new Answer(
        status,
        List.of(new Header("Content-Type", contentType)),
        new Body.Bytes(ByteBuffer.wrap(bytes)));
  }

  /** An answer of plain text. */
  public static Answer text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with one more header. */
  public Answer with(String name, String value) {
    List<Header> all = new ArrayList<>(headers);
    all.add(new Header(name, value));
    return new Answer(status, all, body);
  }
}
