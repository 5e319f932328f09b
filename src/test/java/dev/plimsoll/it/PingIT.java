package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Reply;
import dev.plimsoll.testing.SseText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a waiting client hears. */
@ParameterizedClass
@EnumSource(Behind.class)
class PingIT {
  private static final Duration WAIT = Duration.ofMillis(600);
  private static final String SOON = "stream.first-ping=20ms";
  private static final String OFTEN = "stream.ping-interval=50ms";

  private final Behind behind;
  private final FakeOllama fake;
  private RunningPlimsoll plimsoll;

  PingIT(Behind behind) {
    this.behind = behind;
    fake = behind.fake().start();
    plimsoll = behind.plimsoll(fake, SOON, OFTEN, "recovery.backoff=1ms");
  }

  @AfterEach
  void close() {
    plimsoll.close();
    fake.close();
  }

  private RawClient.Response ask(boolean stream, Reply... replies) throws IOException {
    fake.enqueue(replies);
    return RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(stream));
  }

  @Test
  void clientHearsCommentsUntilTheFirstToken() throws Exception {
    for (Answer answer :
        new Answer[] {Answer.text("a").beforeHeaders(WAIT), Answer.text("a").beforeFirst(WAIT)}) {
      RawClient.Response response = ask(true, answer);

      assertThat(response.text()).startsWith(": waiting\n\n: waiting\n\n");
      assertThat(SseText.of(response.text()).comments()).containsOnly("waiting");
      assertThat(CanonicalStream.of(response.text(), "test").text()).isEqualTo("a");
    }
  }

  @Test
  void clientHearsCommentsBetweenTokensThatAreSlow() throws Exception {
    RawClient.Response response = ask(true, Answer.text("a", "b").between(WAIT));

    assertThat(response.text().substring(response.text().indexOf("\"a\"")))
        .contains("\n\n: waiting\n\n: waiting\n\n");
    assertThat(CanonicalStream.of(response.text(), "test").text()).isEqualTo("ab");
  }

  @Test
  void clientHearsCommentsWhileACallIsHeld() throws Exception {
    Answer answer =
        Answer.text("a").call("c", "f", "{\"long\":\"0123456789\"}").call("d", "g", "{}");
    RawClient.Response response = ask(true, answer.between(Duration.ofMillis(150)));

    String text = response.text();
    assertThat(text.substring(text.indexOf("\"a\""), text.indexOf("tool_calls")))
        .contains(": waiting");
    assertThat(CanonicalStream.of(text, "test").calls()).hasSize(2);
  }

  @Test
  void failureBehindAPingIsTheTerminalEvent() throws Exception {
    RawClient.Response response =
        ask(
            true,
            new Reply.Faulty(
                Answer.text("a").beforeHeaders(WAIT), List.of(Fault.nativeError(500, "no"))),
            Fault.nativeError(500, "no"));

    assertThat(response.text()).startsWith(": waiting\n\n");
    assertThat(OllamaFailureIT.terminal(response).path("code").asText()).isEqualTo("server_error");
    assertThat(behind.chats(fake)).hasSize(2);
  }

  @Test
  void overflowBehindAPingKeepsItsCode() throws Exception {
    RawClient.Response response =
        ask(
            true,
            new Reply.Faulty(
                Answer.text("a").beforeHeaders(WAIT),
                List.of(Fault.llamaContextExceeded(5000, 4096))));

    assertThat(OllamaFailureIT.terminal(response).path("code").asText())
        .isEqualTo("context_length_exceeded");
    assertThat(OllamaFailureIT.terminal(response).path("type").asText())
        .isEqualTo("invalid_request_error");
  }

  @Test
  void clientThatDoesNotStreamGetsAPlainStatusHoweverLateItIs() throws Exception {
    Reply late =
        new Reply.Faulty(
            Answer.text("a").beforeHeaders(WAIT), List.of(Fault.nativeError(400, "no")));
    RawClient.Response refused = ask(false, late);
    RawClient.Response answered = ask(false, Answer.text("a").beforeHeaders(WAIT));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.text()).startsWith("{");
  }

  @Test
  void nothingIsAddedWhileDataFlows() throws Exception {
    plimsoll.close();
    plimsoll = behind.plimsoll(fake, "stream.first-ping=2s", "stream.ping-interval=2s");

    RawClient.Response response =
        ask(true, Answer.text("a", "b").repeat(150).between(Duration.ofMillis(20)));

    assertThat(response.text()).doesNotContain("waiting");
    CanonicalStream.of(response.text(), "test");
  }
}
