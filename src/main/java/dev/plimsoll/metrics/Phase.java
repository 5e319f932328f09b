package dev.plimsoll.metrics;

import java.util.Locale;

/** What was going on when a client left; the closed set of a metric's label. */
public enum Phase {
  /** Nobody had been asked yet. */
  QUEUE,
  /** The upstream had been asked and had said nothing. */
  PREFILL,
  /** The upstream was answering. */
  STREAM,
  /** The upstream was being asked again, or was about to be. */
  RETRY;

  /** The value of the label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
