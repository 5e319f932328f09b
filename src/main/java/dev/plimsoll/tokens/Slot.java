package dev.plimsoll.tokens;

/**
 * A place in a pattern at which a text of the message stands, written as one character that no text
 * has.
 *
 * @param kind whose text it is
 * @param start what is taken off at the text's start
 * @param end what is taken off at its end
 */
record Slot(Kind kind, Strip start, Strip end) {
  /** The first of the characters; they are for private use in Unicode. */
  private static final char FIRST = '\uE700';

  private static final int STRIPS = Strip.values().length;
  private static final int MARKS = Kind.values().length * STRIPS * STRIPS;

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

  /** What a template takes off a text. */
  enum Strip {
    NOTHING(0),
    LINE_FEEDS(1),
    WHITE_SPACE(2);

    private final int number;

    Strip(int number) {
      this.number = number;
    }

    private boolean takes(char c) {
      return switch (this) {
        case NOTHING -> false;
        case LINE_FEEDS -> c == '\n';
        case WHITE_SPACE -> Character.isWhitespace(c);
      };
    }

    private static Strip of(int number) {
      return number == 0 ? NOTHING : number == 1 ? LINE_FEEDS : WHITE_SPACE;
    }
  }

  /** A slot whose text stands as it is. */
  static Slot of(Kind kind) {
    return new Slot(kind, Strip.NOTHING, Strip.NOTHING);
  }

  char mark() {
    return (char) (FIRST + (kind.number * STRIPS + start.number) * STRIPS + end.number);
  }

  static boolean isMark(char c) {
    return c >= FIRST && c < FIRST + MARKS;
  }

  static Slot of(char mark) {
    int number = mark - FIRST;
    for (Kind kind : Kind.values()) {
      if (kind.number == number / (STRIPS * STRIPS)) {
        return new Slot(kind, Strip.of(number / STRIPS % STRIPS), Strip.of(number % STRIPS));
      }
    }
    throw new IllegalArgumentException("no mark: " + number);
  }

  /** The text as it stands in the prompt. */
  String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && start.takes(text.charAt(from))) {
      from++;
    }
    while (to > from && end.takes(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }
}
