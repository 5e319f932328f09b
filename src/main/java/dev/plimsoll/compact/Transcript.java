package dev.plimsoll.compact;

import dev.plimsoll.chat.AgentPreamble;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.MessageText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a request behind its leading system messages, decoded one by one when somebody
 * asks.
 *
 * <p>All indexes in this package count from the first of these messages. Lives as long as one plan
 * is made.
 */
final class Transcript {
  /** Behind that many messages nobody looks for the task any more. */
  private static final int TASK_WITHIN = 8;

  /** Nobody asked anything: there is no message to put the log into. */
  static final int NO_TASK = -1;

  private final ChatRequest request;
  private final MessageReader reader;
  private final List<Message> messages;
  private final int lead;
  private final int task;
  private final @Nullable MessageText[] decoded;

  Transcript(ChatRequest request) {
    this.request = request;
    this.reader = new MessageReader(request);
    this.lead = lead(request.messages());
    this.messages = request.messages().subList(lead, request.messages().size());
    this.decoded = new MessageText[messages.size()];
    this.task = findTask();
  }

  private static int lead(List<Message> messages) {
    int count = 0;
    while (count < messages.size() && isSystem(messages.get(count).role())) {
      count++;
    }
    return count;
  }

  static boolean isSystem(Role role) {
    return role == Role.SYSTEM || role == Role.DEVELOPER;
  }

  /** The user's first own message near the start; the agent's messages in his name do not count. */
  private int findTask() {
    int fallback = NO_TASK;
    for (int i = 0; i < Math.min(size(), TASK_WITHIN); i++) {
      if (role(i) == Role.USER) {
        if (!AgentPreamble.begins(text(i).content())) {
          return i;
        }
        fallback = i;
      }
    }
    return fallback;
  }

  ChatRequest request() {
    return request;
  }

  /** How many system messages stand in front. */
  int lead() {
    return lead;
  }

  /**
   * The message that holds the task, to which the log is appended; it and all before it never
   * leave. {@link #NO_TASK} when there is none.
   */
  int task() {
    return task;
  }

  int size() {
    return messages.size();
  }

  Message message(int index) {
    return messages.get(index);
  }

  Role role(int index) {
    return messages.get(index).role();
  }

  /** The role in front of a message as the client sent them; null in front of the first. */
  @Nullable Role before(int index) {
    return index == 0 ? null : role(index - 1);
  }

  /** Whether the message is an answer, so that a request ended in front of it. */
  boolean startsAnswer(int index) {
    return role(index) == Role.ASSISTANT;
  }

  /** What a model reads of the message. */
  MessageText text(int index) {
    MessageText found = decoded[index];
    if (found == null) {
      found = reader.read(lead + index);
      decoded[index] = found;
    }
    return found;
  }

  /** The last assistant's message before an index; {@code from} when there is none behind that. */
  int lastAssistant(int from, int index) {
    int at = index - 1;
    while (at > from && role(at) != Role.ASSISTANT) {
      at--;
    }
    return Math.max(from, at);
  }
}
