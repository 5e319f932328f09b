package dev.plimsoll.config;

import java.time.Duration;
import java.util.List;

/**
 * How failed attempts are repeated.
 *
 * @param backoff the pause before the first repetition
 */
public record Recovery(Duration backoff) {
  static final Key<Duration> BACKOFF =
      Key.of("recovery.backoff", TimeSpan.between("0s", "1m"), c -> c.recovery().backoff());
  static final List<Key<?>> KEYS = List.of(BACKOFF);

  public static final Recovery DEFAULT = new Recovery(Duration.ofMillis(500));

  public Recovery {
    BACKOFF.require(backoff);
  }

  static Recovery from(Settings settings) {
    return new Recovery(settings.get(BACKOFF));
  }
}
