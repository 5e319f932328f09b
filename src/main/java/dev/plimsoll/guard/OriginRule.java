package dev.plimsoll.guard;

import java.util.List;
import java.util.Locale;

/**
 * Knows which web pages may ask.
 *
 * <p>Browsers send {@code Origin} with whatever a page sends elsewhere, and with every POST; agents
 * send none. A page that was loaded from this port itself may ask, any other one only when it is
 * listed.
 */
final class OriginRule {
  /** Longer ones exist in no browser. */
  private static final int MAX_LENGTH = 512;

  private final List<String> patterns;

  /** A rule with these further origins, in which {@code *} stands for any text. */
  OriginRule(List<String> patterns) {
    this.patterns = patterns.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
  }

  /** Whether a page of this origin was loaded from where it now asks. */
  static boolean isSame(String origin, String host) {
    int colon = origin.indexOf("://");
    boolean web = colon == 4 || colon == 5;
    return web
        && origin.regionMatches(true, 0, "https", 0, colon)
        && origin.length() == colon + 3 + host.length()
        && origin.regionMatches(true, colon + 3, host, 0, host.length());
  }

  /** Whether this origin is listed. */
  boolean lists(String origin) {
    if (patterns.isEmpty() || origin.length() > MAX_LENGTH) {
      return false;
    }
    String lower = origin.toLowerCase(Locale.ROOT);
    return patterns.stream().anyMatch(pattern -> matches(pattern, lower));
  }

  /** Pieces between stars are looked for from left to right; the first and last are fixed. */
  private static boolean matches(String pattern, String text) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(text);
    }
    if (!text.startsWith(pattern.substring(0, star))) {
      return false;
    }
    int at = star;
    int from = star + 1;
    for (int next = pattern.indexOf('*', from); next >= 0; next = pattern.indexOf('*', from)) {
      String piece = pattern.substring(from, next);
      int found = text.indexOf(piece, at);
      if (found < 0) {
        return false;
      }
      at = found + piece.length();
      from = next + 1;
    }
    String last = pattern.substring(from);
    return text.length() - last.length() >= at && text.endsWith(last);
  }
}
