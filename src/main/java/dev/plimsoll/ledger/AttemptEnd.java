package dev.plimsoll.ledger;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param outcome what the answer turned out to be
 * @param usage the tokens it cost
 * @param tokenSource where these numbers come from
 * @param delivered whether what it generated is part of the client's answer
 * @param durationMs from the call to its last byte, by a monotonic clock
 * @param bytes of the upstream's answer
 * @param finishReason as the upstream told it, null when it told none
 */
public record AttemptEnd(
    AttemptOutcome outcome,
    Usage usage,
    TokenSource tokenSource,
    boolean delivered,
    long durationMs,
    long bytes,
    @Nullable FinishReason finishReason) {

  /** The end of an attempt that never came further than this. */
  public static AttemptEnd of(AttemptOutcome outcome, Progress progress) {
    return new AttemptEnd(
        outcome,
        progress.usage(),
        progress.tokenSource(),
        progress.delivered(),
        progress.durationMs(),
        progress.bytes(),
        null);
  }
}
