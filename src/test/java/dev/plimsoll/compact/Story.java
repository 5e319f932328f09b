package dev.plimsoll.compact;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.json.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A conversation that grows message by message, as the bodies of an agent's requests. */
final class Story {
  private final List<String> messages = new ArrayList<>();
  private int calls;

  /** The messages as JSON. */
  List<String> messages() {
    return messages;
  }

  Story system(String text) {
    return raw("{\"role\":\"system\",\"content\":" + json(text) + "}");
  }

  Story user(String text) {
    return raw("{\"role\":\"user\",\"content\":" + json(text) + "}");
  }

  /** A user's message of text and images. */
  Story userWithImages(String text, int images) {
    String picture =
        ",{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgo=\"}}";
    return raw(
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"
            + json(text)
            + "}"
            + picture.repeat(images)
            + "]}");
  }

  Story says(String text) {
    return raw("{\"role\":\"assistant\",\"content\":" + json(text) + "}");
  }

  /** An answer with one call for each result, and the results. */
  Story works(String said, List<Call> made) {
    StringBuilder out = new StringBuilder("{\"role\":\"assistant\",\"content\":" + json(said));
    out.append(",\"tool_calls\":[");
    int first = calls;
    for (Call call : made) {
      out.append(calls == first ? "" : ",");
      out.append("{\"id\":\"call_")
          .append(calls++)
          .append("\",\"type\":\"function\",\"function\":");
      out.append("{\"name\":").append(json(call.name())).append(",\"arguments\":");
      out.append(json(call.arguments())).append("}}");
    }
    raw(out.append("]}").toString());
    for (int i = 0; i < made.size(); i++) {
      result("call_" + (first + i), made.get(i).result());
    }
    return this;
  }

  /** A result on its own. */
  Story result(String id, String text) {
    return raw(
        "{\"role\":\"tool\",\"tool_call_id\":" + json(id) + ",\"content\":" + json(text) + "}");
  }

  Story raw(String message) {
    messages.add(message);
    return this;
  }

  /** One call and what came of it. */
  record Call(String name, String arguments, String result) {
    static Call read(String path, String result) {
      return new Call("view", "{\"file_path\":" + json(path) + ",\"limit\":200}", result);
    }

    static Call run(String command, String result) {
      return new Call("bash", "{\"command\":" + json(command) + "}", result);
    }

    static Call write(String path, String content) {
      return new Call(
          "write",
          "{\"file_path\":" + json(path) + ",\"content\":" + json(content) + "}",
          "File written");
    }
  }

  int size() {
    return messages.size();
  }

  /** Whether a request may end behind so many messages: the next one is the assistant's. */
  boolean isBoundary(int count) {
    return count == size() || messages.get(count).startsWith("{\"role\":\"assistant\"");
  }

  /** The request of the first {@code count} messages. */
  ChatRequest request(int count) {
    String body =
        "{\"model\":\"m\",\"messages\":["
            + String.join(",", messages.subList(0, count))
            + "],\"tools\":[],\"stream\":true}";
    return parsed(body.getBytes(StandardCharsets.UTF_8));
  }

  ChatRequest request() {
    return request(size());
  }

  static ChatRequest parsed(byte[] body) {
    return switch (ChatRequest.parse(body)) {
      case Parsed.Good<ChatRequest>(var request) -> request;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.message());
    };
  }

  static String json(String text) {
    return new String(new JsonOut(64).string(text).toBytes(), StandardCharsets.UTF_8);
  }
}
