package dev.plimsoll.guard;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Knows the addresses that nobody on the internet has: loopback, RFC 1918, RFC 6598, link-local,
 * unique local (RFC 4193). No name is ever looked up.
 */
public final class PrivateAddress {
  private PrivateAddress() {}

  /** Whether only this machine can reach a port that is bound to this name or address. */
  public static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("::1")
        || (host.startsWith("127.") && v4(host) >= 0);
  }

  /** Whether this text is such an IPv4 address, four plain decimal numbers. */
  static boolean isV4(String text) {
    long address = v4(text);
    return address >= 0 && isPrivate((int) (address >> 24), (int) (address >> 16) & 0xff);
  }

  private static boolean isPrivate(int first, int second) {
    return switch (first) {
      case 10, 127 -> true;
      case 100 -> (second & 0xc0) == 64;
      case 169 -> second == 254;
      case 172 -> (second & 0xf0) == 16;
      case 192 -> second == 168;
      default -> false;
    };
  }

  /** The address as a number; -1 for all that browsers would read in another way, or not at all. */
  private static long v4(String text) {
    long address = 0;
    int part = -1;
    int parts = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c == '.') {
        if (part < 0) {
          return -1;
        }
        address = address << 8 | part;
        parts++;
        part = -1;
      } else if (c < '0' || c > '9' || part == 0 || parts == 4) {
        return -1; // a leading zero would make it octal somewhere
      } else {
        part = Math.max(part, 0) * 10 + (c - '0');
        if (part > 255) {
          return -1;
        }
      }
    }
    return parts == 4 ? address : -1;
  }

  /** Whether this text, without brackets, is such an IPv6 address; no mapped IPv4 one is. */
  static boolean isV6(String text) {
    if (text.indexOf(':') < 0 || text.indexOf('%') >= 0) {
      return false;
    }
    InetAddress address;
    try {
      address = Inet6Address.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
    boolean uniqueLocal = (address.getAddress()[0] & 0xfe) == 0xfc;
    return address instanceof Inet6Address
        && (uniqueLocal || address.isLoopbackAddress() || address.isLinkLocalAddress());
  }
}
