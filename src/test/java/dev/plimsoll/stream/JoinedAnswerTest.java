package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.calls.Toolbox;
import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.SseText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A joined answer says what the stream would have said. */
class JoinedAnswerTest {
  @ParameterizedTest
  @CsvSource({
    "OLLAMA, text",
    "OLLAMA, reasoning",
    "OLLAMA, calls",
    "OLLAMA, calls-old",
    "OLLAMA, length",
    "OLLAMA, generate",
    "OPENAI, text",
    "OPENAI, text-usage",
    "OPENAI, reasoning",
    "OPENAI, calls",
    "OPENAI, llama-server",
    "OPENAI, null-error",
    "OPENAI, multi-line",
    "OPENAI, length",
  })
  void joinedAnswerEqualsTheStream(Upstream upstream, String name) {
    byte[] bytes = upstream.load(name);
    SseText stream = SseText.of(upstream.chat(bytes, "m").client());

    JsonNode chat = joined(upstream, bytes, JoinedAnswer.Form.CHAT);
    JsonNode completion = joined(upstream, bytes, JoinedAnswer.Form.COMPLETION);

    assertThat(chat.path("object").textValue()).isEqualTo("chat.completion");
    assertThat(completion.path("object").textValue()).isEqualTo("text_completion");
    JsonNode message = chat.at("/choices/0/message");
    assertThat(message.path("content").asText("")).isEqualTo(stream.joined("content"));
    assertThat(message.path("reasoning_content").asText(""))
        .isEqualTo(stream.joined("reasoning_content"));
    assertThat(completion.at("/choices/0/text").textValue()).isEqualTo(stream.joined("content"));
    assertSameEnd(chat, stream);
    assertThat(completion.at("/choices/0/finish_reason").textValue()).isIn("stop", "length");
  }

  private static void assertSameEnd(JsonNode chat, SseText stream) {
    int calls = 0;
    JsonNode usage = null;
    String reason = "";
    for (JsonNode chunk : stream.json()) {
      for (JsonNode call : chunk.at("/choices/0/delta/tool_calls")) {
        JsonNode told = chat.at("/choices/0/message/tool_calls").path(calls++);
        assertThat(told.path("id")).isEqualTo(call.path("id"));
        assertThat(told.path("function")).isEqualTo(call.path("function"));
        assertThat(told.has("index")).isFalse();
      }
      usage = chunk.path("choices").isEmpty() ? chunk.path("usage") : usage;
      reason = chunk.at("/choices/0/finish_reason").asText(reason);
    }
    assertThat(chat.at("/choices/0/message/tool_calls").size()).isEqualTo(calls);
    assertThat(chat.at("/choices/0/finish_reason").textValue()).isEqualTo(lastReason(stream));
    assertThat(reason).isNotEmpty();
    if (usage != null) {
      assertThat(chat.path("usage").path("total_tokens")).isEqualTo(usage.path("total_tokens"));
    }
  }

  private static String lastReason(SseText stream) {
    String last = "";
    for (JsonNode chunk : stream.json()) {
      JsonNode told = chunk.at("/choices/0/finish_reason");
      last = told.isTextual() ? told.textValue() : last;
    }
    return last;
  }

  @Test
  void contentOfCallsAloneIsNull() {
    JsonNode chat =
        joined(Upstream.OLLAMA, Upstream.OLLAMA.load("calls-old"), JoinedAnswer.Form.CHAT);

    assertThat(chat.at("/choices/0/message/content").isNull()).isTrue();
  }

  @Test
  void halvesOfCharacterMeetAgain() {
    JoinedAnswer answer = new JoinedAnswer(Upstream.ID, JoinedAnswer.Form.CHAT);
    for (String half : new String[] {"\"\\ud83d\"", "\"\\ude00\""}) {
      byte[] bytes = half.getBytes(UTF_8);
      answer.text(new StreamEvent.TextDelta(new JsonString(bytes, 0, bytes.length), null, null));
    }
    assertThat(answer.collected()).isEqualTo(12);

    assertThat(end(answer).at("/choices/0/message/content").textValue()).isEqualTo("😀");
  }

  @Test
  void restartForgetsWhatWasCollected() {
    JoinedAnswer answer = new JoinedAnswer(Upstream.ID, JoinedAnswer.Form.CHAT);
    answer.text(new StreamEvent.TextDelta(JsonString.of("old"), null, null));
    answer.reasoning(new StreamEvent.ReasoningDelta(JsonString.of("old"), null));
    answer.restart();
    answer.text(new StreamEvent.TextDelta(JsonString.of("new"), null, null));

    JsonNode json = end(answer);

    assertThat(json.at("/choices/0/message/content").textValue()).isEqualTo("new");
    assertThat(json.at("/choices/0/message").has("reasoning_content")).isFalse();
    assertThat(json.path("id").textValue()).isEqualTo("chatcmpl-own");
  }

  @Test
  void failureIsAnErrorBody() {
    JoinedAnswer answer = new JoinedAnswer(Upstream.ID, JoinedAnswer.Form.CHAT);
    answer.text(new StreamEvent.TextDelta(JsonString.of("old"), null, null));
    ApiError error = ApiError.of(ErrorCode.UPSTREAM_TIMEOUT, "slow");

    answer.fail(error);

    assertThat(answer.out().toBytes()).isEqualTo(error.toJson());
  }

  private static JsonNode end(JoinedAnswer answer) {
    ResponseWatcher watcher = Upstream.watcher(answer, Toolbox.EMPTY);
    watcher.event(new StreamEvent.Done());
    answer.end(watcher.answer(Verdict.Complete.of(FinishReason.STOP), 1, watcher.usage()));
    return Body.of(answer.out().toBytes()).json();
  }

  private static JsonNode joined(Upstream upstream, byte[] bytes, JoinedAnswer.Form form) {
    return Body.of(upstream.run(bytes, new JoinedAnswer(Upstream.named("m"), form)).client())
        .json();
  }
}
