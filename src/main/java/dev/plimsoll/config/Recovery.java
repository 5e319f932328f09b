package dev.plimsoll.config;

import java.time.Duration;
import java.util.List;

/**
 * How failed attempts are repeated.
 *
 * @param backoff the pause before the first repetition
 * @param maxHeld bytes of one answer that are kept back or joined at most
 * @param rescueTextToolCalls whether a tool call that stands in the text is looked for
 * @param validateArguments whether arguments are held against their tool's JSON schema
 */
public record Recovery(
    Duration backoff, long maxHeld, boolean rescueTextToolCalls, boolean validateArguments) {
  static final Key<Duration> BACKOFF =
      Key.of("recovery.backoff", TimeSpan.between("0s", "1m"), c -> c.recovery().backoff());
  static final Key<Long> MAX_HELD =
      Key.of(
          "recovery.max-held",
          new ByteSize(ByteSize.KIB, ByteSize.GIB),
          c -> c.recovery().maxHeld());
  static final Key<Boolean> RESCUE_TEXT_TOOL_CALLS =
      Key.of(
          "recovery.rescue-text-tool-calls", new YesNo(), c -> c.recovery().rescueTextToolCalls());
  static final Key<Boolean> VALIDATE_ARGUMENTS =
      Key.of("recovery.validate-arguments", new YesNo(), c -> c.recovery().validateArguments());
  static final List<Key<?>> KEYS =
      List.of(BACKOFF, MAX_HELD, RESCUE_TEXT_TOOL_CALLS, VALIDATE_ARGUMENTS);

  public static final Recovery DEFAULT =
      new Recovery(Duration.ofMillis(500), 8 * ByteSize.MIB, true, true);

  public Recovery {
    BACKOFF.require(backoff);
    MAX_HELD.require(maxHeld);
  }

  static Recovery from(Settings settings) {
    return new Recovery(
        settings.get(BACKOFF),
        settings.get(MAX_HELD),
        settings.get(RESCUE_TEXT_TOOL_CALLS),
        settings.get(VALIDATE_ARGUMENTS));
  }
}
