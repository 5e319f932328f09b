package dev.plimsoll.metrics;

import java.util.Locale;

/** What came of making room in a conversation. */
public enum CompactionResult {
  /** It fits. */
  OK,
  /** The plan broke a rule, and a gentler one took its place. */
  GENTLER,
  /** It cannot be made to fit. */
  TOO_LONG;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
