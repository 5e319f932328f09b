package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.calls.Toolbox;
import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.testing.SseText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The canonical stream, whatever the upstream's looks like. */
class ChatStreamTest {
  @ParameterizedTest
  @CsvSource({
    "OLLAMA, text",
    "OLLAMA, reasoning",
    "OLLAMA, calls",
    "OLLAMA, calls-old",
    "OLLAMA, length",
    "OPENAI, text",
    "OPENAI, text-usage",
    "OPENAI, reasoning",
    "OPENAI, calls",
    "OPENAI, llama-server",
    "OPENAI, null-error",
    "OPENAI, multi-line",
    "OPENAI, length",
    "OPENAI, no-done",
  })
  void everyAnswerHasTheCanonicalForm(Upstream upstream, String name) {
    for (String model : List.of("m:latest", "other")) {
      String client = upstream.chat(upstream.load(name), model).client();

      SseText events = SseText.of(client);
      assertThat(events.rest()).isEmpty();
      assertThat(events.done()).isTrue();
      assertCanonical(events.json(), model);
      assertThat(client).doesNotContain("\"error\"").doesNotContain("\"role\":\"\"");
    }
  }

  private static void assertCanonical(List<JsonNode> chunks, String model) {
    assertThat(chunks.get(0).at("/choices/0/delta/role").textValue()).isEqualTo("assistant");
    assertThat(chunks.get(0).at("/choices/0/delta/content").textValue()).isEmpty();
    List<String> kinds = new ArrayList<>();
    for (JsonNode chunk : chunks) {
      for (String same : List.of("id", "created", "object")) {
        assertThat(chunk.path(same)).isEqualTo(chunks.get(0).path(same));
      }
      assertThat(chunk.path("model").textValue()).isEqualTo(model);
      kinds.add(kind(chunk));
    }
    assertThat(String.join(" ", kinds)).matches("role( delta)*( call)* finish( usage)?");
    boolean calls = kinds.contains("call");
    JsonNode finish = chunks.get(kinds.indexOf("finish"));
    String reason = finish.at("/choices/0/finish_reason").textValue();
    assertThat(reason.equals("tool_calls")).isEqualTo(calls);
    int index = 0;
    for (JsonNode chunk : chunks) {
      for (JsonNode call : chunk.at("/choices/0/delta/tool_calls")) {
        assertThat(call.path("index").intValue()).isEqualTo(index++);
        assertThat(call.path("id").textValue()).isNotBlank();
        String arguments = call.at("/function/arguments").textValue();
        assertThat(dev.plimsoll.testing.Body.of(arguments).json().isObject()).isTrue();
      }
    }
  }

  private static String kind(JsonNode chunk) {
    JsonNode choice = chunk.at("/choices/0");
    JsonNode delta = choice.path("delta");
    if (chunk.path("choices").isEmpty()) {
      return chunk.at("/usage/total_tokens").intValue() > 0 ? "usage" : "?";
    }
    if (!choice.path("finish_reason").isNull()) {
      return delta.isEmpty() ? "finish" : "?";
    }
    if (delta.has("role")) {
      return "role";
    }
    return delta.has("tool_calls") ? "call" : "delta";
  }

  @Test
  void plainChunksAreRelayedAsTheyCame() {
    String upstream = new String(Upstream.OPENAI.load("llama-server"), UTF_8);

    String client = Upstream.OPENAI.chat(upstream.getBytes(UTF_8), "m:latest").client();

    // All but the first chunk, which is told in Plimsoll's words.
    String rest = upstream.substring(upstream.indexOf("\n\n") + 2);
    assertThat(client).endsWith(rest);
    assertThat(client.substring(0, client.length() - rest.length()))
        .isEqualTo(
            "data:"
                + " {\"id\":\"chatcmpl-x10\",\"object\":\"chat.completion.chunk\",\"created\":1795495245,\"model\":\"m:latest\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n");
  }

  @Test
  void chunksAreWrittenAnewWhenTheModelIsSpelledDifferently() {
    String client = Upstream.OPENAI.chat(Upstream.OPENAI.load("llama-server"), "m").client();

    assertThat(client)
        .doesNotContain("m:latest")
        .doesNotContain("chatcmpl-x10")
        .contains("\"id\":\"chatcmpl-own\"");
    assertThat(SseText.of(client).joined("content")).isEqualTo("Hello wörld 😀");
  }

  @Test
  void escapesOfTheModelAreKept() {
    String client = Upstream.OLLAMA.chat(Upstream.OLLAMA.load("text"), "m").client();

    assertThat(client).contains("\\u003cb\\u003e").contains("\\ud83d\\ude00😀");
    assertThat(SseText.of(client).joined("content")).isEqualTo("Héllo 漢字 <b>\n 😀😀 \"q\" \\");
  }

