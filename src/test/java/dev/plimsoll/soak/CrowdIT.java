package dev.plimsoll.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.SseText;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two thousand connections, five hundred of them with a request at the same time, to a program with
 * a heap of 128 MiB: everybody is answered or refused in an honest way, and afterwards it is as
 * before.
 */
@Tag("soak")
class CrowdIT {
  private static final int CONNECTIONS = 2000;
  private static final int REQUESTS = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Rows, counters and buffers of the first five hundred requests. */
  private static final long KEPT_HEAP = 8 << 20;

  private static final int KEPT_DESCRIPTORS = 20;

  @TempDir private Path folder;

  /** What one of the crowd got. */
  private enum Got {
    ANSWER,
    QUEUE_FULL,
    NO_MEMORY,
    CLOSED
  }

  @ParameterizedTest(name = "{0} connections, {1} in flight, {2} KiB each")
  @CsvSource({
    // as it is by default
    "1024, 100, 20",
    // everybody is let in
    "4000, 1000, 20",
    // more bytes than the heap could hold
    "4000, 1000, 400"
  })
  void everybodyIsAnsweredOrRefusedAndItRecovers(int connections, int inFlight, int kibibytes)
      throws Exception {
    assumeTrue(Vitals.canBeRead(), "skipped: there is no /proc to read descriptors from");
    try (FakeOllama fake = FakeOllama.builder().remember(10).start();
        BuiltPlimsoll plimsoll =
            BuiltPlimsoll.start(
                List.of(Soak.HEAP),
                folder,
                fake.uri(),
                "context.window=262144",
                "listen.max-connections=" + connections,
                "listen.max-in-flight=" + inFlight)) {
      fake.reply(_ -> Answer.text("a", "b").repeat(20).between(Duration.ofMillis(100)));
      String small = Question.chat(1, true, false, 100).body();
      assertThat(RawClient.post(plimsoll.agents(), "/v1/chat/completions", small).status())
          .isEqualTo(200);
      Vitals before = Vitals.of(plimsoll.pid(), folder);

      Map<Got, Integer> got = crowd(plimsoll, kibibytes * 1024);

      System.out.println(connections + ", " + inFlight + ", " + kibibytes + " KiB: " + got);
      assertThat(got.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(REQUESTS);
      assertThat(got.get(Got.ANSWER)).isPositive();
      if (connections > CONNECTIONS) {
        assertThat(got).doesNotContainKey(Got.CLOSED);
      }
      assertThat(plimsoll.alive()).isTrue();
      assertThat(plimsoll.errors()).isEmpty();
      await().atMost(PATIENCE).until(() -> fake.concurrent() == 0 && fake.openConnections() <= 5);
      assertThat(RawClient.post(plimsoll.agents(), "/v1/chat/completions", small).status())
          .isEqualTo(200);
      Vitals after = Vitals.of(plimsoll.pid(), folder);
      System.out.println(before + "\n" + after);
      assertThat(after.turns()).isZero();
      assertThat(after.heap() - before.heap()).isLessThan(KEPT_HEAP);
      assertThat(after.descriptors() - before.descriptors()).isLessThan(KEPT_DESCRIPTORS);
    }
  }

  /** All connect, then every fourth asks, all at the same moment. */
  private static Map<Got, Integer> crowd(BuiltPlimsoll plimsoll, int bytes) throws Exception {
    List<RawClient> clients = new ArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Got>> answers = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        RawClient client = RawClient.connect(plimsoll.agents()).patience(PATIENCE);
        clients.add(client);
        if (i % (CONNECTIONS / REQUESTS) == 0) {
          String body = Question.chat(i, i % 8 == 0, false, bytes).body();
          answers.add(
              threads.submit(
                  () -> {
                    go.await();
                    return ask(client, body);
                  }));
        }
      }
      go.countDown();
      Map<Got, Integer> got = new TreeMap<>();
      for (Future<Got> answer : answers) {
        got.merge(answer.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS), 1, Integer::sum);
      }
      return got;
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static Got ask(RawClient client, String body) throws IOException {
    RawClient.Response response;
    try {
      response =
          client
              .send("POST", "/v1/chat/completions", body, new Header("x-session-id", "crowd"))
              .response();
    } catch (EOFException | SocketException e) {
      return Got.CLOSED;
    }
    assertThat(response.complete()).as(response.text()).isTrue();
    return switch (response.status()) {
      case 200 -> {
        boolean stream = response.text().startsWith("data: ");
        assertThat(
                stream
                    ? SseText.of(response.text()).joined("content")
                    : response.body().json().at("/choices/0/message/content").asText())
            .isEqualTo("a" + "b".repeat(21));
        assertThat(!stream || SseText.of(response.text()).done()).isTrue();
        yield Got.ANSWER;
      }
      case 429 -> refused(response, "queue_full", Got.QUEUE_FULL);
      case 503 -> refused(response, "upstream_overloaded", Got.NO_MEMORY);
      default -> throw new AssertionError(response.status() + " " + response.text());
    };
  }

  private static Got refused(RawClient.Response response, String code, Got got) {
    assertThat(response.body().json().at("/error/code").asText()).isEqualTo(code);
    assertThat(response.head().header("retry-after")).isPresent();
    return got;
  }
}
