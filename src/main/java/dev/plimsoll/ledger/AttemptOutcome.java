package dev.plimsoll.ledger;

import java.util.Locale;

/**
 * What one answer of the upstream turned out to be; those from {@link #LENGTH_IN_TOOL_CALL} on call
 * for a recovery.
 */
public enum AttemptOutcome {
  /** A whole answer. */
  OK,
  /** A refusal that would come again. */
  REFUSED,
  /** The client left meanwhile. */
  CLIENT_CLOSED,
  /** The request ended before the attempt did. */
  ABANDONED,
  /** The client left before it was sent, so the upstream knows nothing of it. */
  NOT_SENT,
  /** Plimsoll itself ended without a farewell; closed at the next start with what was marked. */
  INTERRUPTED,
  LENGTH_IN_TOOL_CALL,
  LENGTH_IN_TEXT,
  INVALID_TOOL_ARGUMENTS,
  TEXT_TOOL_CALL,
  UNKNOWN_TOOL,
  SCHEMA_MISMATCH,
  EMPTY_RESPONSE,
  STREAM_CUT,
  UPSTREAM_ERROR,
  RUNNER_CRASH,
  OVERFLOW,
  TIMEOUT,
  REPETITION;

  /** The name in the ledger and the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
