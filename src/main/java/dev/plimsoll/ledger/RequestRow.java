package dev.plimsoll.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request with its attempts.
 *
 * @param start what was known when it began
 * @param end how it ended, null while it runs
 * @param attempts in the order in which they began
 */
public record RequestRow(RequestStart start, @Nullable RequestEnd end, List<AttemptRow> attempts) {
  /** Copies the list. */
  public RequestRow {
    attempts = List.copyOf(attempts);
  }

  /** Tokens generated that the client got. */
  public long completionTokens() {
    return attempts.stream()
        .filter(AttemptRow::delivered)
        .map(AttemptRow::end)
        .mapToLong(end -> end == null ? 0 : end.usage().completion())
        .sum();
  }

  /** Tokens of reasoning among these. */
  public long reasoningTokens() {
    return attempts.stream()
        .filter(AttemptRow::delivered)
        .map(AttemptRow::end)
        .mapToLong(end -> end == null ? 0 : end.usage().reasoning())
        .sum();
  }

  /** Whether the upstream had to be asked more than once for the client's answer. */
  public boolean recoveryAttempted() {
    return recoveryAttempted(attempts);
  }

  static boolean recoveryAttempted(List<AttemptRow> attempts) {
    return attempts.stream()
        .anyMatch(
            attempt ->
                switch (attempt.purpose()) {
                  case RETRY, CONTINUATION -> true;
                  case MAIN, COMPACTION -> false;
                });
  }
}
