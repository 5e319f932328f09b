package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RefusingPort;
import dev.plimsoll.testing.Route;
import dev.plimsoll.testing.SseText;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told when the model server fails and is not asked again. */
class OllamaFailureIT {
  private static final String ONCE = "recovery.max-attempts=1";

  private FakeOllama fake =
      FakeOllama.builder()
          .model(FakeModel.named("test:latest"))
          .model(FakeModel.named("qwen3-coder:30b"))
          .start();
  private RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, ONCE);

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private RawClient.Response ask(boolean stream) throws IOException {
    return RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(stream));
  }

  private static JsonNode error(RawClient.Response response, int status, String code) {
    assertThat(response.status()).as(response.text()).isEqualTo(status);
    JsonNode error = response.body().json().path("error");
    assertThat(error.path("code").asText()).isEqualTo(code);
    return error;
  }

  /** The one event that ends a stream which had begun. */
  static JsonNode terminal(RawClient.Response response) {
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.complete()).isTrue();
    SseText sse = SseText.of(response.text());
    assertThat(sse.done()).isFalse();
    assertThat(response.text()).doesNotContain("[DONE]");
    assertThat(sse.json()).filteredOn(event -> event.has("error")).hasSize(1);
    JsonNode error = sse.json().getLast().path("error");
    assertThat(error.path("message").asText()).isNotEmpty().doesNotContainPattern("[0-9]");
    return error;
  }

  @Test
  void unknownModelIsLookedUpAfreshOnceAndTheNearestNamesAreTold() throws Exception {
    ask(true);
    int before = fake.requests(Route.TAGS).size();

    RawClient.Response response =
        RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("qwen3-codr:30b", true, ""));

    assertThat(error(response, 404, "model_not_found").path("message").asText())
        .contains("qwen3-coder:30b");
    assertThat(response.head().header("x-should-retry")).contains("false");
    assertThat(fake.requests(Route.TAGS)).hasSize(before + 1);
    assertThat(fake.requests(Route.CHAT)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void promptThatDoesNotFitIsToldInTheFormThatAgentsKnow(boolean stream) throws Exception {
    fake.enqueue(Fault.contextExceeded(5000, 4096));

    JsonNode error = error(ask(stream), 400, "context_length_exceeded");

    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("message").asText())
        .startsWith(
            "This model's maximum context length is 4096 tokens. However, you requested 5000"
                + " tokens");
    assertThat(fake.requests(Route.CHAT)).hasSize(1);
  }

  @Test
  void failureBehindTextIsTheTerminalEvent() throws Exception {
    fake.enqueue(Answer.text("a", "b", "c").with(Fault.runnerDied(2)));

    RawClient.Response response = ask(true);

    JsonNode error = terminal(response);
    assertThat(error.path("type").asText()).isEqualTo("server_error");
    assertThat(error.path("code").asText()).isEqualTo("server_error");
    assertThat(SseText.of(response.text()).joined("content")).isEqualTo("ab");
    assertThat(fake.requests(Route.CHAT)).hasSize(1);
    assertThat(plimsoll.requests().getFirst().path("outcome").asText()).isEqualTo("upstream_error");
  }

  @Test
  void errorLineWithDigitsIsToldWithoutThem() throws Exception {
    fake.enqueue(Answer.text("a").with(new Fault.ErrorLine(1, "CUDA error 700 at 503: retry")));

    assertThat(terminal(ask(true)).path("message").asText()).contains("CUDA error");
  }

  @Test
  void errorLineBeforeAnyTextIsAStatus() throws Exception {
    fake.reply(_ -> Answer.text("a").with(Fault.runnerDied(0)));

    error(ask(true), 502, "upstream_error");
  }

  @Test
  void serverThatIsBusyIsToldAsOverloaded() throws Exception {
    fake.enqueue(Fault.busy());

    error(ask(true), 503, "upstream_overloaded");
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void refusedConnectionIsToldWithWhatToDo(Behind behind) throws Exception {
    plimsoll.close();
    plimsoll =
        RunningPlimsoll.start(
            "upstream.url=" + RefusingPort.find().uri(),
            "upstream.kind=" + behind.name().toLowerCase(Locale.ROOT),
            "recovery.backoff=1ms",
            "recovery.max-attempts=3");

    for (boolean stream : new boolean[] {true, false}) {
      assertThat(error(ask(stream), 502, "upstream_unreachable").path("message").asText())
          .contains("ollama serve")
          .contains("upstream.url")
          .contains("Tried 3 times");
    }
  }

  @Test
  void serverThatComesBackIsFoundAgain() throws Exception {
    int port = fake.port();
    ask(true);
    fake.close();
    error(ask(true), 502, "upstream_unreachable");
    fake = FakeOllama.builder().port(port).start();

    assertThat(ask(true).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(Fault.How.class)
  void answerThatIsCutIsAFailureAndNoFakeStop(Fault.How how) throws Exception {
    fake.enqueue(Answer.text("aaaa", "bbbb").repeat(50).with(new Fault.CutAfter(2000, how)));
    terminal(ask(true));

    fake.enqueue(Answer.text("aaaa", "bbbb").repeat(50).with(new Fault.CutAfter(2000, how)));
    error(ask(false), 502, "upstream_error");
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void missingEndIsAFailure(Behind behind) throws Exception {
    try (FakeOllama server = behind.fake().start();
        RunningPlimsoll proxy = behind.plimsoll(server, ONCE)) {
      server.enqueue(Answer.text("a").with(new Fault.NoFinish()));

      terminal(RawClient.post(proxy.uri(), Ask.CHAT, Ask.chat(true)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void callWithBrokenArgumentsNeverLeaves(boolean stream) throws Exception {
    try (FakeOllama server = Behind.OPENAI.fake().start();
        RunningPlimsoll proxy = Behind.OPENAI.plimsoll(server, ONCE)) {
      for (String arguments : new String[] {"{\"path\":\"a", "[1]", "{} x", "no"}) {
        server.enqueue(Answer.text("Now").call("c", "good", "{}").call("d", "write", arguments));

        RawClient.Response response = RawClient.post(proxy.uri(), Ask.CHAT, Ask.chat(stream));

        assertThat(response.text()).doesNotContain("tool_calls");
        if (stream) {
          terminal(response);
        } else {
          error(response, 502, "upstream_error");
        }
      }
    }
  }

  @Test
  void callThatIsCutNeverLeaves() throws Exception {
    try (FakeOllama server = Behind.OPENAI.fake().start();
        RunningPlimsoll proxy = Behind.OPENAI.plimsoll(server, ONCE)) {
      server.enqueue(
          Answer.text("Now")
              .call("c", "write", "{\"content\":\"" + "x".repeat(5000) + "\"}")
              .with(new Fault.CutAfter(4000, Fault.How.FIN)));

      RawClient.Response response = RawClient.post(proxy.uri(), Ask.CHAT, Ask.chat(true));

      terminal(response);
      assertThat(response.text()).doesNotContain("tool_calls");
    }
  }

  @Test
  void silenceInTheMiddleEndsWithTheTimeout() throws Exception {
    plimsoll.close();
    plimsoll = Behind.OLLAMA.plimsoll(fake, ONCE, "upstream.idle-timeout=1s");
    fake.enqueue(Answer.text("a", "b").with(new Fault.Stall(1, Duration.ofMinutes(5))));

    assertThat(terminal(ask(true)).path("type").asText()).isEqualTo("server_error");
    Behind.OLLAMA.chat(fake, 0).awaitAbort(Duration.ofSeconds(5));
  }

  @Test
  void silenceBeforeTheFirstByteEndsWithTheTimeout() throws Exception {
    plimsoll.close();
    plimsoll = Behind.OLLAMA.plimsoll(fake, ONCE, "upstream.first-byte-timeout=1s");
    fake.enqueue(new Fault.SilentHeaders(Duration.ofMinutes(5)));

    error(ask(true), 504, "upstream_timeout");
    Behind.OLLAMA.chat(fake, 0).awaitAbort(Duration.ofSeconds(5));
  }
}
