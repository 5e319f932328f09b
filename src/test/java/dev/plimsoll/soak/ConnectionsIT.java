package dev.plimsoll.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Exchange;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What one connection costs, by what its client does with it: the figures of docs/security.md.
 *
 * <p>The heap is that of live objects. It has all its memory from the start, so that what else the
 * process grows by lies outside of it.
 */
@Tag("soak")
class ConnectionsIT {
  private static final String LATER = "30m";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> JVM = List.of(Soak.HEAP, "-Xms128m", "-XX:+AlwaysPreTouch");
  private static final String KILOBYTE = "0123456789abcdef".repeat(64);

  @TempDir private Path folder;

  /** What a client does, how many do it, and the most that one may cost, in bytes of heap. */
  enum Kind {
    SAYS_NOTHING(1000, 12_000),
    WAS_ANSWERED(1000, 12_000),
    STOPS_IN_ITS_HEAD(1000, 28_000),
    STOPS_IN_ITS_BODY(1000, 32_000),
    WAITS_FOR_THE_MODEL(1000, 40_000),
    DOES_NOT_READ(100, 2_000_000);

    private final int clients;
    private final long most;

    Kind(int clients, long most) {
      this.clients = clients;
      this.most = most;
    }
  }

  @ParameterizedTest
  @EnumSource
  void connectionCostsNoMoreThan(Kind kind) throws Exception {
    assumeTrue(Vitals.canBeRead(), "skipped: there is no /proc to read memory from");
    List<RawClient> clients = new ArrayList<>();
    try (FakeOllama fake = FakeOllama.builder().sendBuffer(64 * 1024).start();
        BuiltPlimsoll plimsoll = start(fake)) {
      ask(RawClient.connect(plimsoll.agents())).close(); // whatever is only once is there now
      reply(fake, kind);
      Vitals before = Vitals.of(plimsoll.pid(), folder);
      for (int i = 0; i < kind.clients; i++) {
        clients.add(client(plimsoll, kind));
      }
      settle(fake, kind);

      Vitals after = Vitals.of(plimsoll.pid(), folder);

      long heap = (after.heap() - before.heap()) / kind.clients;
      long outside = (after.resident() - before.resident()) / kind.clients;
      System.out.printf("| %s | %d | %,d | %,d |%n", kind, kind.clients, heap, outside);
      assertThat(plimsoll.alive()).isTrue();
      assertThat(heap).isLessThan(kind.most);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private BuiltPlimsoll start(FakeOllama fake) throws IOException, InterruptedException {
    return BuiltPlimsoll.start(
        JVM,
        folder,
        fake.uri(),
        "listen.max-connections=4000",
        "listen.max-in-flight=4000",
        "listen.header-timeout=" + LATER,
        "listen.body-timeout=" + LATER,
        "listen.idle-timeout=" + LATER,
        "listen.write-stall-timeout=" + LATER,
        "stream.first-ping=" + LATER);
  }

  private static RawClient ask(RawClient client) throws IOException {
    assertThat(client.send("GET", "/health", "").response().status()).isEqualTo(200);
    return client;
  }

  private static void reply(FakeOllama fake, Kind kind) {
    Answer endless = Answer.text(KILOBYTE).endless();
    Duration silence = kind == Kind.DOES_NOT_READ ? Duration.ZERO : Duration.ofMinutes(30);
    fake.reply(_ -> endless.beforeHeaders(silence));
  }

  private static RawClient client(BuiltPlimsoll plimsoll, Kind kind) throws IOException {
    RawClient client = RawClient.connect(plimsoll.agents().getPort(), 8192);
    String chat = Question.chat(1, true, false, 1000).body();
    return switch (kind) {
      case SAYS_NOTHING -> client;
      case WAS_ANSWERED -> ask(client);
      case STOPS_IN_ITS_HEAD -> client.sendRaw(head("X: " + "x".repeat(8 * 1024)));
      case STOPS_IN_ITS_BODY ->
          client.sendRaw(
              head("Content-Type: application/json\r\nContent-Length: 16384\r\n\r\n{\"a\":"));
      case WAITS_FOR_THE_MODEL, DOES_NOT_READ -> client.send("POST", "/v1/chat/completions", chat);
    };
  }

  private static byte[] head(String rest) {
    String start = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n";
    return (start + rest).getBytes(ISO_8859_1);
  }

  /** Waits until all that will happen has happened. */
  private static void settle(FakeOllama fake, Kind kind) throws InterruptedException {
    switch (kind) {
      case SAYS_NOTHING, WAS_ANSWERED, STOPS_IN_ITS_HEAD, STOPS_IN_ITS_BODY ->
          Thread.sleep(Duration.ofSeconds(2)); // nothing tells that bytes were read
      case WAITS_FOR_THE_MODEL ->
          await().atMost(PATIENCE).until(() -> fake.concurrent() >= kind.clients);
      case DOES_NOT_READ -> {
        AtomicLong last = new AtomicLong(-1);
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(3))
            .until(() -> sent(fake) == last.getAndSet(sent(fake)));
      }
    }
  }

  private static long sent(FakeOllama fake) {
    return fake.exchanges().stream().mapToLong(Exchange::bodyBytes).sum();
  }
}
