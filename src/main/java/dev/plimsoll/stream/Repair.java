package dev.plimsoll.stream;

import java.util.Locale;

/** What was mended in an answer's tool calls without asking the model again. */
public enum Repair {
  /** Calls were not numbered from 0 upwards. */
  INDEX,
  /** A call had no id, or that of another one. */
  ID,
  /** Arguments came as JSON, not as text that holds JSON. */
  ARGS_TYPE,
  /** The finish reason did not fit an answer with calls, or one without. */
  FINISH_REASON;

  /** The name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
