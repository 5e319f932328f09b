package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.GrowingChat;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.Route;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Prompts are counted before they are sent, and the counts are used and told. */
class CountsIT {
  private static final String ORIGINAL = "x-plimsoll-tokens-original";
  private static final String SENT = "x-plimsoll-tokens-sent";

  private CountingServer server = CountingServer.of(Behind.OLLAMA);
  private RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(server.fake());

  private void start(Behind behind, String... more) {
    close();
    server = CountingServer.of(behind);
    plimsoll = behind.learning(server.fake(), more);
  }

  @AfterEach
  void close() {
    plimsoll.close();
    server.close();
  }

  private RawClient.Response ask(String body) throws Exception {
    return RawClient.post(plimsoll.uri(), Ask.CHAT, body);
  }

  private static String words(int count, String more) {
    String text = "then hello ".repeat(count / 2);
    return Ask.chatOf("[{\"role\":\"user\",\"content\":\"" + text + "\"}]", more);
  }

  private static long header(RawClient.Response response, String name) {
    return Long.parseLong(response.head().header(name).orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void plannedIsWhatTheServerCounts(Behind behind) throws Exception {
    start(behind, "context.window=100000");
    GrowingChat chat = new GrowingChat(5, true);
    for (int i = 0; i < 12; i++) {
      boolean stream = i % 2 == 0;
      var request = chat.next("test").put("stream", stream);
      request.putObject("stream_options").put("include_usage", true);

      RawClient.Response response = ask(request.toString());

      assertThat(response.status()).as(response.text()).isEqualTo(200);
      long counted = server.counted(server.chats().getLast());
      assertThat(header(response, ORIGINAL)).as("request %d", i).isEqualTo(counted);
      assertThat(header(response, SENT)).isEqualTo(counted);
      assertThat(response.head().header("x-plimsoll-compaction")).contains("none");
      assertThat(usage(response, stream).path("plimsoll"))
          .isEqualTo(
              Body.of(
                      "{\"original_prompt_tokens\":%d,\"saved_tokens\":0,\"attempts\":1,\"compaction\":\"none\"}"
                          .formatted(counted))
                  .json());
      assertThat(plimsoll.requests().getFirst().at("/tokens/original").asLong()).isEqualTo(counted);
    }
    assertThat(plimsoll.scrape().sum("token_estimate_error_ratio_bucket", "le", "0.0"))
        .isEqualTo(12);
    assertThat(plimsoll.scrape().sum("silent_truncation_detected_total")).isZero();
  }

  private static JsonNode usage(RawClient.Response response, boolean stream) {
    return stream
        ? CanonicalStream.of(response.text(), "test").usage()
        : response.body().json().path("usage");
  }

  @ParameterizedTest
  @CsvSource({"OLLAMA,true", "OLLAMA,false", "OPENAI,true", "OPENAI,false"})
  void whatCannotFitIsRefusedBeforeTheModelIsAsked(Behind behind, boolean stream) throws Exception {
    start(behind, "context.window=300", "compaction.mode=off");
    String body =
        Ask.chatOf(
            "[{\"role\":\"system\",\"content\":\"be"
                + " brief\"},{\"role\":\"user\",\"content\":\"hi\"},"
                + "{\"role\":\"assistant\",\"content\":\"hello\"},{\"role\":\"user\",\"content\":\""
                + "then hello ".repeat(300)
                + "\"}]",
            ",\"stream\":" + stream);

    RawClient.Response response = ask(body);

    assertThat(response.status()).isEqualTo(400);
    long planned = header(response, ORIGINAL);
    assertThat(planned).isGreaterThan(300);
    JsonNode error = response.body().json().path("error");
    assertThat(error.path("message").asText())
        .startsWith(
            "This model's maximum context length is 300 tokens. However, you requested %d tokens"
                .formatted(planned))
        .contains("in system messages and tools")
        .contains("in the newest message")
        .contains(response.head().header("x-request-id").orElseThrow());
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(response.head().header("x-should-retry")).contains("false");
    assertThat(response.head().header(SENT)).isEmpty();
    assertThat(server.chats()).isEmpty();
    JsonNode row = plimsoll.requests().getFirst();
    assertThat(row.path("outcome").asText()).isEqualTo("client_error");
    assertThat(row.path("attempts")).isEmpty();
    assertThat(row.at("/tokens/original").asLong()).isEqualTo(planned);
    assertThat(row.at("/tokens/sent").isNull()).isTrue();
  }

  @Test
  void roomBehindThePromptIsWhatOllamaMayGenerate() throws Exception {
    long planned = header(ask(words(200, "")), SENT);

    assertThat(predicted()).isEqualTo(4096 - planned);
    ask(words(200, ",\"max_tokens\":99999"));
    assertThat(predicted()).isEqualTo(4096 - planned);
    ask(words(200, ",\"max_tokens\":7"));
    assertThat(predicted()).isEqualTo(7);
  }

  private long predicted() {
    return server.chats().getLast().json().at("/options/num_predict").asLong();
  }

  @Test
  void capIsLoweredToTheRoomBehindThePrompt() throws Exception {
    start(Behind.OPENAI, "context.window=4096");

    long planned = header(ask(words(200, "")), SENT);
    assertThat(server.chats().getLast().json().has("max_tokens")).isFalse();
    ask(words(200, ",\"max_tokens\" : 99999"));
    assertThat(server.chats().getLast().body().text())
        .contains(",\"max_tokens\" : " + (4096 - planned));
    ask(words(200, ",\"max_tokens\":7"));
    assertThat(server.chats().getLast().json().path("max_tokens").asLong()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void windowOfARefusalIsLearntAtOnce(Behind behind) throws Exception {
    start(behind, "context.window=4096", "compaction.mode=off");
    assertThat(header(ask(words(20, "")), "x-plimsoll-window")).isEqualTo(4096);
    server.fake().enqueue(server.refusal(3000, 2048));

    RawClient.Response refused = ask(words(40, ""));
    RawClient.Response next = ask(words(60, ""));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("maximum context length is 2048 tokens");
    assertThat(header(next, "x-plimsoll-window")).isEqualTo(2048);
    if (behind == Behind.OLLAMA) {
      assertThat(server.chats().getLast().json().at("/options/num_ctx").asLong()).isEqualTo(2048);
    }
    int asked = server.chats().size();
    assertThat(ask(words(6000, "")).text()).contains("maximum context length is 2048 tokens");
    assertThat(server.chats()).hasSize(asked);
  }

  /** As an Ollama does that runs out of memory, or that is too old to be forbidden it. */
  @Test
  void promptThatWasCutInSilenceIsCountedAndTheWindowLearnt() throws Exception {
    close();
    server = CountingServer.of(Behind.OLLAMA, 2048);
    plimsoll = Behind.OLLAMA.learning(server.fake(), "context.window=8192");
    server.fake().enqueue(Answer.text("Hm").tokens(1020, 1));

    RawClient.Response cut = ask(words(3000, ""));
    RawClient.Response next = ask(words(20, ""));

    assertThat(cut.status()).isEqualTo(200);
    assertThat(header(cut, "x-plimsoll-window")).isEqualTo(8192);
    assertThat(header(next, "x-plimsoll-window")).isEqualTo(2048);
    assertThat(plimsoll.scrape().sum("silent_truncation_detected_total", "model", "test:latest"))
        .isEqualTo(1);
    assertThat(plimsoll.scrape().sum("token_estimate_error_ratio_count")).isEqualTo(1);
  }

  @Test
  void serverThatTellsNoVocabularyCostsOneQuestionAndNoRequest() throws Exception {
    server.fake().enqueue(Route.SHOW, Fault.nativeError(500, "not now"));

    RawClient.Response first = ask(words(20, ""));
    RawClient.Response second = ask(words(20, ""));

    assertThat(first.status()).isEqualTo(200);
    assertThat(header(first, ORIGINAL)).isBetween(10L, 60L);
    assertThat(header(second, ORIGINAL))
        .as("asked again, and counted")
        .isEqualTo(server.counted(server.chats().getLast()));
  }

  @Test
  void estimateRefusesNobody() throws Exception {
    try (FakeOllama plain = Behind.OLLAMA.fake().start();
        RunningPlimsoll proxy = Behind.OLLAMA.learning(plain, "context.window=300")) {
      RawClient.Response response = RawClient.post(proxy.uri(), Ask.CHAT, words(600, ""));

      assertThat(response.status()).isEqualTo(200);
      assertThat(header(response, ORIGINAL)).isGreaterThan(300);
      JsonNode sent = Behind.OLLAMA.chats(plain).getLast().json();
      assertThat(sent.at("/options/num_predict").asLong()).isEqualTo(300);
    }
  }

  @Test
  void clientThatLeavesWhileItsPromptIsCountedEndsThat() throws Exception {
    server.fake().enqueue(Route.SHOW, new Fault.SilentHeaders(Duration.ofMinutes(5)));
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client.send("POST", Ask.CHAT, words(20, ""));
      Behind.exchange(server.fake(), Route.SHOW, 0);
    }

    Behind.exchange(server.fake(), Route.SHOW, 0).awaitAbort(Duration.ofSeconds(10));
    assertThat(ask(words(20, "")).status()).isEqualTo(200);
  }

  @Test
  void promptOfAnAnswerThatNeverCameIsCounted() throws Exception {
    server.fake().enqueue(Answer.text("never").beforeHeaders(Duration.ofMinutes(5)));
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client.send("POST", Ask.CHAT, words(20, ""));
      server.awaitChats(1);
    }
    RecordedRequest asked = server.chats().getFirst();

    JsonNode row =
        org.awaitility.Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> plimsoll.requests().getFirst(), found -> found.path("status").isInt());

    JsonNode attempt = row.at("/attempts/0");
    assertThat(attempt.path("promptTokens").asLong()).isEqualTo(server.counted(asked));
    assertThat(attempt.path("tokenSource").asText()).isEqualTo("counted");
  }
}
