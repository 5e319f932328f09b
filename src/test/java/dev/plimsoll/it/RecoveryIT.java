package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Reply;
import dev.plimsoll.testing.Scrape;
import dev.plimsoll.testing.SseText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault of {@link FaultCase}, at both kinds of server, for a client that streams and for one
 * that does not: the client gets a whole answer or the documented error, and of what was given up
 * no byte of a tool call.
 */
class RecoveryIT {
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"write\",\"parameters\":{\"type\":"
          + "\"object\",\"required\":[\"path\"],\"properties\":{\"path\":{\"type\":\"string\"},"
          + "\"lines\":{\"type\":\"integer\"}}}}}]";
  private static final String BACKOFF = "recovery.backoff=1ms";

  private static final Map<Behind, Pair> PAIRS = new EnumMap<>(Behind.class);

  /** A server and the Plimsoll in front of it. */
  private record Pair(Behind behind, FakeOllama fake, RunningPlimsoll plimsoll)
      implements AutoCloseable {
    static Pair of(Behind behind, List<String> settings) {
      FakeOllama fake = behind.fake().start();
      List<String> all = new ArrayList<>(settings);
      all.add(BACKOFF);
      return new Pair(behind, fake, behind.plimsoll(fake, all.toArray(String[]::new)));
    }

    @Override
    public void close() {
      plimsoll.close();
      fake.close();
    }
  }

  @BeforeAll
  static void start() {
    for (Behind behind : Behind.values()) {
      PAIRS.put(behind, Pair.of(behind, List.of()));
    }
  }

  @AfterAll
  static void stop() {
    PAIRS.values().forEach(Pair::close);
    PAIRS.clear();
  }

  static Stream<Arguments> faults() {
    return Stream.of(FaultCase.values())
        .flatMap(
            fault ->
                Stream.of(Behind.values())
                    .flatMap(
                        behind ->
                            Stream.of(
                                arguments(fault, behind, true), arguments(fault, behind, false))));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void clientGetsAWholeAnswerOrAnHonestError(FaultCase fault, Behind behind, boolean stream)
      throws Exception {
    if (fault.settings().isEmpty()) {
      run(fault, Objects.requireNonNull(PAIRS.get(behind)), stream);
    } else {
      try (Pair own = Pair.of(behind, fault.settings())) {
        run(fault, own, stream);
      }
    }
  }

  private static void run(FaultCase fault, Pair pair, boolean stream) throws IOException {
    pair.fake().reply(_ -> fault.plan().then());
    pair.fake().enqueue(fault.plan().replies(pair.behind()).toArray(Reply[]::new));
    int before = pair.behind().chats(pair.fake()).size();
    Scrape metricsBefore = pair.plimsoll().scrape();
    // Every case is a conversation of its own: one that failed is remembered.
    String more = ",\"user\":\"%s-%s\"".formatted(fault.label(), stream) + TOOLS;

    RawClient.Response response =
        RawClient.post(pair.plimsoll().uri(), Ask.CHAT, Ask.chat("test", stream, more));

    Expected expected = fault.expected();
    assertThat(response.text()).doesNotContain("abandon");
    assertOutcome(response, stream, expected.outcome(stream));
    assertThat(pair.fake().unusedReplies()).isZero();
    assertThat(pair.fake().failures()).isEmpty();
    int asked = pair.behind().chats(pair.fake()).size() - before;
    assertThat(asked).isEqualTo(expected.attempts(stream));
    assertAccounts(pair, response, expected, stream);
    boolean answered = !expected.outcome(stream).startsWith("error");
    assertThat(recoveries(pair.plimsoll().scrape()) - recoveries(metricsBefore))
        .as("recovered")
        .isEqualTo(answered ? expected.attempts(stream) - 1 : 0);
  }

  private static double recoveries(Scrape scrape) {
    return scrape.sum("recoveries_total", "result", "recovered");
  }

  private static void assertOutcome(RawClient.Response response, boolean stream, String expected) {
    String[] words = expected.split(" ", 2);
    if (words[0].equals("error")) {
      assertThat(response.text()).doesNotContain("tool_calls");
      assertError(response, stream, words[1]);
      return;
    }
    JsonNode message = Answers.message(response, stream);
    assertThat(message.path("content").asText().strip()).matches("(?s)" + words[1].strip());
    assertThat(message.path("calls")).hasSize(words[0].equals("call") ? 1 : 0);
    String finish =
        switch (words[0]) {
          case "call" -> "tool_calls";
          case "length" -> "length";
          default -> "stop";
        };
    assertThat(message.path("finish").asText()).isEqualTo(finish);
    for (JsonNode call : message.path("calls")) {
      assertThat(call.path("id").asText()).isNotEmpty();
      assertThat(call.at("/function/arguments").asText()).isEqualTo(Plan.GOOD);
    }
  }

  private static void assertError(RawClient.Response response, boolean stream, String code) {
    if (stream && response.status() == 200) {
      JsonNode error = OllamaFailureIT.terminal(response);
      assertThat(error.path("code").asText()).isEqualTo(code);
      assertThat(SseText.of(response.text()).json())
          .allSatisfy(
              event ->
                  assertThat(event.at("/choices/0/finish_reason").isTextual())
                      .as("%s", event)
                      .isFalse());
    } else {
      assertThat(response.status()).isGreaterThanOrEqualTo(400);
      assertThat(response.body().json().at("/error/code").asText()).isEqualTo(code);
    }
  }

  private static void assertAccounts(
      Pair pair, RawClient.Response response, Expected expected, boolean stream)
      throws IOException {
    String id = response.head().header("x-request-id").orElseThrow();
    JsonNode row =
        RawClient.get(pair.plimsoll().adminUri(), "/api/v1/requests/" + id).body().json();
    assertThat(row.path("attempts")).hasSize(expected.attempts(stream));
    if (!expected.reason().equals("*")) {
      assertThat(row.at("/attempts/0/outcome").asText()).isEqualTo(expected.reason());
    }
    assertThat(row.at("/attempts/0/purpose").asText()).isEqualTo("main");
    for (int i = 1; i < row.path("attempts").size(); i++) {
      assertThat(row.path("attempts").path(i).path("purpose").asText())
          .isIn("retry", "continuation");
    }
  }
}
