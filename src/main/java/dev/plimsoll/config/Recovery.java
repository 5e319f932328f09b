package dev.plimsoll.config;

import java.time.Duration;
import java.util.List;

/**
 * How failed attempts are repeated.
 *
 * @param backoff the pause before the first repetition
 * @param maxHeld bytes of one answer that are kept back or joined at most
 */
public record Recovery(Duration backoff, long maxHeld) {
  static final Key<Duration> BACKOFF =
      Key.of("recovery.backoff", TimeSpan.between("0s", "1m"), c -> c.recovery().backoff());
  static final Key<Long> MAX_HELD =
      Key.of(
          "recovery.max-held",
          new ByteSize(ByteSize.KIB, ByteSize.GIB),
          c -> c.recovery().maxHeld());
  static final List<Key<?>> KEYS = List.of(BACKOFF, MAX_HELD);

  public static final Recovery DEFAULT = new Recovery(Duration.ofMillis(500), 8 * ByteSize.MIB);

  public Recovery {
    BACKOFF.require(backoff);
    MAX_HELD.require(maxHeld);
  }

  static Recovery from(Settings settings) {
    return new Recovery(settings.get(BACKOFF), settings.get(MAX_HELD));
  }
}
