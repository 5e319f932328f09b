package dev.plimsoll.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is known of an attempt when it begins.
 *
 * @param number counted from 1 within its request
 * @param purpose why it is made
 * @param model as the upstream spells it
 * @param startedAt by the wall clock, to the millisecond
 * @param afterMs since the request's head was read, by a monotonic clock
 */
public record AttemptStart(
    int number, Purpose purpose, String model, Instant startedAt, long afterMs) {
  /** Cuts a name that no model has. */
  public AttemptStart {
    model = RequestStart.bounded(model);
    startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS);
  }
}
