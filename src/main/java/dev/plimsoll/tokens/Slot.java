package dev.plimsoll.tokens;

/**
 * A place in a pattern at which a text of the message stands, written as one character that no text
 * has.
 *
 * @param kind whose text it is
 * @param stripsStart whether white space is taken off at the text's start
 * @param stripsEnd whether white space is taken off at its end
 */
record Slot(Kind kind, boolean stripsStart, boolean stripsEnd) {
  /** The first of the characters; they are for private use in Unicode. */
  private static final char FIRST = '\uE700';

  private static final int KINDS = 4;

  /** Whose text it is. */
  enum Kind {
    REASONING(0),
    CONTENT(1),
    CALLS(2),
    TOOL_NAME(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  char mark() {
    return (char) (FIRST + kind.number * 4 + (stripsStart ? 1 : 0) + (stripsEnd ? 2 : 0));
  }

  static boolean isMark(char c) {
    return c >= FIRST && c < FIRST + KINDS * 4;
  }

  static Slot of(char mark) {
    int number = mark - FIRST;
    for (Kind kind : Kind.values()) {
      if (kind.number == number / 4) {
        return new Slot(kind, (number & 1) != 0, (number & 2) != 0);
      }
    }
    throw new IllegalArgumentException("no mark: " + number);
  }

  /** The text as it stands in the prompt. */
  String strip(String text) {
    String start = stripsStart ? text.stripLeading() : text;
    return stripsEnd ? start.stripTrailing() : start;
  }
}
