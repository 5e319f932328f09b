package dev.plimsoll.compact;

/** What becomes of one message. */
public enum Fate {
  /** It is sent as it came. */
  KEPT("kept"),
  /** The log is appended to it; what it was stays in front of that. */
  HOST("kept, the log behind it"),
  /** Of a tool's result, or of other text, a part is left out. */
  MASKED("masked"),
  /** Long texts inside the arguments of its calls are left out. */
  ELIDED("elided"),
  /** It is out of the conversation; the log tells of it. */
  DROPPED("dropped");

  private final String label;

  Fate(String label) {
    this.label = label;
  }

  /** The fate in words. */
  public String label() {
    return label;
  }
}
