package dev.plimsoll.ledger;

import dev.plimsoll.chat.Usage;

/**
 * How an attempt ended.
 *
 * @param outcome what the answer turned out to be
 * @param usage the tokens it cost
 * @param tokenSource where these numbers come from
 * @param delivered whether what it generated is part of the client's answer
 * @param durationMs from the call to its last byte, by a monotonic clock
 */
public record AttemptEnd(
    AttemptOutcome outcome,
    Usage usage,
    TokenSource tokenSource,
    boolean delivered,
    long durationMs) {}
