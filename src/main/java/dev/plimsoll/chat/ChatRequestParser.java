package dev.plimsoll.chat;

import dev.plimsoll.chat.Body.Invalid;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a chat completion request in one pass over its bytes. */
final class ChatRequestParser {
  private @Nullable String model;
  private @Nullable List<Message> messages;
  private @Nullable Span tools;
  private boolean stream;
  private boolean includeUsage;
  private OptionalLong maxTokens = OptionalLong.empty();

  Parsed<ChatRequest> parse(byte[] bytes) {
    try {
      return new Parsed.Good<>(request(Body.index(bytes, this::read)));
    } catch (JsonFault e) {
      return new Parsed.Bad<>(Body.notJson(e));
    } catch (Invalid e) {
      return new Parsed.Bad<>(e.error());
    }
  }

  private ChatRequest request(Body body) throws Invalid {
    if (model == null || model.isEmpty()) {
      throw new Invalid("model", "\"model\" is missing: name the model to ask.");
    }
    if (messages == null || messages.isEmpty()) {
      throw new Invalid("messages", "\"messages\" is missing or empty: send at least one message.");
    }
    return new ChatRequest(body, model, messages, tools, stream, includeUsage, maxTokens);
  }

  private void read(String name, JsonCursor cursor) throws JsonFault, Invalid {
    switch (name) {
      case "model" -> {
        require(cursor, JsonKind.STRING, "model");
        model = cursor.text();
        cursor.skip();
      }
      case "messages" -> messages = messages(cursor);
      case "tools" -> tools = tools(cursor);
      case "stream" -> stream = flag(cursor, "stream");
      case "stream_options" -> includeUsage = includeUsage(cursor);
      case "max_tokens", "max_completion_tokens" -> maxTokens = cap(cursor, name);
      case "n" -> one(cursor);
      default -> cursor.skip();
    }
  }

  private static void require(JsonCursor cursor, JsonKind kind, String param)
      throws JsonFault, Invalid {
    if (cursor.kind() != kind) {
      throw new Invalid(
          param, param + " must be " + kind.label() + ", not " + cursor.kind().label() + ".");
    }
  }

  private static boolean flag(JsonCursor cursor, String param) throws JsonFault, Invalid {
    if (cursor.kind() == JsonKind.NULL) {
      cursor.skip();
      return false;
    }
    require(cursor, JsonKind.BOOLEAN, param);
    boolean value = cursor.isTrue();
    cursor.skip();
    return value;
  }

  private static boolean includeUsage(JsonCursor cursor) throws JsonFault, Invalid {
    if (cursor.kind() == JsonKind.NULL) {
      cursor.skip();
      return false;
    }
    require(cursor, JsonKind.OBJECT, "stream_options");
    boolean asked = false;
    cursor.enterObject();
    while (cursor.nextMember()) {
      if (cursor.name().equals("include_usage")) {
        asked = flag(cursor, "stream_options.include_usage");
      } else {
        cursor.skip();
      }
    }
    return asked;
  }

  private OptionalLong cap(JsonCursor cursor, String param) throws JsonFault, Invalid {
    if (cursor.kind() == JsonKind.NULL) {
      cursor.skip();
      return maxTokens;
    }
    long value = integer(cursor, param);
    if (value < 1) {
      throw new Invalid(param, param + " must be at least 1.");
    }
    return OptionalLong.of(Math.min(maxTokens.orElse(value), value));
  }

  private static long integer(JsonCursor cursor, String param) throws JsonFault, Invalid {
    require(cursor, JsonKind.NUMBER, param);
    try {
      return cursor.integer();
    } catch (JsonFault e) {
      // It is JSON, only no number that anybody can mean.
      throw new Invalid(param, param + " is out of range.");
    } finally {
      cursor.skip();
    }
  }

  private static void one(JsonCursor cursor) throws JsonFault, Invalid {
    if (cursor.kind() == JsonKind.NULL) {
      cursor.skip();
    } else if (integer(cursor, "n") > 1) {
      throw new Invalid("n", "n above 1 is not supported: send one request per answer.");
    }
  }

  private static @Nullable Span tools(JsonCursor cursor) throws JsonFault, Invalid {
    if (cursor.kind() == JsonKind.NULL) {
      cursor.skip();
      return null;
    }
    require(cursor, JsonKind.ARRAY, "tools");
    int start = cursor.tokenStart();
    int count = 0;
    cursor.enterArray();
    while (cursor.nextElement()) {
      require(cursor, JsonKind.OBJECT, "tools[" + count + "]");
      cursor.skip();
      cursor.endElement();
      count++;
    }
    return count == 0 ? null : new Span(start, cursor.end());
  }

  private static List<Message> messages(JsonCursor cursor) throws JsonFault, Invalid {
    require(cursor, JsonKind.ARRAY, "messages");
    List<Message> found = new ArrayList<>();
    cursor.enterArray();
    while (cursor.nextElement()) {
      found.add(new MessageParser("messages[" + found.size() + "]").parse(cursor));
      cursor.endElement();
    }
    return found;
  }
}
