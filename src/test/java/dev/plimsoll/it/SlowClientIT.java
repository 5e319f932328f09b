package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that take their time, and clients that take too much memory. */
class SlowClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final String HEAD =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** Sends a byte every 50 ms until the other side has had enough. */
  private static Thread drip(RawClient client, AtomicBoolean stop) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (!stop.get()) {
                  client.sendRaw(new byte[] {'x'});
                  Thread.sleep(50);
                }
              } catch (IOException | InterruptedException e) {
                // closed, as it should be
              }
            });
  }

  @ParameterizedTest
  @EnumSource(Door.Side.class)
  void slowHeadsAreAllClosedWhileOthersAreServed(Door.Side side) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<RawClient> slow = new ArrayList<>();
    try (Door door = new Door("listen.header-timeout=1s")) {
      URI uri = door.uri(side);
      for (int i = 0; i < 200; i++) {
        slow.add(RawClient.connect(uri).sendRaw(bytes("GET / HTTP/1.1\r\nX-A: ")));
        drip(slow.getLast(), stop);
      }
      for (int i = 0; i < 20; i++) {
        door.stillServes();
      }
      for (RawClient client : slow) {
        RawClient.Response response = client.response();
        assertThat(response.status()).isEqualTo(408);
        assertThat(response.head().header("connection")).contains("close");
        assertThat(response.head().header("x-request-id")).isPresent();
        assertThat(response.text()).contains("bad_framing", "listen.header-timeout");
        assertThat(client.rest()).isEmpty();
      }
      assertThat(door.plimsoll().rejections()).hasSize(200).containsOnly(RejectReason.TIMEOUT);
    } finally {
      stop.set(true);
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  @Test
  void timeOfAHeadBeginsWithItsFirstByteOnAUsedConnectionToo() throws Exception {
    try (Door door = new Door("listen.header-timeout=500ms");
        RawClient client = RawClient.connect(door.plimsoll().uri())) {
      assertThat(client.send("GET", "/health", "").response().status()).isEqualTo(200);
      Thread.sleep(1500); // longer than a head may take: a connection may wait for its next one
      assertThat(client.send("GET", "/health", "").response().status()).isEqualTo(200);

      client.sendRaw(bytes("GET / HT"));

      assertThat(client.response().status()).isEqualTo(408);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void slowHeadBehindARequestDoesNotDisturbItsAnswer() throws Exception {
    try (Door door = new Door("listen.header-timeout=300ms")) {
      door.fake().enqueue(Answer.text("a", "b").repeat(20).between(Duration.ofMillis(50)));
      try (RawClient client = RawClient.connect(door.plimsoll().uri())) {
        client.send("POST", Ask.CHAT, Ask.chat(true));
        client.head();
        client.sendRaw(bytes("GET / HT"));

        RawClient.Response answer = client.response();

        assertThat(CanonicalStream.of(answer.text(), "test").finish()).isEqualTo("stop");
        assertThat(client.response().status()).isEqualTo(408);
        assertThat(client.rest()).isEmpty();
      }
    }
  }

  @Test
  void bodyThatDripsIsRefused() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (Door door = new Door("listen.body-timeout=1s");
        RawClient client = RawClient.connect(door.plimsoll().uri())) {
      client.sendRaw(bytes(HEAD + "Content-Length: 100000\r\n\r\n"));
      drip(client, stop);

      RawClient.Response response = client.response();

      assertThat(response.status()).isEqualTo(408);
      assertThat(response.text()).contains("listen.body-timeout");
      assertThat(client.rest()).isEmpty();
      assertThat(door.plimsoll().rejections()).containsExactly(RejectReason.TIMEOUT);
      door.untouched();
    } finally {
      stop.set(true);
    }
  }

  @Test
  void refusalIsReadThoughItsBodyIsStillBeingSent() throws Exception {
    byte[] megabytes = new byte[8 * 1024 * 1024];
    try (Door door = new Door("listen.max-body=1KiB");
        RawClient client = RawClient.connect(door.plimsoll().uri())) {
      client.sendRaw(bytes(HEAD + "Content-Length: " + megabytes.length + "\r\n\r\n"));
      Thread sender = Thread.ofVirtual().start(() -> sendUntilClosed(client, megabytes));

      RawClient.Response response = client.response();

      assertThat(response.status()).isEqualTo(413);
      assertThat(response.text()).contains("listen.max-body");
      assertThat(sender.join(LIMIT)).isTrue();
      assertThat(door.plimsoll().rejections()).containsExactly(RejectReason.TOO_LARGE);
    }
  }

  private static void sendUntilClosed(RawClient client, byte[] bytes) {
    try {
      client.sendRaw(bytes);
    } catch (SocketException e) {
      // cut off: nobody reads so much of a body that is refused
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String large(int kilobytes) {
    return Ask.chat("test", false, ",\"x\":\"" + "x".repeat(kilobytes * 1024) + "\"");
  }

  @Test
  void bodiesThatNeedTooMuchMemoryAreToldToComeAgain() throws Exception {
    try (Door door = new Door("listen.max-buffered=1MiB")) {
      door.fake().enqueue(Answer.text("a").beforeHeaders(Duration.ofMinutes(5)));
      URI uri = door.plimsoll().uri();
      try (RawClient first = RawClient.connect(uri)) {
        first.send("POST", Ask.CHAT, large(700));
        Behind.OLLAMA.chat(door.fake(), 0);
        try (RawClient second = RawClient.connect(uri)) {
          RawClient.Response refused = second.send("POST", Ask.CHAT, large(700)).response();

          assertThat(refused.status()).isEqualTo(503);
          assertThat(refused.head().header("Retry-After")).isPresent();
          assertThat(refused.text()).contains("upstream_overloaded", "listen.max-buffered");
          assertThat(second.rest()).isEmpty();
        }
        assertThat(RawClient.post(uri, Ask.CHAT, large(200)).status()).isEqualTo(200);
        assertThat(door.plimsoll().rejections()).containsExactly(RejectReason.QUEUE);
        first.reset();
      }
      await().atMost(LIMIT).until(() -> RawClient.post(uri, Ask.CHAT, large(700)).status() == 200);
      for (int i = 0; i < 20; i++) {
        assertThat(RawClient.post(uri, Ask.CHAT, large(700)).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void bodyThatCanNeverFitIsTooLarge() throws Exception {
    try (Door door = new Door("listen.max-buffered=64KiB")) {
      RawClient.Response refused = RawClient.post(door.plimsoll().uri(), Ask.CHAT, large(65));

      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.text()).contains("listen.max-buffered");
      door.untouched();
    }
  }

  @Test
  void promisedBodyCostsNothingUntilItComes() throws Exception {
    List<RawClient> promising = new ArrayList<>();
    try (Door door = new Door("listen.max-buffered=8MiB", "listen.max-body=8MiB")) {
      URI uri = door.plimsoll().uri();
      for (int i = 0; i < 50; i++) {
        promising.add(
            RawClient.connect(uri).sendRaw(bytes(HEAD + "Content-Length: 8000000\r\n\r\n")));
      }
      assertThat(RawClient.post(uri, Ask.CHAT, large(1000)).status()).isEqualTo(200);
    } finally {
      for (RawClient client : promising) {
        client.close();
      }
    }
  }

  @Test
  void oneConnectionTooManyIsCounted() throws Exception {
    try (Door door = new Door("listen.max-connections=1");
        RawClient one = RawClient.connect(door.plimsoll().uri())) {
      assertThat(one.send("GET", "/health", "").response().status()).isEqualTo(200);
      try (RawClient two = RawClient.connect(door.plimsoll().uri())) {
        assertThat(two.rest()).isEmpty();
      }
      assertThat(door.plimsoll().rejections()).containsExactly(RejectReason.CONNECTIONS);
    }
  }

  @Test
  void requestsThatFindNoPlaceAreCounted() throws Exception {
    try (Door door = new Door("listen.max-in-flight=1")) {
      door.fake().enqueue(Answer.text("a").beforeHeaders(Duration.ofMinutes(5)));
      URI uri = door.plimsoll().uri();
      try (RawClient first = RawClient.connect(uri)) {
        first.send("POST", Ask.CHAT, Ask.chat(true), new Header("x-session-id", "s"));
        Behind.OLLAMA.chat(door.fake(), 0);

        assertThat(RawClient.post(uri, Ask.CHAT, Ask.chat(true)).status()).isEqualTo(429);

        assertThat(door.plimsoll().rejections()).containsExactly(RejectReason.QUEUE);
        first.reset();
      }
    }
  }
}
