package dev.plimsoll.recover;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.Verdict;
import java.time.Duration;

/** What happens next in a turn; a closed set. */
public sealed interface Decision {
  /** The answer is whole, or as whole as it gets: give its end to the client. */
  record Deliver(Verdict.Complete answer) implements Decision {}

  /**
   * Ask again from the start.
   *
   * @param seen proof that nothing has to be taken back that cannot be
   */
  record Restart(Sent.Retractable seen, Changes changes, Duration delay) implements Decision {}

  /**
   * Ask again with a shorter conversation, since the window did not hold it and its answer.
   *
   * @param seen proof that nothing has to be taken back that cannot be
   * @param unlessShorter what the client is told if it cannot be made shorter
   */
  record CompactAndRestart(Sent.Retractable seen, ApiError unlessShorter) implements Decision {}

  /**
   * Go on from the text that there is.
   *
   * @param from proof that there is text
   * @param callExpected whether the answer broke off in a tool call, so that only a call is wanted
   */
  record Continue(Sent.Continuable from, boolean callExpected, Changes changes, Duration delay)
      implements Decision {}

  /** Give up, and say so. */
  record Fail(ApiError error) implements Decision {}
}
