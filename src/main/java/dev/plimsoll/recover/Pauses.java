package dev.plimsoll.recover;

import java.time.Duration;

/** The pauses between attempts: each twice as long as the one before, up to a limit. */
record Pauses(Duration first) {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 16;

  /** The pause after that many attempts. */
  Duration after(int attempts) {
    Duration pause = first.multipliedBy(1L << Math.min(MOST_DOUBLINGS, attempts - 1));
    return pause.compareTo(LONGEST) > 0 && LONGEST.compareTo(first) > 0 ? LONGEST : pause;
  }
}
