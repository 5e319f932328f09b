package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Exchange;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that reads slowly holds the model up, and costs no memory. */
class SlowReaderIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long MIB = 1024 * 1024;
  private static final String KILOBYTE = "0123456789abcdef".repeat(64);

  private static RawClient asked(RunningPlimsoll plimsoll) throws IOException {
    return RawClient.connect(plimsoll.port(), 8192).send("POST", Ask.CHAT, Ask.chat(true));
  }

  private static FakeOllama fake(Behind behind) {
    return behind.fake().sendBuffer(64 * 1024).start();
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Waits until the server's bytes have stood still for a second. */
  private static void awaitStandstill(Exchange exchange) {
    AtomicLong last = new AtomicLong(-1);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> exchange.bodyBytes() == last.getAndSet(exchange.bodyBytes()));
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void upstreamIsHeldUpAndNothingPilesUp(Behind behind) throws Exception {
    try (FakeOllama fake = fake(behind);
        RunningPlimsoll plimsoll = behind.plimsoll(fake)) {
      long before = usedHeap();
      fake.enqueue(Answer.text(KILOBYTE).endless());
      try (RawClient client = asked(plimsoll)) {
        Exchange exchange = behind.chat(fake, 0);
        awaitStandstill(exchange);

        assertThat(exchange.running()).isTrue();
        assertThat(exchange.bodyBytes()).isLessThan(40 * MIB);
        assertThat(usedHeap() - before).isLessThan(32 * MIB);

        long held = exchange.bodyBytes();
        client.head();
        for (long read = 0; read < 2 * held; read += client.piece().orElseThrow().body().length()) {
          assertThat(exchange.running()).isTrue();
        }
        assertThat(exchange.bodyBytes()).isGreaterThan(held);
      }
      behind.chat(fake, 0).awaitAbort(LIMIT);
    }
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void everythingArrivesOnceTheClientReadsOn(Behind behind) throws Exception {
    try (FakeOllama fake = fake(behind);
        RunningPlimsoll plimsoll = behind.plimsoll(fake)) {
      fake.enqueue(Answer.text(KILOBYTE).repeat(24 * 1024));
      try (RawClient client = asked(plimsoll)) {
        awaitStandstill(behind.chat(fake, 0));

        String text = CanonicalStream.of(client.response().text(), "test").text();

        assertThat(text.length() % KILOBYTE.length()).isZero();
        assertThat(text.length()).isGreaterThanOrEqualTo(24 * 1024 * KILOBYTE.length());
        assertThat(text.replace(KILOBYTE, "")).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void clientThatReadsNothingIsCutOff(Behind behind) throws Exception {
    try (FakeOllama fake = fake(behind);
        RunningPlimsoll plimsoll = behind.plimsoll(fake, "listen.write-stall-timeout=300ms")) {
      fake.enqueue(Answer.text(KILOBYTE).endless());
      try (RawClient client = asked(plimsoll)) {
        behind.chat(fake, 0).awaitAbort(LIMIT);
        await()
            .atMost(LIMIT)
            .until(
                () ->
                    plimsoll
                        .requests()
                        .getFirst()
                        .path("outcome")
                        .asText()
                        .equals("client_closed"));
        assertThat(client.response().complete()).isFalse();
      }
    }
  }

  @Test
  void clientThatNeverReadsItsWholeAnswerLosesItsConnection() throws Exception {
    try (FakeOllama fake = fake(Behind.OLLAMA);
        RunningPlimsoll plimsoll =
            Behind.OLLAMA.plimsoll(fake, "listen.idle-timeout=1s", "listen.max-connections=1")) {
      fake.enqueue(Answer.text(KILOBYTE).repeat(8000));
      try (RawClient client = RawClient.connect(plimsoll.port(), 8192)) {
        client.send("POST", Ask.CHAT, Ask.chat(false));
        await()
            .atMost(LIMIT)
            .until(
                () ->
                    plimsoll.requests().size() == 1
                        && plimsoll.requests().getFirst().path("outcome").asText().equals("ok"));

        await()
            .atMost(LIMIT)
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> RawClient.get(plimsoll.uri(), "/health").status() == 200);
        assertThat(client.response().complete()).isFalse();
      }
    }
  }
}
