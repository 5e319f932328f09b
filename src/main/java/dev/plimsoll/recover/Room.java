package dev.plimsoll.recover;

import dev.plimsoll.chat.Usage;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The room that an attempt had for its answer, looked back at with what the server counted.
 *
 * <p>Beforehand, {@link dev.plimsoll.tokens.AnswerRoom} says what fits behind the prompt: no cap is
 * above that, whoever asks for it. This says what the attempt was told in the end, and is what
 * higher caps are made from.
 *
 * @param window tokens of prompt and answer together; empty when nobody knows
 * @param cap tokens that it was allowed to generate; empty when it was not told
 */
public record Room(OptionalLong window, OptionalLong cap) {
  /** Nothing is known. */
  public static final Room UNKNOWN = new Room(OptionalLong.empty(), OptionalLong.empty());

  /** Servers stop a token or two before the end of the window. */
  private static final int EDGE = 2;

  /** Tokens that are left alone at the end of the window, for a note and the marks around it. */
  private static final int SPARE = 128;

  /** Whether the window was full when the answer stopped. */
  boolean windowFull(@Nullable Usage usage) {
    return window.isPresent()
        && usage != null
        && usage.prompt() + usage.completion() >= window.getAsLong() - EDGE;
  }

  /** How many tokens an answer to the same prompt can have at most, as far as anybody knows. */
  long most(@Nullable Usage usage) {
    return window.isPresent() && usage != null
        ? Math.max(0, window.getAsLong() - usage.prompt() - SPARE)
        : Long.MAX_VALUE;
  }
}
