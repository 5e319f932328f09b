package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed or stopped in the middle of many streams: whatever the model server saw
 * has its row, whatever a client saw the end of is closed, and after the next start no row is open.
 */
class KilledIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int STREAMS = 20;
  private static final int TOKENS = 7;

  @TempDir Path data;

  /** What the clients of one round know. */
  private static final class Round {
    final Set<String> ended = ConcurrentHashMap.newKeySet();
    final AtomicBoolean over = new AtomicBoolean();
  }

  @Test
  void killedAFewTimes() throws Exception {
    killed(Integer.getInteger("kill.rounds", 3), 1);
  }

  @Test
  @Tag("soak")
  void killedManyTimes() throws Exception {
    killed(Integer.getInteger("kill.rounds", 20), 1000);
  }

  private void killed(int rounds, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (FakeOllama fake = FakeOllama.builder().remember(100_000).start()) {
      fake.reply(KilledIT::reply);
      BuiltPlimsoll plimsoll = start(fake);
      try {
        for (int number = 0; number < rounds; number++) {
          Round round = new Round();
          int before = fake.requests(Route.CHAT).size();
          try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < STREAMS; i++) {
              String name = "k%d-%d-".formatted(number, i);
              URI uri = plimsoll.agents();
              clients.execute(() -> keepAsking(uri, name, round));
            }
            await()
                .atMost(LIMIT)
                .until(() -> fake.requests(Route.CHAT).size() >= before + 2 * STREAMS);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1, 500)); // the moment is the test's input
            plimsoll.kill();
            round.over.set(true);
          }
          plimsoll = start(fake);
          check(plimsoll, fake, round);
        }
      } finally {
        plimsoll.close();
      }
    }
  }

  private BuiltPlimsoll start(FakeOllama fake) throws Exception {
    return BuiltPlimsoll.start(
        data, fake.uri(), "upstream.kind=ollama", "context.window=4096", "store.write-timeout=30s");
  }

  /** Every second session's answers are short, the others' are cut by the kill. */
  private static Answer reply(RecordedRequest request) {
    return request.body().text().contains("short")
        ? Answer.text("a", "b", "c").tokens(10, TOKENS).between(Duration.ofMillis(2))
        : Answer.text("a", "b").endless().between(Duration.ofMillis(20));
  }

  private static void keepAsking(URI uri, String name, Round round) {
    boolean isShort = Math.floorMod(name.hashCode(), 2) == 0;
    for (int i = 0; !round.over.get(); i++) {
      String session = name + i;
      String words = isShort || i == 0 ? "short " + session : "long " + session;
      try (RawClient client = RawClient.connect(uri)) {
        client.send(
            "POST",
            Ask.CHAT,
            "{\"model\":\"test\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(words),
            new Header("x-session-id", session));
        if (client.response().text().contains("data: [DONE]")) {
          round.ended.add(session);
        }
      } catch (IOException e) {
        return; // killed
      }
    }
  }

  private static void check(BuiltPlimsoll plimsoll, FakeOllama fake, Round round)
      throws IOException {
    Map<String, JsonNode> bySession = new HashMap<>();
    List<JsonNode> attempts = plimsoll.export();
    for (JsonNode attempt : attempts) {
      assertThat(attempt.path("outcome").asText()).isNotEmpty().isNotEqualTo("null");
      assertThat(attempt.path("requestOutcome").asText()).isNotEqualTo("null");
      bySession.put(attempt.path("sessionId").asText(), attempt);
    }
    Map<String, String> ids = new HashMap<>();
    String cursor = "";
    do {
      JsonNode page = plimsoll.admin("/api/v1/sessions?limit=500&cursor=" + cursor);
      page.path("sessions")
          .forEach(
              session -> ids.put(session.path("clientId").asText(), session.path("id").asText()));
      cursor = page.path("next").asText("");
    } while (!cursor.isEmpty() && !cursor.equals("null"));

    for (RecordedRequest seen : fake.requests(Route.CHAT)) {
      String session =
          seen.json().path("messages").get(0).path("content").asText().split(" ", 2)[1];
      assertThat(bySession).as("what the server saw of " + session).containsKey(ids.get(session));
    }
    assertThat(round.ended).isNotEmpty();
    for (String session : round.ended) {
      JsonNode row = Objects.requireNonNull(bySession.get(ids.get(session)), session);
      assertThat(row.path("outcome").asText()).as(session).isEqualTo("ok");
      assertThat(row.path("tokenSource").asText()).isEqualTo("upstream");
      assertThat(row.path("completionTokens").asInt()).isEqualTo(TOKENS);
    }
    JsonNode sum = plimsoll.admin("/api/v1/totals").path("sum");
    assertThat(sum.path("attempts").asInt()).isEqualTo(attempts.size());
    assertThat(sum.path("total").asLong())
        .isEqualTo(
            attempts.stream()
                .mapToLong(
                    row ->
                        row.path("promptTokens").asLong() + row.path("completionTokens").asLong())
                .sum());
  }

  @Test
  void stoppedItDrainsWhatItCanAndClosesTheRest() throws Exception {
    try (FakeOllama fake = FakeOllama.start()) {
      fake.reply(KilledIT::reply);
      List<RawClient> clients = new ArrayList<>();
      BuiltPlimsoll plimsoll =
          BuiltPlimsoll.start(
              data,
              fake.uri(),
              "upstream.kind=ollama",
              "context.window=4096",
              "store.write-timeout=30s",
              "listen.drain=500ms");
      try {
        for (int i = 0; i < 10; i++) {
          RawClient client = RawClient.connect(plimsoll.agents());
          clients.add(client);
          String words = i < 5 ? "short " : "long ";
          client.send(
              "POST",
              Ask.CHAT,
              Ask.chatOf(
                  "[{\"role\":\"user\",\"content\":\"%s\"}]".formatted(words + i),
                  ",\"stream\":true"));
        }
        await().atMost(LIMIT).until(() -> fake.requests(Route.CHAT).size() == 10);

        assertThat(plimsoll.terminate(LIMIT)).isZero();

        for (int i = 0; i < 10; i++) {
          String answer = clients.get(i).response().text();
          assertThat(answer).contains(i < 5 ? "data: [DONE]" : "shutting down");
        }
      } finally {
        plimsoll.close();
        for (RawClient client : clients) {
          client.close();
        }
      }
      BuiltPlimsoll again = BuiltPlimsoll.start(data, fake.uri());
      try (again) {
        Map<String, Long> outcomes =
            again.export().stream()
                .collect(
                    Collectors.groupingBy(
                        row ->
                            row.path("outcome").asText()
                                + " "
                                + row.path("requestOutcome").asText(),
                        Collectors.counting()));
        assertThat(outcomes).isEqualTo(Map.of("ok ok", 5L, "abandoned shed", 5L));
      }
    }
  }

  @Test
  void aSecondProcessOnTheSameLedgerIsRefused() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        BuiltPlimsoll first = BuiltPlimsoll.start(data, fake.uri())) {
      BuiltPlimsoll.Refused second = BuiltPlimsoll.refused(data, fake.uri());

      assertThat(second.code()).isEqualTo(1);
      assertThat(second.said())
          .contains("plimsoll: another Plimsoll (process " + first.pid() + ") uses the ledger ")
          .contains("--set store.path=FILE");
      assertThat(RawClient.post(first.agents(), Ask.CHAT, Ask.chat(true)).status()).isEqualTo(200);
      assertThat(first.export()).hasSize(1);
    }
  }
}
