package dev.plimsoll.guard;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows the names under which a port may be asked for.
 *
 * <p>A web page can let its own name point to 127.0.0.1 and then ask this port as its own origin
 * (DNS rebinding); what it cannot do is to send another name than its own in {@code Host}. So names
 * are listed, and addresses are taken only where no stranger can have them. Which port stands
 * behind the name does not matter: it may have been mapped.
 *
 * <p>For one event loop only: the last value that passed is remembered.
 */
final class HostRule {
  /** What a Host header comes to. */
  enum Verdict {
    OURS,
    FOREIGN,
    /** No host as RFC 9110 writes it. */
    INVALID
  }

  private final Set<String> names = new HashSet<>();
  private @Nullable String lastOurs;

  /**
   * A rule for one port.
   *
   * @param bound the name or address that it listens on
   * @param allowed further names and addresses, IPv6 with brackets or without
   */
  HostRule(String bound, List<String> allowed) {
    names.add("localhost");
    names.add(plain(bound));
    allowed.forEach(name -> names.add(plain(name)));
  }

  /** Judges the value of a Host header. */
  Verdict judge(String host) {
    if (host.equals(lastOurs)) {
      return Verdict.OURS;
    }
    String name = nameIn(host);
    if (name == null) {
      return Verdict.INVALID;
    }
    boolean ours = names.contains(name) || PrivateAddress.isV4(name) || PrivateAddress.isV6(name);
    lastOurs = ours ? host : lastOurs;
    return ours ? Verdict.OURS : Verdict.FOREIGN;
  }

  /** The name without its port and brackets, in lower case; null when this is no host. */
  private static @Nullable String nameIn(String host) {
    boolean bracketed = host.startsWith("[");
    int end = bracketed ? host.indexOf(']') + 1 : host.indexOf(':');
    if (bracketed && end == 0) {
      return null;
    }
    end = end < 0 ? host.length() : end;
    if (end < host.length() && !isPort(host, end)) {
      return null;
    }
    String name = host.substring(0, end);
    boolean shaped =
        bracketed
            ? name.indexOf(':') > 0 && isIn(name, 1, end - 1, ":.")
            : isIn(name, 0, end, "-._");
    return shaped && end > 0 ? plain(name) : null;
  }

  private static boolean isPort(String host, int colon) {
    int digits = host.length() - colon - 1;
    if (host.charAt(colon) != ':' || digits < 1 || digits > 5) {
      return false;
    }
    for (int i = colon + 1; i < host.length(); i++) {
      if (host.charAt(i) < '0' || host.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether all characters are letters, digits or one of the others. */
  private static boolean isIn(String text, int from, int to, String others) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      boolean plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!plain && others.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String plain(String name) {
    String bare = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    return bare.toLowerCase(Locale.ROOT);
  }
}
