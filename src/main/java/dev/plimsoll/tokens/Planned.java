package dev.plimsoll.tokens;

/**
 * How long a prompt will be, as it was counted before it was sent.
 *
 * @param tokens of the whole prompt
 * @param exact whether that is the server's own number; else it is an estimate
 */
public record Planned(long tokens, boolean exact) {
  /** Counts that are the server's own are off by a token or two at most. */
  private static final int LEAST_CUT = 16;

  private static final double CUT = 0.02;

  /**
   * Whether the server counted so much less that it must have cut the prompt.
   *
   * @param counted tokens of the prompt as the server tells them, with what its cache held
   */
  public boolean isCut(long counted) {
    return exact && tokens - counted > Math.max(LEAST_CUT, (long) (CUT * tokens));
  }
}
