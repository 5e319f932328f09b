package dev.plimsoll.calls;

/** Text of which more may come, and questions to it that more text could still answer. */
final class GrowingText {
  /** Only more text can tell. */
  static final int MORE = -1;

  /** Whatever comes, it is not so. */
  static final int NOT = -2;

  /** More white space than that between two parts is none of a call's form. */
  private static final int MOST_BLANKS = 64;

  private final StringBuilder chars = new StringBuilder();
  private boolean ended;
  private boolean stopped;

  /** Adds a piece from an offset on. */
  void add(String piece, int from) {
    chars.append(piece, from, piece.length());
  }

  /** Nothing more comes; {@code byItself} says whether the model stopped where it wanted to. */
  void end(boolean byItself) {
    ended = true;
    stopped = byItself;
  }

  int length() {
    return chars.length();
  }

  char charAt(int at) {
    return chars.charAt(at);
  }

  /** The text, for a look at it that keeps nothing. */
  CharSequence chars() {
    return chars;
  }

  String substring(int from, int to) {
    return chars.substring(from, to);
  }

  /** Forgets what stands before an offset; all offsets move by as much. */
  void forget(int upTo) {
    if (upTo == chars.length()) {
      chars.setLength(0);
    } else {
      chars.delete(0, upTo);
    }
  }

  /** {@link #NOT} once the text has ended, else {@link #MORE}. */
  int more() {
    return ended ? NOT : MORE;
  }

  /** Whether the model ended here by itself and nothing but white space is left. */
  boolean overAt(int at) {
    return stopped && skipBlanks(at) == chars.length();
  }

  /** The offset of what follows white space, or {@link #MORE} or {@link #NOT}. */
  int afterBlanks(int at) {
    int end = skipBlanks(at);
    if (end - at > MOST_BLANKS) {
      return NOT;
    }
    return end == chars.length() ? more() : end;
  }

  private int skipBlanks(int at) {
    int end = at;
    while (end < chars.length() && Character.isWhitespace(chars.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Which of some literals stands at an offset: its number, or {@link #MORE} or {@link #NOT}. */
  int which(int at, String... literals) {
    boolean possible = false;
    for (int i = 0; i < literals.length; i++) {
      if (matches(at, literals[i])) {
        if (at + literals[i].length() <= chars.length()) {
          return i;
        }
        possible = true;
      }
    }
    return possible ? more() : NOT;
  }

  /** Whether a literal stands at an offset, as far as there is text. */
  boolean matches(int at, String literal) {
    int count = Math.min(literal.length(), chars.length() - at);
    for (int i = 0; i < count; i++) {
      if (chars.charAt(at + i) != literal.charAt(i)) {
        return false;
      }
    }
    return count > 0;
  }

  /** Where a literal begins at or behind an offset; negative when there is none yet. */
  int find(String literal, int from) {
    return chars.indexOf(literal, from);
  }
}
