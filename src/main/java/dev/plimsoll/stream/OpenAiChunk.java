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
  private static final String CHAT_CHUNK = "chat.completion.chunk";

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
  private int choices = -1;
  private int deltas;
  private boolean chatChunk;
  private boolean indexZero;
  private boolean finishKey;
  private boolean odd;
  private boolean errorKey;
  private boolean usageObject;
  private boolean errorObject;
  private @Nullable String topMessage;

  OpenAiChunk(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether it is one piece of text or of reasoning and nothing else that Plimsoll acts on. */
  boolean plainDelta() {
    boolean oneOfTwo =
        (text == null || text.isEmpty()) != (reasoning == null || reasoning.isEmpty());
    return oneOfTwo && quiet() && finishReason == null && !usageObject;
  }

  /** Whether it is a finish and nothing else. */
  boolean onlyFinish() {
    return text == null && reasoning == null && quiet() && finishReason != null && !usageObject;
  }

  /** Whether it is a count and nothing else, in the place where clients look for it. */
  boolean onlyUsage() {
    return choices == 0 && chatChunk && !odd && !errorKey;
  }

  /** Whether it has all that a chunk of one choice must have, and nothing that is odd in it. */
  private boolean quiet() {
    boolean whole = chatChunk && choices == 1 && indexZero && deltas == 1 && finishKey;
    return whole && calls.isEmpty() && !odd && !errorKey;
  }

  void read(JsonCursor cursor) throws JsonFault {
    cursor.enterObject();
    while (cursor.nextMember()) {
      member(cursor.name(), cursor);
    }
    cursor.expectEnd();
    if (errorObject && error == null) {
      // vLLM's older form: {"object":"error","message":"…"}
      error = topMessage == null ? UpstreamErrors.WITHOUT_MESSAGE : topMessage;
    }
  }

  private void member(String name, JsonCursor cursor) throws JsonFault {
    switch (name) {
      case "id" -> id = scalar(cursor, JsonKind.STRING);
      case "model" -> model = scalar(cursor, JsonKind.STRING);
      case "created" -> {
        Slice number = scalar(cursor, JsonKind.NUMBER);
        createdSeconds = number == null ? -1 : wholeSeconds(number);
        created = createdSeconds < 0 ? null : number;
      }
      case "choices" -> choices(cursor);
      case "usage" -> {
        usageObject = isOrNull(cursor, JsonKind.OBJECT);
        usage = OpenAiReader.usage(bytes, cursor.skip());
      }
      case "object" -> {
        String told = cursor.textOrNull();
        errorObject = "error".equals(told);
        chatChunk = CHAT_CHUNK.equals(told);
      }
      case "message" -> topMessage = cursor.textOrNull();
      case "error" -> {
        // Present but null would end the client; such a chunk is never relayed as it came.
        errorKey = true;
        error = UpstreamErrors.errorText(cursor, bytes);
      }
      default -> cursor.skip();
    }
  }

  private void choices(JsonCursor cursor) throws JsonFault {
    if (cursor.kind() != JsonKind.ARRAY) {
      cursor.skip();
      return;
    }
    choices = Math.max(choices, 0);
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
        case "delta" -> delta(cursor);
        case "message" -> {
          // A chunk has no message, so it cannot go out as it came.
          odd = true;
          delta(cursor);
        }
        case "index" -> {
          Span index = cursor.skip();
          indexZero = index.length() == 1 && bytes[index.start()] == '0';
        }
        case "finish_reason" -> {
          finishKey = true;
          isOrNull(cursor, JsonKind.STRING);
          finishReason(cursor.textOrNull());
        }
        case "logprobs" -> logprobs = logprobs(cursor);
        default -> cursor.skip();
      }
    }
  }

  /** Some servers write an empty reason where there is none yet; agents would take it for one. */
  private void finishReason(@Nullable String told) {
    odd |= told != null && told.isEmpty();
    finishReason = told == null || told.isEmpty() ? finishReason : told;
  }

  private void delta(JsonCursor cursor) throws JsonFault {
    if (!isOrNull(cursor, JsonKind.OBJECT)) {
      cursor.skip();
      return;
    }
    deltas++;
    cursor.enterObject();
    while (cursor.nextMember()) {
      switch (cursor.name()) {
        case "content" -> text = string(cursor);
        case "reasoning_content", "reasoning" -> {
          JsonString found = string(cursor);
          odd |= reasoning != null;
          reasoning = found == null ? reasoning : found;
        }
        case "tool_calls" -> calls(cursor);
        case "role" -> {
          // The role is told once, by Plimsoll; an empty one ends OpenCode.
          odd = true;
          cursor.skip();
        }
        default -> cursor.skip();
      }
    }
  }

  private @Nullable JsonString string(JsonCursor cursor) throws JsonFault {
    isOrNull(cursor, JsonKind.STRING);
    return cursor.stringOrNull();
  }

  /** Whether a value of that kind stands next; one that is neither that nor null is odd. */
  private boolean isOrNull(JsonCursor cursor, JsonKind kind) throws JsonFault {
    boolean is = cursor.kind() == kind;
    odd |= !is && cursor.kind() != JsonKind.NULL;
    return is;
  }

  private void calls(JsonCursor cursor) throws JsonFault {
    if (!isOrNull(cursor, JsonKind.ARRAY)) {
      cursor.skip();
      return;
    }
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.kind() == JsonKind.OBJECT) {
        calls.add(call(cursor.skip()));
      } else {
        odd = true;
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
    boolean asValue = false;
    try (JsonCursor cursor = new JsonCursor(bytes, span)) {
      cursor.enterObject();
      while (cursor.nextMember()) {
        switch (cursor.name()) {
          case "index" -> index = index(cursor, index);
          case "id" -> id = cursor.textOrNull();
          case "function" -> {
            Span function = cursor.skip();
            JsonString found = JsonMembers.string(bytes, function, "name");
            name = found == null ? null : found.text();
            Span value = JsonMembers.value(bytes, function, "arguments");
            arguments = arguments(bytes, value);
            asValue = !arguments.isEmpty() && value != null && bytes[value.start()] != '"';
          }
          default -> cursor.skip();
        }
      }
    }
    return new StreamEvent.ToolCallDelta(index, id, name, arguments, asValue);
  }

  /** Mostly a string; some servers send the object itself. */
  static String arguments(byte[] bytes, @Nullable Span value) {
    if (value == null || bytes[value.start()] == 'n') {
      return "";
    }
    return bytes[value.start()] == '"'
        ? JsonString.at(bytes, value).text()
        : new String(bytes, value.start(), value.length(), StandardCharsets.UTF_8);
  }

  private static int index(JsonCursor cursor, int otherwise) throws JsonFault {
    long value = cursor.integerOr(otherwise);
    if (value < 0 || value > 10_000) {
      throw new JsonFault("a tool call has the index " + value);
    }
    return (int) value;
  }

  /** Seconds written as plain digits; -1 for any other number. */
  private static long wholeSeconds(Slice number) {
    if (number.length() > 15) {
      return -1;
    }
    long value = 0;
    for (int i = number.start(); i < number.end(); i++) {
      int digit = number.bytes()[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private @Nullable Slice logprobs(JsonCursor cursor) throws JsonFault {
    boolean isObject = isOrNull(cursor, JsonKind.OBJECT);
    Span span = cursor.skip();
    Span content = isObject ? JsonMembers.value(bytes, span, "content") : null;
    return content != null && bytes[content.start()] == '[' ? Slice.at(bytes, content) : null;
  }

  private @Nullable Slice scalar(JsonCursor cursor, JsonKind kind) throws JsonFault {
    boolean wanted = cursor.kind() == kind;
    Span span = cursor.skip();
    return wanted ? Slice.at(bytes, span) : null;
  }
}
