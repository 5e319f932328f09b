package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.Reply;
import dev.plimsoll.testing.Scrape;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * After a thousand mixed requests the ledger, the metrics and the model server itself agree: about
 * how often it was asked, about every token of every whole answer, and about what was cut off.
 */
class ReconciliationIT {
  private static final int REQUESTS = 500;
  private static final int CLIENTS = 8;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What one request is meant to come to. */
  private enum Kind {
    STREAMED,
    JOINED,
    /** The client leaves after the first piece. */
    ABORTED,
    /** The first try fails, the second works. */
    RETRIED,
    /** The prompt does not fit. */
    TOO_LONG,
    /** The stream breaks off behind some text. */
    CUT,
    /** The body is no JSON. */
    NONSENSE,
    /** The path does not exist. */
    ASTRAY;

    /** The kind of a number from 0 to 99. */
    static Kind of(int share) {
      Kind[] kinds = values();
      int[] upTo = {35, 60, 70, 78, 84, 90, 95, 100};
      for (int i = 0; i < kinds.length; i++) {
        if (share < upTo[i]) {
          return kinds[i];
        }
      }
      throw new AssertionError(share);
    }

    boolean isAsked() {
      return this != NONSENSE && this != ASTRAY;
    }
  }

  private final List<Kind> kinds =
      new Random(20261124).ints(REQUESTS, 0, 100).mapToObj(Kind::of).toList();
  private final Map<Integer, AtomicInteger> tries = new ConcurrentHashMap<>();

  /** What the server knows that it has generated, in whole answers. */
  private final AtomicLong promptTokens = new AtomicLong();

  private final AtomicLong completionTokens = new AtomicLong();

