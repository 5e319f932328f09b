package dev.plimsoll.tokens;

/**
 * How many tokens an answer can have behind its prompt.
 *
 * @param sure as many fit in any case, as far as anybody can tell
 * @param most no more can fit
 */
public record AnswerRoom(long sure, long most) {
  /** Nobody knows. */
  public static final AnswerRoom UNKNOWN = new AnswerRoom(Long.MAX_VALUE, Long.MAX_VALUE);

  /** Behind a prompt that nobody counted. */
  public static AnswerRoom within(long window) {
    return new AnswerRoom(window, window);
  }

  /**
   * Behind a prompt that was counted. A wrong estimate takes nothing of the answer's reserve.
   *
   * @param error how far such counts were off
   */
  public static AnswerRoom behind(Planned prompt, Budget budget, ObservedError error) {
    long left = budget.window() - prompt.tokens() - error.missing();
    if (prompt.exact()) {
      long room = Math.max(1, left);
      return new AnswerRoom(room, room);
    }
    return new AnswerRoom(
        Math.max(Math.max(1, budget.answerReserve()), left - budget.safety()), budget.window());
  }
}