  @Test
  void nullErrorEmptyRoleAndOtherWordsNeverPass() {
    String client = Upstream.OPENAI.chat(Upstream.OPENAI.load("null-error"), "m:latest").client();

    assertThat(client).doesNotContain("error").doesNotContain("\"role\":\"\"");
    assertThat(client).doesNotContain("\"reasoning\":").doesNotContain("eos");
    assertThat(client).contains("\"reasoning_content\":\"e\"").contains("\"logprob\":-0.5");
    assertThat(SseText.of(client).joined("content")).isEqualTo("abcd");
  }

  @Test
  void eventOfSeveralLinesBecomesOne() {
    String client = Upstream.OPENAI.chat(Upstream.OPENAI.load("multi-line"), "m:latest").client();

    assertThat(SseText.of(client).joined("content")).isEqualTo("joined");
    assertThat(client.lines().filter(line -> !line.isEmpty()))
        .allMatch(line -> line.startsWith("data: "));
  }

  @Test
  void reasoningHasTheNameThatIsConfiguredAlsoInWhatCouldBeRelayed() {
    byte[] bytes = Upstream.OPENAI.load("reasoning");
    AnswerId renamed = new AnswerId("chatcmpl-own", 1700000000, "m:latest", "reasoning");

    String client = Upstream.OPENAI.run(bytes, new ChatStream(renamed, false)).client();

    assertThat(client).contains("\"reasoning\":").doesNotContain("reasoning_content");
  }

  @Test
  void usageIsOnlyForThoseWhoAsk() {
    for (Upstream upstream : Upstream.values()) {
      byte[] bytes = upstream.load("reasoning");

      String asked = upstream.chat(bytes, "m").client();
      ChatStream writer = new ChatStream(Upstream.named("m:latest"), false);
      String unasked = upstream.run(bytes, writer).client();

      assertThat(asked).contains("\"choices\":[],\"usage\":{\"prompt_tokens\":193,");
      assertThat(unasked).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void callsOfBothUpstreamsAreWrittenAlike() {
    String ollama = Upstream.OLLAMA.chat(Upstream.OLLAMA.load("calls"), "m").client();
    String openAi = Upstream.OPENAI.chat(Upstream.OPENAI.load("calls"), "m").client();

    String call =
        "\"tool_calls\":[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Zürich"
            + " 漢😀\\\",\\\"n\\\":[1,2.50]}\"}}]";
    assertThat(ollama).contains(call);
    assertThat(openAi).contains(call);
  }

  @Test
  void anotherAttemptKeepsTheFirstIdentity() {
    ChatStream writer = new ChatStream(Upstream.named("m:latest"), false);
    ResponseWatcher first = Upstream.watcher(writer, Toolbox.EMPTY);
    Upstream.OPENAI.read(Upstream.OPENAI.load("cut"), new int[0], first);
    Upstream.OPENAI.run(Upstream.OPENAI.load("llama-server"), writer);

    List<JsonNode> chunks = SseText.of(Upstream.written(writer.out())).json();

    assertThat(chunks).allMatch(chunk -> chunk.path("id").textValue().equals("chatcmpl-56"));
    assertThat(chunks).filteredOn(chunk -> chunk.at("/choices/0/delta").has("role")).hasSize(1);
  }

  @Test
  void failureIsTheLastEventWithoutDone() {
    ChatStream writer = new ChatStream(Upstream.ID, true);
    writer.fail(ApiError.of(ErrorCode.UPSTREAM_ERROR, "server error"));

    SseText events = SseText.of(Upstream.written(writer.out()));

    assertThat(events.events()).hasSize(1);
    assertThat(events.json().get(0).at("/error/code").textValue()).isEqualTo("server_error");
  }

  @Test
  void completionStreamHasItsOwnForm() {
    byte[] bytes = Upstream.OLLAMA.load("generate");

    String client = Upstream.OLLAMA.run(bytes, new CompletionStream(Upstream.ID, true)).client();

    SseText events = SseText.of(client);
    assertThat(events.done()).isTrue();
    StringBuilder text = new StringBuilder();
    for (JsonNode chunk : events.json()) {
      assertThat(chunk.path("object").textValue()).isEqualTo("text_completion");
      text.append(chunk.at("/choices/0/text").asText(""));
    }
    assertThat(text.toString()).isEqualTo("one two 😀");
    assertThat(events.json().getLast().at("/usage/total_tokens").intValue()).isEqualTo(210);
  }
}
