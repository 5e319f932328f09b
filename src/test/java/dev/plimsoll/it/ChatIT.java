package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Framing;
import dev.plimsoll.testing.Framing.LineEnd;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent gets for a chat is the same in front of every kind of model server. */
@ParameterizedClass
@EnumSource(Behind.class)
class ChatIT {
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"write\","
          + "\"parameters\":{\"type\":\"object\"}}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"read\"}}]";
  private static final String USAGE = ",\"stream_options\":{\"include_usage\":true}";

  private final FakeOllama fake;
  private final RunningPlimsoll plimsoll;

  ChatIT(Behind behind) {
    fake = behind.fake().start();
    plimsoll = behind.plimsoll(fake);
  }

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private CanonicalStream stream(Answer answer, String more) throws IOException {
    fake.enqueue(answer);
    RawClient.Response response =
        RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("test", true, more));
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    assertThat(response.complete()).isTrue();
    assertThat(response.head().header("content-type")).contains("text/event-stream");
    assertThat(response.head().header("x-request-id")).isPresent();
    assertThat(response.head().header("x-plimsoll-session")).isPresent();
    return CanonicalStream.of(response.text(), "test");
  }

  private JsonNode whole(Answer answer, String more) throws IOException {
    fake.enqueue(answer);
    RawClient.Response response =
        RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("test", false, more));
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    assertThat(response.head().header("content-type")).contains("application/json");
    assertThat(response.head().header("x-plimsoll-attempts")).contains("1");
    JsonNode json = response.body().json();
    assertThat(json.path("object").asText()).isEqualTo("chat.completion");
    assertThat(json.path("model").asText()).isEqualTo("test");
    return json;
  }

  @Test
  void textAndReasoningAreStreamedAsTheyWereSaid() throws Exception {
    CanonicalStream said =
        stream(
            Answer.text("Hel", "lo ", "😀👩‍🚀", "\"\\\n\u0001").reasoning("I ", "think 🤔"), "");

    assertThat(said.text()).isEqualTo("Hello 😀👩‍🚀\"\\\n\u0001");
    assertThat(said.reasoning()).isEqualTo("I think 🤔");
    assertThat(said.finish()).isEqualTo("stop");
    assertThat(said.usage().isMissingNode()).isTrue();
  }

  @Test
  void usageIsTheLastChunkAndOnlyThereWhenAskedFor() throws Exception {
    CanonicalStream said = stream(Answer.text("a", "b").tokens(12, 34), USAGE);

    assertThat(said.usage().path("prompt_tokens").asInt()).isEqualTo(12);
    assertThat(said.usage().path("completion_tokens").asInt()).isEqualTo(34);
    assertThat(said.usage().path("total_tokens").asInt()).isEqualTo(46);
    assertThat(stream(Answer.text("a"), "").usage().isMissingNode()).isTrue();
  }

  @Test
  void answerCutByLengthSaysSo() throws Exception {
    assertThat(stream(Answer.text("a", "b").length(), ",\"max_tokens\":2").finish())
        .isEqualTo("length");
    assertThat(
            whole(Answer.text("a").length(), ",\"max_tokens\":1")
                .path("choices")
                .get(0)
                .path("finish_reason")
                .asText())
        .isEqualTo("length");
  }

  @Test
  void everyCallComesWholeInOneDelta() throws Exception {
    CanonicalStream said =
        stream(
            Answer.text("Now ")
                .call("call_a", "write", "{\"path\":\"a\",\"n\":1}")
                .call("call_b", "write", "{\"path\":\"😀\"}")
                .call("call_c", "read", "{}"),
            TOOLS + USAGE);

    assertThat(said.text()).isEqualTo("Now ");
    assertThat(said.calls()).hasSize(3);
    assertThat(said.calls().get(0).path("id").asText()).isEqualTo("call_a");
    assertThat(CanonicalStream.arguments(said.calls().get(0)).path("path").asText()).isEqualTo("a");
    assertThat(CanonicalStream.arguments(said.calls().get(1)).path("path").asText())
        .isEqualTo("😀");
    assertThat(said.calls().get(2).path("function").path("name").asText()).isEqualTo("read");
    assertThat(said.finish()).isEqualTo("tool_calls");
  }

  @Test
  void callWithoutAnIdGetsOne() throws Exception {
    CanonicalStream said =
        stream(Answer.empty().call("", "read", "{}").call("", "read", "{\"a\":1}"), TOOLS);

    assertThat(said.calls()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void longArgumentsArriveUnchanged(boolean stream) throws Exception {
    String text = "0123456789abcdef\\n\\\"é😀".repeat(2000);
    Answer answer = Answer.empty().call("call_a", "write", "{\"content\":\"" + text + "\"}");
    JsonNode call =
        stream
            ? stream(answer, TOOLS).calls().getFirst()
            : whole(answer, TOOLS).at("/choices/0/message/tool_calls/0");

    assertThat(CanonicalStream.arguments(call).path("content").asText())
        .isEqualTo("0123456789abcdef\n\"é😀".repeat(2000));
  }

  @Test
  void wholeAnswerHoldsTextReasoningCallsAndUsage() throws Exception {
    JsonNode json =
        whole(
            Answer.text("Hi ", "😀")
                .reasoning("hm", "m")
                .call("call_a", "write", "{\"a\":1}")
                .call("call_b", "read", "{}")
                .tokens(5, 6),
            TOOLS);

    JsonNode choice = json.path("choices").get(0);
    assertThat(choice.at("/message/role").asText()).isEqualTo("assistant");
    assertThat(choice.at("/message/content").asText()).isEqualTo("Hi 😀");
    assertThat(choice.at("/message/reasoning_content").asText()).isEqualTo("hmm");
    assertThat(choice.at("/message/tool_calls")).hasSize(2);
    assertThat(choice.at("/message/tool_calls/0/id").asText()).isEqualTo("call_a");
    assertThat(choice.at("/message/tool_calls/0").has("index")).isFalse();
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
    assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(6);
    assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(11);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void modelIsCalledAsTheClientCallsIt(boolean stream) throws Exception {
    for (String spelling : new String[] {"test", "test:latest"}) {
      RawClient.Response response =
          RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(spelling, stream, ""));

      if (stream) {
        CanonicalStream.of(response.text(), spelling);
      } else {
        assertThat(response.body().json().path("model").asText()).isEqualTo(spelling);
      }
    }
  }

  @Test
  void tenMegabytesOfTextArriveWhole() throws Exception {
    String kilobyte = "0123456789abcdeé".repeat(60);
    CanonicalStream said = stream(Answer.text(kilobyte).repeat(10_240), "");

    assertThat(said.text()).hasSizeGreaterThan(9_800_000);
    assertThat(said.text().replace(kilobyte, "")).isEmpty();
  }

  /** Ids and times are new in every answer. */
  private String bytes(Framing framing) throws IOException {
    fake.enqueue(
        Answer.text("Hel", "lo 😀", "\n\ndata: x\r\n")
            .reasoning("why", " é")
            .call("call_a", "write", "{\"a\":\"😀\",\"b\":[1,2]}")
            .call("call_b", "read", "{}")
            .tokens(7, 9)
            .framing(framing));
    RawClient.Response response =
        RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("test", true, TOOLS + USAGE));
    assertThat(response.complete()).isTrue();
    CanonicalStream.of(response.text(), "test");
    return response
        .text()
        .replaceAll("\"id\":\"chatcmpl-[^\"]*\"", "\"id\":\"chatcmpl-x\"")
        .replaceAll("\"created\":[0-9]+", "\"created\":1");
  }

  @Test
  void clientGetsTheSameBytesHoweverTheUpstreamsAreCut() throws Exception {
    String expected = bytes(Framing.NATURAL);
    Map<String, Framing> framings = new LinkedHashMap<>();
    framings.put("one write", Framing.oneWrite());
    for (LineEnd end : LineEnd.values()) {
      framings.put("natural " + end, Framing.NATURAL.lineEnd(end));
      for (int size : new int[] {1, 2, 3, 7, 64}) {
        framings.put("split " + size + " " + end, Framing.splitEvery(size).lineEnd(end));
        framings.put("torn " + size + " " + end, Framing.NATURAL.tornEvery(size).lineEnd(end));
      }
    }
    for (Map.Entry<String, Framing> framing : framings.entrySet()) {
      assertThat(bytes(framing.getValue())).as(framing.getKey()).isEqualTo(expected);
    }
  }
}
