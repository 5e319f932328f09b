package dev.plimsoll.recover;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt ended.
 *
 * @param verdict what its answer was
 * @param sent what the client has seen of this answer, in all attempts so far
 * @param usage the tokens that the upstream counted; null when it counted none
 * @param room what room it had
 */
public record Outcome(Verdict verdict, Sent sent, @Nullable Usage usage, Room room) {
  /** An attempt that never reached the model. */
  public static Outcome notAsked(Verdict.Lost verdict, Sent sent) {
    return new Outcome(verdict, sent, null, Room.UNKNOWN);
  }

  long generated() {
    return usage == null ? 0 : usage.completion();
  }
}
