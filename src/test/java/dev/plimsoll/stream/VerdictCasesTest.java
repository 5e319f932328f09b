package dev.plimsoll.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.calls.Repair;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.testing.SseText;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each kind of answer is, for a request that declares tools; one file for each. */
class VerdictCasesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "BOTH   | text                   | complete stop",
        "BOTH   | reasoning              | complete stop",
        "BOTH   | about-calls            | complete stop",
        "BOTH   | rows                   | complete stop",
        "BOTH   | call-length            | complete tool_calls read {\"filePath\":\"a\"}",
        "BOTH   | call-other-case        | complete tool_calls read {\"filePath\":\"a\"} name",
        "BOTH   | length                 | length TEXT",
        "BOTH   | length-reasoning       | length REASONING",
        "BOTH   | length-unseen          | length TOOL_CALL",
        "BOTH   | length-nothing         | length TOOL_CALL",
        "BOTH   | length-call-in-text    | length TOOL_CALL",
        "OPENAI | cut-call               | length TOOL_CALL",
        "BOTH   | empty                  | empty",
        "BOTH   | empty-blank            | empty",
        "BOTH   | empty-reasoned         | empty reasoned",
        "OPENAI | call-not-json          | broken NOT_JSON",
        "BOTH   | call-unknown-tool      | broken UNKNOWN_TOOL",
        "BOTH   | call-missing-argument  | broken MISSING_ARGUMENT",
        "BOTH   | call-unknown-argument  | broken UNKNOWN_ARGUMENT",
        "BOTH   | call-wrong-value       | broken WRONG_VALUE",
        "BOTH   | call-repaired          | broken UNKNOWN_ARGUMENT",
        "BOTH   | in-text-glm            | complete tool_calls write"
            + " {\"filePath\":\"/out.txt\",\"content\":\"hi\\n\"} text_to_call",
        "BOTH   | in-text-qwen           | complete tool_calls read"
            + " {\"filePath\":\"/a.txt\",\"limit\":20} text_to_call",
        "BOTH   | in-text-hermes         | complete tool_calls read {\"filePath\": \"/a.txt\"}"
            + " text_to_call",
        "BOTH   | in-text-mistral        | complete tool_calls web_search {\"query\": \"x\"}"
            + " text_to_call",
        "BOTH   | in-text-bare           | complete tool_calls read {\"filePath\":\"/a.txt\"}"
            + " text_to_call",
        "BOTH   | in-text-fenced         | complete tool_calls read {\"filePath\": \"/a.txt\"}"
            + " text_to_call",
        "BOTH   | in-text-and-call       | complete tool_calls now {} read {\"filePath\":\"a\"}"
            + " text_to_call",
        "BOTH   | in-text-doubled        | complete tool_calls read {\"filePath\":\"a\"}"
            + " text_to_call",
        "BOTH   | in-text-cut            | broken CUT_IN_TEXT",
        "BOTH   | in-text-bad-arguments  | broken WRONG_VALUE",
        "OLLAMA | error-harmony-whole    | complete tool_calls read {\"filePath\":\"/a.txt\"}"
            + " text_to_call",
        "OLLAMA | error-harmony-named    | complete tool_calls read {\"filePath\":\"/a.txt\"}"
            + " text_to_call",
        "OLLAMA | error-harmony-nameless | broken UNREADABLE",
        "OLLAMA | error-harmony-cut      | broken CUT",
        "OLLAMA | error-glm-incomplete   | broken CUT",
        "OLLAMA | error-glm-mismatched   | broken UNREADABLE",
        "OLLAMA | error-qwen-xml         | broken UNREADABLE",
        "OLLAMA | error-qwen-json        | broken CUT",
        "OLLAMA | error-native-arguments | broken CUT",
        "OPENAI | error-pos              | broken UNREADABLE",
        "BOTH   | error-crash            | lost RunnerCrash",
        "BOTH   | error-memory           | lost OutOfMemory",
        "OPENAI | error-window           | lost ContextExceeded",
        "OLLAMA | overflow               | lost ContextExceeded",
        "BOTH   | error                  | lost *",
        "BOTH   | cut                    | lost Cut",
        "BOTH   | repeating              | repeating",
        "BOTH   | repeating-reasoning    | repeating",
      })
  void answerIsJudged(String where, String name, String verdict) {
    for (Upstream upstream : Upstream.values()) {
      if (where.equals("BOTH") || where.equals(upstream.name())) {
        byte[] bytes = upstream.load(name);
        Upstream.Result whole = upstream.toolChat(bytes);

        assertThat(words(whole.verdict())).as("%s", upstream).matches(pattern(verdict));
        for (int cut = 1; cut < bytes.length; cut += Math.max(1, bytes.length / 50)) {
          assertThat(upstream.toolChat(bytes, cut)).isEqualTo(whole);
        }
        assertNothingHalfMade(upstream, bytes, whole);
      }
    }
  }

  private static String pattern(String verdict) {
    return Pattern.quote(verdict).replace("*", "\\E.*\\Q");
  }

  /** Nothing of a call has left unless all of it has, and text stands before it. */
  private static void assertNothingHalfMade(
      Upstream upstream, byte[] bytes, Upstream.Result whole) {
    String text = SseText.of(whole.client()).joined("content");
    if (whole.calls().isEmpty()) {
      assertThat(whole.client()).doesNotContain("tool_calls");
    } else {
      assertThat(text).doesNotContain("tool_call>", "arg_", "[ARGS]", "arguments", "<function");
    }
    for (int length = 0; length < bytes.length; length += Math.max(1, bytes.length / 50)) {
      Upstream.Result cut = upstream.toolChat(Arrays.copyOf(bytes, length));

      assertThat(SseText.of(whole.client()).joined("content"))
          .startsWith(SseText.of(cut.client()).joined("content"));
      assertThat(whole.calls()).containsAll(cut.calls());
    }
  }

  @ParameterizedTest
  @EnumSource(Upstream.class)
  void textBesideTheCallSurvives(Upstream upstream) {
    Upstream.Result result = upstream.toolChat(upstream.load("in-text-glm"));

    assertThat(SseText.of(result.client()).joined("content")).isEqualTo("I'll write it.\n");
    assertThat(result.client().indexOf("tool_calls"))
        .isGreaterThan(result.client().indexOf("I'll write it."));
    assertThat(result.client()).contains("\"finish_reason\":\"tool_calls\"");
    assertThat(result.sent()).isEqualTo(new Sent.Told());
  }

  @ParameterizedTest
  @EnumSource(Upstream.class)
  void callThatIsAllOfTheAnswerLeavesNoText(Upstream upstream) {
    for (String name : List.of("in-text-hermes", "in-text-bare", "in-text-fenced")) {
      Upstream.Result result = upstream.toolChat(upstream.load(name));

      assertThat(SseText.of(result.client()).joined("content")).isEmpty();
      assertThat(result.sent()).isEqualTo(new Sent.Nothing());
    }
  }

  @ParameterizedTest
  @EnumSource(Upstream.class)
  void textAboutCallsIsToldAsItCame(Upstream upstream) {
    byte[] bytes = upstream.load("about-calls");

    assertThat(SseText.of(upstream.toolChat(bytes).client()).joined("content"))
        .isEqualTo(SseText.of(upstream.chat(bytes, "m:latest").client()).joined("content"))
        .contains("<arg_key>");
  }

  @ParameterizedTest
  @EnumSource(Upstream.class)
  void withoutToolsNoCallIsLookedFor(Upstream upstream) {
    Upstream.Result result = upstream.chat(upstream.load("in-text-hermes"), "m");

    assertThat(SseText.of(result.client()).joined("content")).startsWith("<tool_call>");
    assertThat(result.client()).contains("\"finish_reason\":\"stop\"");
  }

  private static String words(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Complete complete -> complete(complete);
      case Verdict.CutByLength(var part) -> "length " + part;
      case Verdict.BrokenToolCall(var flaw) -> "broken " + flaw.defect();
      case Verdict.Empty(boolean reasoned) -> reasoned ? "empty reasoned" : "empty";
      case Verdict.Repeating _ -> "repeating";
      case Verdict.Lost(var failure) -> "lost " + failure.getClass().getSimpleName();
    };
  }

  private static String complete(Verdict.Complete complete) {
    StringBuilder words = new StringBuilder("complete ").append(complete.reason().label());
    for (ToolCall call : complete.calls()) {
      words.append(' ').append(call.name()).append(' ').append(call.arguments());
    }
    Set<Repair> repairs = new TreeSet<>(complete.repairs());
    repairs.remove(Repair.FINISH_REASON);
    for (Repair repair : repairs) {
      words.append(' ').append(repair.label());
    }
    return words.toString();
  }
}
