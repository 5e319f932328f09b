package dev.plimsoll.guard;

import org.jspecify.annotations.Nullable;

/**
 * Looks for tricks in a request's target: everything that two programs might read as two different
 * paths.
 *
 * <p>What is left is a path of visible ASCII characters in which no escape hides a separator, a
 * dot, a control character or another escape, so that it means the same before and after decoding.
 */
final class Target {
  private static final String NO_PATH =
      "The target is not a path: Plimsoll is no forward proxy, so send what follows the host.";
  private static final String CHARACTER =
      "The path has a character that cannot stand there: escape it as %XX, but for / \\ . ; # %.";
  private static final String SEGMENT =
      "The path has an empty segment or one of only dots: send it in its shortest form.";
  private static final String ESCAPE =
      "The path has an escape that is broken or hides a character with a meaning of its own.";

  /** What must not hide behind an escape, besides letters, digits and control characters. */
  private static final String HIDDEN = "/\\.;#%?-_";

  private Target() {}

  /** What is wrong with a target, in words for its sender; null when nothing is. */
  static @Nullable String flaw(String target) {
    int length = target.length();
    if (length == 0 || target.charAt(0) != '/') {
      return NO_PATH;
    }
    int segment = 1;
    for (int i = 1; i < length; i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c > '~' || c == '#' || c == '\\' || c == ';') {
        return CHARACTER;
      }
      if (c == '/' || c == '?') {
        if (dots(target, segment, i) || (c == '/' && i == segment)) {
          return SEGMENT;
        }
        if (c == '?') {
          return queryFlaw(target, i + 1);
        }
        segment = i + 1;
      } else if (c == '%' && !plainEscape(target, i)) {
        return ESCAPE;
      }
    }
    return dots(target, segment, length) ? SEGMENT : null;
  }

  private static boolean dots(String target, int from, int to) {
    int length = to - from;
    return length > 0 && length <= 2 && target.charAt(from) == '.' && target.charAt(to - 1) == '.';
  }

  /**
   * Whether the escape at this place stands for a character that has to be escaped, and for none
   * that could have a meaning in a path. Nobody escapes letters but to hide a path.
   */
  private static boolean plainEscape(String target, int at) {
    if (at + 2 >= target.length()) {
      return false;
    }
    int high = Character.digit(target.charAt(at + 1), 16);
    int low = Character.digit(target.charAt(at + 2), 16);
    int value = high * 16 + low;
    return high >= 0
        && low >= 0
        && value >= ' '
        && value != 0x7f
        && !Character.isLetterOrDigit(value < 0x80 ? value : ' ')
        && HIDDEN.indexOf(value) < 0;
  }

  private static @Nullable String queryFlaw(String target, int from) {
    for (int i = from; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c > '~' || c == '#' || c == '\\') {
        return CHARACTER;
      }
    }
    return null;
  }
}
