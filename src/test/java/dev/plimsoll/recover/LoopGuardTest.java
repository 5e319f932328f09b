package dev.plimsoll.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.chat.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a conversation goes round. */
class LoopGuardTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"go\"}";

  private static ChatRequest chat(String... messages) {
    String body = "{\"model\":\"m\",\"messages\":[" + String.join(",", messages) + "]}";
    return switch (ChatRequest.parse(body.getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Good(ChatRequest request) -> request;
      case Parsed.Bad(var error) -> throw new IllegalArgumentException(error.message());
    };
  }

  private static String call(String id, String arguments) {
    return "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"%s\",\"type\":"
            .formatted(id)
        + "\"function\",\"function\":{\"name\":\"read\",\"arguments\":\"%s\"}}]}"
            .formatted(arguments.replace("\"", "\\\""));
  }

  private static String result(String id, String text) {
    return "{\"role\":\"tool\",\"tool_call_id\":\"%s\",\"content\":\"%s\"}".formatted(id, text);
  }

  @Test
  void sameCallWithSameResultIsCountedWhateverItsIdAndSpacing() {
    LoopGuard.Round round =
        LoopGuard.in(
            chat(
                USER,
                call("a", "{\"path\": \"x y\"}"),
                result("a", "none"),
                call("b", "{\"path\":\"x y\"}"),
                result("b", "none"),
                call("c", "{ \"path\":\"x y\" }"),
                result("c", "none")),
            6);

    assertThat(round.times()).isEqualTo(3);
    assertThat(round.calls()).containsExactly(new ToolCall("", "read", "{\"path\":\"x y\"}"));
    assertThat(
            LoopGuard.sameCalls(
                List.of(new ToolCall("z", "read", "{\"path\" :\"x y\"}")), round.calls()))
        .isTrue();
    assertThat(
            LoopGuard.sameCalls(
                List.of(new ToolCall("z", "read", "{\"path\":\"xy\"}")), round.calls()))
        .as("white space within a string counts")
        .isFalse();
  }

  @Test
  void anotherResultEndsTheRound() {
    LoopGuard.Round round =
        LoopGuard.in(
            chat(
                USER,
                call("a", "{}"),
                result("a", "one"),
                call("b", "{}"),
                result("b", "two"),
                call("c", "{}"),
                result("c", "two")),
            6);

    assertThat(round.times()).isEqualTo(2);
  }

  @Test
  void agentThatKeepsAskingAModelThatIsDoneIsALoop() {
    String done = "{\"role\":\"assistant\",\"content\":\"I am done.\"}";
    String again = "{\"role\":\"user\",\"content\":\"Continue.\"}";

    LoopGuard.Round round = LoopGuard.in(chat(USER, done, again, done, again, done, again), 6);

    assertThat(round.times()).isEqualTo(3);
    assertThat(round.calls()).isEmpty();
    assertThat(LoopGuard.sameCalls(List.of(), round.calls())).isFalse();
  }

  @Test
  void conversationThatBeginsHasNoRound() {
    assertThat(LoopGuard.in(chat(USER), 6).times()).isZero();
  }

  @Test
  void noMoreIsLookedAtThanAskedFor() {
    String[] messages = new String[201];
    messages[0] = USER;
    for (int i = 0; i < 100; i++) {
      messages[1 + 2 * i] = call("c" + i, "{}");
      messages[2 + 2 * i] = result("c" + i, "none");
    }

    assertThat(LoopGuard.in(chat(messages), 6).times()).isEqualTo(6);
  }
}
