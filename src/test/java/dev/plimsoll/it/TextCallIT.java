package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.SseText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tool calls that a model server leaves in the text become calls, and nothing else does. */
class TextCallIT {
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"write\",\"parameters\":{\"type\":"
          + "\"object\",\"required\":[\"path\"],\"properties\":{\"path\":{\"type\":\"string\"},"
          + "\"lines\":{\"type\":\"integer\"}}}}}]";
  private static final String GLM =
      "<tool_call>write\n<arg_key>path</arg_key>\n<arg_value>/out.txt</arg_value>\n"
          + "<arg_key>lines</arg_key>\n<arg_value>7</arg_value>\n</tool_call>";
  private static final String ARGUMENTS = "{\"path\":\"/out.txt\",\"lines\":7}";

  static Stream<Arguments> everywhere() {
    return Stream.of(Behind.values())
        .flatMap(behind -> Stream.of(arguments(behind, true), arguments(behind, false)));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void callInTheTextIsDeliveredAsACall(Behind behind, boolean stream) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake)) {
      fake.enqueue(Answer.text(pieces("I'll write it.\n" + GLM)));

      JsonNode message = message(ask(plimsoll, stream, TOOLS), stream);

      assertThat(message.path("content").asText().strip()).isEqualTo("I'll write it.");
      assertThat(message.path("finish").asText()).isEqualTo("tool_calls");
      assertThat(message.at("/calls/0/function/name").asText()).isEqualTo("write");
      assertThat(message.at("/calls/0/function/arguments").asText()).isEqualTo(ARGUMENTS);
      assertThat(message.at("/calls/0/id").asText()).isNotEmpty();
      assertThat(behind.chats(fake)).hasSize(1);
      assertThat(plimsoll.requests().getFirst().at("/attempts/0/outcome").asText())
          .isEqualTo("text_tool_call");
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void textAboutCallsIsText(Behind behind, boolean stream) throws Exception {
    String text = "A call looks like this:\n```\n" + GLM + "\n```\n";
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake)) {
      fake.enqueue(Answer.text(pieces(text)));

      JsonNode message = message(ask(plimsoll, stream, TOOLS), stream);

      assertThat(message.path("content").asText()).isEqualTo(text);
      assertThat(message.path("finish").asText()).isEqualTo("stop");
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void requestWithoutToolsIsLeftAlone(Behind behind, boolean stream) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake)) {
      fake.enqueue(Answer.text(pieces(GLM)));

      assertThat(message(ask(plimsoll, stream, ""), stream).path("content").asText())
          .isEqualTo(GLM);
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void rescueCanBeTurnedOff(Behind behind, boolean stream) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake, "recovery.rescue-text-tool-calls=false")) {
      fake.enqueue(Answer.text(pieces(GLM)));

      assertThat(message(ask(plimsoll, stream, TOOLS), stream).path("content").asText())
          .isEqualTo(GLM);
    }
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void clientIsKeptPatientWhileTextIsHeld(Behind behind) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll =
            behind.plimsoll(fake, "stream.first-ping=20ms", "stream.ping-interval=20ms")) {
      fake.enqueue(Answer.text(pieces(GLM)).between(Duration.ofMillis(20)));

      RawClient.Response response = ask(plimsoll, true, TOOLS);

      assertThat(SseText.of(response.text()).joined("content")).isEmpty();
      assertThat(response.text()).contains(": waiting").contains("\"tool_calls\"");
      assertThat(plimsoll.scrape().sum("held_seconds_count", "reason", "text")).isEqualTo(1);
      assertThat(plimsoll.scrape().sum("held_seconds_sum", "reason", "text")).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void callThatItsToolDoesNotTakeNeverLeaves(Behind behind, boolean stream) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake, "recovery.backoff=1ms")) {
      for (String arguments :
          new String[] {"{}", "{\"path\":7}", "{\"path\":\"a\",\"one two\":1}"}) {
        fake.reply(_ -> Answer.empty().call("c", "write", arguments));

        RawClient.Response response = ask(plimsoll, stream, TOOLS);

        assertThat(response.status()).isGreaterThanOrEqualTo(400);
        assertThat(response.text()).doesNotContain("tool_calls").contains("\"error\"");
      }
    }
  }

  private static String[] pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < text.length(); i += 5) {
      pieces.add(text.substring(i, Math.min(text.length(), i + 5)));
    }
    return pieces.toArray(String[]::new);
  }

  private static RawClient.Response ask(RunningPlimsoll plimsoll, boolean stream, String more)
      throws Exception {
    return RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("test", stream, more));
  }

  /** Text, calls and finish of an answer, however it came. */
  private static JsonNode message(RawClient.Response response, boolean stream) {
    return Answers.message(response, stream);
  }
}
