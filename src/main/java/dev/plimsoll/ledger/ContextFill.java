package dev.plimsoll.ledger;

import java.util.List;
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

  /**
   * How long the prompt was, null when nobody knows: what was counted is better than what was
   * worked out before, and an estimate afterwards is not.
   */
  static @Nullable Long lastPrompt(List<AttemptRow> attempts, PromptSize prompt) {
    Long last = prompt.sent();
    for (AttemptRow attempt : attempts) {
      AttemptEnd end = attempt.end();
      if (attempt.delivered()
          && end != null
          && end.tokenSource() != TokenSource.ESTIMATED
          && end.usage().prompt() > 0) {
        last = end.usage().prompt();
      }
    }
    return last;
  }

  /** The part of the window that the prompt filled. */
  public @Nullable Double utilization() {
    return window == null || lastPrompt == null || window <= 0
        ? null
        : (double) lastPrompt / window;
  }
}
