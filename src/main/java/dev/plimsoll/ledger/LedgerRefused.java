package dev.plimsoll.ledger;

/** A ledger that must not be used; the message is one line that says what to do. */
public final class LedgerRefused extends Exception {
  private static final long serialVersionUID = 1L;

  LedgerRefused(String message) {
    super(message, null, false, false);
  }
}
