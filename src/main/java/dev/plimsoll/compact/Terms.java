package dev.plimsoll.compact;

import dev.plimsoll.tokens.Budget;

/**
 * What a plan depends on besides the conversation: other terms make another plan.
 *
 * <p>A request's own {@code max_tokens} is no part of it, so that a changed cap changes no plan.
 *
 * @param budget the window and what is kept free of it, in tokens
 * @param fixed what system messages, tools and the opening of the answer take, rounded up to whole
 *     steps
 * @param tail the share of the room that at least stays as it was behind a batch, such as 0.18
 */
public record Terms(Budget budget, long fixed, double tail) {
  /** The largest step to which the fixed part is rounded up, in tokens. */
  private static final long LARGEST_STEP = 1024;

  /**
   * The step is at most this part of the window: a new date seldom crosses a step, and what the
   * rounding takes from a small window is missed there.
   */
  private static final long STEPS = 256;

  /** The share of the room above which a single message may lose its middle. */
  private static final double GIANT = 0.25;

  /**
   * Terms for a prompt whose fixed part was counted as {@code fixed}.
   *
   * <p>It is rounded up, so that a new date or one more word in the system prompt seldom makes
   * other terms.
   */
  public static Terms of(Budget budget, long fixed, double tail) {
    long step = step(budget);
    return new Terms(budget, Math.ceilDiv(fixed, step) * step, tail);
  }

  private static long step(Budget budget) {
    return Math.clamp(Long.highestOneBit(budget.window() / STEPS), 1, LARGEST_STEP);
  }

  /** What the messages behind the system messages may take, in tokens; 0 when there is nothing. */
  long room() {
    return Math.max(0, budget.prompt() - fixed);
  }

  /**
   * What the prompt may take when nothing else helps: the safety too, since the answer's reserve
   * stands behind it.
   */
  long last() {
    return budget.window() - budget.answerReserve();
  }

  /**
   * The most tokens that one message may have and surely stay whole.
   *
   * <p>A quarter of what messages can have at the very most: neither the safety nor the rounding of
   * the fixed part makes a message a giant.
   */
  int giant() {
    long most = budget.window() - budget.answerReserve() - fixed + step(budget);
    return Math.clamp((long) (GIANT * most), 1, Integer.MAX_VALUE);
  }

  /** What tells these terms from others. */
  String id() {
    return budget.window()
        + "/"
        + budget.answerReserve()
        + "/"
        + budget.safety()
        + "/"
        + fixed
        + "/"
        + tail;
  }
}
