package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Exchange;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program ends, and how it takes a new configuration. */
class LifecycleIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static RawClient asked(RunningPlimsoll plimsoll, boolean stream) throws IOException {
    return RawClient.connect(plimsoll.uri()).send("POST", Ask.CHAT, Ask.chat(stream));
  }

  @Test
  void answersUnderWayEndAndNewOnesAreRefused() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, "listen.drain=1m");
        RawClient late = RawClient.connect(plimsoll.uri())) {
      late.send("GET", "/health", "").response();
      fake.enqueue(
          Answer.text("a", "b").repeat(30).between(Duration.ofMillis(50)),
          Answer.text("c").beforeHeaders(Duration.ofSeconds(1)));
      try (RawClient stream = asked(plimsoll, true)) {
        stream.head();
        try (RawClient whole = asked(plimsoll, false)) {
          Behind.OLLAMA.chat(fake, 1);

          Thread stopping = Thread.ofVirtual().start(plimsoll::stop);

          await()
              .atMost(LIMIT)
              .untilAsserted(
                  () -> {
                    RawClient.Response refused =
                        late.send("POST", Ask.CHAT, Ask.chat(true)).response();
                    assertThat(refused.status()).isEqualTo(503);
                    assertThat(refused.text()).contains("shutting_down");
                    assertThat(refused.head().header("Retry-After")).isPresent();
                  });
          assertThat(CanonicalStream.of(stream.response().text(), "test").finish())
              .isEqualTo("stop");
          assertThat(whole.response().status()).isEqualTo(200);
          assertThat(stopping.join(LIMIT)).isTrue();
          assertThat(plimsoll.rejections()).isNotEmpty().containsOnly(RejectReason.SHUTDOWN);
        }
      }
    }
  }

  @Test
  void answersThatTakeTooLongEndWithAnError() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, "listen.drain=200ms")) {
      fake.enqueue(
          Answer.text("a", "b").endless().between(Duration.ofMillis(20)),
          Answer.text("c").beforeHeaders(Duration.ofMinutes(5)));
      try (RawClient stream = asked(plimsoll, true)) {
        stream.head();
        Exchange streaming = Behind.OLLAMA.chat(fake, 0);
        try (RawClient whole = asked(plimsoll, false)) {
          Exchange waiting = Behind.OLLAMA.chat(fake, 1);

          Thread stopping = Thread.ofVirtual().start(plimsoll::stop);

          assertThat(OllamaFailureIT.terminal(stream.response()).path("message").asText())
              .contains("shutting down");
          RawClient.Response refused = whole.response();
          assertThat(refused.status()).isEqualTo(503);
          assertThat(refused.text()).contains("shutting_down");
          streaming.awaitAbort(LIMIT);
          waiting.awaitAbort(LIMIT);
          assertThat(stopping.join(LIMIT)).isTrue();
        }
      }
    }
  }

  @Test
  void stopWithoutRequestsIsImmediate() {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, "listen.drain=1h")) {
      Thread stopping = Thread.ofVirtual().start(plimsoll::stop);

      await().atMost(LIMIT).until(() -> !stopping.isAlive());
    }
  }

  private static String keepAliveSent(FakeOllama fake, RunningPlimsoll plimsoll)
      throws IOException {
    assertThat(RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true)).status()).isEqualTo(200);
    return fake.requests(Route.CHAT).getLast().json().path("keep_alive").asText();
  }

  @Test
  void newConfigurationHoldsForNewRequestsAndABadOneChangesNothing(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("plimsoll.yaml");
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake)) {
      assertThat(keepAliveSent(fake, plimsoll)).isEmpty();
      fake.enqueue(Answer.text("a", "b").repeat(30).between(Duration.ofMillis(50)));
      try (RawClient running = asked(plimsoll, true)) {
        running.head();

        Files.writeString(file, "upstream:\n  keep-alive: 7m\n");
        plimsoll.reload(file);

        assertThat(keepAliveSent(fake, plimsoll)).isEqualTo("7m");
        assertThat(CanonicalStream.of(running.response().text(), "test").finish())
            .isEqualTo("stop");
      }
      Files.writeString(file, "upstream:\n  keep-alive: 9m\n  kept: 1\n");
      plimsoll.reload(file);

      assertThat(keepAliveSent(fake, plimsoll)).isEqualTo("7m");
      assertThat(plimsoll.requests()).hasSize(4);
    }
  }

  @Test
  void moreRequestsInFlightAreServedAsSoonAsTheyAreAllowed(@TempDir Path folder) throws Exception {
    int many = 180; // the default allows 100
    Path file = Files.writeString(folder.resolve("p.yaml"), "listen:\n  max-in-flight: 400\n");
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake)) {
      fake.reply(_ -> Answer.text("a", "b").between(Duration.ofSeconds(2)));
      plimsoll.reload(file);

      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        clients.add(asked(plimsoll, true));
      }

      for (RawClient client : clients) {
        try (client) {
          assertThat(client.response().status()).isEqualTo(200);
        }
      }
      assertThat(fake.concurrentMax()).isGreaterThan(150);
    }
  }

  @Test
  void reloadThatChangesNothingOfItLetsNoMoreRequestsToTheModel(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("p.yaml"), "stream:\n  ping-interval: 1s\n");
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, "upstream.max-concurrent=1")) {
      fake.enqueue(
          Answer.text("a", "b").repeat(10).between(Duration.ofMillis(50)), Answer.text("c"));
      try (RawClient first = asked(plimsoll, true)) {
        first.head();

        plimsoll.reload(file);

        try (RawClient second = asked(plimsoll, true)) {
          assertThat(first.response().complete()).isTrue();
          assertThat(second.response().complete()).isTrue();
        }
      }
      assertThat(fake.concurrentMax()).isEqualTo(1);
    }
  }
}
