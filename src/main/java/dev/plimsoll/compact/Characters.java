package dev.plimsoll.compact;

/** Which characters make words, and which join words to names. */
final class Characters {
  private Characters() {}

  /** Letters of any script, digits and the underscore. */
  static boolean isWord(char c) {
    if (c < 128) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    return Character.isLetterOrDigit(c);
  }

  /** What may stand between the words of a path or a dotted name. */
  static boolean isJoiner(char c) {
    return c == '.' || c == '/' || c == '-' || c == '@' || c == '+' || c == '~';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }
}
