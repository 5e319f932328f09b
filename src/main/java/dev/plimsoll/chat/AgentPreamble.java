package dev.plimsoll.chat;

import java.util.List;

/**
 * Tells messages in the user's name that the agent wrote: Crush's reminder, Qwen Code's set-up,
 * Codex's surroundings.
 */
public final class AgentPreamble {
  private static final List<String> BEGINNINGS =
      List.of(
          "<system_reminder>",
          "<system-reminder>",
          "<environment_context>",
          "<session_context>",
          "This is the Qwen Code. We are setting up the context",
          "This is Qwen Code. We are setting up the context");

  private AgentPreamble() {}

  /** Whether a user's message begins like one of them. */
  public static boolean begins(String text) {
    String start = text.stripLeading();
    return BEGINNINGS.stream().anyMatch(start::startsWith);
  }
}
