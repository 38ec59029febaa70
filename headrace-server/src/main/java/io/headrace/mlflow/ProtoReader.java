package io.headrace.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of one protobuf message, in the order in which they lie. What is cut off or
 * malformed ends the request.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int wire;

  ProtoReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ProtoReader(byte[] bytes, int begin, int end) {
    this.bytes = bytes;
    this.at = begin;
    this.end = end;
  }

  /** The number of the next field, whose value must then be read or skipped; 0 at the end. */
  int next() {
    if (at == end) {
      return 0;
    }
    long tag = varint();
    wire = (int) (tag & 7);
    long field = tag >>> 3;
    if (field <= 0 || field > Integer.MAX_VALUE) {
      throw bad();
    }
    return (int) field;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw bad();
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw bad();
  }

  private void require(int expected) {
    if (wire != expected) {
      throw bad();
    }
  }

  long integer() {
    require(VARINT);
    return varint();
  }

  boolean flag() {
    return integer() != 0;
  }

  long fixed64() {
    require(FIXED_64);
    if (end - at < 8) {
      throw bad();
    }
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (bytes[at++] & 0xffL) << (8 * i);
    }
    return value;
  }

  double decimal() {
    return Double.longBitsToDouble(fixed64());
  }

  private int length() {
    require(BYTES);
    long length = varint();
    if (length < 0 || length > end - at) {
      throw bad();
    }
    return (int) length;
  }

  byte[] bytes() {
    int length = length();
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  String text() {
    int length = length();
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  /** A message within this one. */
  ProtoReader message() {
    int length = length();
    at += length;
    return new ProtoReader(bytes, at - length, at);
  }

  void skip() {
    switch (wire) {
      case VARINT -> varint();
      case FIXED_64 -> fixed64();
      case BYTES -> at += length();
      case FIXED_32 -> {
        if (end - at < 4) {
          throw bad();
        }
        at += 4;
      }
      default -> throw bad();
    }
  }

  static Refusal bad() {
    return Refusal.invalid("Invalid OpenTelemetry format");
  }
}
