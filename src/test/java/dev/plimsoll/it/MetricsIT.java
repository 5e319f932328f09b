package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Exchange;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RefusingPort;
import dev.plimsoll.testing.Route;
import dev.plimsoll.testing.Scrape;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens moves the metric that says so, and no other one. */
class MetricsIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(5);

  private FakeOllama fake = FakeOllama.start();
  private RunningPlimsoll plimsoll = RunningPlimsoll.start("upstream.url=" + fake.uri());

  private void start(Behind behind, String... more) {
    close();
    fake = behind.fake().start();
    plimsoll = behind.plimsoll(fake, more);
  }

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private RawClient.Response ask(boolean stream) throws IOException {
    return RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("test:latest", stream, ""));
  }

  /** The sum of the samples; a series that an end of a connection moves may take a moment. */
  private void awaitSum(double expected, String name, String... labels) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(plimsoll.scrape().sum(name, labels)).as(name).isEqualTo(expected));
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void goodAnswers(Behind behind) throws Exception {
    start(behind);
    fake.enqueue(Answer.text("a", "b", "c").tokens(2000, 3), Answer.text("d").tokens(100, 7));

    assertThat(ask(true).status()).isEqualTo(200);
    assertThat(ask(false).status()).isEqualTo(200);

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.all("http_requests_total")).hasSize(1);
    assertThat(
            scrape.sum("http_requests_total", "endpoint", "chat", "code", "200", "outcome", "ok"))
        .isEqualTo(2);
    assertThat(scrape.all("upstream_attempts_total")).hasSize(1);
    assertThat(
            scrape.sum(
                "upstream_attempts_total",
                "model",
                "test:latest",
                "purpose",
                "main",
                "outcome",
                "ok"))
        .isEqualTo(2);
    assertThat(scrape.sum("tokens_total", "type", "input", "source", "upstream")).isEqualTo(2100);
    assertThat(scrape.sum("tokens_total", "type", "output", "source", "upstream")).isEqualTo(10);
    assertThat(scrape.sum("request_tokens_sum", "type", "input")).isEqualTo(2100);
    assertThat(scrape.sum("request_tokens_bucket", "type", "input", "le", "1024.0")).isEqualTo(1);
    assertThat(scrape.sum("request_duration_seconds_count", "stream", "true")).isEqualTo(1);
    assertThat(scrape.sum("request_duration_seconds_count", "stream", "false")).isEqualTo(1);
    assertThat(scrape.sum("time_to_first_token_seconds_count", "model", "test:latest"))
        .isEqualTo(1);
    assertThat(scrape.sum("time_per_output_token_seconds_count")).isEqualTo(2);
    assertThat(scrape.sum("context_utilization_ratio_sum")).isEqualTo(2100.0 / 4096);
    assertThat(scrape.sum("context_utilization_ratio_bucket", "le", "0.1")).isEqualTo(1);
    assertThat(scrape.sum("context_window_tokens", "model", "test:latest", "origin", "config"))
        .isEqualTo(4096);
    assertThat(scrape.sum("queue_wait_seconds_count")).isEqualTo(2);
    assertThat(scrape.sum("sessions_total")).isEqualTo(1);
    assertThat(scrape.sum("sessions_active")).isEqualTo(1);
    assertThat(scrape.sum("inflight_requests")).isZero();
    assertThat(scrape.sum("upstream_up")).isEqualTo(1);
    assertThat(scrape.sum("upstream_last_success_timestamp_seconds")).isGreaterThan(1e9);
    assertThat(scrape.sum("rejected_requests_total")).isZero();
    assertThat(scrape.sum("client_disconnects_total")).isZero();
    assertThat(scrape.sum("sse_anomalies_total")).isZero();
    assertThat(scrape.all("recoveries_total")).isEmpty();
    assertThat(scrape.all("discarded_tokens_total")).isEmpty();
    assertThat(scrape.all("toolcall_repairs_total")).isEmpty();
  }

  @Test
  void pingIsNoFirstToken() throws Exception {
    start(Behind.OLLAMA, "stream.first-ping=20ms", "stream.ping-interval=20ms");
    fake.enqueue(Answer.text("a").beforeHeaders(Duration.ofMillis(300)));

    assertThat(ask(true).text()).startsWith(": waiting");

    assertThat(plimsoll.scrape().sum("time_to_first_token_seconds_sum")).isGreaterThan(0.25);
  }

  @Test
  void modelIsNamedAsItsServerSpellsIt() throws Exception {
    start(Behind.OLLAMA);
    RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("test", true, ""));
    RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("test:latest", true, ""));
    assertThat(RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("nobody", true, "")).status())
        .isEqualTo(404);

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("request_duration_seconds_count", "model", "test:latest")).isEqualTo(2);
    assertThat(scrape.sum("request_duration_seconds_count", "model", "other")).isEqualTo(1);
  }

  @Test
  void loadedModelTellsItsWindowAndItsShareOfTheGpu() throws Exception {
    close();
    fake = FakeOllama.builder().defaultContext(8192).start();
    plimsoll = Behind.OLLAMA.learning(fake);

    ask(true);

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("context_window_tokens", "origin", "detected")).isEqualTo(8192);
    assertThat(scrape.all("upstream_gpu_share_ratio", "model", "test:latest")).hasSize(1);
    assertThat(scrape.sum("upstream_gpu_share_ratio")).isZero();
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void secondTryThatWorks(Behind behind) throws Exception {
    start(behind, "recovery.backoff=1ms");
    fake.enqueue(Fault.nativeError(500, "no"), Answer.text("a"));

    assertThat(ask(true).status()).isEqualTo(200);

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("recoveries_total")).isEqualTo(1);
    assertThat(scrape.sum("recoveries_total", "reason", "upstream_error", "result", "recovered"))
        .isEqualTo(1);
    assertThat(
            scrape.sum("upstream_attempts_total", "purpose", "main", "outcome", "upstream_error"))
        .isEqualTo(1);
    assertThat(scrape.sum("upstream_attempts_total", "purpose", "retry", "outcome", "ok"))
        .isEqualTo(1);
    assertThat(scrape.sum("http_requests_total", "code", "200", "outcome", "ok")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void secondTryThatFailsToo(Behind behind) throws Exception {
    start(behind, "recovery.backoff=1ms");
    fake.enqueue(Fault.nativeError(500, "no"), Fault.nativeError(500, "no"));

    assertThat(ask(true).status()).isEqualTo(502);

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("recoveries_total")).isEqualTo(1);
    assertThat(scrape.sum("recoveries_total", "reason", "upstream_error", "result", "exhausted"))
        .isEqualTo(1);
    assertThat(scrape.sum("http_requests_total", "code", "502", "outcome", "upstream_error"))
        .isEqualTo(1);
    assertThat(scrape.sum("upstream_last_success_timestamp_seconds")).isZero();
  }

  @Test
  void brokenCallIsThrownAway() throws Exception {
    start(Behind.OPENAI);
    fake.enqueue(Answer.empty().call("c", "f", "{\"a\":").tokens(50, 9));

    assertThat(ask(false).status()).isEqualTo(502);

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("discarded_tokens_total", "reason", "invalid_tool_arguments"))
        .isEqualTo(9);
    assertThat(scrape.sum("tokens_total", "type", "output")).isEqualTo(9);
    assertThat(scrape.all("request_tokens_count")).isEmpty();
  }

  private static String sse(String... events) {
    return "data: " + String.join("\n\ndata: ", events) + "\n\n";
  }

  private static String chunk(String delta, String finish) {
    return "{\"id\":\"i\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}"
        .formatted(delta, finish);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no_done | {chunk}",
        "after_done | {chunk}!{finish}![DONE]!{chunk}",
        "duplicate_finish | {finish}!{finish}![DONE]",
        "bad_json | oops {}",
      })
  void oddStreams(String kind, String events) throws Exception {
    start(Behind.OPENAI);
    String stream =
        sse(
            events
                .replace("{chunk}", chunk("{\"content\":\"a\"}", "null"))
                .replace("{finish}", chunk("{}", "\"stop\""))
                .split("!", -1));
    if (kind.equals("no_done")) {
      stream += sse(chunk("{}", "\"stop\""));
    }
    fake.enqueue(new Fault.Raw(stream, "text/event-stream"));

    ask(true);

    awaitSum(1, "sse_anomalies_total", "kind", kind);
    assertThat(plimsoll.scrape().sum("sse_anomalies_total")).isEqualTo(1);
  }

  @Test
  void callsThatAreMended() throws Exception {
    start(Behind.OPENAI);
    String call =
        "{\"tool_calls\":[{\"index\":1,\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]}";
    fake.enqueue(
        new Fault.Raw(
            sse(chunk(call, "null"), chunk("{}", "\"stop\""), "[DONE]"), "text/event-stream"));

    assertThat(ask(true).text()).contains("\"tool_calls\"");

    Scrape scrape = plimsoll.scrape();
    for (String repair : new String[] {"index", "id", "args_type", "finish_reason"}) {
      assertThat(scrape.sum("toolcall_repairs_total", "repair", repair)).as(repair).isEqualTo(1);
    }
  }

  @Test
  void ollamasOwnFormOfCallsNeedsNoRepair() throws Exception {
    start(Behind.OLLAMA);
    fake.enqueue(Answer.empty().call("c", "f", "{\"a\":1}"));

    assertThat(ask(true).text()).contains("\"tool_calls\"");

    assertThat(plimsoll.scrape().all("toolcall_repairs_total")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientThatLeavesDuringPrefill(boolean stream) throws Exception {
    start(Behind.OLLAMA);
    fake.enqueue(Answer.text("a").beforeHeaders(LONG));
    leaves(stream);

    awaitSum(1, "client_disconnects_total", "phase", "prefill");
    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("client_disconnects_total")).isEqualTo(1);
    assertThat(scrape.sum("http_requests_total", "code", "499", "outcome", "client_closed"))
        .isEqualTo(1);
    assertThat(scrape.sum("upstream_attempts_total", "outcome", "client_closed")).isEqualTo(1);
    assertThat(scrape.sum("inflight_requests")).isZero();
  }

  private void leaves(boolean stream) throws IOException {
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client.send("POST", Ask.CHAT, Ask.chat("test:latest", stream, ""));
      Behind.OLLAMA.chat(fake, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientThatLeavesDuringTheStream(boolean stream) throws Exception {
    start(Behind.OLLAMA);
    fake.enqueue(Answer.text("a", "b").endless().between(Duration.ofMillis(20)));
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client.send("POST", Ask.CHAT, Ask.chat("test:latest", stream, ""));
      Exchange exchange = Behind.OLLAMA.chat(fake, 0);
      if (stream) {
        client.head();
        assertThat(client.piece()).isPresent();
        awaitSum(1, "inflight_requests");
      } else {
        await().atMost(LIMIT).until(() -> exchange.bodyBytes() > 500);
      }
    }

    awaitSum(1, "client_disconnects_total", "phase", "stream");
    assertThat(plimsoll.scrape().sum("client_disconnects_total")).isEqualTo(1);
  }

  @Test
  void clientThatLeavesTheQueue() throws Exception {
    start(Behind.OLLAMA, "upstream.max-concurrent=1", "upstream.queue=1");
    fake.enqueue(Answer.text("a").beforeHeaders(LONG));
    try (RawClient first = RawClient.connect(plimsoll.uri())) {
      first.send("POST", Ask.CHAT, Ask.chat(true));
      Behind.OLLAMA.chat(fake, 0);
      try (RawClient second = RawClient.connect(plimsoll.uri())) {
        second.send("POST", Ask.CHAT, Ask.chat(true));
        awaitSum(1, "queued_requests");
        assertThat(ask(true).status()).isEqualTo(429);
      }
      awaitSum(1, "client_disconnects_total", "phase", "queue");
      awaitSum(0, "queued_requests");
    }

    awaitSum(1, "client_disconnects_total", "phase", "prefill");
    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("rejected_requests_total", "reason", "queue")).isEqualTo(1);
    assertThat(scrape.sum("http_requests_total", "code", "429", "outcome", "shed")).isEqualTo(1);
    assertThat(scrape.sum("http_requests_total")).isEqualTo(3);
  }

  @Test
  void clientThatLeavesDuringTheBackOff() throws Exception {
    start(Behind.OLLAMA, "recovery.backoff=1m");
    fake.enqueue(Fault.nativeError(500, "no"));
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client.send("POST", Ask.CHAT, Ask.chat(true));
      awaitSum(1, "upstream_attempts_total", "outcome", "upstream_error");
    }

    awaitSum(1, "client_disconnects_total", "phase", "retry");
    assertThat(plimsoll.scrape().all("recoveries_total")).isEmpty();
  }

  @Test
  void everyRefusalIsCountedOnceInEach() throws Exception {
    start(Behind.OLLAMA);
    refused("GET", "/nothing", "", "other", "404", "path");
    refused("DELETE", "/v1/models", "", "models", "405", "method");
    refused("POST", "/api/pull", "{}", "management", "403", "management");
    refused("GET", "/v1/models", "", "models", "403", "host", new Header("Host", "evil.example"));
    refused(
        "GET", "/v1/models", "", "models", "403", "origin", new Header("Origin", "http://evil"));
    RawClient.post(plimsoll.uri(), Ask.CHAT, "{");
    awaitSum(1, "rejected_requests_total", "reason", "json");
    RawClient.post(plimsoll.uri(), Ask.CHAT, "{\"model\":\"test\"}");
    awaitSum(1, "rejected_requests_total", "reason", "invalid");

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("rejected_requests_total")).isEqualTo(7);
    assertThat(scrape.sum("http_requests_total")).isEqualTo(7);
    assertThat(
            scrape.sum(
                "http_requests_total",
                "endpoint",
                "chat",
                "code",
                "400",
                "outcome",
                "client_error"))
        .isEqualTo(2);
  }

  private void refused(
      String method,
      String path,
      String body,
      String endpoint,
      String code,
      String reason,
      Header... headers)
      throws IOException {
    double before =
        plimsoll
            .scrape()
            .sum("http_requests_total", "endpoint", endpoint, "code", code, "outcome", "rejected");
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
      boolean host = false;
      for (Header header : headers) {
        head.append(header.name() + ": " + header.value() + "\r\n");
        host |= header.name().equals("Host");
      }
      head.append(host ? "" : "Host: localhost\r\n");
      if (!body.isEmpty()) {
        head.append("Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n");
      }
      client.sendRaw((head + "\r\n" + body).getBytes(US_ASCII));
      assertThat(client.response().status()).isEqualTo(Integer.parseInt(code));
    }
    awaitSum(1, "rejected_requests_total", "reason", reason);
    awaitSum(
        before + 1,
        "http_requests_total",
        "endpoint",
        endpoint,
        "code",
        code,
        "outcome",
        "rejected");
  }

  @Test
  void clientThatLeavesInTheMiddleOfItsBody() throws Exception {
    start(Behind.OLLAMA);
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      client.sendRaw(
          ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                  + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
              .getBytes(US_ASCII));
    }

    awaitSum(1, "http_requests_total", "endpoint", "chat");
    assertThat(Behind.OLLAMA.chats(fake)).isEmpty();
  }

  @Test
  void questionsOfAgentsAreCounted() throws Exception {
    start(Behind.OLLAMA);
    RawClient.get(plimsoll.uri(), "/v1/models");
    RawClient.get(plimsoll.uri(), "/api/tags");
    RawClient.get(plimsoll.uri(), "/health");

    awaitSum(1, "http_requests_total", "endpoint", "models", "code", "200", "outcome", "ok");
    awaitSum(1, "http_requests_total", "endpoint", "discovery", "code", "200", "outcome", "ok");
    awaitSum(1, "http_requests_total", "endpoint", "health", "code", "200", "outcome", "ok");
  }

  @Test
  void upstreamThatIsNotThereIsDownUntilItComes() throws Exception {
    close();
    RefusingPort nobody = RefusingPort.find();
    plimsoll = RunningPlimsoll.start("upstream.url=" + nobody.uri(), "recovery.backoff=1ms");
    assertThat(ask(true).status()).isEqualTo(502);
    assertThat(plimsoll.scrape().sum("upstream_up")).isZero();

    fake = FakeOllama.builder().port(nobody.port()).start();
    assertThat(ask(true).status()).isEqualTo(200);

    assertThat(plimsoll.scrape().sum("upstream_up")).isEqualTo(1);
  }

  @Test
  void embeddingsAreCountedToo() throws Exception {
    start(Behind.OPENAI);

    RawClient.post(
        plimsoll.uri(), "/v1/embeddings", "{\"model\":\"test:latest\",\"input\":\"hi\"}");

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("http_requests_total", "endpoint", "embeddings")).isEqualTo(1);
    assertThat(scrape.sum("upstream_attempts_total", "outcome", "ok")).isEqualTo(1);
    assertThat(scrape.all("request_tokens_count", "type", "output")).isEmpty();
  }

  @Test
  void relayedFailureIsTheUpstreams() throws Exception {
    start(Behind.OPENAI);
    fake.enqueue(Route.V1_EMBEDDINGS, Fault.status(500, "{}"), Fault.status(400, "{}"));
    for (int status : new int[] {500, 400}) {
      RawClient.Response answer =
          RawClient.post(plimsoll.uri(), "/v1/embeddings", "{\"model\":\"test:latest\"}");
      assertThat(answer.status()).isEqualTo(status);
    }

    Scrape scrape = plimsoll.scrape();
    assertThat(scrape.sum("http_requests_total", "code", "500", "outcome", "upstream_error"))
        .isEqualTo(1);
    assertThat(scrape.sum("http_requests_total", "code", "400", "outcome", "client_error"))
        .isEqualTo(1);
    assertThat(scrape.sum("upstream_attempts_total", "outcome", "upstream_error")).isEqualTo(1);
    assertThat(scrape.sum("upstream_attempts_total", "outcome", "refused")).isEqualTo(1);
  }

  @Test
  void loopsAreMeasured() {
    await().atMost(LIMIT).until(() -> plimsoll.scrape().sum("event_loop_lag_seconds_count") > 0);
  }

  @Test
  void bothFormsAreWrittenWithTheirTypes() throws Exception {
    try (RawClient client = RawClient.connect(plimsoll.adminUri())) {
      RawClient.Response text = client.send("GET", "/metrics", "").response();
      assertThat(text.head().header("content-type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      RawClient.Response open =
          client
              .send("GET", "/metrics", "", new Header("Accept", "application/openmetrics-text"))
              .response();
      assertThat(open.head().header("content-type"))
          .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
      assertThat(open.text()).endsWith("# EOF\n").contains("# TYPE plimsoll_build info\n");
      assertThat(text.text()).contains("# TYPE plimsoll_build_info gauge\n");
    }
    try (RawClient client = RawClient.connect(plimsoll.adminUri())) {
      RawClient.Head head = client.send("HEAD", "/metrics", "").head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-length").map(Integer::parseInt).orElse(0)).isPositive();
    }
  }
}