  @ParameterizedTest
  @EnumSource(Behind.class)
  void ledgerMetricsAndServerAgree(Behind behind) throws Exception {
    try (FakeOllama fake = behind.fake().remember(3 * REQUESTS).start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake, "recovery.backoff=1ms")) {
      fake.reply(this::reply);
      askAll(plimsoll);
      await().atMost(LIMIT).until(() -> plimsoll.scrape().sum("inflight_requests") == 0);
      assertThat(fake.failures()).isEmpty();

      List<JsonNode> rows = plimsoll.requests();
      List<JsonNode> attempts = rows.stream().flatMap(ReconciliationIT::attempts).toList();
      Scrape scrape = plimsoll.scrape();
      askedAsOften(behind.chats(fake), attempts, scrape);
      sameTokens(attempts, scrape);
      sameRequests(rows, scrape);
    }
  }

  private void askAll(RunningPlimsoll plimsoll) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> asked = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        int number = i;
        asked.add(
            clients.submit(
                () -> {
                  ask(plimsoll, number, kinds.get(number));
                  return null;
                }));
      }
      for (Future<?> one : asked) {
        one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private static void ask(RunningPlimsoll plimsoll, int number, Kind kind) throws IOException {
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      String path = kind == Kind.ASTRAY ? "/v1/nowhere" : Ask.CHAT;
      boolean stream = kind != Kind.JOINED;
      String body =
          kind == Kind.NONSENSE
              ? "{\"model\":"
              : "{\"model\":\"test:latest\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%d\"}]}"
                  .formatted(stream, number);
      client.send("POST", path, body, new Header("x-session-id", "s" + number % 10));
      if (kind == Kind.ABORTED) {
        assertThat(client.head().status()).isEqualTo(200);
        assertThat(client.piece()).isPresent();
        client.reset();
        return;
      }
      RawClient.Response response = client.response();
      int expected =
          switch (kind) {
            case STREAMED, JOINED, RETRIED, CUT, ABORTED -> 200;
            case TOO_LONG, NONSENSE -> 400;
            case ASTRAY -> 404;
          };
      assertThat(response.status()).as(kind + ": " + response.text()).isEqualTo(expected);
    }
  }

  /** What the server does; it counts what it generates by itself. */
  private Reply reply(RecordedRequest request) {
    int number = request.json().path("messages").path(0).path("content").asInt();
    int again = tries.computeIfAbsent(number, _ -> new AtomicInteger()).getAndIncrement();
    Answer whole = Answer.text("a", "b", "c").tokens(100 + number, 3 + number % 7);
    return switch (kinds.get(number)) {
      case STREAMED, JOINED -> counted(whole);
      case RETRIED -> again == 0 ? Fault.nativeError(503, "busy") : counted(whole);
      case TOO_LONG -> Fault.contextExceeded(5000, 4096);
      case CUT -> Answer.text("a", "b").with(new Fault.NoFinish());
      case ABORTED -> Answer.text("a").endless().between(Duration.ofMillis(10));
      case NONSENSE, ASTRAY -> throw new IllegalStateException("asked for request " + number);
    };
  }

  private Reply counted(Answer answer) {
    promptTokens.addAndGet(answer.promptTokens());
    completionTokens.addAndGet(answer.completionTokens());
    return answer;
  }

  private static Stream<JsonNode> attempts(JsonNode request) {
    List<JsonNode> attempts = new ArrayList<>();
    request.path("attempts").forEach(attempts::add);
    return attempts.stream();
  }

  private static void askedAsOften(
      List<RecordedRequest> calls, List<JsonNode> attempts, Scrape scrape) {
    assertThat(attempts).hasSameSizeAs(calls);
    assertThat(scrape.sum("upstream_attempts_total")).isEqualTo(calls.size());
    Map<String, Long> byOutcome = counts(attempts, "outcome");
    byOutcome.forEach(
        (outcome, count) ->
            assertThat(scrape.sum("upstream_attempts_total", "outcome", outcome))
                .as(outcome)
                .isEqualTo((double) count));
    assertThat(byOutcome.keySet())
        .containsExactlyInAnyOrder(
            "ok", "client_closed", "upstream_error", "overflow", "stream_cut");
  }

  private void sameTokens(List<JsonNode> attempts, Scrape scrape) {
    assertThat(sum(attempts, "upstream", "promptTokens")).isEqualTo(promptTokens.get());
    assertThat(sum(attempts, "upstream", "completionTokens")).isEqualTo(completionTokens.get());
    for (String source : List.of("upstream", "estimated")) {
      assertThat(scrape.sum("tokens_total", "type", "input", "source", source))
          .as(source)
          .isEqualTo((double) sum(attempts, source, "promptTokens"));
      assertThat(scrape.sum("tokens_total", "type", "output", "source", source))
          .as(source)
          .isEqualTo((double) sum(attempts, source, "completionTokens"));
    }
    assertThat(attempts)
        .filteredOn(attempt -> attempt.path("outcome").asText().equals("client_closed"))
        .allSatisfy(
            attempt -> assertThat(attempt.path("tokenSource").asText()).isEqualTo("estimated"));
  }

  private void sameRequests(List<JsonNode> rows, Scrape scrape) {
    assertThat(scrape.sum("http_requests_total")).isEqualTo(REQUESTS);
    long asked = kinds.stream().filter(Kind::isAsked).count();
    assertThat(rows).hasSize((int) asked);
    assertThat(scrape.sum("request_duration_seconds_count")).isEqualTo((double) asked);
    Map<String, Long> byOutcome = counts(rows, "outcome");
    assertThat(byOutcome.get("client_closed")).isEqualTo(count(Kind.ABORTED));
    assertThat(scrape.sum("client_disconnects_total", "phase", "stream"))
        .isEqualTo((double) count(Kind.ABORTED));
    assertThat(scrape.sum("http_requests_total", "outcome", "client_closed"))
        .isEqualTo((double) count(Kind.ABORTED));
    assertThat(scrape.sum("http_requests_total", "outcome", "ok"))
        .isEqualTo((double) byOutcome.getOrDefault("ok", 0L));
    assertThat(scrape.sum("rejected_requests_total", "reason", "path"))
        .isEqualTo((double) count(Kind.ASTRAY));
    assertThat(scrape.sum("rejected_requests_total", "reason", "json"))
        .isEqualTo((double) count(Kind.NONSENSE));
    assertThat(scrape.sum("recoveries_total", "result", "recovered"))
        .isEqualTo((double) count(Kind.RETRIED));
    assertThat(scrape.sum("sessions_total")).isEqualTo(10);
  }

  private long count(Kind kind) {
    return kinds.stream().filter(kind::equals).count();
  }

  private static long sum(List<JsonNode> attempts, String source, String field) {
    return attempts.stream()
        .filter(attempt -> attempt.path("tokenSource").asText().equals(source))
        .mapToLong(attempt -> attempt.path(field).asLong())
        .sum();
  }

  private static Map<String, Long> counts(List<JsonNode> rows, String field) {
    Map<String, Long> counts = new TreeMap<>();
    rows.forEach(row -> counts.merge(row.path(field).asText(), 1L, Long::sum));
    return counts;
  }
}
