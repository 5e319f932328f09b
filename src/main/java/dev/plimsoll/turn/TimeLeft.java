package dev.plimsoll.turn;

import dev.plimsoll.config.Recovery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long one turn may still take, and how long its next attempt may be without a word. */
final class TimeLeft {
  /** Another attempt finds the model loaded and most of its prompt read. */
  private static final Duration LEAST_FOR_RETRY = Duration.ofSeconds(60);

  private static final int TIMES_LAST = 3;

  private final Duration deadline;
  private final Clock clock;
  private final long startNanos;
  private @Nullable Duration lastFirstByte;

  TimeLeft(Recovery config, Clock clock, long startNanos) {
    this.deadline = config.deadline();
    this.clock = clock;
    this.startNanos = startNanos;
  }

  /** The time since the request came. */
  Duration elapsed() {
    return Duration.ofNanos(clock.nanos() - startNanos);
  }

  /** Learns how long an attempt took to its first byte. */
  void firstByteTook(Duration time) {
    lastFirstByte = time;
  }

  /**
   * The longest wait for a first byte: half of what is left, so that there is time for another
   * attempt, and for another attempt not much more than it took before.
   */
  Duration firstByte() {
    Duration half = deadline.minus(elapsed()).dividedBy(2);
    Duration last = lastFirstByte;
    if (last == null) {
      return half;
    }
    Duration usual = last.multipliedBy(TIMES_LAST);
    Duration most = usual.compareTo(LEAST_FOR_RETRY) > 0 ? usual : LEAST_FOR_RETRY;
    return most.compareTo(half) < 0 ? most : half;
  }
}
