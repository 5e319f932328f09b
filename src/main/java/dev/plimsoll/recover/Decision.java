package dev.plimsoll.recover;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.stream.Verdict;
import java.time.Duration;

/** What happens next in a turn; a closed set. */
public sealed interface Decision {
  /** The answer is whole: give its end to the client. */
  record Deliver(Verdict.Complete answer) implements Decision {}

  /** Ask again from the start, after a pause. Legal only while the client has seen nothing. */
  record Restart(Duration delay) implements Decision {}

  /** Give up, and say so. */
  record Fail(ApiError error) implements Decision {}
}
