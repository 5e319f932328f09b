package dev.plimsoll.recover;

import dev.plimsoll.calls.Flaw;
import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows an attempt: an upstream that refused the connection or answered 5xx is asked
 * once more while nothing was sent; all else is delivered or told honestly.
 */
public final class RecoveryPolicy {
  /** Attempts for one client request, the first included. */
  public static final int MAX_ATTEMPTS = 2;

  /** A Retry-After above this is passed on to the client instead of being waited for. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final Duration backoff;

  /** Makes a policy that pauses this long before it asks again. */
  public RecoveryPolicy(Duration backoff) {
    this.backoff = backoff;
  }

  /**
   * What to do next.
   *
   * @param history the outcomes of this request's attempts, the newest last
   * @param single whether the client asked for one attempt only
   * @param window the model's window in tokens, for messages; 0 when unknown
   */
  public Decision decide(List<Outcome> history, boolean single, long window) {
    Outcome last = history.getLast();
    return switch (last.verdict()) {
      case Verdict.Complete complete -> new Decision.Deliver(complete);
      case Verdict.CutByLength(var part) ->
          part == Verdict.Part.TOOL_CALL
              ? new Decision.Fail(cutCall())
              : new Decision.Deliver(Verdict.Complete.of(FinishReason.LENGTH));
      case Verdict.BrokenToolCall(var flaw) -> new Decision.Fail(brokenCall(flaw));
      case Verdict.Empty _ -> new Decision.Deliver(Verdict.Complete.of(FinishReason.STOP));
      case Verdict.Repeating _ -> new Decision.Fail(repeating());
      case Verdict.Lost(var failure) -> {
        Duration delay = single ? null : delay(history, failure);
        yield delay == null
            ? new Decision.Fail(giveUp(failure, window, history.size()))
            : new Decision.Restart(delay);
      }
    };
  }

  private @Nullable Duration delay(List<Outcome> history, UpstreamFailure failure) {
    if (history.size() >= MAX_ATTEMPTS || history.getLast().sent() != Sent.NOTHING) {
      return null;
    }
    return switch (failure) {
      case UpstreamFailure.Refused _,
          UpstreamFailure.RunnerCrash _,
          UpstreamFailure.OutOfMemory _ ->
          backoff;
      case UpstreamFailure.Status(int status, var _, var retryAfter) -> {
        if (status < 500) {
          yield null;
        }
        if (retryAfter == null) {
          yield backoff;
        }
        yield retryAfter.compareTo(LONGEST_WAIT) > 0 ? null : retryAfter;
      }
      case UpstreamFailure.TimedOut _,
          UpstreamFailure.ContextExceeded _,
          UpstreamFailure.Cut _,
          UpstreamFailure.ErrorFrame _,
          UpstreamFailure.UnreadableCall _,
          UpstreamFailure.Unreadable _ ->
          null;
    };
  }

  /** The error that tells a failure after which nothing more is tried. */
  public static ApiError giveUp(UpstreamFailure failure, long window, int attempts) {
    return FailureMessages.of(failure, window, attempts);
  }

  /** A limit is there the next time, too; what a model wrote by chance may not be. */
  private static ApiError cutCall() {
    return ApiError.of(
        ErrorCode.RECOVERY_EXHAUSTED,
        "the model's answer held a tool call that is not whole because the answer reached its"
            + " length limit, so nothing of the call was passed on. Ask for less at a time, or"
            + " allow more output or a larger context.window.");
  }

  private static ApiError brokenCall(Flaw flaw) {
    return ApiError.of(
        ErrorCode.UPSTREAM_ERROR,
        "server error: the model's answer held a tool call that cannot be used ("
            + flaw.defect().words()
            + "), so nothing of the call was passed on. Please retry your request.");
  }

  private static ApiError repeating() {
    return ApiError.of(
        ErrorCode.RECOVERY_EXHAUSTED,
        "the model said the same over and over and was stopped. Ask in another way, or use another"
            + " model.");
  }
}
