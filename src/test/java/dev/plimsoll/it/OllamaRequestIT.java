package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Ollama is asked by its native API. */
class OllamaRequestIT {
  private static final String HI = "[{\"role\":\"user\",\"content\":\"hi\"}]";

  private FakeOllama fake =
      Behind.OLLAMA
          .fake()
          .model(FakeModel.named("test:latest"))
          .model(FakeModel.named("plain:latest").capabilities("completion", "tools"))
          .start();
  private RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake);

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private RawClient.Response ask(String body) throws IOException {
    return RawClient.post(plimsoll.uri(), Ask.CHAT, body);
  }

  private Body sentBody(String body) throws IOException {
    RawClient.Response response = ask(body);
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    return fake.requests(Route.CHAT).getLast().body();
  }

  private JsonNode sent(String messages, String more) throws IOException {
    return sentBody(Ask.chatOf(messages, more)).json();
  }

  private static JsonNode json(String text) {
    return Body.of(text).json();
  }

  @Test
  void wholeRequestIsNative() throws Exception {
    JsonNode sent =
        sent(
            "[{\"role\":\"developer\",\"content\":\"be\"},"
                + "{\"role\":\"system\",\"content\":\"brief\"},"
                + "{\"role\":\"user\",\"content\":\"hi\"}]",
            "");

    assertThat(sent)
        .isEqualTo(
            json(
                "{\"model\":\"test:latest\",\"stream\":true,\"truncate\":false,\"shift\":false,"
                    + "\"messages\":[{\"role\":\"system\",\"content\":\"be\"},"
                    + "{\"role\":\"system\",\"content\":\"brief\"},"
                    + "{\"role\":\"user\",\"content\":\"hi\"}],"
                    + "\"options\":{\"num_ctx\":4096,\"num_predict\":4096}}"));
  }

  @Test
  void contentPartsBecomeTextAndImages() throws Exception {
    JsonNode sent =
        sent(
            "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a \\\"é\\\"\"},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,QUJD\"}},"
                + "{\"type\":\"text\",\"text\":\"b\"},"
                + "{\"type\":\"image_url\",\"image_url\":\"data:image/jpeg;base64,REVG\"}]}]",
            "");

    assertThat(sent.path("messages"))
        .isEqualTo(
            json(
                "[{\"role\":\"user\",\"content\":\"a \\\"é\\\"\\nb\","
                    + "\"images\":[\"QUJD\",\"REVG\"]}]"));
  }

  @Test
  void imageElsewhereInTheWorldIsRefused() throws Exception {
    RawClient.Response response =
        ask(
            Ask.chatOf(
                "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                    + "\"image_url\":{\"url\":\"http://example.org/a.png\"}}]}]",
                ""));

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body().json().at("/error/param").asText())
        .startsWith("messages[0].content[0].image_url");
    assertThat(fake.requests(Route.CHAT)).isEmpty();
    assertThat(plimsoll.requests().getFirst().path("outcome").asText()).isEqualTo("client_error");
  }

  @Test
  void callsAndTheirResultsKeepNamesIdsAndNumbers() throws Exception {
    Body body =
        sentBody(
            Ask.chatOf(
                "[{\"role\":\"user\",\"content\":\"go\"},"
                    + "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\","
                    + "\"tool_calls\":["
                    + "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                    + "\"arguments\":\"{\\\"n\\\": 1e400, \\\"m\\\":-0, \\\"s\\\":\\\"é\\\"}\"}},"
                    + "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"g\","
                    + "\"arguments\":\"{broken\"}}]},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"r2\"},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"r1\"}]",
                ""));

    assertThat(body.text()).contains("\"arguments\":{\"n\": 1e400, \"m\":-0, \"s\":\"é\"}");
    JsonNode messages = body.json().path("messages");
    assertThat(messages.at("/1/content").asText("none")).isEmpty();
    assertThat(messages.at("/1/thinking").asText()).isEqualTo("hm");
    assertThat(messages.at("/1/tool_calls/0/id").asText()).isEqualTo("c1");
    assertThat(messages.at("/1/tool_calls/0/function/name").asText()).isEqualTo("f");
    assertThat(messages.at("/1/tool_calls/1/function/index").asInt()).isEqualTo(1);
    assertThat(messages.at("/1/tool_calls/1/function/arguments"))
        .isEqualTo(json("{\"malformed_arguments\":\"{broken\"}"));
    assertThat(messages.path(2))
        .isEqualTo(
            json(
                "{\"role\":\"tool\",\"content\":\"r2\","
                    + "\"tool_call_id\":\"c2\",\"tool_name\":\"g\"}"));
    assertThat(messages.at("/3/tool_name").asText()).isEqualTo("f");
  }

  @Test
  void toolsGoAlongUnlessNoneMayBeCalled() throws Exception {
    String tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"x\":1e400}}]";

    assertThat(sentBody(Ask.chatOf(HI, tools)).text()).contains(tools);
    assertThat(sent(HI, tools + ",\"tool_choice\":\"auto\"").has("tools")).isTrue();
    assertThat(sent(HI, tools + ",\"tool_choice\":\"none\"").has("tools")).isFalse();
  }

  @Test
  void responseFormatBecomesFormat() throws Exception {
    assertThat(sent(HI, ",\"response_format\":{\"type\":\"json_object\"}").path("format").asText())
        .isEqualTo("json");
    assertThat(
            sent(
                    HI,
                    ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                        + "{\"name\":\"n\",\"schema\":{\"type\":\"object\",\"b\":1,\"a\":2}}}")
                .path("format"))
        .isEqualTo(json("{\"type\":\"object\",\"b\":1,\"a\":2}"));
    assertThat(sent(HI, ",\"response_format\":{\"type\":\"text\"}").has("format")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "test,high,'\"high\"'",
    "test,medium,'\"medium\"'",
    "test,minimal,'\"low\"'",
    "test,none,false",
    "plain,high,",
    "plain,none,false"
  })
  void effortIsOnlyAskedOfModelsThatThink(String model, String effort, String think)
      throws Exception {
    JsonNode sent =
        sentBody(Ask.chat(model, true, ",\"reasoning_effort\":\"" + effort + "\"")).json();

    if (think == null) {
      assertThat(sent.has("think")).isFalse();
    } else {
      assertThat(sent.path("think")).isEqualTo(json(think));
    }
  }

  @Test
  void samplingAndCapsAreOptionsAndTheWindowIsNeverTheClients() throws Exception {
    Body body =
        sentBody(
            Ask.chatOf(
                HI,
                ",\"temperature\":0.70,\"top_p\":1e-1,\"seed\":7,\"stop\":[\"x\"],"
                    + "\"max_tokens\":99,\"options\":{\"num_ctx\":99999,\"mirostat\":1},"
                    + "\"keep_alive\":\"9m\""));

    assertThat(body.text()).contains("\"temperature\":0.70").contains("\"top_p\":1e-1");
    JsonNode sent = body.json();
    assertThat(sent.path("keep_alive").asText()).isEqualTo("9m");
    assertThat(sent.at("/options/num_ctx").asInt()).isEqualTo(4096);
    assertThat(sent.at("/options/num_predict").asInt()).isEqualTo(99);
    assertThat(sent.at("/options/mirostat").asInt()).isEqualTo(1);
    assertThat(sent.at("/options/seed").asInt()).isEqualTo(7);
    assertThat(sent.at("/options/stop")).isEqualTo(json("[\"x\"]"));
    assertThat(sent(HI, ",\"max_completion_tokens\":99999").at("/options/num_predict").asInt())
        .isEqualTo(4096);
  }

  @Test
  void keepAliveComesFromTheConfigurationWhenTheClientHasNone() throws Exception {
    plimsoll.close();
    plimsoll = Behind.OLLAMA.plimsoll(fake, "upstream.keep-alive=-1");

    assertThat(sent(HI, "").path("keep_alive").asText()).isEqualTo("-1");
    assertThat(sent(HI, ",\"keep_alive\":5").path("keep_alive").asInt()).isEqualTo(5);
  }

  @Test
  void bypassIsANativeCallThatDoesNotReload() throws Exception {
    sent(HI, "");
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      RawClient.Response response =
          client
              .send("POST", Ask.CHAT, Ask.chat(true), new Header("x-plimsoll-bypass", "true"))
              .response();

      assertThat(CanonicalStream.of(response.text(), "test").text()).isEqualTo("Hello, world!");
    }
    JsonNode sent = fake.requests(Route.CHAT).getLast().json();
    assertThat(sent.at("/options/num_ctx").asInt()).isEqualTo(4096);
    assertThat(sent.path("shift")).isEqualTo(json("false"));
    assertThat(fake.loads()).isEqualTo(1);
  }

  @Test
  void completionIsANativeGenerate() throws Exception {
    RawClient.Response response =
        RawClient.post(
            plimsoll.uri(),
            "/v1/completions",
            "{\"model\":\"test\",\"prompt\":\"say é\",\"suffix\":\"s\",\"max_tokens\":5}");

    assertThat(response.status()).as(response.text()).isEqualTo(200);
    assertThat(response.body().json().path("object").asText()).isEqualTo("text_completion");
    assertThat(response.body().json().at("/choices/0/text").asText()).isEqualTo("Hello, world!");
    JsonNode sent = fake.requests(Route.GENERATE).getLast().json();
    assertThat(sent.path("prompt").asText()).isEqualTo("say é");
    assertThat(sent.path("suffix").asText()).isEqualTo("s");
    assertThat(sent.at("/options/num_predict").asInt()).isEqualTo(5);
  }
}
