package dev.plimsoll.ledger;

import java.time.Instant;
import java.util.Locale;

/** One thing to write down. Writing it twice is the same as writing it once. */
sealed interface Change {
  /** A request has begun. */
  record Opened(RequestStart start) implements Change {}

  /** An attempt is about to begin. */
  record AttemptOpened(String request, AttemptStart start) implements Change {}

  /** An attempt has come so far. */
  record Marked(String request, int number, Progress progress) implements Change {}

  /** An attempt has ended. */
  record AttemptClosed(String request, int number, AttemptEnd end) implements Change {}

  /** A request has ended. */
  record Closed(String request, RequestEnd end) implements Change {}

  /**
   * Something is missing here.
   *
   * @param id makes writing it twice the same as once
   * @param cause why
   * @param from when the first of it was lost
   * @param to when the last of it was lost
   * @param what how much it was
   */
  record Gap(String id, Cause cause, Instant from, Instant to, Totals.Lost what)
      implements Change {}

  /** Why something is missing. */
  enum Cause {
    /** The store failed for longer than memory could bridge. */
    OVERFLOW,
    /** The file was damaged. */
    DAMAGE,
    /** The store refused this one change. */
    REFUSED;

    /** The name in the ledger. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
