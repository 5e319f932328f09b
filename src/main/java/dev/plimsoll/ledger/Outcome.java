package dev.plimsoll.ledger;

import java.util.Locale;

/** How a request ended, seen from the client. */
public enum Outcome {
  /** A whole answer was delivered. */
  OK,
  /** The upstream, or Plimsoll for it, said that the request cannot be served as it is. */
  CLIENT_ERROR,
  /** Refused before it was looked at: wrong host, path, key or framing. */
  REJECTED,
  /** The upstream failed and what could be tried was tried. */
  UPSTREAM_ERROR,
  /** The upstream took too long. */
  TIMEOUT,
  /** The client left before the end. */
  CLIENT_CLOSED,
  /** Turned away because too much was going on. */
  SHED,
  /** Plimsoll itself ended without a farewell; written at the next start, never while it runs. */
  INTERRUPTED;

  /**
   * The status in the row of a client that left before it was told one; it is the number that nginx
   * writes in its log for this.
   */
  public static final int NOBODY_TO_TELL = 499;

  /** The name in the ledger and the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
