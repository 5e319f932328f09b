package dev.plimsoll.session;

import dev.plimsoll.chat.AgentPreamble;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;

/** The texts of a request that tell what it is: its system prompt and what the user wrote. */
final class Conversation {
  /**
   * Prompts are told apart by how they begin, so only so many bytes of them are decoded for that.
   */
  private static final int OPENING = 2048;

  private final ChatRequest request;

  Conversation(ChatRequest request) {
    this.request = request;
  }

  boolean hasTools() {
    return request.hasTools();
  }

  /** How the system prompt begins. */
  String systemOpening() {
    Message first = request.messages().getFirst();
    return isSystem(first) ? opening(first) : "";
  }

  /** What the user asked first, which is not always the first message in the user's name. */
  String firstUser() {
    for (Message message : request.messages()) {
      if (message.role() == Role.USER) {
        String text = text(message);
        if (!AgentPreamble.begins(text)) {
          return text;
        }
      }
    }
    return "";
  }

  /** How the last message begins when it is the user's, else nothing. */
  String lastUserOpening() {
    Message last = request.messages().getLast();
    return last.role() == Role.USER ? opening(last) : "";
  }

  private String opening(Message message) {
    Span content = message.content();
    return content != null && message.contentKind() == JsonKind.STRING
        ? request.string(content).opening(OPENING)
        : text(message);
  }

  private static boolean isSystem(Message message) {
    return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
  }

  /** The system messages at the start, one after the other. */
  String system() {
    StringBuilder found = new StringBuilder();
    for (Message message : request.messages()) {
      if (!isSystem(message)) {
        break;
      }
      found.append(found.isEmpty() ? "" : "\n").append(text(message));
    }
    return found.toString();
  }

  private String text(Message message) {
    Span content = message.content();
    if (content == null) {
      return "";
    }
    if (message.contentKind() == JsonKind.STRING) {
      return request.string(content).text();
    }
    try (JsonCursor cursor = new JsonCursor(request.bytes(), content)) {
      return parts(cursor);
    } catch (JsonFault e) {
      throw new IllegalStateException("content that was parsed before", e);
    }
  }

  private static String parts(JsonCursor cursor) throws JsonFault {
    StringBuilder found = new StringBuilder();
    cursor.enterArray();
    while (cursor.nextElement()) {
      int start = cursor.tokenStart();
      boolean told = false;
      cursor.enterObject();
      while (cursor.nextMember()) {
        if (cursor.name().equals("text") && cursor.kind() == JsonKind.STRING) {
          found.append(cursor.text()).append('\n');
          told = true;
        }
        cursor.skip();
      }
      if (!told) {
        // An image may be megabytes; its size tells two of them apart well enough.
        found.append("[part of ").append(cursor.end() - start).append(" bytes]\n");
      }
      cursor.endElement();
    }
    return found.toString();
  }
}
