package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.SseText;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is different about another attempt, what is not, and when there is none. */
class RecoveryRequestsIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"write\",\"parameters\":{\"type\":"
          + "\"object\",\"required\":[\"path\"],\"properties\":{\"path\":{\"type\":\"string\"}}}}}]";
  private static final Answer BROKEN = Answer.empty().call("c", "write", "{\"path\":7}");
  private static final String NOTE = "[Note from the proxy";

  private FakeOllama fake = FakeOllama.start();
  private RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake);

  private void start(Behind behind, FakeModel model, String... settings) {
    close();
    fake = behind.fake().model(model).start();
    plimsoll = behind.plimsoll(fake, settings);
  }

  private void start(Behind behind) {
    start(behind, FakeModel.named("test:latest"), "recovery.backoff=1ms");
  }

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private RawClient.Response ask(String messages, String more) throws IOException {
    return RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chatOf(messages, more));
  }

  private RawClient.Response ask(String more) throws IOException {
    return ask("[{\"role\":\"user\",\"content\":\"hi\"}]", more);
  }

  private List<JsonNode> sent(Behind behind) {
    return behind.chats(fake).stream().map(RecordedRequest::json).toList();
  }

  private static String content(JsonNode sent, int fromEnd) {
    JsonNode messages = sent.path("messages");
    return messages.path(messages.size() - fromEnd).path("content").asText();
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void whatTheModelGotWrongIsAskedWithANoteAndByAnotherChance(Behind behind) throws Exception {
    start(behind);
    fake.enqueue(BROKEN, BROKEN, Answer.text("So", " be it."));

    JsonNode message = Answers.message(ask(TOOLS + ",\"seed\":40"), false);

    assertThat(message.path("content").asText()).isEqualTo("So be it.");
    List<JsonNode> sent = sent(behind);
    assertThat(sent).hasSize(3);
    assertThat(content(sent.get(0), 1)).isEqualTo("hi");
    assertThat(content(sent.get(1), 1)).startsWith("hi\n\n" + NOTE).contains("does not take");
    JsonNode options = behind == Behind.OLLAMA ? sent.get(1).path("options") : sent.get(1);
    assertThat(options.path("seed").asInt()).isEqualTo(41);
    if (behind == Behind.OLLAMA) {
      assertThat(options.path("repeat_penalty").asInt()).isEqualTo(1);
      assertThat(sent.get(1).has("think")).isFalse();
      assertThat(sent.get(2).path("think").isBoolean()).isTrue();
      assertThat(sent.get(2).path("think").asBoolean()).isFalse();
      assertThat(sent).allMatch(body -> !body.path("truncate").asBoolean(true));
    }
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void whatTheServerGotWrongIsAskedAgainAsItWas(Behind behind) throws Exception {
    start(behind);
    fake.enqueue(Fault.busy(), Answer.text("a"));

    Answers.message(ask(TOOLS), false);

    List<RecordedRequest> sent = behind.chats(fake);
    assertThat(sent.get(1).body().text()).isEqualTo(sent.get(0).body().text());
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void noteBehindAToolResultIsAMessageOfItsOwn(Behind behind) throws Exception {
    start(behind);
    fake.enqueue(Answer.empty(), Answer.text("a"));

    ask(conversation(1), TOOLS);

    JsonNode second = sent(behind).get(1);
    assertThat(content(second, 1)).startsWith(NOTE);
    assertThat(content(second, 2)).isEqualTo("none");
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void callCutByASmallCapGetsAllTheRoomThereIs(Behind behind) throws Exception {
    start(behind);
    fake.enqueue(
        Answer.empty().reasoning("Hm").tokens(10, 100).length(),
        Answer.text("Here").call("c", "write", Plan.GOOD));

    JsonNode message = Answers.message(ask(TOOLS + ",\"max_tokens\":100"), false);

    assertThat(message.path("finish").asText()).isEqualTo("tool_calls");
    JsonNode second = sent(behind).get(1);
    int cap =
        behind == Behind.OLLAMA
            ? second.at("/options/num_predict").asInt()
            : second.path("max_tokens").asInt();
    assertThat(cap).isEqualTo(4096 - 10 - 128);
  }

  @Test
  void modelThatIsToldToGoOnSeesItsTextAndTheNote() throws Exception {
    start(Behind.OPENAI);
    fake.enqueue(Answer.text("One, two,").with(new Fault.NoFinish()), Answer.text(" three."));

    JsonNode message = Answers.message(ask(TOOLS + ",\"stream\":true"), true);

    assertThat(message.path("content").asText()).isEqualTo("One, two, three.");
    JsonNode second = sent(Behind.OPENAI).get(1);
    assertThat(content(second, 2)).isEqualTo("One, two,");
    assertThat(content(second, 1)).startsWith(NOTE).endsWith("It ended with: One, two,");
  }

  @Test
  void modelWhoseTemplateGoesOnGetsNoNote() throws Exception {
    FakeModel model = FakeModel.named("test:latest").template("{{ $last }}");
    start(Behind.OLLAMA, model, "recovery.backoff=1ms");
    fake.enqueue(Answer.text("One, two, th").with(new Fault.NoFinish()), Answer.text("ree."));

    JsonNode message = Answers.message(ask(TOOLS + ",\"stream\":true"), true);

    assertThat(message.path("content").asText()).isEqualTo("One, two, three.");
    JsonNode second = sent(Behind.OLLAMA).get(1);
    assertThat(second.path("messages").path(1).path("role").asText()).isEqualTo("assistant");
    assertThat(second.path("messages")).hasSize(2);
    assertThat(second.toString()).doesNotContain(NOTE);
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void usageOfAJoinedAnswerIsOneNumber(Behind behind) throws Exception {
    start(behind);
    fake.enqueue(Answer.text("One,").tokens(10, 5).length(), Answer.text(" two.").tokens(20, 7));

    RawClient.Response response = ask(TOOLS);

    JsonNode usage = Answers.message(response, false).path("usage");
    assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(10);
    assertThat(usage.path("completion_tokens").asInt()).isEqualTo(12);
    assertThat(usage.path("total_tokens").asInt()).isEqualTo(22);
    assertThat(usage.at("/plimsoll/attempts").asInt()).isEqualTo(2);
    assertThat(response.head().header("x-plimsoll-attempts")).contains("2");
  }

  @Test
  void discardedTokensAreCountedApart() throws Exception {
    start(Behind.OLLAMA);
    fake.enqueue(
        Answer.empty().call("c", "write", "{\"path\":7}").tokens(10, 50),
        Answer.text("a").tokens(20, 7));

    JsonNode usage = Answers.message(ask(TOOLS), false).path("usage");

    assertThat(usage.path("completion_tokens").asInt()).isEqualTo(7);
    assertThat(plimsoll.scrape().sum("discarded_tokens_total", "reason", "schema_mismatch"))
        .isEqualTo(50);
  }

  @Test
  void failureThatWouldComeAgainIsRememberedForTheSameRequestOnly() throws Exception {
    start(Behind.OLLAMA);
    fake.reply(_ -> BROKEN);
    assertThat(ask(TOOLS).status()).isEqualTo(422);
    int asked = sent(Behind.OLLAMA).size();

    RawClient.Response again = ask(TOOLS);

    assertThat(again.status()).isEqualTo(422);
    assertThat(again.head().header("x-should-retry")).contains("false");
    assertThat(sent(Behind.OLLAMA)).hasSize(asked);
    ask(TOOLS + ",\"temperature\":1");
    assertThat(sent(Behind.OLLAMA)).hasSizeGreaterThan(asked);
  }

  @Test
  void bypassAsksOnce() throws Exception {
    start(Behind.OLLAMA);
    fake.enqueue(Fault.busy());
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      RawClient.Response response =
          client
              .send("POST", Ask.CHAT, Ask.chat(true), new Header("x-plimsoll-bypass", "true"))
              .response();

      assertThat(response.status()).isEqualTo(503);
    }
    assertThat(sent(Behind.OLLAMA)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void modelIsToldThatTheConversationGoesRoundAndStoppedIfItDoesNotMind(Behind behind)
      throws Exception {
    start(behind);
    fake.enqueue(Answer.text("I will try something else."));

    Answers.message(ask(conversation(6), TOOLS), false);

    assertThat(content(sent(behind).getFirst(), 1)).startsWith(NOTE).contains("6 times");
    fake.enqueue(Answer.empty().call("c", "write", "{ \"path\": \"a\" }"));

    RawClient.Response response = ask(conversation(6), TOOLS + ",\"seed\":1");

    assertThat(response.status()).isEqualTo(422);
    assertThat(response.text()).contains("recovery_exhausted").doesNotContain("tool_calls");
    assertThat(sent(behind)).hasSize(2);
    assertThat(content(sent(behind).getLast(), 1)).startsWith(NOTE);
  }

  @Test
  void conversationThatGoesRoundALittleIsLeftAlone() throws Exception {
    start(Behind.OLLAMA);
    fake.enqueue(Answer.empty().call("c", "write", "{\"path\":\"a\"}"));

    Answers.message(ask(conversation(5), TOOLS), false);

    assertThat(sent(Behind.OLLAMA).getFirst().toString()).doesNotContain(NOTE);
  }

  /** A conversation in which the same call gave the same result so many times. */
  private static String conversation(int times) {
    String round =
        ",{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"c\",\"type\":"
            + "\"function\",\"function\":{\"name\":\"write\",\"arguments\":"
            + "\"{\\\"path\\\":\\\"a\\\"}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\","
            + "\"content\":\"none\"}";
    return "[{\"role\":\"user\",\"content\":\"go\"}"
        + String.join("", Collections.nCopies(times, round))
        + "]";
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void callThatTheClientDemandsIsAskedForOnceWhereTheServerCannotBeTold(Behind behind)
      throws Exception {
    start(behind);
    fake.enqueue(Answer.text("No."), Answer.text("Here").call("c", "write", Plan.GOOD));

    JsonNode message = Answers.message(ask(TOOLS + ",\"tool_choice\":\"required\""), false);

    boolean told = behind == Behind.OPENAI;
    assertThat(message.path("finish").asText()).isEqualTo(told ? "stop" : "tool_calls");
    assertThat(sent(behind)).hasSize(told ? 1 : 2);
  }

  @Test
  void clientIsKeptPatientDuringTheBackOffAndWhoLeavesThenIsNotAskedFor() throws Exception {
    start(
        Behind.OLLAMA,
        FakeModel.named("test:latest"),
        "recovery.backoff=30s",
        "stream.first-ping=20ms",
        "stream.ping-interval=20ms");
    fake.enqueue(Fault.busy());
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client.send("POST", Ask.CHAT, Ask.chat(true));
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.piece()).isPresent();
      await().atMost(LIMIT).until(() -> plimsoll.scrape().sum("upstream_attempts_total") == 1);
      client.reset();
    }
    await().atMost(LIMIT).until(() -> plimsoll.scrape().sum("inflight_requests") == 0);
    assertThat(plimsoll.scrape().sum("client_disconnects_total", "phase", "retry")).isEqualTo(1);
    assertThat(sent(Behind.OLLAMA)).hasSize(1);
  }

  @Test
  void oneStreamHasOneIdentityWhateverHappenedBehindIt() throws Exception {
    start(Behind.OPENAI);
    fake.enqueue(
        Answer.empty().reasoning("Hm").with(new Fault.NoFinish()),
        Answer.text("One,").reasoning("So").with(new Fault.NoFinish()),
        Answer.text(" two."));

    RawClient.Response response = ask(TOOLS + ",\"stream\":true");

    JsonNode message = Answers.message(response, true);
    assertThat(message.path("content").asText()).isEqualTo("One, two.");
    assertThat(message.path("reasoning").asText()).isEqualTo("Hm\n\nSo");
    SseText sse = SseText.of(response.text());
    assertThat(sse.json().stream().map(chunk -> chunk.path("id").asText()).distinct()).hasSize(1);
    assertThat(sse.json().stream().map(chunk -> chunk.path("created").asLong()).distinct())
        .hasSize(1);
    assertThat(sse.json()).filteredOn(chunk -> chunk.at("/choices/0/delta").has("role")).hasSize(1);
  }
}
