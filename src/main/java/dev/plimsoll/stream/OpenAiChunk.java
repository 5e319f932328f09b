package dev.plimsoll.stream;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import dev.plimsoll.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one OpenAI chunk or whole completion; also a chunk's {@code message} is read as a
 * delta, which is how a server answers that ignores {@code stream}.
 */
final class OpenAiChunk {
  final List<StreamEvent.ToolCallDelta> calls = new ArrayList<>(0);
  @Nullable Slice id;
  @Nullable Slice created;
  @Nullable Slice model;
  long createdSeconds = -1;
  @Nullable JsonString text;
  @Nullable JsonString reasoning;
  @Nullable Slice logprobs;
  @Nullable String finishReason;
  @Nullable Usage usage;
  @Nullable String error;

  private final byte[] bytes;
  private int choices;
  private boolean extraDelta;
  private boolean errorKey;

  OpenAiChunk(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether it is one piece of text or of reasoning and nothing else that Plimsoll acts on. */
  boolean plainDelta() {
    boolean oneOfTwo =
        (text == null || text.isEmpty()) != (reasoning == null || reasoning.isEmpty());
    return oneOfTwo && quiet() && finishReason == null && usage == null;
  }

  /** Whether it is a finish and nothing else. */
  boolean onlyFinish() {
    return text == null && reasoning == null && quiet() && finishReason != null && usage == null;
  }

  /** Whether it is a count and nothing else, in the place where clients look for it. */
  boolean onlyUsage() {
    return choices == 0 && !errorKey;
  }

  private boolean quiet() {
    return choices == 1 && calls.isEmpty() && !extraDelta && !errorKey;
  }

  void read(JsonCursor cursor) throws JsonFault {
    cursor.enterObject();
    while (cursor.nextMember()) {
      member(cursor.name(), cursor);
    }
    cursor.expectEnd();
  }

  private void member(String name, JsonCursor cursor) throws JsonFault {
    switch (name) {
      case "id" -> id = scalar(cursor, JsonKind.STRING);
      case "model" -> model = scalar(cursor, JsonKind.STRING);
      case "created" -> {
        createdSeconds = cursor.kind() == JsonKind.NUMBER ? cursor.integer() : -1;
        created = scalar(cursor, JsonKind.NUMBER);
      }
      case "choices" -> choices(cursor);
      case "usage" -> usage = OpenAiReader.usage(bytes, cursor.skip());
      case "error" -> {
        // Present but null would end the client; such a chunk is never relayed as it came.
        errorKey = true;
        error = UpstreamErrors.errorText(cursor);
      }
      default -> cursor.skip();
    }
  }

  private void choices(JsonCursor cursor) throws JsonFault {
    if (cursor.kind() != JsonKind.ARRAY) {
      cursor.skip();
      return;
    }
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (choices++ == 0 && cursor.kind() == JsonKind.OBJECT) {
        choice(cursor);
      } else {
        cursor.skip();
      }
      cursor.endElement();
    }
  }

  private void choice(JsonCursor cursor) throws JsonFault {
    cursor.enterObject();
    while (cursor.nextMember()) {
      switch (cursor.name()) {
        case "delta", "message" -> delta(cursor);
        case "finish_reason" -> finishReason = stringOrNull(cursor);
        case "logprobs" -> logprobs = logprobs(cursor);
        default -> cursor.skip();
      }
    }
  }

  private void delta(JsonCursor cursor) throws JsonFault {
    if (cursor.kind() != JsonKind.OBJECT) {
      cursor.skip();
      return;
    }
    cursor.enterObject();
    while (cursor.nextMember()) {
      switch (cursor.name()) {
        case "content" -> text = string(cursor);
        case "reasoning_content", "reasoning" -> {
          JsonString found = string(cursor);
          extraDelta |= reasoning != null;
          reasoning = found == null ? reasoning : found;
        }
        case "tool_calls" -> calls(cursor);
        case "role" -> {
          // The role is told once, by Plimsoll; an empty one ends OpenCode.
          extraDelta = true;
          cursor.skip();
        }
        default -> cursor.skip();
      }
    }
  }

  private void calls(JsonCursor cursor) throws JsonFault {
    if (cursor.kind() != JsonKind.ARRAY) {
      cursor.skip();
      return;
    }
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.kind() == JsonKind.OBJECT) {
        calls.add(call(cursor.skip()));
      } else {
        cursor.skip();
      }
      cursor.endElement();
    }
  }

  private StreamEvent.ToolCallDelta call(Span span) throws JsonFault {
    int index = calls.size();
    String id = null;
    String name = null;
    String arguments = "";
    try (JsonCursor cursor = new JsonCursor(bytes, span)) {
      cursor.enterObject();
      while (cursor.nextMember()) {
        switch (cursor.name()) {
          case "index" -> index = index(cursor);
          case "id" -> id = stringOrNull(cursor);
          case "function" -> {
            Span function = cursor.skip();
            JsonString found = JsonMembers.string(bytes, function, "name");
            name = found == null ? null : found.text();
            arguments = arguments(JsonMembers.value(bytes, function, "arguments"));
          }
          default -> cursor.skip();
        }
      }
    }
    return new StreamEvent.ToolCallDelta(index, id, name, arguments);
  }

  /** Mostly a string; some servers send the object itself. */
  private String arguments(@Nullable Span value) {
    if (value == null || bytes[value.start()] == 'n') {
      return "";
    }
    return bytes[value.start()] == '"'
        ? JsonString.at(bytes, value).text()
        : new String(bytes, value.start(), value.length(), StandardCharsets.UTF_8);
  }

  private static int index(JsonCursor cursor) throws JsonFault {
    long value = cursor.kind() == JsonKind.NUMBER ? cursor.integer() : 0;
    cursor.skip();
    if (value < 0 || value > 10_000) {
      throw new JsonFault("a tool call has the index " + value);
    }
    return (int) value;
  }

  private @Nullable Slice logprobs(JsonCursor cursor) throws JsonFault {
    boolean isObject = cursor.kind() == JsonKind.OBJECT;
    Span span = cursor.skip();
    Span content = isObject ? JsonMembers.value(bytes, span, "content") : null;
    return content != null && bytes[content.start()] == '[' ? Slice.at(bytes, content) : null;
  }

  private static @Nullable String stringOrNull(JsonCursor cursor) throws JsonFault {
    String found = cursor.kind() == JsonKind.STRING ? cursor.text() : null;
    cursor.skip();
    return found;
  }

  private @Nullable JsonString string(JsonCursor cursor) throws JsonFault {
    boolean isString = cursor.kind() == JsonKind.STRING;
    Span span = cursor.skip();
    return isString ? JsonString.at(bytes, span) : null;
  }

  private @Nullable Slice scalar(JsonCursor cursor, JsonKind kind) throws JsonFault {
    boolean wanted = cursor.kind() == kind;
    Span span = cursor.skip();
    return wanted ? Slice.at(bytes, span) : null;
  }
}
