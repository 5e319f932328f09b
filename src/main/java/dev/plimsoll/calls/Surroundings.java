package dev.plimsoll.calls;

/** What text has been so far, as far as it matters for what may stand next in it. */
final class Surroundings {
  private static final int FENCE = 3;

  private boolean blank = true;
  private boolean lineStart = true;
  private boolean inFence;
  private int ticks;
  private char last = '\n';

  /** Takes a character that is just text. */
  void pass(char c) {
    last = c;
    if (blank) {
      blank = Character.isWhitespace(c);
    }
    if (c == '`' && (lineStart || ticks > 0)) {
      ticks++;
      inFence ^= ticks == FENCE;
    } else {
      ticks = 0;
    }
    lineStart = c == '\n' || (lineStart && c == ' ');
  }

  /** Whether nothing but white space has been there. */
  boolean blank() {
    return blank;
  }

  /** Whether what stands next is shown as code, be it within a line or between fences. */
  boolean shownAsCode() {
    return inFence || last == '`';
  }

  /** Whether a word may begin next. */
  boolean wordMayBegin() {
    return !Names.isPart(last);
  }
}
