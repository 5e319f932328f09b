package dev.plimsoll.ledger;

import dev.plimsoll.chat.Usage;

/**
 * How far an attempt has come: what its row says while it runs, and what it is closed with when
 * nobody is left to close it.
 *
 * @param usage the tokens so far
 * @param tokenSource where these numbers come from
 * @param delivered whether the client has got some of it
 * @param durationMs since the attempt began, by a monotonic clock
 * @param bytes of the upstream's answer so far
 */
public record Progress(
    Usage usage, TokenSource tokenSource, boolean delivered, long durationMs, long bytes) {
  /** Nothing has come. */
  public static final Progress NONE = new Progress(Usage.NONE, TokenSource.ESTIMATED, false, 0, 0);
}
