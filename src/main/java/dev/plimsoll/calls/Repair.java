package dev.plimsoll.calls;

import java.util.Locale;

/** What was put right about a call without asking the model again; none touches its arguments. */
public enum Repair {
  /** It stood in the text. */
  TEXT_TO_CALL,
  /** Its tool was named in another case, or with a name space before it. */
  NAME;

  /** The name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
