package dev.plimsoll.ledger;

import org.jspecify.annotations.Nullable;

/**
 * How full a session's window was at its last turn; null stands for what is not known.
 *
 * @param window tokens that it holds
 * @param lastPrompt tokens of the last turn's prompt
 */
public record ContextFill(@Nullable Long window, @Nullable Long lastPrompt) {
  /** Before the first turn ended. */
  public static final ContextFill UNKNOWN = new ContextFill(null, null);

  /** The part of the window that the prompt filled. */
  public @Nullable Double utilization() {
    return window == null || lastPrompt == null || window <= 0
        ? null
        : (double) lastPrompt / window;
  }
}
