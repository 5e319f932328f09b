package dev.plimsoll.recover;

import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait after a failure of the server before it is asked again: as long as it says, else
 * each time twice as long as the time before, up to a limit.
 */
record Pauses(Duration first) {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 16;

  /** A Retry-After above this is passed on to the client instead of being waited for. */
  private static final Duration LONGEST_TOLD = Duration.ofSeconds(60);

  /** Crashes that come again are not chance. */
  private static final int MOST_CRASHES = 2;

  /** The pause after a history that ends in this failure; null when asking again would not help. */
  @Nullable Duration after(List<Outcome> history, UpstreamFailure failure) {
    return switch (failure) {
      case UpstreamFailure.Refused _, UpstreamFailure.Cut _ -> usual(history);
      case UpstreamFailure.TimedOut(var phase, var _) ->
          phase == UpstreamFailure.Phase.FIRST_BYTE
              ? (isAtMost(1, history, failure) ? Duration.ZERO : null)
              : usual(history);
      case UpstreamFailure.Status status -> after(history, status);
      case UpstreamFailure.RunnerCrash _ ->
          isAtMost(MOST_CRASHES, history, failure) ? usual(history) : null;
      case UpstreamFailure.OutOfMemory _, UpstreamFailure.Unreadable _ ->
          isAtMost(1, history, failure) ? usual(history) : null;
      case UpstreamFailure.ErrorFrame _ -> repeatedUnchanged(history) ? null : usual(history);
      case UpstreamFailure.ContextExceeded _,
          UpstreamFailure.TooLarge _,
          UpstreamFailure.UnreadableCall _ ->
          null;
    };
  }

  private @Nullable Duration after(List<Outcome> history, UpstreamFailure.Status failure) {
    if (!failure.passes() || (failure.status() == 500 && repeatedUnchanged(history))) {
      return null;
    }
    Duration told = failure.retryAfter();
    if (told == null) {
      return usual(history);
    }
    return told.compareTo(LONGEST_TOLD) > 0 ? null : told;
  }

  private Duration usual(List<Outcome> history) {
    Duration pause = first.multipliedBy(1L << Math.min(MOST_DOUBLINGS, history.size() - 1));
    return pause.compareTo(LONGEST) > 0 && LONGEST.compareTo(first) > 0 ? LONGEST : pause;
  }

  /** The same words twice are no chance. */
  private static boolean repeatedUnchanged(List<Outcome> history) {
    return history.size() > 1
        && history.get(history.size() - 2).verdict().equals(history.getLast().verdict());
  }

  private static boolean isAtMost(int most, List<Outcome> history, UpstreamFailure failure) {
    return history.stream()
            .filter(
                outcome ->
                    outcome.verdict() instanceof Verdict.Lost(var other)
                        && other.getClass() == failure.getClass())
            .count()
        <= most;
  }
}
