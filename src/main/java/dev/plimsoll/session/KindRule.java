package dev.plimsoll.session;

import java.util.List;

/**
 * One way to tell what a request is for: by the words that one of its prompts holds near its start.
 *
 * <p>Titles and summaries are told only in requests without tools, because a user may type the same
 * words into a conversation, and agents always send tools with that.
 *
 * @param kind what the request is for
 * @param place which prompt is looked at
 * @param words what stands there, within the first {@value #REACH} characters
 * @param withoutTools whether the rule is only for requests without tools
 * @param seen the release in which it was seen
 */
record KindRule(RequestKind kind, Place place, String words, boolean withoutTools, String seen) {
  private static final int REACH = 400;

  /** The first hit counts: the title request of a sub-agent is a title. */
  static final List<KindRule> TABLE =
      List.of(
          title(Place.SYSTEM, "You will generate a short title based on", "Crush 0.90.0"),
          title(Place.SYSTEM, "You are a title generator", "OpenCode 1.18.33"),
          title(Place.LAST_USER, "Generate a concise title for", "Crush 0.90.0"),
          summary(Place.SYSTEM, "You are summarizing a conversation to preserve", "Crush 0.90.0"),
          summary(Place.SYSTEM, "You are a context summarization agent", "OpenCode 1.18.33"),
          summary(
              Place.LAST_USER, "Provide a detailed summary of our conversation", "Crush 0.90.0"),
          summary(Place.LAST_USER, "Provide a detailed prompt for continuing our", "OpenCode"),
          summary(Place.LAST_USER, "CONTEXT CHECKPOINT COMPACTION", "Codex"),
          summary(Place.LAST_USER, "generate the <state_snapshot>", "Qwen Code"),
          summary(Place.LAST_USER, "Create a summary of the conversation", "other agents"),
          new KindRule(
              RequestKind.SUBAGENT,
              Place.SYSTEM,
              "You are an agent for Crush.",
              false,
              "Crush 0.90.0, which sends no parent header"));

  enum Place {
    SYSTEM,
    /** The last message of the conversation, when it is the user's. */
    LAST_USER
  }

  private static KindRule title(Place place, String words, String seen) {
    return new KindRule(RequestKind.TITLE, place, words, true, seen);
  }

  private static KindRule summary(Place place, String words, String seen) {
    return new KindRule(RequestKind.SUMMARY, place, words, true, seen);
  }

  /** The kind of a chat request. */
  static RequestKind match(Conversation conversation, boolean hasParent) {
    String system = conversation.systemOpening();
    String lastUser = conversation.lastUserOpening();
    for (KindRule rule : TABLE) {
      String text =
          switch (rule.place) {
            case SYSTEM -> system;
            case LAST_USER -> lastUser;
          };
      if (rule.hits(text, conversation.hasTools())) {
        return rule.kind;
      }
    }
    return hasParent ? RequestKind.SUBAGENT : RequestKind.MAIN;
  }

  private boolean hits(String text, boolean hasTools) {
    int at = withoutTools && hasTools ? -1 : text.indexOf(words, 0, Math.min(REACH, text.length()));
    return at >= 0;
  }
}
