package dev.plimsoll.tokens;

import java.util.OptionalInt;

/**
 * How a context window is shared out, in tokens.
 *
 * @param window the window that is really loaded
 * @param answerReserve kept free for the answer
 * @param safety kept free for what counting may miss
 */
public record Budget(long window, long answerReserve, long safety) {
  /** The most that is kept free for an answer unless the user says otherwise. */
  private static final long LARGEST_RESERVE = 8192;

  /** Checks that something is left for the prompt. */
  public Budget {
    if (answerReserve < 0 || safety < 0 || window - answerReserve - safety <= 0) {
      throw new IllegalArgumentException(
          "a window of " + window + " less " + answerReserve + " less " + safety);
    }
  }

  /**
   * Shares out a window; something is left for the prompt, whatever is wished.
   *
   * @param answerReserve the user's wish, at most half of what safety leaves; empty: a quarter of
   *     the window, at most 8,192
   * @param safety the part of the window, 0.02 for two in a hundred, rounded up to whole tokens
   */
  public static Budget of(long window, OptionalInt answerReserve, double safety) {
    long margin = (long) Math.ceil(window * safety);
    long wish =
        answerReserve.isPresent()
            ? answerReserve.getAsInt()
            : Math.min(LARGEST_RESERVE, window / 4);
    return new Budget(window, Math.min(wish, (window - margin) / 2), margin);
  }

  /** What the whole prompt may take. */
  public long prompt() {
    return window - answerReserve - safety;
  }
}
