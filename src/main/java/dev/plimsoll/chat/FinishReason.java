package dev.plimsoll.chat;

import java.util.Locale;

/** Why an answer ended, as the client is told. */
public enum FinishReason {
  STOP,
  LENGTH,
  TOOL_CALLS,
  CONTENT_FILTER;

  /** The name on the wire. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason an upstream names; whatever is unknown counts as a normal stop. */
  public static FinishReason of(String name) {
    return switch (name) {
      case "length", "max_tokens" -> LENGTH;
      case "tool_calls", "function_call" -> TOOL_CALLS;
      case "content_filter" -> CONTENT_FILTER;
      default -> STOP;
    };
  }
}
