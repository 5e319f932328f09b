package dev.plimsoll.ledger;

import org.jspecify.annotations.Nullable;

/**
 * How a ledger does.
 *
 * @param state whether what is handed over becomes durable
 * @param pending changes that are only in memory so far
 * @param lastFault why the last failed write failed, null when none ever did
 * @param detail one sentence for an operator: the file, and what is wrong with it if anything is
 */
public record LedgerHealth(
    State state, int pending, @Nullable WriteFault lastFault, String detail) {
  /** Whether rows survive a restart. */
  public enum State {
    /** The last commit worked. */
    DURABLE,
    /** Not yet open. */
    OPENING,
    /** Commits fail; rows wait in memory. */
    FAILING,
    /** Rows are kept in memory, as configured or because there is no place for a file. */
    MEMORY
  }
}
