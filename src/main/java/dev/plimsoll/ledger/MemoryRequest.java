package dev.plimsoll.ledger;

import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request's row while it is written; guarded by its ledger's lock. */
final class MemoryRequest {
  final RequestStart start;
  final long position;
  private final SequencedMap<Integer, AttemptRow> attempts = new TreeMap<>();
  private @Nullable RequestEnd end;

  MemoryRequest(RequestStart start, long position) {
    this.start = start;
    this.position = position;
  }

  /** Whether that was news. */
  boolean openAttempt(AttemptStart attempt) {
    return end == null
        && attempts.putIfAbsent(attempt.number(), new AttemptRow(attempt, Progress.NONE, null))
            == null;
  }

  void mark(int number, Progress progress) {
    attempts.computeIfPresent(
        number, (_, row) -> row.end() == null ? new AttemptRow(row.start(), progress, null) : row);
  }

  /** What the attempt began as when this closes it, null when there is nothing to close. */
  @Nullable AttemptStart closeAttempt(int number, AttemptEnd attemptEnd) {
    AttemptRow open = attempts.get(number);
    if (open == null || open.end() != null) {
      return null;
    }
    attempts.put(number, AttemptRow.ended(open.start(), attemptEnd));
    return open.start();
  }

  /** Whether that was news. */
  boolean close(RequestEnd requestEnd) {
    if (end != null) {
      return false;
    }
    end = requestEnd;
    return true;
  }

  boolean isOpen() {
    return end == null;
  }

  RequestRow row() {
    return new RequestRow(start, end, List.copyOf(attempts.values()));
  }
}
