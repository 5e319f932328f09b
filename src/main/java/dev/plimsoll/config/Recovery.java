package dev.plimsoll.config;

import java.time.Duration;
import java.util.List;

/**
 * What is done about answers that are no good, and how much of it.
 *
 * @param maxAttempts attempts for one client request, the first included
 * @param deadline time for one client request, after which no attempt begins
 * @param maxGeneratedTokens tokens that all attempts of one client request may generate together
 *     before another one begins
 * @param maxHeld bytes of one answer that are kept back or joined at most
 * @param backoff the pause before the first repetition; later ones are longer
 * @param continueOnLength whether text that was cut by a length limit is continued
 * @param rescueTextToolCalls whether a tool call that stands in the text is looked for
 * @param validateArguments whether arguments are held against their tool's JSON schema
 * @param loopGuard how often the same may happen in a row before the model is told; 0 for never
 */
public record Recovery(
    int maxAttempts,
    Duration deadline,
    int maxGeneratedTokens,
    long maxHeld,
    Duration backoff,
    ContinueOnLength continueOnLength,
    boolean rescueTextToolCalls,
    boolean validateArguments,
    int loopGuard) {

  /** When text that was cut by a length limit is continued. */
  public enum ContinueOnLength {
    /** When the request declares tools, or the server stopped short of the client's cap. */
    TOOLS,
    ALWAYS,
    NEVER
  }

  static final Key<Integer> MAX_ATTEMPTS =
      Key.of("recovery.max-attempts", new WholeNumber(1, 20), c -> c.recovery().maxAttempts());
  static final Key<Duration> DEADLINE =
      Key.of("recovery.deadline", TimeSpan.between("1s", "1d"), c -> c.recovery().deadline());
  static final Key<Integer> MAX_GENERATED_TOKENS =
      Key.of(
          "recovery.max-generated-tokens",
          new WholeNumber(1, 100_000_000),
          c -> c.recovery().maxGeneratedTokens());
  static final Key<Long> MAX_HELD =
      Key.of(
          "recovery.max-held",
          new ByteSize(ByteSize.KIB, ByteSize.GIB),
          c -> c.recovery().maxHeld());
  static final Key<Duration> BACKOFF =
      Key.of("recovery.backoff", TimeSpan.between("0s", "1m"), c -> c.recovery().backoff());
  static final Key<ContinueOnLength> CONTINUE_ON_LENGTH =
      Key.of(
          "recovery.continue-on-length",
          Choice.of(ContinueOnLength.class),
          c -> c.recovery().continueOnLength());
  static final Key<Boolean> RESCUE_TEXT_TOOL_CALLS =
      Key.of(
          "recovery.rescue-text-tool-calls", new YesNo(), c -> c.recovery().rescueTextToolCalls());
  static final Key<Boolean> VALIDATE_ARGUMENTS =
      Key.of("recovery.validate-arguments", new YesNo(), c -> c.recovery().validateArguments());
  static final Key<Integer> LOOP_GUARD =
      Key.of(
          "recovery.loop-guard",
          new WholeNumber(0, 1000, "0 = never"),
          c -> c.recovery().loopGuard());
  static final List<Key<?>> KEYS =
      List.of(
          MAX_ATTEMPTS,
          DEADLINE,
          MAX_GENERATED_TOKENS,
          MAX_HELD,
          BACKOFF,
          CONTINUE_ON_LENGTH,
          RESCUE_TEXT_TOOL_CALLS,
          VALIDATE_ARGUMENTS,
          LOOP_GUARD);

  public static final Recovery DEFAULT =
      new Recovery(
          4,
          Duration.ofMinutes(30),
          32_768,
          8 * ByteSize.MIB,
          Duration.ofMillis(500),
          ContinueOnLength.TOOLS,
          true,
          true,
          6);

  public Recovery {
    MAX_ATTEMPTS.require(maxAttempts);
    DEADLINE.require(deadline);
    MAX_GENERATED_TOKENS.require(maxGeneratedTokens);
    MAX_HELD.require(maxHeld);
    BACKOFF.require(backoff);
    LOOP_GUARD.require(loopGuard);
  }

  static Recovery from(Settings settings) {
    return new Recovery(
        settings.get(MAX_ATTEMPTS),
        settings.get(DEADLINE),
        settings.get(MAX_GENERATED_TOKENS),
        settings.get(MAX_HELD),
        settings.get(BACKOFF),
        settings.get(CONTINUE_ON_LENGTH),
        settings.get(RESCUE_TEXT_TOOL_CALLS),
        settings.get(VALIDATE_ARGUMENTS),
        settings.get(LOOP_GUARD));
  }
}
