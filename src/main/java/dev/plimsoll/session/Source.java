package dev.plimsoll.session;

import java.util.Locale;

/** Where a session's identity was found. */
public enum Source {
  /** A header that names the session. */
  HEADER,
  /** A field of the body. */
  BODY,
  /** The fingerprint of the conversation's start. */
  PREFIX;

  /** The name in the ledger and the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
