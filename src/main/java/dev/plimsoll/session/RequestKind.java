package dev.plimsoll.session;

import java.util.Locale;

/** What a request is for, seen from the agent. */
public enum RequestKind {
  /** A turn of the user's own conversation. */
  MAIN,
  /** A name for the conversation; runs beside its first turn. */
  TITLE,
  /** The agent's own compaction of the conversation. */
  SUMMARY,
  /** A turn of a conversation that another one started. */
  SUBAGENT,
  /** No chat at all, such as a text completion. */
  OTHER;

  /** The name in the ledger and the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether its prompt is the session's conversation, so that it shows how full the window is. */
  public boolean isTurn() {
    return switch (this) {
      case MAIN, SUBAGENT -> true;
      case TITLE, SUMMARY, OTHER -> false;
    };
  }
}
