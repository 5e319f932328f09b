package dev.plimsoll.ledger;

import java.util.Locale;

/** Where a number of tokens comes from. */
public enum TokenSource {
  /** The upstream told it. */
  UPSTREAM,
  /** Counted by the model's own tokenizer. */
  COUNTED,
  /** Worked out from the number of bytes. */
  ESTIMATED;

  /** The name in the ledger and the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
