package dev.plimsoll.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the fake keeps in mind: models, runners, replies, requests. */
class FakeOllamaTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  private FakeOllama fake =
      FakeOllama.builder()
          .model(FakeModel.named("plain:latest").trainedContext(8192))
          .model(FakeModel.named("own:1b").numCtx(2048))
          .defaultContext(4096)
          .start();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void loadsWithTheWindowOfRequestModelfileOrServer() throws Exception {
    chat("{\"model\":\"plain\"}");
    chat("{\"model\":\"own:1b\"}");
    assertThat(windows()).containsExactly("plain:latest 4096", "own:1b 2048");

    chat("{\"model\":\"plain\",\"options\":{\"num_ctx\":1024}}");
    assertThat(windows()).contains("plain:latest 1024");

    chat("{\"model\":\"plain\",\"options\":{\"num_ctx\":99999}}");
    assertThat(windows()).contains("plain:latest 8192");
    assertThat(fake.loads()).isEqualTo(4);
  }

  @Test
  void sameOptionsKeepTheRunnerAndOthersReloadIt() throws Exception {
    chat("{\"model\":\"plain\"," + MESSAGES + "}");
    chat(
        "{\"model\":\"plain\",\"shift\":true,\"options\":{\"num_ctx\":4096,\"seed\":1},"
            + MESSAGES
            + "}");
    assertThat(fake.loads()).isEqualTo(1);

    chat("{\"model\":\"plain\",\"shift\":false," + MESSAGES + "}");
    assertThat(fake.loads()).isEqualTo(2);

    post("/v1/chat/completions", "{\"model\":\"plain\"," + MESSAGES + "}");
    assertThat(fake.loads()).isEqualTo(3);
  }

  @Test
  void keepAliveZeroUnloadsAndACrashDoesToo() throws Exception {
    chat("{\"model\":\"plain\"}");
    assertThat(chat("{\"model\":\"plain\",\"keep_alive\":0}").text()).contains("\"unload\"");
    assertThat(windows()).isEmpty();

    chat("{\"model\":\"plain\"}");
    fake.crashRunners();
    assertThat(windows()).isEmpty();
  }

  @Test
  void repliesComeFromRouteQueueThenCommonQueueThenFunctions() throws Exception {
    fake.enqueue(Answer.text("common"))
        .enqueue(Route.CHAT, Answer.text("own"))
        .reply(Route.CHAT, request -> Answer.text("fn " + request.connection()))
        .reply(_ -> Answer.text("last"));
    String ask = "{\"model\":\"plain\",\"stream\":false," + MESSAGES + "}";

    assertThat(said(chat(ask))).isEqualTo("own");
    assertThat(said(chat(ask))).isEqualTo("common");
    assertThat(said(chat(ask))).startsWith("fn ");
    RawClient.Response v1 = post("/v1/chat/completions", ask);
    assertThat(v1.text()).contains("\"content\":\"last\"");
    assertThat(fake.unusedReplies()).isZero();
  }

  @Test
  void requestsThatAreRefusedOrOnlyLoadTakeNoReply() throws Exception {
    fake.enqueue(Answer.text("kept"));

    assertThat(chat("{\"model\":\"nope\"," + MESSAGES + "}").status()).isEqualTo(404);
    assertThat(chat("{\"model\":").text()).isEqualTo("{\"error\":\"unexpected EOF\"}");
    assertThat(chat("{\"model\":\"plain\"}").text()).contains("\"done_reason\":\"load\"");

    assertThat(fake.unusedReplies()).isEqualTo(1);
  }

  @Test
  void functionThatFailsIsToldAndNotHidden() throws Exception {
    fake.reply(
        _ -> {
          throw new IllegalStateException("bad script");
        });

    assertThat(chat("{\"model\":\"plain\"," + MESSAGES + "}").status()).isEqualTo(500);
    assertThat(fake.failures())
        .hasSize(1)
        .first()
        .hasToString("java.lang.IllegalStateException: bad script");
  }

  @Test
  void requestIsRecordedAsItCame() throws Exception {
    try (RawClient client = RawClient.connect(fake.uri())) {
      String body = "{\"model\":\"plain\",\"x\": 1.50}";
      client.send(
          "POST", "/api/chat?a=b", body, new Header("X-Two", "2"), new Header("x-one", "1"));
      client.response();
    }

    RecordedRequest request = fake.awaitExchange(0, LIMIT).request();
    assertThat(request.target()).isEqualTo("/api/chat?a=b");
    assertThat(request.path()).isEqualTo("/api/chat");
    assertThat(request.body().text()).isEqualTo("{\"model\":\"plain\",\"x\": 1.50}");
    assertThat(request.headers().stream().map(Header::name))
        .containsExactly("Host", "X-Two", "x-one", "Content-Type", "Content-Length");
    assertThat(fake.requests(Route.CHAT)).hasSize(1);
  }

  @Test
  void chunkedRequestBodyIsJoined() throws Exception {
    try (RawClient client = RawClient.connect(fake.uri())) {
      String head = "POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
      client.sendRaw(
          Body.of(head + "8\r\n{\"model\"\r\n9;x=y\r\n:\"plain\"}\r\n0\r\nT: 1\r\n\r\n").bytes());

      assertThat(client.response().text()).contains("\"load\"");
    }
  }

  @Test
  void connectionIsKeptForTheNextRequest() throws Exception {
    try (RawClient client = RawClient.connect(fake.uri())) {
      for (int i = 0; i < 3; i++) {
        client.send("POST", "/api/chat", "{\"model\":\"plain\"," + MESSAGES + "}");
        assertThat(client.response().complete()).isTrue();
      }
    }

    assertThat(fake.connectionCount()).isEqualTo(1);
    assertThat(fake.requests()).extracting(RecordedRequest::connection).containsOnly(1L);
  }

  @Test
  void requestsSentAheadAreAnsweredInOrder() throws Exception {
    fake.enqueue(Answer.text("one").beforeHeaders(Duration.ofMillis(30)), Answer.text("two"));
    String ask = "{\"model\":\"plain\",\"stream\":false," + MESSAGES + "}";
    try (RawClient client = RawClient.connect(fake.uri())) {
      client.send("POST", "/api/chat", ask).send("POST", "/api/chat", ask);

      assertThat(said(client.response())).isEqualTo("one");
      assertThat(said(client.response())).isEqualTo("two");
    }
  }

  @Test
  void oldExchangesAreForgottenButCounted() throws Exception {
    fake.close();
    fake = FakeOllama.builder().remember(2).start();
    for (int i = 0; i < 5; i++) {
      RawClient.get(fake.uri(), "/api/version?" + i);
    }

    assertThat(fake.requests())
        .extracting(RecordedRequest::target)
        .containsExactly("/api/version?3", "/api/version?4");
    assertThat(fake.requestCount()).isEqualTo(5);
    assertThat(fake.awaitExchange(4, LIMIT).request().target()).endsWith("?4");
    assertThatThrownBy(() -> fake.awaitExchange(0, LIMIT)).hasMessageContaining("remembered");
  }

  @Test
  void llamaServerHasNoNativePathsAndTellsItsWindow() throws Exception {
    fake.close();
    fake = FakeOllama.builder().dialect(Dialect.LLAMA_SERVER).defaultContext(1024).start();

    assertThat(RawClient.get(fake.uri(), "/api/version").status()).isEqualTo(404);
    JsonNode props = RawClient.get(fake.uri(), "/props").body().json();
    assertThat(props.at("/default_generation_settings/n_ctx").asInt()).isEqualTo(1024);
    JsonNode models = RawClient.get(fake.uri(), "/v1/models").body().json();
    assertThat(models.at("/data/0/meta/n_ctx").asInt()).isEqualTo(1024);
  }

  @Test
  void llamaServerStreamsACallInPieces() throws Exception {
    fake.close();
    fake = FakeOllama.builder().dialect(Dialect.LLAMA_SERVER).start();
    String arguments = "{\"path\":\"ä😀ö.txt\",\"content\":\"x\"}";
    fake.enqueue(Answer.empty().reasoning("hm").call("c1", "write_file", arguments));

    SseText events =
        SseText.of(post("/v1/chat/completions", "{\"stream\":true," + MESSAGES + "}").text());

    StringBuilder joined = new StringBuilder();
    List<String> names = new ArrayList<>();
    for (JsonNode event : events.json()) {
      JsonNode function = event.at("/choices/0/delta/tool_calls/0/function");
      joined.append(function.path("arguments").asText());
      if (function.has("name")) {
        names.add(function.path("name").asText());
      }
    }
    assertThat(joined).hasToString(arguments);
    assertThat(names).containsExactly("write_file");
    assertThat(events.joined("reasoning_content")).isEqualTo("hm");
    assertThat(events.done()).isTrue();
  }

  @Test
  void nativeCallsKeepTheirArgumentTextInOwnLinesOrTheLast() throws Exception {
    Answer answer = Answer.text("so").call("a", "f", "{\"n\": 1.0}").call("b", "g", "{}");
    fake.enqueue(
        answer, answer.doneLine(Answer.DoneLine.CALLS), answer.doneLine(Answer.DoneLine.LAST_TEXT));
    String ask = "{\"model\":\"plain\"," + MESSAGES + "}";

    List<String> own = chat(ask).text().lines().toList();
    List<String> last = chat(ask).text().lines().toList();
    List<String> text = chat(ask).text().lines().toList();

    assertThat(own).hasSize(4);
    assertThat(own.get(1))
        .contains(
            "{\"id\":\"a\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"n\": 1.0}}}");
    assertThat(own.get(2)).contains("\"index\":1");
    assertThat(last).hasSize(2);
    assertThat(last.getLast()).contains("\"f\"", "\"g\"", "\"done\":true");
    assertThat(text).hasSize(3);
    assertThat(text.getLast()).contains("\"content\":\"so\"", "\"done\":true");
  }

  @Test
  void generateAndCompletionsSpeakTheirOwnForm() throws Exception {
    fake.enqueue(Answer.text("a", "b"), Answer.text("a", "b"));

    List<String> lines =
        post("/api/generate", "{\"model\":\"plain\",\"prompt\":\"p\"}").text().lines().toList();
    assertThat(lines.getFirst()).contains("\"response\":\"a\"").doesNotContain("message");
    SseText events =
        SseText.of(
            post("/v1/completions", "{\"model\":\"plain\",\"prompt\":\"p\",\"stream\":true}")
                .text());
    assertThat(events.json().getFirst().at("/choices/0/text").asText()).isEqualTo("a");
    assertThat(events.done()).isTrue();
  }

  @Test
  void manyClientsAtOnceAreAllServed() throws Exception {
    int clients = 100;
    fake.reply(_ -> Answer.text("x").repeat(50));
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      tasks.add(() -> chat("{\"model\":\"plain\"," + MESSAGES + "}").text().lines().count() == 52);
    }

    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> served : executor.invokeAll(tasks)) {
        assertThat(served.get()).isTrue();
      }
    }

    assertThat(fake.requestCount()).isEqualTo(clients);
    assertThat(fake.concurrentMax()).isBetween(1, clients);
    fake.exchanges().forEach(exchange -> exchange.await(LIMIT));
    fake.close();
    assertThat(fake.concurrent()).isZero();
    assertThat(fake.openConnections()).isZero();
  }

  @Test
  void refusingPortRefuses() {
    RefusingPort port = RefusingPort.find();

    assertThatThrownBy(() -> RawClient.get(port.uri(), "/")).isInstanceOf(IOException.class);
  }

  private RawClient.Response chat(String body) throws IOException {
    return post("/api/chat", body);
  }

  private RawClient.Response post(String path, String body) throws IOException {
    return RawClient.post(fake.uri(), path, body);
  }

  private static String said(RawClient.Response response) {
    return response.body().json().at("/message/content").asText();
  }

  private List<String> windows() throws IOException {
    List<String> windows = new ArrayList<>();
    RawClient.get(fake.uri(), "/api/ps")
        .body()
        .json()
        .path("models")
        .forEach(
            one ->
                windows.add(one.path("name").asText() + " " + one.path("context_length").asInt()));
    return windows;
  }
}
