package dev.plimsoll.tokens;

import dev.plimsoll.chat.Role;
import java.util.List;

/**
 * What a model reads of one message: plain text, no ids and no JSON around it.
 *
 * <p>Made of a message as the client sent it, or of what is sent in its place; both are counted
 * alike.
 *
 * @param role who speaks; {@link Role#DEVELOPER} counts as {@link Role#SYSTEM}
 * @param content its text, parts joined as they are sent; empty when there is none
 * @param reasoning what the assistant thought, empty when there is none
 * @param calls the assistant's tool calls, in order
 * @param toolName the tool whose result this is; empty unless {@code role} is a tool's, or unknown
 * @param images how many images go with it
 */
public record MessageText(
    Role role,
    String content,
    String reasoning,
    List<CallText> calls,
    String toolName,
    int images) {

  /** Copies the list, so that a message never changes. */
  public MessageText {
    calls = List.copyOf(calls);
  }

  /** A message that is text and nothing else. */
  public static MessageText of(Role role, String content) {
    return new MessageText(role, content, "", List.of(), "", 0);
  }

  /** A tool's result. */
  public static MessageText result(String toolName, String content) {
    return new MessageText(Role.TOOL, content, "", List.of(), toolName, 0);
  }

  /** The same message with other text. */
  public MessageText withContent(String other) {
    return new MessageText(role, other, reasoning, calls, toolName, images);
  }

  /** The same message with other calls. */
  public MessageText withCalls(List<CallText> other) {
    return new MessageText(role, content, reasoning, other, toolName, images);
  }

  /** The same message without its reasoning. */
  public MessageText withoutReasoning() {
    return new MessageText(role, content, "", calls, toolName, images);
  }
}
