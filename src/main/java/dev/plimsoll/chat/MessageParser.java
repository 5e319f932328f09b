package dev.plimsoll.chat;

import dev.plimsoll.chat.Body.Invalid;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one message of a request, and says by its path which field of it is wrong. */
final class MessageParser {
  private final String path;
  private @Nullable Role role;
  private @Nullable Span content;
  private JsonKind contentKind = JsonKind.NULL;
  private @Nullable Span reasoning;
  private @Nullable Span toolCalls;
  private @Nullable Span toolCallId;

  MessageParser(String path) {
    this.path = path;
  }

  Message parse(JsonCursor cursor) throws JsonFault, Invalid {
    if (cursor.kind() != JsonKind.OBJECT) {
      throw new Invalid(path, path + " must be an object, not " + cursor.kind().label() + ".");
    }
    int start = cursor.tokenStart();
    cursor.enterObject();
    Names names = new Names();
    while (cursor.nextMember()) {
      names.add(path, cursor.name());
      member(cursor.name(), cursor);
    }
    if (role == null) {
      throw new Invalid(path + ".role", path + ".role is missing.");
    }
    Span span = new Span(start, cursor.end());
    return new Message(role, span, content, contentKind, reasoning, toolCalls, toolCallId);
  }

  private void member(String name, JsonCursor cursor) throws JsonFault, Invalid {
    switch (name) {
      case "role" -> role = role(cursor);
      case "content" -> content(cursor);
      case "reasoning_content", "reasoning" -> {
        Span found = optional(cursor, JsonKind.STRING, name);
        reasoning = found == null ? reasoning : found;
      }
      case "tool_calls" -> toolCalls = toolCalls(cursor);
      case "tool_call_id" -> toolCallId = optional(cursor, JsonKind.STRING, name);
      default -> cursor.skip();
    }
  }

  private Role role(JsonCursor cursor) throws JsonFault, Invalid {
    String param = path + ".role";
    if (cursor.kind() != JsonKind.STRING) {
      throw new Invalid(param, param + " must be a string, not " + cursor.kind().label() + ".");
    }
    Optional<Role> found = Role.of(cursor.text());
    cursor.skip();
    return found.orElseThrow(
        () ->
            new Invalid(
                param, param + " must be one of system, developer, user, assistant, tool."));
  }

  private void content(JsonCursor cursor) throws JsonFault, Invalid {
    String param = path + ".content";
    contentKind = cursor.kind();
    switch (contentKind) {
      case STRING -> content = cursor.skip();
      case NULL -> {
        cursor.skip();
        content = null;
      }
      case ARRAY -> content = objects(cursor, param).span();
      case OBJECT, NUMBER, BOOLEAN ->
          throw new Invalid(
              param,
              param + " must be a string or an array of parts, not " + contentKind.label() + ".");
    }
  }

  /** An array and the number of its elements. */
  private record Objects(Span span, int count) {}

  private static Objects objects(JsonCursor cursor, String param) throws JsonFault, Invalid {
    int start = cursor.tokenStart();
    int count = 0;
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.kind() != JsonKind.OBJECT) {
        String part = param + "[" + count + "]";
        throw new Invalid(part, part + " must be an object, not " + cursor.kind().label() + ".");
      }
      cursor.skip();
      cursor.endElement();
      count++;
    }
    return new Objects(new Span(start, cursor.end()), count);
  }

  private @Nullable Span toolCalls(JsonCursor cursor) throws JsonFault, Invalid {
    if (cursor.kind() != JsonKind.ARRAY) {
      return optional(cursor, JsonKind.ARRAY, "tool_calls");
    }
    Objects calls = objects(cursor, path + ".tool_calls");
    return calls.count() == 0 ? null : calls.span();
  }

  private @Nullable Span optional(JsonCursor cursor, JsonKind kind, String name)
      throws JsonFault, Invalid {
    JsonKind found = cursor.kind();
    if (found != kind && found != JsonKind.NULL) {
      String param = path + "." + name;
      throw new Invalid(param, param + " must be " + kind.label() + ", not " + found.label() + ".");
    }
    Span span = cursor.skip();
    return found == JsonKind.NULL ? null : span;
  }
}
