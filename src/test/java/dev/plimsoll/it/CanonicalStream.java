package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.SseText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A stream that keeps every rule of the canonical form, and what it says.
 *
 * @param usage the usage chunk, missing when there is none
 */
public record CanonicalStream(
    String text, String reasoning, List<JsonNode> calls, String finish, JsonNode usage) {
  public CanonicalStream {
    calls = List.copyOf(calls);
  }

  /** Reads a body, and fails where it breaks a rule. */
  public static CanonicalStream of(String body, String model) {
    SseText sse = SseText.of(body);
    assertThat(sse.done()).as("ends with [DONE]").isTrue();
    assertThat(sse.rest()).isEmpty();
    List<JsonNode> chunks = sse.json();
    Set<String> ids = new HashSet<>();
    List<JsonNode> calls = new ArrayList<>();
    List<String> finishes = new ArrayList<>();
    JsonNode usage = MissingNode.getInstance();
    for (int i = 0; i < chunks.size(); i++) {
      JsonNode chunk = chunks.get(i);
      assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
      assertThat(chunk.path("model").asText()).isEqualTo(model);
      assertThat(chunk.path("created").isIntegralNumber()).as("created").isTrue();
      ids.add(chunk.path("id").asText() + " " + chunk.path("created"));
      if (chunk.path("choices").isEmpty()) {
        assertThat(i).as("the usage chunk is last").isEqualTo(chunks.size() - 1);
        usage = chunk.path("usage");
        continue;
      }
      assertThat(chunk.path("usage").isObject()).as("usage beside a choice").isFalse();
      assertThat(chunk.path("choices")).hasSize(1);
      JsonNode choice = chunk.path("choices").get(0);
      JsonNode delta = choice.path("delta");
      assertThat(choice.path("index").asInt(-1)).isZero();
      assertThat(delta.has("role")).as("role in chunk " + i).isEqualTo(i == 0);
      assertThat(finishes).as("nothing comes behind the finish").isEmpty();
      if (!choice.path("finish_reason").isNull()) {
        finishes.add(choice.path("finish_reason").asText());
      }
      if (delta.has("tool_calls")) {
        assertThat(delta.path("tool_calls")).hasSize(1);
        calls.add(delta.path("tool_calls").get(0));
      }
    }
    assertThat(ids).as("one id and time").hasSize(1);
    assertThat(finishes).hasSize(1);
    checkCalls(calls, finishes.getFirst());
    return new CanonicalStream(
        sse.joined("content"), sse.joined("reasoning_content"), calls, finishes.getFirst(), usage);
  }

  private static void checkCalls(List<JsonNode> calls, String finish) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < calls.size(); i++) {
      JsonNode call = calls.get(i);
      assertThat(call.path("index").asInt(-1)).isEqualTo(i);
      assertThat(ids.add(call.path("id").asText())).as("unique id").isTrue();
      assertThat(call.path("id").asText()).isNotEmpty();
      assertThat(call.path("type").asText()).isEqualTo("function");
      assertThat(call.path("function").path("name").asText()).isNotEmpty();
      assertThat(arguments(call).isObject()).isTrue();
    }
    assertThat(finish.equals("tool_calls")).isEqualTo(!calls.isEmpty());
  }

  /** The arguments of a call, which must be whole and valid. */
  public static JsonNode arguments(JsonNode call) {
    return Body.of(call.path("function").path("arguments").asText()).json();
  }
}
