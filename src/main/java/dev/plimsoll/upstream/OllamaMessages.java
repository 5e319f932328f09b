package dev.plimsoll.upstream;

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
 * Writes messages in Ollama's form: content as one string, images apart, reasoning as {@code
 * thinking}, call arguments as the object that their text holds, results with their tool's name.
 */
final class OllamaMessages {
  private final ChatRequest request;
  private final byte[] bytes;
  private final JsonOut out;
  private final Map<String, String> toolNames = new HashMap<>();

  OllamaMessages(ChatRequest request, JsonOut out) {
    this.request = request;
    this.bytes = request.bytes();
    this.out = out;
  }

  /** Writes a message; {@code note} stands behind its text, null for none. */
  void write(Message message, int index, @Nullable String note) throws OllamaRefusal {
    // Renderers ignore the newer name, and with it the whole system prompt.
    Role role = message.role() == Role.DEVELOPER ? Role.SYSTEM : message.role();
    out.ascii("{\"role\":\"").ascii(role.label()).ascii("\",\"content\":");
    try {
      content(message, index, note == null ? "" : "\n\n" + note);
      Span reasoning = message.reasoning();
      if (reasoning != null && !request.string(reasoning).isEmpty()) {
        out.ascii(",\"thinking\":").raw(bytes, reasoning);
      }
      if (message.toolCalls() != null) {
        calls(message.toolCalls());
      }
      if (message.toolCallId() != null) {
        callId(message.toolCallId());
      }
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
    out.ascii('}');
  }

  private void content(Message message, int index, String behind) throws JsonFault, OllamaRefusal {
    Span content = message.content();
    if (content == null) {
      out.string(behind);
    } else if (message.contentKind() == JsonKind.STRING) {
      out.raw(bytes, content.start(), content.end() - 1).text(behind).ascii('"');
    } else {
      parts(content, "messages[" + index + "].content", behind);
    }
  }

  /** Text parts become one string, joined by a line feed as llama.cpp joins them. */
  private void parts(Span content, String path, String behind) throws JsonFault, OllamaRefusal {
    List<JsonOut> images = new ArrayList<>();
    out.ascii('"');
    try (JsonCursor cursor = new JsonCursor(bytes, content)) {
      cursor.enterArray();
      boolean first = true;
      for (int i = 0; cursor.nextElement(); i++) {
        Span part = cursor.skip();
        JsonString type = JsonMembers.string(bytes, part, "type");
        switch (type == null ? "" : type.text()) {
          case "text", "input_text", "output_text" -> {
            if (!first) {
              out.ascii("\\n");
            }
            first = false;
            text(part, path + "[" + i + "]");
          }
          case "image_url" -> images.add(image(part, path + "[" + i + "].image_url"));
          default ->
              throw new OllamaRefusal(
                  path + "[" + i + "].type",
                  path + "[" + i + "].type must be text or image_url for this model server.");
        }
        cursor.endElement();
      }
    }
    out.text(behind).ascii('"');
    for (int i = 0; i < images.size(); i++) {
      out.ascii(i == 0 ? ",\"images\":[" : ",");
      out.raw(images.get(i).array(), 0, images.get(i).length());
    }
    out.ascii(images.isEmpty() ? "" : "]");
  }

  private void text(Span part, String path) throws JsonFault, OllamaRefusal {
    JsonString text = JsonMembers.string(bytes, part, "text");
    if (text == null) {
      throw new OllamaRefusal(path + ".text", path + ".text must be a string.");
    }
    text.writeInside(out);
  }

  private JsonOut image(Span part, String path) throws JsonFault, OllamaRefusal {
    Span value = JsonMembers.value(bytes, part, "image_url");
    JsonString url = null;
    if (value != null) {
      url =
          bytes[value.start()] == '"'
              ? JsonString.at(bytes, value)
              : JsonMembers.string(bytes, value, "url");
    }
    String text = url == null ? "" : url.text();
    int comma = text.indexOf(";base64,");
    if (!text.startsWith("data:") || comma < 0) {
      throw new OllamaRefusal(
          path, path + " must be a data URL in base64: nothing is fetched from elsewhere.");
    }
    return new JsonOut(text.length()).string(text.substring(comma + ";base64,".length()));
  }

  private void calls(Span calls) throws JsonFault {
    out.ascii(",\"tool_calls\":[");
    try (JsonCursor cursor = new JsonCursor(bytes, calls)) {
      cursor.enterArray();
      for (int i = 0; cursor.nextElement(); i++) {
        if (i > 0) {
          out.ascii(',');
        }
        call(cursor.skip(), i);
        cursor.endElement();
      }
    }
    out.ascii(']');
  }

  private void call(Span call, int index) throws JsonFault {
    JsonString id = JsonMembers.string(bytes, call, "id");
    Span function = JsonMembers.value(bytes, call, "function");
    JsonString name = function == null ? null : JsonMembers.string(bytes, function, "name");
    Span arguments = function == null ? null : JsonMembers.value(bytes, function, "arguments");
    out.ascii('{');
    if (id != null) {
      toolNames.put(id.text(), name == null ? "" : name.text());
      out.ascii("\"id\":");
      id.writeTo(out);
      out.ascii(',');
    }
    out.ascii("\"function\":{\"index\":").number(index).ascii(",\"name\":");
    if (name == null) {
      out.ascii("\"\"");
    } else {
      name.writeTo(out);
    }
    out.ascii(",\"arguments\":");
    arguments(arguments);
    out.ascii("}}");
  }

  /** The arguments' own text when it is an object, numbers and all as the client wrote them. */
  private void arguments(@Nullable Span value) {
    if (value == null || bytes[value.start()] == 'n') {
      out.ascii("{}");
    } else if (bytes[value.start()] != '"') {
      object(bytes, value, null);
    } else {
      String text = JsonString.at(bytes, value).text();
      byte[] inner = text.getBytes(StandardCharsets.UTF_8);
      if (text.isBlank()) {
        out.ascii("{}");
      } else {
        object(inner, new Span(0, inner.length), text);
      }
    }
  }

  /**
   * Ollama refuses the whole conversation for one call whose arguments are no object, so such text
   * is wrapped: the model still sees what it wrote.
   */
  private void object(byte[] source, Span span, @Nullable String text) {
    try (JsonCursor cursor = new JsonCursor(source, span)) {
      if (cursor.kind() == JsonKind.OBJECT) {
        Span whole = cursor.skip();
        cursor.expectEnd();
        out.raw(source, whole);
        return;
      }
    } catch (JsonFault e) {
      // falls through: not JSON
    }
    String shown =
        text != null
            ? text
            : new String(source, span.start(), span.length(), StandardCharsets.UTF_8);
    out.ascii("{\"malformed_arguments\":").string(shown).ascii('}');
  }

  private void callId(Span id) {
    out.ascii(",\"tool_call_id\":").raw(bytes, id);
    String name = toolNames.get(request.string(id).text());
    if (name != null) {
      out.ascii(",\"tool_name\":").string(name);
    }
  }
}
