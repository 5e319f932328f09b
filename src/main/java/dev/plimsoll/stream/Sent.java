package dev.plimsoll.stream;

/** What the client has already seen of an answer; it decides what may still be done about it. */
public enum Sent {
  /** No byte of the answer. */
  NOTHING,
  /** Reasoning only. */
  REASONING,
  /** Text, which can only be continued and never be taken back. */
  TEXT
}
