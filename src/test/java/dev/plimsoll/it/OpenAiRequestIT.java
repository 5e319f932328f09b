package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** To an OpenAI upstream the client's bytes go as they came, but for what Plimsoll owns. */
class OpenAiRequestIT {
  private static final String ODD =
      "{ \"zeta\" : 1e400 ,\t\"neg\":-0,\"many\":123456789012345678901234567890.000,\n"
          + "\"model\":\"anything/at:all\",\"tiny\":1E-400,\"unknown\":{\"b\":[1,"
          + " 2.50,null],\"a\":\"\\u00e9\\/\\ud83d\\ude00\"},\"messages\":[ {\"content\":\"\\ud800"
          + " lone \\u0041 é😀\",\"role\":\"user\",\"x\":1} ]%s }";

  private FakeOllama fake = Behind.OPENAI.fake().start();
  private RunningPlimsoll plimsoll = Behind.OPENAI.plimsoll(fake, "recovery.backoff=1ms");

  private void restart(String... more) {
    close();
    fake = Behind.OPENAI.fake().start();
    plimsoll = Behind.OPENAI.plimsoll(fake, more);
  }

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private String sent(String body) throws IOException {
    RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, body);
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    return fake.requests(Route.V1_CHAT).getLast().body().text();
  }

  @Test
  void untouchedRequestGoesOutByteForByte() throws Exception {
    for (String owned :
        new String[] {
          ",\"stream\":true,\"stream_options\":{\"include_usage\":true}",
          ", \"stream\" : true, \"stream_options\" : { \"x\":1e400, \"include_usage\" : true } ",
          ",\"stream_options\":{\"include_usage\":true},\"stream\":true,\"max_tokens\":2048"
        }) {
      String body = ODD.formatted(owned);

      assertThat(sent(body)).isEqualTo(body);
    }
  }

  @Test
  void ownedFieldsAreSplicedInPlace() throws Exception {
    String usage = ",\"stream_options\":{\"include_usage\":true}";
    assertThat(sent(ODD.formatted("")).replace(" }", "}"))
        .isEqualTo(ODD.formatted(",\"stream\":true" + usage).replace(" }", "}"));
    assertThat(sent(ODD.formatted(",\"stream\" : false ,\"k\":-0")).replace(" }", "}"))
        .isEqualTo(ODD.formatted(",\"stream\" : true ,\"k\":-0" + usage).replace(" }", "}"));
    assertThat(sent(ODD.formatted(",\"stream\":true")).replace(" }", "}"))
        .isEqualTo(ODD.formatted(",\"stream\":true" + usage).replace(" }", "}"));
    assertThat(sent("{\"stream\":null," + ODD.formatted("").substring(1)))
        .startsWith("{\"stream\":true, \"zeta\" : 1e400 ,")
        .contains("\"include_usage\":true");
    assertThat(sent("{\"stream_options\":null,\"stream\":true," + ODD.formatted("").substring(1)))
        .startsWith("{\"stream_options\":{\"include_usage\":true},\"stream\":true, \"zeta\"");
    assertThat(
            sent(
                ODD.formatted(
                    ",\"stream_options\":{\"a\" : 1e400,\"include_usage\":false},\"stream\":true")))
        .contains(",\"stream_options\":{\"include_usage\":true,\"a\" : 1e400},\"stream\":true");
  }

  @Test
  void theVeryFirstRequestKnowsItsWindow() throws Exception {
    String body =
        "{\"model\":\"llama:latest\",\"max_tokens\":99999999,\"messages\":[{\"role\":\"user\","
            + "\"content\":\"hi\"}]}";

    RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, body);

    long window = Long.parseLong(response.head().header("x-plimsoll-window").orElseThrow());
    assertThat(fake.requests(Route.V1_CHAT).getLast().json().path("max_tokens").asLong())
        .isBetween(window / 4, window);
  }

  @Test
  void capAboveWhatFitsIsClampedInPlace() throws Exception {
    assertThat(sent(ODD.formatted(",\"max_tokens\":99999,\"stream\":true,\"k\":1e400")))
        .containsPattern("],\"max_tokens\":39[0-9]{2},\"stream\":true,\"k\":1e400");
    assertThat(sent(ODD.formatted(",\"max_completion_tokens\":4097,\"max_tokens\":12")))
        .containsPattern(",\"max_completion_tokens\":39[0-9]{2},\"max_tokens\":12");
  }

  @Test
  void onlyHeadersThatAreTheServersBusinessArePassedOn() throws Exception {
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client
          .send(
              "POST",
              Ask.CHAT,
              Ask.chat(true),
              new Header("Connection", "keep-alive, X-Nominated"),
              new Header("X-Nominated", "n"),
              new Header("Keep-Alive", "timeout=5"),
              new Header("TE", "trailers"),
              new Header("Proxy-Authorization", "p"),
              new Header("Upgrade", "h2c"),
              new Header("Accept-Encoding", "gzip"),
              new Header("Cookie", "c"),
              new Header("x-plimsoll-foo", "1"),
              new Header("X-Forwarded-For", "1.2.3.4"),
              new Header("Authorization", "Bearer client"),
              new Header("X-Custom", "kept"))
          .response();
    }

    RecordedRequest request = fake.requests(Route.V1_CHAT).getFirst();
    for (String gone :
        List.of(
            "X-Nominated",
            "Keep-Alive",
            "TE",
            "Proxy-Authorization",
            "Upgrade",
            "Accept-Encoding",
            "Cookie",
            "x-plimsoll-foo",
            "X-Forwarded-For",
            "Transfer-Encoding")) {
      assertThat(request.header(gone)).as(gone).isEmpty();
    }
    assertThat(request.header("Host")).contains("127.0.0.1:" + fake.port());
    assertThat(request.header("Authorization")).contains("Bearer client");
    assertThat(request.header("X-Custom")).contains("kept");
    assertThat(request.headers().stream().filter(one -> one.name().equalsIgnoreCase("host")))
        .hasSize(1);
  }

  @Test
  void configuredKeyTakesThePlaceOfTheClients() throws Exception {
    restart("upstream.api-key=sk-ours");
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client
          .send("POST", Ask.CHAT, Ask.chat(true), new Header("authorization", "Bearer client"))
          .response();
    }

    assertThat(fake.requests(Route.V1_CHAT).getFirst().headers())
        .filteredOn(header -> header.name().equalsIgnoreCase("authorization"))
        .extracting(Header::value)
        .containsExactly("Bearer sk-ours");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void redirectIsNotFollowed(int status) throws Exception {
    FakeOllama elsewhere = Behind.OPENAI.fake().start();
    try (elsewhere) {
      fake.enqueue(
          new Fault.Status(
              status,
              "moved",
              List.of(new Header("Location", elsewhere.uri() + "/v1/chat/completions"))));

      RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));

      assertThat(response.status()).isEqualTo(502);
      assertThat(response.text()).contains("upstream_error").contains("upstream.url");
      assertThat(elsewhere.requestCount()).isZero();
      assertThat(fake.requests(Route.V1_CHAT)).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400,1,400,invalid_request",
    "401,1,401,invalid_api_key",
    "404,1,404,model_not_found",
    "422,1,422,invalid_request",
    "429,4,429,upstream_overloaded",
    "500,2,502,upstream_error",
    "502,4,502,upstream_error",
    "503,4,503,upstream_overloaded"
  })
  void errorOfTheServerIsToldWithItsWords(int theirs, int asked, int ours, String code)
      throws Exception {
    for (boolean stream : new boolean[] {true, false}) {
      Fault fault = Fault.status(theirs, "{\"error\":{\"message\":\"their words\"}}");
      for (int i = 0; i < asked; i++) {
        fake.enqueue(fault);
      }
      int before = fake.requests(Route.V1_CHAT).size();

      RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(stream));

      assertThat(response.status()).isEqualTo(ours);
      assertThat(response.body().json().at("/error/code").asText()).isEqualTo(code);
      assertThat(response.body().json().at("/error/message").asText())
          .contains("their words")
          .contains(response.head().header("x-request-id").orElseThrow());
      boolean retry = ours >= 500 || ours == 429;
      assertThat(response.head().header("x-should-retry").isPresent()).isEqualTo(!retry);
      assertThat(fake.requests(Route.V1_CHAT)).hasSize(before + asked);
      assertThat(fake.unusedReplies()).isZero();
    }
  }

  @Test
  void timeToRetryAfterIsPassedOn() throws Exception {
    for (int status : new int[] {429, 503}) {
      fake.enqueue(new Fault.Status(status, "{}", List.of(new Header("Retry-After", "61"))));

      RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));

      assertThat(response.status()).isEqualTo(status);
      assertThat(response.head().header("Retry-After")).contains("61");
    }
    assertThat(fake.requests(Route.V1_CHAT)).hasSize(2);
  }

  @Test
  void pageInsteadOfAnAnswerIsAnErrorOfTheServer() throws Exception {
    fake.reply(_ -> new Fault.Raw("<html><body>Welcome</body></html>", "text/html"));

    RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));

    assertThat(response.status()).isEqualTo(502);
    assertThat(response.body().json().at("/error/code").asText()).isEqualTo("upstream_error");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void documentInsteadOfAStreamIsUnderstood(boolean stream) throws Exception {
    fake.enqueue(
        new Fault.Raw(
            "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"test\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\","
                + "\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}],"
                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}",
            "application/json"));

    RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(stream));

    assertThat(response.status()).as(response.text()).isEqualTo(200);
    if (stream) {
      CanonicalStream said = CanonicalStream.of(response.text(), "test");
      assertThat(said.text()).isEqualTo("hi");
      assertThat(said.calls()).hasSize(1);
    } else {
      assertThat(response.body().json().at("/choices/0/message/content").asText()).isEqualTo("hi");
      assertThat(response.body().json().at("/choices/0/message/tool_calls/0/id").asText())
          .isEqualTo("c");
    }
  }

  @Test
  void bypassChangesNoByteEitherWay() throws Exception {
    Body answer = Body.of("data: {\"anything\": 1e400}\r\rdata: \ud83d\ude00\n\n: x\n");
    fake.enqueue(new Fault.Raw(answer, "text/event-stream"));
    String body = ODD.formatted(",\"stream\":false , \"max_tokens\":99999");
    RawClient.Response response;
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      response =
          client.send("POST", Ask.CHAT, body, new Header("x-plimsoll-bypass", "true")).response();
    }

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(answer);
    assertThat(response.head().header("content-type")).contains("text/event-stream");
    RecordedRequest request = fake.requests(Route.V1_CHAT).getFirst();
    assertThat(request.body().bytes()).isEqualTo(body.getBytes(UTF_8));
    assertThat(request.header("x-plimsoll-bypass")).isEmpty();
    assertThat(plimsoll.requests().getFirst().path("outcome").asText()).isEqualTo("ok");
  }

  @Test
  void bypassPassesAnErrorOnAsItCame() throws Exception {
    fake.enqueue(new Fault.Status(503, "{ \"odd\" : 1 }", List.of(new Header("Retry-After", "9"))));
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      RawClient.Response response =
          client
              .send("POST", Ask.CHAT, Ask.chat(true), new Header("x-plimsoll-bypass", "true"))
              .response();

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.text()).isEqualTo("{ \"odd\" : 1 }");
      assertThat(response.head().header("Retry-After")).contains("9");
      assertThat(fake.requests(Route.V1_CHAT)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void embeddingsAreRelayed(Behind behind) throws Exception {
    try (FakeOllama server = behind.fake().start();
        RunningPlimsoll proxy = behind.plimsoll(server)) {
      String body = "{\"input\":[\"a\", \"b\"],\"model\":\"test\", \"x\":1e400}";

      RawClient.Response response = RawClient.post(proxy.uri(), "/v1/embeddings", body);

      assertThat(response.status()).as(response.text()).isEqualTo(200);
      assertThat(response.body().json().path("data")).hasSize(2);
      assertThat(server.requests(Route.V1_EMBEDDINGS).getFirst().body().text()).isEqualTo(body);
    }
  }
}
