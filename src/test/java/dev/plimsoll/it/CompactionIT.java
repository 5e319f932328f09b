package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.GrowingChat;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RecordedRequest;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A conversation that outgrows its window goes on all the same. */
class CompactionIT {
  private static final int WINDOW = 8192;
  private static final String SMALL = "context.window=" + WINDOW;
  private static final String COMPACTION = "x-plimsoll-compaction";

  private CountingServer server = CountingServer.of(Behind.OLLAMA);
  private RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(server.fake());

  private void start(Behind behind, String... settings) {
    close();
    server = CountingServer.of(behind);
    plimsoll = behind.learning(server.fake(), settings);
  }

  @AfterEach
  void close() {
    plimsoll.close();
    server.close();
  }

  private RawClient.Response ask(ObjectNode request) throws IOException {
    return RawClient.post(plimsoll.uri(), Ask.CHAT, request.toString());
  }

  private static long header(RawClient.Response response, String name) {
    return Long.parseLong(response.head().header(name).orElseThrow());
  }

  private static String compaction(RawClient.Response response) {
    return response.head().header(COMPACTION).orElseThrow();
  }

  private static JsonNode message(ObjectNode request, int index) {
    return request.path("messages").path(index);
  }

  /** Grows a conversation until its prompt is longer than that; gives its next request. */
  private ObjectNode grown(GrowingChat chat, long tokens) throws IOException {
    while (header(ask(chat.next("test")), "x-plimsoll-tokens-original") <= tokens) {
      assertThat(server.chats().size()).isLessThan(500);
    }
    return chat.next("test");
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void conversationThatOutgrowsItsWindowNeverOverflows(Behind behind) throws Exception {
    start(behind, SMALL);
    GrowingChat chat = new GrowingChat(7, true);
    int shorter = 0;
    ObjectNode last = chat.next("test");
    for (int i = 0; i < 70 || shorter < 20; i++) {
      assertThat(i).isLessThan(400);
      RawClient.Response response = ask(last);

      assertThat(response.status()).as(response.text()).isEqualTo(200);
      RecordedRequest sent = server.chats().getLast();
      assertThat(server.counted(sent)).as("request %d", i).isLessThanOrEqualTo(WINDOW * 3 / 4);
      JsonNode messages = sent.json().path("messages");
      assertThat(messages.path(0)).isEqualTo(message(last, 0));
      assertThat(messages.path(1).path("content").asText())
          .startsWith(message(last, 1).path("content").asText());
      if (compaction(response).equals("none")) {
        assertThat(header(response, "x-plimsoll-tokens-sent"))
            .isEqualTo(header(response, "x-plimsoll-tokens-original"));
      } else {
        shorter++;
        assertThat(header(response, "x-plimsoll-tokens-sent")).isEqualTo(server.counted(sent));
      }
      if (shorter < 20) {
        last = chat.next("test");
      }
    }

    assertThat(plimsoll.scrape().sum("compactions_total", "result", "ok")).isPositive();
    assertThat(plimsoll.scrape().sum("compactions_total", "result", "gentler")).isZero();
    assertThat(plimsoll.scrape().sum("compaction_tokens_saved_total")).isPositive();
    assertThat(plimsoll.scrape().sum("token_estimate_error_ratio_bucket", "le", "0.0"))
        .isEqualTo(server.chats().size());
    String warm = server.chats().getLast().body().text();
    try (RunningPlimsoll fresh = behind.learning(server.fake(), SMALL)) {
      RawClient.post(fresh.uri(), Ask.CHAT, last.toString());
    }
    assertThat(server.chats().getLast().body().text()).isEqualTo(warm);
  }

  @Test
  void accountsTellWhatWasSaved() throws Exception {
    start(Behind.OLLAMA, SMALL);
    ObjectNode request = grown(new GrowingChat(7, true), WINDOW);

    RawClient.Response response = ask(request);

    long sent = server.counted(server.chats().getLast());
    long original = header(response, "x-plimsoll-tokens-original");
    assertThat(compaction(response)).isEqualTo("dropped");
    JsonNode usage = response.body().json().path("usage");
    assertThat(usage.path("prompt_tokens").asLong()).isEqualTo(sent);
    assertThat(usage.at("/plimsoll/original_prompt_tokens").asLong()).isEqualTo(original);
    assertThat(usage.at("/plimsoll/saved_tokens").asLong()).isEqualTo(original - sent);
    assertThat(usage.at("/plimsoll/compaction").asText()).isEqualTo("dropped");
    JsonNode row = plimsoll.requests().getFirst();
    assertThat(row.at("/tokens/original").asLong()).isEqualTo(original);
    assertThat(row.at("/tokens/sent").asLong()).isEqualTo(sent);
    assertThat(row.at("/compaction/tier").asText()).isEqualTo("dropped");
    assertThat(row.at("/compaction/saved").asLong()).isEqualTo(original - sent);
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void usageCanTellThePromptThatTheClientSent(Behind behind) throws Exception {
    start(behind, SMALL, "compaction.report-usage=original");
    ObjectNode request = grown(new GrowingChat(7, true), WINDOW).put("stream", true);
    request.putObject("stream_options").put("include_usage", true);

    RawClient.Response response = ask(request);

    long original = header(response, "x-plimsoll-tokens-original");
    JsonNode usage = CanonicalStream.of(response.text(), "test").usage();
    assertThat(compaction(response)).isEqualTo("dropped");
    assertThat(usage.path("prompt_tokens").asLong()).isEqualTo(original);
    assertThat(usage.path("total_tokens").asLong()).isEqualTo(original + 2);
    assertThat(plimsoll.requests().getFirst().at("/tokens/sent").asLong())
        .isEqualTo(server.counted(server.chats().getLast()));
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void windowThatProvesSmallerMakesTheConversationShorterAndAsksAgain(Behind behind)
      throws Exception {
    start(behind, "context.window=32768");
    ObjectNode request = grown(new GrowingChat(7, true), WINDOW);
    int before = server.chats().size();
    server.fake().enqueue(server.refusal(WINDOW + 10, WINDOW));

    RawClient.Response response = ask(request);

    assertThat(response.status()).as(response.text()).isEqualTo(200);
    assertThat(header(response, "x-plimsoll-window")).isEqualTo(WINDOW);
    assertThat(compaction(response)).isEqualTo("dropped");
    assertThat(server.chats()).hasSize(before + 2);
    assertThat(server.counted(server.chats().getLast())).isLessThan(WINDOW);
    JsonNode attempts = plimsoll.requests().getFirst().path("attempts");
    assertThat(attempts.path(0).path("outcome").asText()).isEqualTo("overflow");
    assertThat(attempts.path(1).path("outcome").asText()).isEqualTo("ok");
    assertThat(plimsoll.scrape().sum("recoveries_total", "reason", "overflow")).isEqualTo(1);
  }

  /** As when a server's own count is above ours: the window is what it was. */
  @Test
  void refusalOfWhatSeemedToFitMakesTheConversationShorter() throws Exception {
    start(Behind.OPENAI, SMALL);
    ObjectNode request = grown(new GrowingChat(7, true), WINDOW / 2);
    server.fake().enqueue(server.refusal(WINDOW + 10, WINDOW));
    server.fake().enqueue(server.refusal(WINDOW + 5, WINDOW));

    RawClient.Response response = ask(request);

    assertThat(response.status()).as(response.text()).isEqualTo(200);
    assertThat(compaction(response)).isEqualTo("dropped");
    assertThat(header(response, "x-plimsoll-window")).isEqualTo(WINDOW);
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void callThatFillsTheWindowIsAskedForAgainBehindAShorterConversation(Behind behind)
      throws Exception {
    start(behind, SMALL);
    ObjectNode request = grown(new GrowingChat(7, true), WINDOW / 2);
    int before = server.chats().size();
    Answer half =
        switch (behind) {
          case OLLAMA -> Answer.empty(); // it drops such a call without a trace
          case OPENAI -> Answer.empty().call("c", "edit", "{\"path\":\"src/");
        };
    server.fake().enqueue(half.tokens(WINDOW - 500, 500).length());

    RawClient.Response response = ask(request);

    assertThat(response.status()).as(response.text()).isEqualTo(200);
    assertThat(server.chats()).hasSize(before + 2);
    assertThat(server.counted(server.chats().getLast()))
        .isLessThanOrEqualTo(server.counted(server.chats().get(before)) - WINDOW / 8);
    assertThat(compaction(response)).isEqualTo("dropped");
    assertThat(plimsoll.scrape().sum("recoveries_total", "reason", "length_in_tool_call"))
        .isEqualTo(1);
  }

  /** Of a model whose vocabulary nobody knows. */
  @Test
  void estimatesWillDo() throws Exception {
    try (FakeOllama plain = Behind.OLLAMA.fake().start();
        RunningPlimsoll proxy = Behind.OLLAMA.learning(plain, SMALL)) {
      GrowingChat chat = new GrowingChat(7, true);
      long original = 0;
      while (original < 3 * WINDOW) {
        RawClient.Response response =
            RawClient.post(proxy.uri(), Ask.CHAT, chat.next("test").toString());
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        original = header(response, "x-plimsoll-tokens-original");
        assertThat(header(response, "x-plimsoll-tokens-sent")).isLessThanOrEqualTo(WINDOW * 3 / 4);
        assertThat(Behind.OLLAMA.chats(plain).size()).isLessThan(500);
      }
    }
  }

  @Test
  void nothingIsLeftOutWhereThatIsForbidden() throws Exception {
    start(Behind.OLLAMA, SMALL, "compaction.mode=off");
    GrowingChat chat = new GrowingChat(7, true);
    RawClient.Response response = ask(chat.next("test"));
    while (response.status() == 200) {
      assertThat(compaction(response)).isEqualTo("none");
      assertThat(server.chats().size()).isLessThan(500);
      response = ask(chat.next("test"));
    }

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.text())
        .contains("maximum context length is " + WINDOW + " tokens")
        .contains("context_length_exceeded");
  }
}
