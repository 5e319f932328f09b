package dev.plimsoll.metrics;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

/**
 * Counts sessions by their ids, of which it remembers the {@value #MAX_SESSIONS} that were last
 * seen: one that comes back after so many others counts as a new one.
 */
final class SessionCount {
  static final int MAX_SESSIONS = 10_000;

  /** As long as the admin API calls a session active. */
  private static final Duration ACTIVE = Duration.ofMinutes(5);

  private final LongSupplier nanoTime;

  /** When each was last seen; least recently seen first. */
  private final SequencedMap<String, Long> seen = new LinkedHashMap<>();

  SessionCount(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A request has begun in a session; true when that is a new one. */
  synchronized boolean seen(String id) {
    boolean news = seen.putLast(id, nanoTime.getAsLong()) == null;
    if (seen.size() > MAX_SESSIONS) {
      seen.pollFirstEntry();
    }
    return news;
  }

  /** Sessions with a request in the last minutes. */
  synchronized int active() {
    long now = nanoTime.getAsLong();
    int count = 0;
    for (long at : seen.sequencedValues().reversed()) {
      if (now - at >= ACTIVE.toNanos()) {
        break;
      }
      count++;
    }
    return count;
  }
}
