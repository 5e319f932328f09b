package dev.plimsoll.testing;

import java.time.Duration;

/** How long a server takes: until its headers, then until the first piece, then between pieces. */
public record Pacing(Duration beforeHeaders, Duration beforeFirst, Duration between) {
  public static final Pacing NONE = new Pacing(Duration.ZERO, Duration.ZERO, Duration.ZERO);
}
