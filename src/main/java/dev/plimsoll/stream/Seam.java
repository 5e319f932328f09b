package dev.plimsoll.stream;

/**
 * Joins the text of a continuation to the text before it, so that nothing is said twice or lost.
 *
 * <p>A server that was given the text to go on from may send it back in front of its first new
 * piece. A model that was only told to go on may repeat the last words or the whole text, open the
 * code fence again that stands open, or leave out the space before its first word. All of that is
 * compared, never assumed; see the measured cases in docs/recovery.md.
 */
final class Seam {
  /** So much of a continuation is looked at before any of it goes on. */
  private static final int LOOK = 256;

  /** Fewer characters that come again are chance. */
  private static final int LEAST = 8;

  /** But a whole answer that comes again is no chance if it is longer than a word like "No". */
  private static final int LEAST_WHOLE = 4;

  private static final String FENCE = "```";

  private final String before;
  private final boolean prefilled;
  private final StringBuilder head = new StringBuilder();
  private State state = State.LOOKING;
  private int retold;

  private enum State {
    /** Not enough has come to tell how it joins. */
    LOOKING,
    /** It tells the text before it once more. */
    RETELLING,
    /** It has been joined: all goes on. */
    JOINED,
    /** It told the text before it in other words, so that it joins nowhere. */
    ASTRAY
  }

  /**
   * Makes a seam.
   *
   * @param before the text before it
   * @param prefilled whether the server was given that text to go on from, or the model told to
   */
  Seam(String before, boolean prefilled) {
    this.before = before;
    this.prefilled = prefilled;
  }

  /** Takes the next piece and gives what is new; mostly that is all of it. */
  String add(String piece) {
    switch (state) {
      case JOINED -> {
        return piece;
      }
      case RETELLING -> {
        return retell(piece);
      }
      case ASTRAY -> {
        return "";
      }
      case LOOKING -> head.append(piece);
    }
    // A server that sends the text back does so in its first piece.
    return prefilled || head.length() >= LOOK ? join() : "";
  }

  /** Gives what is still looked at, when nothing more comes. */
  String end() {
    return state == State.LOOKING && !head.isEmpty() ? join() : "";
  }

  /** Whether the continuation cannot be joined to the text. */
  boolean astray() {
    return state == State.ASTRAY;
  }

  private String join() {
    String text = head.toString();
    state = State.JOINED;
    if (text.startsWith(before) && (prefilled || before.length() >= LEAST_WHOLE)) {
      return text.substring(before.length());
    }
    if (prefilled) {
      return text;
    }
    if (text.length() >= LOOK && before.startsWith(text)) {
      state = State.RETELLING;
      retold = 0;
      return retell(text);
    }
    int overlap = overlap(text);
    return overlap > 0 ? text.substring(overlap) : spaced(withoutFence(text));
  }

  private String retell(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      if (retold == before.length()) {
        state = State.JOINED;
        return piece.substring(i);
      }
      if (piece.charAt(i) != before.charAt(retold)) {
        state = State.ASTRAY;
        return "";
      }
      retold++;
    }
    return "";
  }

  /** How many characters at the beginning of the text stand at the end of what was before. */
  private int overlap(String text) {
    for (int length = Math.min(before.length(), text.length()); length >= LEAST; length--) {
      if (before.regionMatches(before.length() - length, text, 0, length)) {
        return length;
      }
    }
    return brokenWord(text);
  }

  /** A word that was broken off is often begun once more. */
  private int brokenWord(String text) {
    int start = before.length();
    while (start > 0 && isWord(before.charAt(start - 1))) {
      start--;
    }
    int length = before.length() - start;
    boolean again =
        length > 1
            && text.length() > length
            && isWord(text.charAt(length))
            && before.regionMatches(start, text, 0, length);
    return again ? length : 0;
  }

  private String withoutFence(String text) {
    int lineEnd = text.indexOf('\n');
    return text.startsWith(FENCE) && lineEnd >= 0 && fenceIsOpen()
        ? text.substring(lineEnd + 1)
        : text;
  }

  private boolean fenceIsOpen() {
    return before.lines().filter(line -> line.strip().startsWith(FENCE)).count() % 2 == 1;
  }

  /** A new turn begins without the space that would have stood before its first word. */
  private String spaced(String text) {
    boolean glued =
        !text.isEmpty()
            && !before.isEmpty()
            && isWord(before.charAt(before.length() - 1))
            && isWord(text.charAt(0));
    return glued ? " " + text : text;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }
}
