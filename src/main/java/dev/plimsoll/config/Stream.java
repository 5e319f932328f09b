package dev.plimsoll.config;

import java.time.Duration;
import java.util.List;

/**
 * How an agent is kept waiting without giving up.
 *
 * @param firstPing the silence after which the answer begins with a comment
 * @param pingInterval the pause between two comments
 */
public record Stream(Duration firstPing, Duration pingInterval) {
  static final Key<Duration> FIRST_PING =
      Key.of("stream.first-ping", TimeSpan.between("10ms", "1h"), c -> c.stream().firstPing());
  static final Key<Duration> PING_INTERVAL =
      Key.of(
          "stream.ping-interval", TimeSpan.between("10ms", "1h"), c -> c.stream().pingInterval());
  static final List<Key<?>> KEYS = List.of(FIRST_PING, PING_INTERVAL);

  public static final Stream DEFAULT = new Stream(Duration.ofSeconds(5), Duration.ofSeconds(10));

  public Stream {
    FIRST_PING.require(firstPing);
    PING_INTERVAL.require(pingInterval);
  }

  static Stream from(Settings settings) {
    return new Stream(settings.get(FIRST_PING), settings.get(PING_INTERVAL));
  }
}
