package io.headrace.registry;

import io.headrace.tracking.TrackingException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Tells addresses of the whole internet from those that mean something in one network only. */
final class PublicAddress {
  /** From the registry of special-purpose addresses (RFC 6890 and what follows it). */
  private static final List<Block> PRIVATE_4 =
      List.of(
          new Block(0, 8),
          new Block(ip(10, 0), 8),
          new Block(ip(100, 64), 10),
          new Block(ip(127, 0), 8),
          new Block(ip(169, 254), 16),
          new Block(ip(172, 16), 12),
          new Block(ip(192, 0), 24),
          new Block(ip(192, 0) + (2 << 8), 24),
          new Block(ip(192, 88) + (99 << 8), 24),
          new Block(ip(192, 168), 16),
          new Block(ip(198, 18), 15),
          new Block(ip(198, 51) + (100 << 8), 24),
          new Block(ip(203, 0) + (113 << 8), 24),
          new Block(ip(224, 0), 3));

  private PublicAddress() {}

  private record Block(long begin, int length) {
    boolean holds(long address) {
      return (address >>> (32 - length)) == (begin >>> (32 - length));
    }
  }

  private static long ip(long first, long second) {
    return (first << 24) | (second << 16);
  }

  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return isPublic4(bytes, 0);
    }
    int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    if (first == 0x2002) {
      return isPublic4(bytes, 2); // 6to4 wraps an IPv4 address
    }
    if (isNat64(bytes)) {
      return isPublic4(bytes, 12);
    }
    int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    boolean special = first == 0x2001 && (second < 0x200 || second == 0xdb8);
    return (first >>> 13) == 1 && !special && first != 0x3fff; // 2000::/3
  }

  private static boolean isNat64(byte[] bytes) {
    byte[] prefix = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    return java.util.Arrays.equals(bytes, 0, 12, prefix, 0, 12);
  }

  private static boolean isPublic4(byte[] bytes, int from) {
    long address = 0;
    for (int i = 0; i < 4; i++) {
      address = address << 8 | (bytes[from + i] & 0xff);
    }
    for (Block block : PRIVATE_4) {
      if (block.holds(address)) {
        return false;
      }
    }
    return true;
  }

  /** Refuses a host that has an address which is not public; also one that has none. */
  static void require(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!is(address)) {
          throw TrackingException.invalid(
              "Webhook URL must not resolve to a non-public IP address. %s resolves to %s."
                  .formatted(Quoting.repr(host), address.getHostAddress()));
        }
      }
    } catch (UnknownHostException e) {
      throw TrackingException.invalid(
          "Cannot resolve Webhook URL hostname %s: Name or service not known"
              .formatted(Quoting.repr(host)));
    }
  }
}
