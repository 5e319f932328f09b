package dev.plimsoll.ledger;

/** The ledger cannot be read now; the message says why, for an operator. */
public final class LedgerUnreadable extends Exception {
  private static final long serialVersionUID = 1L;

  LedgerUnreadable(String message) {
    super(message, null, false, false);
  }
}
