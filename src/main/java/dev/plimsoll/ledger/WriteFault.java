package dev.plimsoll.ledger;

import java.util.Locale;

/** Why rows could not be written to disk. */
public enum WriteFault {
  /** No room left on the disk. */
  FULL,
  /** The disk or the file may not be written. */
  READ_ONLY,
  /** Reading, writing or syncing failed. */
  IO,
  /** The file is no longer a database. */
  CORRUPT,
  /** Somebody else holds it. */
  BUSY,
  OTHER;

  /** The name in metrics and messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
