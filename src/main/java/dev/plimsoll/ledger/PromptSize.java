package dev.plimsoll.ledger;

import org.jspecify.annotations.Nullable;

/**
 * How long a request's prompt was; null stands for what is not known.
 *
 * @param original tokens of the prompt as the client sent it
 * @param sent tokens of the prompt as the upstream got it
 * @param window tokens that the model's window holds
 * @param compaction what was done to make it fit, null when it was sent as it came
 */
public record PromptSize(
    @Nullable Long original,
    @Nullable Long sent,
    @Nullable Long window,
    @Nullable Compaction compaction) {
  /** Nothing is known. */
  public static final PromptSize UNKNOWN = new PromptSize(null, null, null, null);
}
