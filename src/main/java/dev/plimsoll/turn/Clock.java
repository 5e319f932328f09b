package dev.plimsoll.turn;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two times: one for durations, one for dates. Injected, so that tests can hold them.
 *
 * @param nanoTime nanoseconds of a monotonic clock
 * @param instants the wall clock
 */
public record Clock(LongSupplier nanoTime, InstantSource instants) {
  /** The machine's clocks. */
  public static Clock system() {
    return new Clock(System::nanoTime, InstantSource.system());
  }

  /** Nanoseconds of the monotonic clock. */
  public long nanos() {
    return nanoTime.getAsLong();
  }

  /** Now, by the wall clock. */
  public Instant now() {
    return instants.instant();
  }

  /** Milliseconds since a time of the monotonic clock. */
  public long millisSince(long nanos) {
    return (nanos() - nanos) / 1_000_000;
  }

  /** Pauses the calling virtual thread. */
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
