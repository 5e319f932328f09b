package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.GrowingChat;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RefusingPort;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What would become of a request is what becomes of it, and no model is asked to tell it. */
class ExplainIT {
  private static final String PATH = "/api/v1/explain";

  private static RawClient.Response explain(RunningPlimsoll plimsoll, String request)
      throws IOException {
    return RawClient.post(plimsoll.adminUri(), PATH, request);
  }

  private static ObjectNode request(int rounds) {
    GrowingChat chat = new GrowingChat(7, true);
    ObjectNode request = chat.next("test");
    for (int i = 1; i < rounds; i++) {
      request = chat.next("test");
    }
    return request;
  }

  private static int sum(JsonNode messages, String field) {
    int sum = 0;
    for (JsonNode message : messages) {
      sum += message.path(field).asInt();
    }
    return sum;
  }

  private static String code(RawClient.Response response, int status) {
    assertThat(response.status()).as(response.text()).isEqualTo(status);
    return response.body().json().at("/error/code").asText();
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void tellsWhatATurnThenDoes(Behind behind) throws Exception {
    try (CountingServer server = CountingServer.of(behind);
        RunningPlimsoll plimsoll = behind.learning(server.fake(), "context.window=8192")) {
      ObjectNode request = request(100);

      RawClient.Response response = explain(plimsoll, request.toString());

      assertThat(response.status()).as(response.text()).isEqualTo(200);
      assertThat(server.chats()).isEmpty();
      JsonNode told = response.body().json();
      assertThat(told.path("compaction").asText()).isEqualTo("dropped");
      assertThat(told.path("fits").asBoolean()).isTrue();
      assertThat(told.path("tokenSource").asText()).isEqualTo("counted");
      assertThat(told.path("window").asLong()).isEqualTo(8192);
      assertThat(told.path("messages")).hasSameSizeAs(request.path("messages"));
      assertThat(told.path("messages").findValuesAsText("fate")).contains("dropped", "host");
      RawClient.Response turn = RawClient.post(plimsoll.uri(), Ask.CHAT, request.toString());
      assertThat(turn.head().header("x-plimsoll-tokens-original"))
          .hasValue(told.path("originalTokens").asText());
      assertThat(turn.head().header("x-plimsoll-tokens-sent"))
          .hasValue(told.path("sentTokens").asText());
      JsonNode sent = server.chats().getLast().json().path("messages");
      assertThat(sent.path(1).path("content").asText()).contains(told.path("log").asText());
      // What opens an answer depends on what is before it, by a token or two.
      assertThat(told.path("fixed").asInt() + sum(told.path("messages"), "sentTokens"))
          .isBetween(told.path("sentTokens").asInt() - 8, told.path("sentTokens").asInt() + 8);
    }
  }

  @Test
  void whatFitsIsKeptAndWhatCannotIsToldAsTheErrorThatAnAgentGets() throws Exception {
    try (CountingServer server = CountingServer.of(Behind.OLLAMA);
        RunningPlimsoll plimsoll =
            Behind.OLLAMA.learning(server.fake(), "context.window=8192", "compaction.mode=off")) {
      JsonNode small = explain(plimsoll, request(1).toString()).body().json();
      JsonNode large = explain(plimsoll, request(200).toString()).body().json();

      assertThat(small.path("compaction").asText()).isEqualTo("none");
      assertThat(small.path("messages").findValuesAsText("fate")).containsOnly("kept");
      assertThat(small.path("sentTokens")).isEqualTo(small.path("originalTokens"));
      assertThat(large.path("fits").asBoolean()).isFalse();
      assertThat(large.path("error").asText())
          .startsWith("This model's maximum context length is 8192 tokens.");
      assertThat(server.chats()).isEmpty();
    }
  }

  @Test
  void whatCannotBeExplainedIsSaidAsAnError() throws Exception {
    try (CountingServer server = CountingServer.of(Behind.OLLAMA);
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(server.fake(), "listen.max-body=64KiB")) {
      assertThat(code(explain(plimsoll, "{\"model\":"), 400)).isEqualTo("invalid_json");
      assertThat(code(explain(plimsoll, Ask.chat("other", false, "")), 404))
          .isEqualTo("model_not_found");
      assertThat(code(explain(plimsoll, Ask.chat("x".repeat(70_000), false, "")), 413))
          .isEqualTo("body_too_large");
      RawClient.Response get = RawClient.get(plimsoll.adminUri(), PATH);
      assertThat(code(get, 405)).isEqualTo("method_not_allowed");
      assertThat(get.head().header("allow")).hasValue("POST");
      assertThat(server.chats()).isEmpty();
    }
  }

  @Test
  void modelServerThatIsDownIsSaid() throws Exception {
    String url = "upstream.url=" + RefusingPort.find().uri();
    try (RunningPlimsoll plimsoll = RunningPlimsoll.start(url, "upstream.kind=ollama")) {
      assertThat(code(explain(plimsoll, Ask.chat(false)), 502)).isEqualTo("upstream_unreachable");
    }
  }

  @Test
  void theOperatorsTokenIsAskedFor() throws Exception {
    try (CountingServer server = CountingServer.of(Behind.OLLAMA);
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(server.fake(), "admin.token=tok-1")) {
      assertThat(code(explain(plimsoll, Ask.chat(false)), 401)).isEqualTo("invalid_api_key");
    }
  }
}
