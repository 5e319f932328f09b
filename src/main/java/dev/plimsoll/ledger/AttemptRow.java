package dev.plimsoll.ledger;

import org.jspecify.annotations.Nullable;

/**
 * One call to the upstream.
 *
 * @param number counted from 1 within its request
 * @param purpose why it was made
 * @param end how it ended, null while it runs
 */
public record AttemptRow(int number, Purpose purpose, @Nullable AttemptEnd end) {
  /** Whether the client got what it generated. */
  public boolean delivered() {
    return end != null && end.delivered() && purpose != Purpose.COMPACTION;
  }
}
