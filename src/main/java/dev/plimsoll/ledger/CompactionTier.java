package dev.plimsoll.ledger;

import java.util.Locale;

/** How far a conversation was shortened before it was sent. */
public enum CompactionTier {
  /** Old tool results were replaced by a note. */
  MASKED,
  /** Old turns were left out. */
  DROPPED,
  /** Old turns were replaced by a summary. */
  SUMMARISED;

  /** The name in the ledger and the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
