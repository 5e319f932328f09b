package dev.plimsoll.tokens;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a request as the model will.
 *
 * <p>Parts of text are joined with a line feed and arguments that are no object are wrapped, as in
 * the request that goes to the server.
 */
public final class MessageReader {
  private final ChatRequest request;
  private final byte[] bytes;
  private final Map<String, String> toolNames = new HashMap<>();
  private int namesReadTo;

  /** Reads of one request; not for several threads. */
  public MessageReader(ChatRequest request) {
    this.request = request;
    this.bytes = request.bytes();
  }

  /** All messages. */
  public List<MessageText> all() {
    List<MessageText> texts = new ArrayList<>(request.messages().size());
    for (int i = 0; i < request.messages().size(); i++) {
      texts.add(read(i));
    }
    return texts;
  }

  /** One message. */
  public MessageText read(int index) {
    Message message = request.messages().get(index);
    try {
      StringBuilder content = new StringBuilder();
      int images = content(message, content);
      Span reasoning = message.reasoning();
      return new MessageText(
          message.role(),
          content.toString(),
          reasoning == null ? "" : request.string(reasoning).text(),
          message.toolCalls() == null ? List.of() : calls(message.toolCalls()),
          message.role() == Role.TOOL ? toolName(index) : "",
          images);
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
  }

  /** Appends the text and tells how many images there are. */
  private int content(Message message, StringBuilder out) throws JsonFault {
    Span content = message.content();
    if (content == null) {
      return 0;
    }
    if (message.contentKind() == JsonKind.STRING) {
      out.append(request.string(content).text());
      return 0;
    }
    int images = 0;
    boolean first = true;
    try (JsonCursor cursor = new JsonCursor(bytes, content)) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        Span part = cursor.skip();
        JsonString text = JsonMembers.string(bytes, part, "text");
        if (text != null) {
          out.append(first ? "" : "\n").append(text.text());
          first = false;
        } else if (JsonMembers.value(bytes, part, "image_url") != null) {
          images++;
        }
        cursor.endElement();
      }
    }
    return images;
  }

  private List<CallText> calls(Span calls) throws JsonFault {
    List<CallText> found = new ArrayList<>();
    try (JsonCursor cursor = new JsonCursor(bytes, calls)) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        Span function = JsonMembers.value(bytes, cursor.skip(), "function");
        JsonString name = function == null ? null : JsonMembers.string(bytes, function, "name");
        Span arguments = function == null ? null : JsonMembers.value(bytes, function, "arguments");
        found.add(new CallText(name == null ? "" : name.text(), object(arguments)));
        cursor.endElement();
      }
    }
    return found;
  }

  private String object(@Nullable Span value) {
    if (value == null || bytes[value.start()] == 'n') {
      return "{}";
    }
    String text =
        bytes[value.start()] == '"'
            ? JsonString.at(bytes, value).text()
            : new String(bytes, value.start(), value.length(), StandardCharsets.UTF_8);
    return text.isBlank() ? "{}" : isObject(text) ? text : wrapped(text);
  }

  private static boolean isObject(String text) {
    byte[] inner = text.getBytes(StandardCharsets.UTF_8);
    try (JsonCursor cursor = new JsonCursor(inner)) {
      if (cursor.kind() != JsonKind.OBJECT) {
        return false;
      }
      cursor.skip();
      cursor.expectEnd();
      return true;
    } catch (JsonFault e) {
      return false;
    }
  }

  private static String wrapped(String text) {
    JsonOut out = new JsonOut(text.length() + 32);
    out.ascii("{\"malformed_arguments\":").string(text).ascii('}');
    return new String(out.toBytes(), StandardCharsets.UTF_8);
  }

  /** The tool whose call a result answers; empty when no call before it has that id. */
  String toolName(int index) {
    Span id = request.messages().get(index).toolCallId();
    if (id == null) {
      return "";
    }
    try {
      while (namesReadTo < index) {
        Span calls = request.messages().get(namesReadTo++).toolCalls();
        if (calls != null) {
          names(calls);
        }
      }
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
    return toolNames.getOrDefault(request.string(id).text(), "");
  }

  private void names(Span calls) throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(bytes, calls)) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        Span call = cursor.skip();
        JsonString id = JsonMembers.string(bytes, call, "id");
        Span function = JsonMembers.value(bytes, call, "function");
        JsonString name = function == null ? null : JsonMembers.string(bytes, function, "name");
        if (id != null && name != null) {
          toolNames.put(id.text(), name.text());
        }
        cursor.endElement();
      }
    }
  }
}
