package dev.plimsoll.ledger;

import org.jspecify.annotations.Nullable;

/**
 * One call to the upstream.
 *
 * @param start what was known when it began
 * @param progress how far it had come when that was last written down
 * @param end how it ended, null while it runs
 */
public record AttemptRow(AttemptStart start, Progress progress, @Nullable AttemptEnd end) {
  /** One that has ended; then it had come as far as its end says. */
  static AttemptRow ended(AttemptStart start, AttemptEnd end) {
    Progress last =
        new Progress(
            end.usage(), end.tokenSource(), end.delivered(), end.durationMs(), end.bytes());
    return new AttemptRow(start, last, end);
  }

  /** Counted from 1 within its request. */
  public int number() {
    return start.number();
  }

  /** Why it was made. */
  public Purpose purpose() {
    return start.purpose();
  }

  /** Whether the client got what it generated. */
  public boolean delivered() {
    return end != null && end.delivered() && purpose() != Purpose.COMPACTION;
  }
}
