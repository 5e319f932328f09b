package dev.plimsoll.ledger;

import java.util.Locale;

/** Why the upstream was asked. */
public enum Purpose {
  /** The first try. */
  MAIN,
  /** Once more from the start, since the answer before was no good. */
  RETRY,
  /** On from where the answer before broke off. */
  CONTINUATION,
  /** To make the conversation shorter, not to answer the client. */
  COMPACTION;

  /** The name in the ledger and the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
