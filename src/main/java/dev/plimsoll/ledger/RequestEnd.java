package dev.plimsoll.ledger;

import dev.plimsoll.chat.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * How a request ended.
 *
 * @param status the HTTP status that went out; 499 when the client left before there was one,
 *     {@link #NO_STATUS} when nobody knows
 * @param outcome what came of it
 * @param finishReason as the client was told, if an answer was finished
 * @param durationMs from its head to its last byte, by a monotonic clock
 * @param timeToFirstTokenMs until the first text, reasoning or call left, if any did
 * @param prompt how long the prompt was, as far as that was looked at
 */
public record RequestEnd(
    int status,
    Outcome outcome,
    @Nullable FinishReason finishReason,
    long durationMs,
    @Nullable Long timeToFirstTokenMs,
    PromptSize prompt) {
  /** Nobody is left who would know. */
  public static final int NO_STATUS = 0;
}
