package dev.plimsoll.turn;

import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.stream.Held;

/** Measures how long an attempt holds something back. Lives on the client's event loop. */
final class HoldWatch {
  private final Metrics metrics;
  private Held held = Held.NOTHING;
  private long sinceNanos;

  HoldWatch(Metrics metrics) {
    this.metrics = metrics;
  }

  /** What is held now; a hold that ends with that is counted. */
  void now(Held current, long nanos) {
    if (current == held) {
      return;
    }
    if (held != Held.NOTHING) {
      metrics.held(held, nanos - sinceNanos);
    }
    held = current;
    sinceNanos = nanos;
  }
}
