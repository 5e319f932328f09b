package dev.plimsoll.stream;

import java.util.Locale;

/**
 * What a model server's stream should not hold; noticed while reading it, and read all the same.
 */
public enum Anomaly {
  /** The answer was finished, but the stream did not say that it is over. */
  NO_DONE,
  /** An event or a line is not JSON. */
  BAD_JSON,
  /** A line or an event is longer than the limit. */
  OVERSIZED_LINE,
  /** Something came behind the end. */
  AFTER_DONE,
  /** The answer was finished more than once. */
  DUPLICATE_FINISH;

  /** The name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
