package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Route;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agents' port lets in. */
class LimitsIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final FakeOllama fake = FakeOllama.start();
  private RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake);

  private void restart(String... settings) {
    plimsoll.close();
    plimsoll = Behind.OLLAMA.plimsoll(fake, settings);
  }

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private RawClient asked() throws IOException {
    return RawClient.connect(plimsoll.uri()).send("POST", Ask.CHAT, Ask.chat(true));
  }

  private static JsonNode error(RawClient.Response response, int status, String code) {
    assertThat(response.status()).as(response.text()).isEqualTo(status);
    assertThat(response.head().header("content-type")).contains("application/json");
    JsonNode error = response.body().json().path("error");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("message").asText()).isNotEmpty();
    return error;
  }

  @ParameterizedTest
  @ValueSource(strings = {"listen.max-in-flight=1", "upstream.max-concurrent=1"})
  void oneRequestTooManyIsToldToComeAgain(String limit) throws Exception {
    restart(limit, "upstream.queue=0");
    fake.enqueue(Answer.text("a").beforeHeaders(LONG));
    try (RawClient first = asked()) {
      Behind.OLLAMA.chat(fake, 0);

      RawClient.Response second = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));

      error(second, 429, "queue_full");
      assertThat(second.head().header("Retry-After")).isPresent();
      assertThat(fake.requests(Route.CHAT)).hasSize(1);
      first.reset();
    }
    await()
        .atMost(LIMIT)
        .until(() -> RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true)).status() == 200);
  }

  @Test
  void requestsWaitInTheQueueInTheirOrder() throws Exception {
    restart("upstream.max-concurrent=1");
    fake.enqueue(Answer.text("a").beforeHeaders(Duration.ofMillis(500)));
    try (RawClient first = asked()) {
      Behind.OLLAMA.chat(fake, 0);
      try (RawClient second = asked()) {
        assertThat(second.response().complete()).isTrue();
        assertThat(first.response().complete()).isTrue();
      }
    }
    assertThat(fake.concurrentMax()).isLessThanOrEqualTo(2); // a look at /api/tags beside one chat
  }

  @Test
  void oneConnectionTooManyIsClosed() throws Exception {
    restart("listen.max-connections=2");
    try (RawClient one = RawClient.connect(plimsoll.uri());
        RawClient two = RawClient.connect(plimsoll.uri())) {
      assertThat(one.send("GET", "/health", "").response().status()).isEqualTo(200);
      assertThat(two.send("GET", "/health", "").response().status()).isEqualTo(200);
      try (RawClient three = RawClient.connect(plimsoll.uri())) {
        assertThatThrownBy(() -> three.send("GET", "/health", "").head())
            .isInstanceOf(IOException.class);
      }
      assertThat(one.send("GET", "/health", "").response().status()).isEqualTo(200);
    }
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> RawClient.get(plimsoll.uri(), "/health").status() == 200);
  }

  private RawClient raw(String headers, String body) throws IOException {
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\n"
            + headers
            + "\r\n";
    return RawClient.connect(plimsoll.uri()).sendRaw((head + body).getBytes(US_ASCII));
  }

  @Test
  void bodyThatIsTooLargeIsRefusedByItsLengthAndByCount() throws Exception {
    restart("listen.max-body=1KiB");
    try (RawClient announced = raw("Content-Length: 1025\r\n", "")) {
      error(announced.response(), 413, "body_too_large");
    }
    String chunks = "200\r\n" + "x".repeat(512) + "\r\n";
    try (RawClient counted = raw("Transfer-Encoding: chunked\r\n", chunks.repeat(3))) {
      error(counted.response(), 413, "body_too_large");
    }
    assertThat(RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true)).status()).isEqualTo(200);
  }

  @Test
  void bodyThatComesInChunksIsTakenWhole() throws Exception {
    String body = Ask.chat(true);
    StringBuilder chunks = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      chunks.append("1\r\n").append(body.charAt(i)).append("\r\n");
    }
    try (RawClient client = raw("Transfer-Encoding: chunked\r\n", chunks + "0\r\n\r\n")) {
      CanonicalStream.of(client.response().text(), "test");
    }
  }

  @Test
  void bodyThatStallsIsRefused() throws Exception {
    restart("listen.body-timeout=300ms");
    try (RawClient client = raw("Content-Length: 100\r\n", "{\"model\"")) {
      RawClient.Response response = client.response();

      assertThat(response.status()).isEqualTo(408);
      assertThat(response.head().header("connection")).contains("close");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/nothing,404,not_found",
    "POST,/api/chat,404,not_found",
    "POST,/v1/responses/x,404,not_found",
    "GET,/v1/chat/completions,405,method_not_allowed",
    "DELETE,/v1/models,405,method_not_allowed",
    "POST,/api/pull,403,management_disabled",
    "DELETE,/api/delete,403,management_disabled",
    "POST,/api/blobs/sha256:1,403,management_disabled"
  })
  void otherPathsAreRefusedAndNeverReachTheServer(
      String method, String path, int status, String code) throws Exception {
    long before = fake.requestCount();
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      JsonNode error =
          error(
              client.send(method, path, method.equals("POST") ? "{}" : "").response(),
              status,
              code);

      if (status == 403) {
        assertThat(error.path("message").asText()).contains("upstream.allow-management");
      }
    }
    assertThat(fake.requestCount()).isEqualTo(before);
  }

  @Test
  void bodyThatIsNoJsonIsRefused() throws Exception {
    error(RawClient.post(plimsoll.uri(), Ask.CHAT, "{\"model\":"), 400, "invalid_json");
    error(RawClient.post(plimsoll.uri(), Ask.CHAT, "{\"model\":\"test\"}"), 400, "invalid_request");
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void rootAndHealthAnswerWithoutTheServer() throws Exception {
    assertThat(RawClient.get(plimsoll.uri(), "/").text()).isEqualTo("Plimsoll is running");
    assertThat(RawClient.get(plimsoll.uri(), "/health").status()).isEqualTo(200);
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      assertThat(client.send("HEAD", "/", "").head().status()).isEqualTo(200);
    }
    assertThat(fake.requestCount()).isZero();
  }

  @Test
  void routesAreThereWithoutTheirPrefixToo() throws Exception {
    RawClient.Response chat = RawClient.post(plimsoll.uri(), "/chat/completions", Ask.chat(true));
    assertThat(CanonicalStream.of(chat.text(), "test").text()).isEqualTo("Hello, world!");
    assertThat(RawClient.get(plimsoll.uri(), "/models").body().json().at("/data/0/id").asText())
        .isEqualTo("test:latest");
    assertThat(RawClient.get(plimsoll.uri(), "/v1/models/test:latest").status()).isEqualTo(200);
    assertThat(
            RawClient.post(plimsoll.uri(), "/completions", "{\"model\":\"test\",\"prompt\":\"p\"}")
                .status())
        .isEqualTo(200);
    assertThat(
            RawClient.post(plimsoll.uri(), "/embeddings", "{\"model\":\"test\",\"input\":\"p\"}")
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answerMayTakeLongerThanAnIdleConnectionLives(boolean stream) throws Exception {
    restart("listen.idle-timeout=1s");
    fake.enqueue(Answer.text("late").beforeHeaders(Duration.ofMillis(3500)));

    RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(stream));

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).contains("late");
    assertThat(response.complete()).isTrue();
  }

  @Test
  void connectionWithoutARequestIsClosed() throws Exception {
    restart("listen.idle-timeout=1s");
    try (RawClient fresh = RawClient.connect(plimsoll.uri());
        RawClient used = RawClient.connect(plimsoll.uri())) {
      used.send("POST", Ask.CHAT, Ask.chat(true)).response();

      assertThatThrownBy(fresh::head).isInstanceOf(EOFException.class);
      assertThatThrownBy(used::head).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void connectionIsUsedAgain() throws Exception {
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      for (int i = 0; i < 5; i++) {
        RawClient.Response response =
            client.send("POST", Ask.CHAT, Ask.chat(i % 2 == 0)).response();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.complete()).isTrue();
      }
    }
    assertThat(fake.requests(Route.CHAT).stream().map(one -> one.connection()).distinct())
        .hasSize(1);
  }

  private static byte[] request(String body) {
    return ("POST /v1/chat/completions HTTP/1.1\r\n"
            + "Host: localhost\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(UTF_8);
  }

  @Test
  void twoRequestsSentTogetherAreAnsweredInTheirOrder() throws Exception {
    fake.reply(
        Route.CHAT,
        request ->
            request.body().text().contains("\"num_predict\":11")
                ? Answer.text("first").beforeHeaders(Duration.ofMillis(300))
                : Answer.text("second"));
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes(request(Ask.chat("test", true, ",\"max_tokens\":11")));
      both.writeBytes(request(Ask.chat("test:latest", false, ",\"max_tokens\":12")));
      client.sendRaw(both.toByteArray());

      assertThat(CanonicalStream.of(client.response().text(), "test").text()).isEqualTo("first");
      assertThat(client.response().text()).contains("second");
    }
  }
}
