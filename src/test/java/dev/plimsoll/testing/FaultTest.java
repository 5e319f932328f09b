package dev.plimsoll.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes wrong goes wrong on the wire exactly as scripted, and a client who leaves is noticed.
 */
class FaultTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String ASK =
      "{\"model\":\"test\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final Answer ANSWER = Answer.text("one", "two", "three");

  private final FakeOllama fake = FakeOllama.builder().sendBuffer(16 * 1024).start();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void statusReplacesTheAnswerWithItsHeaders() throws Exception {
    fake.enqueue(
        new Fault.Status(429, "{\"error\":\"slow\"}", List.of(new Header("Retry-After", "7"))));

    RawClient.Response response = chat(true);

    assertThat(response.status()).isEqualTo(429);
    assertThat(response.head().header("Retry-After")).contains("7");
    assertThat(response.text()).isEqualTo("{\"error\":\"slow\"}");
  }

  @ParameterizedTest
  @EnumSource(Fault.How.class)
  void bodyIsCutAtTheByte(Fault.How how) throws Exception {
    fake.enqueue(ANSWER.with(new Fault.CutAfter(150, how)));

    RawClient.Response response = chat(true);

    // A reset may overtake bytes that the client had not read yet.
    if (how == Fault.How.RST) {
      assertThat(response.body().length()).isLessThanOrEqualTo(150);
    } else {
      assertThat(response.body().length()).isEqualTo(150);
    }
    assertThat(response.complete()).isEqualTo(how == Fault.How.CLEAN_END);
    // The client may have read the end before the server counts it.
    Exchange exchange = fake.awaitExchange(0, LIMIT);
    exchange.await(LIMIT);
    assertThat(exchange.bodyBytes()).isEqualTo(150);
  }

  @ParameterizedTest
  @EnumSource(Fault.How.class)
  void wholeAnswerIsCutToo(Fault.How how) throws Exception {
    fake.enqueue(ANSWER.with(new Fault.CutAfter(20, how)));

    RawClient.Response response = chat(false);

    assertThat(response.complete()).isEqualTo(how == Fault.How.CLEAN_END);
  }

  @Test
  void resetIsAResetAndNotAnEnd() throws Exception {
    fake.enqueue(ANSWER.with(new Fault.CutAfter(0, Fault.How.RST)));

    assertThatThrownBy(
            () -> {
              try (RawClient client = asked(true)) {
                client.head();
                client.piece();
              }
            })
        .isInstanceOf(SocketException.class);
    assertThat(fake.awaitExchange(0, LIMIT).await(LIMIT))
        .isInstanceOf(Exchange.Ending.BrokenOff.class);
  }

  @Test
  void refusedRequestGetsNoByte() {
    fake.enqueue(new Fault.Refuse());

    assertThatThrownBy(() -> chat(true)).isInstanceOf(EOFException.class);
  }

  @Test
  void rawBodyIsSentAsItIs() throws Exception {
    fake.enqueue(new Fault.Raw("data: {\"broken", "text/event-stream"));

    RawClient.Response response = chat(true);

    assertThat(response.text()).isEqualTo("data: {\"broken");
    assertThat(response.head().header("Content-Type")).contains("text/event-stream");
  }

  @Test
  void answerWithoutEndEndsCleanly() throws Exception {
    fake.enqueue(ANSWER.with(new Fault.NoFinish()));

    RawClient.Response response = chat(true);

    assertThat(response.complete()).isTrue();
    assertThat(response.text().lines()).hasSize(3).noneMatch(line -> line.contains("done_reason"));
  }

  @Test
  void errorLineEndsANativeStreamAndIsAStatusOtherwise() throws Exception {
    fake.enqueue(ANSWER.with(new Fault.ErrorLine(2, "<boom>")), Fault.runnerDied(1));

    List<String> lines = chat(true).text().lines().toList();
    RawClient.Response whole = chat(false);

    assertThat(lines).hasSize(3);
    assertThat(lines.getLast()).isEqualTo("{\"error\":\"\\u003cboom\\u003e\"}");
    assertThat(whole.status()).isEqualTo(500);
    assertThat(whole.text()).contains("unexpected EOF");
  }

  @Test
  void errorEventComesAfterThePieces() throws Exception {
    fake.enqueue(ANSWER.with(new Fault.SseError(1, "{\"error\":{\"code\":500}}")));

    RawClient.Response response =
        RawClient.post(fake.uri(), "/v1/chat/completions", ASK.formatted(true));

    SseText events = SseText.of(response.text());
    assertThat(events.events()).hasSize(2);
    assertThat(events.events().getLast()).isEqualTo("{\"error\":{\"code\":500}}");
  }

  @Test
  void contextErrorHoldsBothNumbersInATextInAText() throws Exception {
    fake.enqueue(Fault.contextExceeded(1506, 512));

    RawClient.Response response = chat(true);

    assertThat(response.status()).isEqualTo(400);
    String inner = response.body().json().path("error").asText();
    assertThat(JsonText.parse(inner).at("/error/n_prompt_tokens").asInt()).isEqualTo(1506);
    assertThat(JsonText.parse(inner).at("/error/n_ctx").asInt()).isEqualTo(512);
  }

  @Test
  void faultsActOnOtherRoutesToo() throws Exception {
    fake.enqueue(Route.PS, Fault.status(500, "{}"), new Fault.CutAfter(3, Fault.How.FIN));

    assertThat(RawClient.get(fake.uri(), "/api/ps").status()).isEqualTo(500);
    assertThat(RawClient.get(fake.uri(), "/api/ps").complete()).isFalse();
    assertThat(RawClient.get(fake.uri(), "/api/ps").text()).isEqualTo("{\"models\":[]}");
  }

  @ParameterizedTest
  @CsvSource({"false, true", "true, true", "false, false", "true, false"})
  void clientThatLeavesASilentServerIsNoticed(boolean reset, boolean stream) throws Exception {
    fake.enqueue(ANSWER.with(new Fault.SilentHeaders(LONG)));
    RawClient client = asked(stream);
    Exchange exchange = fake.awaitExchange(0, LIMIT);
    assertThat(exchange.running()).isTrue();
    long left = System.nanoTime();

    leave(client, reset);

    assertThat(exchange.awaitAbort(LIMIT).noticedNanos()).isGreaterThan(left);
    assertThat(exchange.bodyBytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void clientThatLeavesDuringAStallIsNoticed(boolean reset) throws Exception {
    fake.enqueue(ANSWER.with(new Fault.Stall(2, LONG)));
    RawClient client = asked(true);
    client.head();
    assertThat(client.piece().orElseThrow().body().text()).contains("one");
    assertThat(client.piece().orElseThrow().body().text()).contains("two");

    leave(client, reset);

    fake.awaitExchange(0, LIMIT).awaitAbort(LIMIT);
  }

  @Test
  void clientThatLeavesWhileAModelLoadsIsNoticed() throws Exception {
    try (FakeOllama slow = FakeOllama.builder().loadTime(LONG).start()) {
      RawClient client =
          RawClient.connect(slow.uri()).send("POST", "/api/chat", "{\"model\":\"test\"}");
      Exchange exchange = slow.awaitExchange(0, LIMIT);
      await().atMost(LIMIT).until(() -> slow.loads() == 1);

      client.close();

      exchange.awaitAbort(LIMIT);
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void clientThatDoesNotReadHoldsTheServerUp(boolean reset) throws Exception {
    fake.enqueue(Answer.text("x".repeat(1000)).endless());
    RawClient client = RawClient.connect(fake.port(), 16 * 1024);
    client.send("POST", "/api/chat", ASK.formatted(true)).head();
    Exchange exchange = fake.awaitExchange(0, LIMIT);

    long held = settled(exchange);
    assertThat(held).isBetween(1000L, 4_000_000L);
    for (int i = 0; i < 5000; i++) {
      client.piece();
    }
    assertThat(settled(exchange)).isGreaterThan(held);

    leave(client, reset);
    exchange.awaitAbort(LIMIT);
  }

  @Test
  void clientThatClosesAfterTheLastEventDidNotAbort() throws Exception {
    for (int i = 0; i < 50; i++) {
      fake.enqueue(ANSWER);
      try (RawClient client = asked(true)) {
        client.head();
        for (int piece = 0; piece < 4; piece++) {
          assertThat(client.piece()).isPresent();
        }
      }
      assertThat(fake.awaitExchange(i, LIMIT).await(LIMIT))
          .isInstanceOf(Exchange.Ending.Answered.class);
    }
  }

  @Test
  void closingTheFakeEndsWhatRuns() throws Exception {
    fake.enqueue(new Fault.SilentHeaders(LONG));
    try (RawClient client = asked(true)) {
      Exchange exchange = fake.awaitExchange(0, LIMIT);

      fake.close();

      assertThat(exchange.await(LIMIT)).isInstanceOf(Exchange.Ending.ShutDown.class);
      assertThat(fake.openConnections()).isZero();
      assertThatThrownBy(client::head).isInstanceOf(java.io.IOException.class);
    }
  }

  /** The count of taken bytes once it has stopped moving. */
  private static long settled(Exchange exchange) throws InterruptedException {
    long before = -1;
    long now = exchange.bodyBytes();
    for (int i = 0; i < 100 && (now == 0 || now != before); i++) {
      Thread.sleep(100);
      before = now;
      now = exchange.bodyBytes();
    }
    return now;
  }

  private static void leave(RawClient client, boolean reset) throws Exception {
    if (reset) {
      client.reset();
    } else {
      client.close();
    }
  }

  private RawClient asked(boolean stream) throws Exception {
    return RawClient.connect(fake.uri()).send("POST", "/api/chat", ASK.formatted(stream));
  }

  private RawClient.Response chat(boolean stream) throws Exception {
    return RawClient.post(fake.uri(), "/api/chat", ASK.formatted(stream));
  }
}
