package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads server-sent events from a whole body in the plainest way, for assertions.
 *
 * @param events data of every event, in order
 * @param comments text of every comment line
 * @param rest what stood after the last empty line
 */
public record SseText(List<String> events, List<String> comments, String rest) {
  public SseText {
    events = List.copyOf(events);
    comments = List.copyOf(comments);
  }

  public static SseText of(String body) {
    String text = body.replace("\r\n", "\n").replace('\r', '\n');
    int end = text.lastIndexOf("\n\n");
    String whole = end < 0 ? "" : text.substring(0, end);
    String rest = end < 0 ? text : text.substring(end + 2);
    List<String> events = new ArrayList<>();
    List<String> comments = new ArrayList<>();
    for (String block : whole.split("\n\n", -1)) {
      List<String> data = new ArrayList<>();
      for (String line : block.split("\n", -1)) {
        if (line.startsWith(":")) {
          comments.add(line.substring(1).strip());
        } else if (line.startsWith("data:")) {
          data.add(line.startsWith("data: ") ? line.substring(6) : line.substring(5));
        }
      }
      if (!data.isEmpty()) {
        events.add(String.join("\n", data));
      }
    }
    return new SseText(events, comments, rest);
  }

  /** Whether the last event is the one that ends a stream. */
  public boolean done() {
    return !events.isEmpty() && events.getLast().equals("[DONE]");
  }

  /** Every event but {@code [DONE]} as JSON. */
  public List<JsonNode> json() {
    return events.stream().filter(event -> !event.equals("[DONE]")).map(JsonText::parse).toList();
  }

  /** The joined text of one field of the deltas, as in {@code joined("content")}. */
  public String joined(String field) {
    StringBuilder joined = new StringBuilder();
    for (JsonNode event : json()) {
      for (JsonNode choice : event.path("choices")) {
        joined.append(choice.path("delta").path(field).asText(""));
      }
    }
    return joined.toString();
  }
}
