package dev.plimsoll.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.SseText;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
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

/** Two thousand connections, five hundred of them with a request at the same moment. */
public final class Crowd {
  public static final int CONNECTIONS = 2000;
  public static final int REQUESTS = 500;

  /** What the server says to each, over two seconds. */
  public static final Answer ANSWER =
      Answer.text("a", "b").repeat(20).between(Duration.ofMillis(100));

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String CHAT = "/v1/chat/completions";

  private Crowd() {}

  /** What one of them got; anything else is a failure of the test. */
  public enum Got {
    ANSWER,
    QUEUE_FULL,
    NO_MEMORY,
    CLOSED
  }

  /** A single one, who must be answered. */
  public static void one(URI agents) throws IOException {
    try (RawClient client = RawClient.connect(agents).patience(PATIENCE)) {
      assertThat(ask(client, Question.chat(0, true, false, 100).body())).isEqualTo(Got.ANSWER);
    }
  }

  /**
   * All connect, then every fourth asks.
   *
   * @param bytes how long each request's body is, about
   */
  public static Map<Got, Integer> at(URI agents, int bytes) throws Exception {
    List<RawClient> clients = new ArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Got>> answers = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        RawClient client = RawClient.connect(agents).patience(PATIENCE);
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
      response = client.send("POST", CHAT, body, new Header("x-session-id", "crowd")).response();
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
