package dev.plimsoll.tokens;

import dev.plimsoll.chat.Role;
import java.util.List;

/**
 * What of a message decides how a template writes it, apart from its texts.
 *
 * @param role who speaks; {@link Role#DEVELOPER} counts as {@link Role#SYSTEM}
 * @param reasoning whether an assistant's message has reasoning
 * @param content whether an assistant's message has text
 * @param calls whether an assistant's message has calls
 * @param past whether a user's message follows somewhere: many templates then leave reasoning out
 */
public record Shape(Role role, boolean reasoning, boolean content, boolean calls, boolean past) {
  static final Shape USER = plain(Role.USER);
  static final Shape TOOL = plain(Role.TOOL);

  private static Shape plain(Role role) {
    return new Shape(role, false, true, false, false);
  }

  static Shape of(MessageText message, boolean past) {
    return switch (message.role()) {
      case SYSTEM, DEVELOPER -> plain(Role.SYSTEM);
      case USER -> USER;
      case TOOL -> TOOL;
      case ASSISTANT ->
          new Shape(
              Role.ASSISTANT,
              !message.reasoning().isEmpty(),
              !message.content().isEmpty(),
              !message.calls().isEmpty(),
              past);
    };
  }

  /** The index of the last user's message, before which all is past; -1 when there is none. */
  static int lastUser(List<MessageText> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role() == Role.USER) {
        return i;
      }
    }
    return -1;
  }

  /** What the next message follows: only that a message has calls makes a difference there. */
  Place place() {
    return switch (role) {
      case SYSTEM, DEVELOPER -> Place.SYSTEM;
      case USER -> Place.USER;
      case TOOL -> Place.RESULT;
      case ASSISTANT -> calls ? Place.CALLS : Place.ANSWER;
    };
  }

  /** How much another shape of the same role differs: calls most, the past least. */
  int unlike(Shape other) {
    return (calls == other.calls ? 0 : 8)
        + (content == other.content ? 0 : 4)
        + (reasoning == other.reasoning ? 0 : 2)
        + (past == other.past ? 0 : 1);
  }

  /** A short name, for keys: {@code user}, {@code assistant+reasoning+calls-past}. */
  String name() {
    return role.label()
        + (reasoning ? "+reasoning" : "")
        + (role == Role.ASSISTANT && content ? "+content" : "")
        + (calls ? "+calls" : "")
        + (past ? "-past" : "");
  }

  /** What stands before a message. */
  enum Place {
    SYSTEM,
    USER,
    ANSWER,
    CALLS,
    RESULT
  }
}
