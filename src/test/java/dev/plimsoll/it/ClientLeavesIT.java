package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Exchange;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Reply;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** A client that leaves frees the model at once, in every phase of its request. */
class ClientLeavesIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration AT_ONCE = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  static final List<Arguments> WAYS =
      Stream.of(Behind.values())
          .flatMap(
              behind ->
                  Stream.of(true, false)
                      .flatMap(
                          stream ->
                              Stream.of(true, false)
                                  .map(reset -> Arguments.of(behind, stream, reset))))
          .toList();

  private FakeOllama fake = FakeOllama.start();
  private RunningPlimsoll plimsoll = RunningPlimsoll.start();

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

  private RawClient asked(boolean stream) throws IOException {
    return RawClient.connect(plimsoll.uri()).send("POST", Ask.CHAT, Ask.chat(stream));
  }

  private static void leave(RawClient client, boolean reset) throws IOException {
    if (reset) {
      client.reset();
    } else {
      client.close();
    }
  }

  private void awaitClientClosed(int attempts) {
    JsonNode row =
        await()
            .atMost(LIMIT)
            .until(
                () -> plimsoll.requests(),
                rows -> rows.stream().anyMatch(ClientLeavesIT::clientClosed))
            .stream()
            .filter(ClientLeavesIT::clientClosed)
            .findFirst()
            .orElseThrow();
    assertThat(row.path("attempts")).hasSize(attempts);
    row.path("attempts").forEach(one -> assertThat(one.path("outcome").isNull()).isFalse());
  }

  private static boolean clientClosed(JsonNode row) {
    return row.path("outcome").asText().equals("client_closed");
  }

  private void followingRequestWorks() throws IOException {
    RawClient.Response next = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));
    assertThat(CanonicalStream.of(next.text(), "test").text()).isEqualTo("Hello, world!");
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(plimsoll.requests())
                    .anyMatch(row -> row.path("outcome").asText().equals("ok")));
  }

  private void leavesWhileTheModelIsBusy(Behind behind, boolean stream, boolean reset, Reply reply)
      throws IOException {
    start(behind, "upstream.max-concurrent=1");
    fake.enqueue(reply);
    RawClient client = asked(stream);
    Exchange exchange = behind.chat(fake, 0);

    leave(client, reset);

    exchange.awaitAbort(AT_ONCE);
    awaitClientClosed(1);
    followingRequestWorks();
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void duringPrefill(Behind behind, boolean stream, boolean reset) throws Exception {
    leavesWhileTheModelIsBusy(behind, stream, reset, Answer.text("a").beforeHeaders(LONG));
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void beforeTheFirstToken(Behind behind, boolean stream, boolean reset) throws Exception {
    leavesWhileTheModelIsBusy(behind, stream, reset, Answer.text("a").beforeFirst(LONG));
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void duringTheStream(Behind behind, boolean stream, boolean reset) throws Exception {
    start(behind, "upstream.max-concurrent=1");
    fake.enqueue(Answer.text("a", "b").endless().between(Duration.ofMillis(20)));
    RawClient client = asked(stream);
    Exchange exchange = behind.chat(fake, 0);
    if (stream) {
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.piece()).isPresent();
    } else {
      await().atMost(LIMIT).until(() -> exchange.bodyBytes() > 500);
    }

    leave(client, reset);

    exchange.awaitAbort(AT_ONCE);
    awaitClientClosed(1);
    followingRequestWorks();
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void inTheQueue(Behind behind, boolean stream, boolean reset) throws Exception {
    start(behind, "upstream.max-concurrent=1");
    fake.enqueue(Answer.text("a").beforeHeaders(LONG));
    RawClient first = asked(true);
    Exchange running = behind.chat(fake, 0);
    RawClient second = asked(stream);
    await().atMost(LIMIT).until(() -> plimsoll.requests().size() == 2);

    leave(second, reset);

    awaitClientClosed(0);
    assertThat(running.running()).isTrue();
    assertThat(behind.chats(fake)).hasSize(1);
    first.close();
    running.awaitAbort(AT_ONCE);
    followingRequestWorks();
    assertThat(behind.chats(fake)).hasSize(2);
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void duringTheBackOff(Behind behind, boolean stream, boolean reset) throws Exception {
    start(behind, "upstream.max-concurrent=1", "recovery.backoff=1m");
    fake.enqueue(Fault.nativeError(500, "no"));
    RawClient client = asked(stream);
    behind.chat(fake, 0).await(LIMIT);
    await()
        .atMost(LIMIT)
        .until(
            () ->
                plimsoll
                    .requests()
                    .getFirst()
                    .at("/attempts/0/outcome")
                    .asText()
                    .equals("upstream_error"));

    leave(client, reset);

    awaitClientClosed(1);
    assertThat(behind.chats(fake)).hasSize(1);
    followingRequestWorks();
  }

  @ParameterizedTest
  @FieldSource("WAYS")
  void whileTheModelIsLoaded(Behind behind, boolean stream, boolean reset) throws Exception {
    close();
    fake = behind.fake().loadTime(Duration.ofSeconds(4)).start();
    plimsoll = behind.learning(fake, "upstream.max-concurrent=1");
    if (behind == Behind.OPENAI) {
      fake.enqueue(new Fault.SilentHeaders(LONG));
    }
    RawClient client = asked(stream);
    Exchange exchange = behind.chat(fake, 0);

    leave(client, reset);

    exchange.awaitAbort(AT_ONCE);
    awaitClientClosed(behind == Behind.OLLAMA ? 0 : 1);
    followingRequestWorks();
  }

  @Test
  void whileTheServerIsAskedWhatItIs() throws Exception {
    close();
    fake = FakeOllama.start();
    fake.enqueue(Route.VERSION, new Fault.SilentHeaders(Duration.ofSeconds(4)));
    plimsoll = RunningPlimsoll.start("upstream.url=" + fake.uri(), "context.window=4096");
    RawClient client = asked(true);
    Behind.exchange(fake, Route.VERSION, 0);

    client.close();

    followingRequestWorks();
  }

  @Test
  void closingOnlyTheSendingHalfIsLeavingToo() throws Exception {
    start(Behind.OLLAMA);
    fake.enqueue(Answer.text("a").beforeHeaders(LONG));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), plimsoll.port())) {
      byte[] body = Ask.chat(true).getBytes(StandardCharsets.UTF_8);
      String head =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      Exchange exchange = Behind.OLLAMA.chat(fake, 0);

      socket.shutdownOutput();

      exchange.awaitAbort(AT_ONCE);
      awaitClientClosed(1);
    }
  }
}
