package dev.plimsoll.stream;

import java.util.Locale;

/** What of an answer is being held back from the client. */
public enum Held {
  NOTHING,
  /** Text that may turn out to be a tool call. */
  TEXT,
  /** Tool calls, until the answer has ended well. */
  TOOL_CALL;

  /** The name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
