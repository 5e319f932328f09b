package dev.plimsoll.calls;

/** Finds the names of declared tools in text. */
final class Names {
  /** Longer names are none: OpenAI allows 64 characters. */
  private static final int LONGEST = 128;

  private static final boolean[] PARTS = new boolean[128];

  static {
    for (char c = 0; c < PARTS.length; c++) {
      PARTS[c] = Character.isLetterOrDigit(c) || "_-./:".indexOf(c) >= 0;
    }
  }

  private Names() {}

  /** Whether a character can be a part of a tool's name. */
  static boolean isPart(char c) {
    if (c < 128) {
      return PARTS[c];
    }
    return Character.isLetterOrDigit(c);
  }

  /**
   * Where the declared name ends that begins at an offset; {@link GrowingText#MORE} while it may
   * still become one, {@link GrowingText#NOT} when it is none.
   */
  static int end(GrowingText text, Toolbox tools, int at) {
    int end = at;
    while (end < text.length() && end - at <= LONGEST && isPart(text.charAt(end))) {
      end++;
    }
    String word = text.substring(at, end);
    if (end < text.length()) {
      return tools.has(word) ? end : GrowingText.NOT;
    }
    return tools.hasNameFrom(word) ? text.more() : GrowingText.NOT;
  }

  /** Whether a declared name, or the beginning of one that the text breaks off, stands there. */
  static boolean mayStand(GrowingText text, Toolbox tools, int at) {
    return isPart(text.charAt(at)) && end(text, tools, at) != GrowingText.NOT;
  }
}
