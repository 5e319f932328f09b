package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.SseText;

/** Reads what a client got, whether it streamed or not. */
final class Answers {
  private Answers() {}

  /** {@code {"content","reasoning","calls","finish","usage"}} of an answer with status 200. */
  static JsonNode message(RawClient.Response response, boolean stream) {
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    return stream ? streamed(SseText.of(response.text())) : joined(response.body().json());
  }

  private static JsonNode streamed(SseText sse) {
    assertThat(sse.done()).isTrue();
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("content", sse.joined("content"));
    message.put("reasoning", sse.joined("reasoning_content"));
    var calls = message.putArray("calls");
    for (JsonNode event : sse.json()) {
      assertThat(event.has("error")).as("%s", event).isFalse();
      event.at("/choices/0/delta/tool_calls").forEach(calls::add);
      JsonNode finish = event.at("/choices/0/finish_reason");
      if (finish.isTextual()) {
        assertThat(message.has("finish")).as("one finish").isFalse();
        message.set("finish", finish);
      }
      if (event.has("usage")) {
        message.set("usage", event.path("usage"));
      }
    }
    return message;
  }

  private static JsonNode joined(JsonNode body) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("content", body.at("/choices/0/message/content").asText(""));
    message.put("reasoning", body.at("/choices/0/message/reasoning_content").asText(""));
    JsonNode calls = body.at("/choices/0/message/tool_calls");
    message.set("calls", calls.isArray() ? calls : JsonNodeFactory.instance.arrayNode());
    message.set("finish", body.at("/choices/0/finish_reason"));
    message.set("usage", body.path("usage"));
    return message;
  }
}
