package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of the two kinds of upstream, line by line. */
class ReadersTest {
  @Test
  void ollamaTellsTextReasoningAndEnd() {
    assertThat(
            ollama(
                "{\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"hm\"}}",
                "",
                "{\"message\":{\"content\":\"a\\u003cb\",\"thinking\":\"x\"},\"done\":false}",
                "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"length\","
                    + "\"prompt_eval_count\":5,\"eval_count\":2}"))
        .containsExactly(
            "reasoning hm",
            "reasoning x",
            "text a<b",
            "usage 5+2 cached 0 reasoning 0",
            "finished length",
            "done");
  }

  @Test
  void ollamaTellsCallsWholeAndCountsThem() {
    assertThat(
            ollama(
                "{\"message\":{\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"a\":"
                    + " 1.50}}},{\"function\":{\"index\":0,\"name\":\"g\"}}]}}",
                "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"h\",\"arguments\":null}},"
                    + "{\"function\":{\"name\":\"i\",\"arguments\":\"{\\\"b\\\":2}\"}},7]}}"))
        .containsExactly(
            "call 0 c1 f {\"a\": 1.50}",
            "call 1 null g ",
            "call 2 null h ",
            "call 3 null i {\"b\":2}",
            "call 4 null null ");
  }

  @Test
  void ollamaTellsFailures() {
    assertThat(ollama("{\"error\":\"runner stopped\"}")).containsExactly("failed ErrorFrame");
    assertThat(ollama("{\"error\":\"\"}")).containsExactly("failed ErrorFrame");
    assertThat(ollama("{\"error\":\"the input length exceeds the context length\"}"))
        .containsExactly("failed ContextExceeded");
    assertThat(ollama("<html>")).containsExactly("noticed bad_json", "failed Unreadable");
    assertThat(ollama("[]")).containsExactly("noticed bad_json", "failed Unreadable");
    assertThat(ollama("{\"message\":{\"content\":\"a")).containsExactly("failed Cut");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"message\":null}",
        "{\"message\":[]}",
        "{\"message\":{\"content\":null,\"thinking\":7,\"tool_calls\":{}}}",
        "{\"done\":false,\"done_reason\":{\"a\":[1]},\"eval_count\":\"x\",\"logprobs\":1}",
        "{\"done_reason\":[\"stop\",{}],\"done\":false}",
        "{\"error\":null}",
        "{\"message\":{\"tool_calls\":[]}}",
        "{}",
      })
  void ollamaLinesThatSayNothingGiveNothing(String line) {
    assertThat(ollama(line)).isEmpty();
  }

  @Test
  void openAiTellsOpeningTextAndEnd() {
    assertThat(
            openAi(
                chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"),
                chunk("{\"content\":\"a\"}", "null"),
                chunk("{\"reasoning_content\":\"r\"}", "null"),
                chunk("{\"reasoning\":\"s\",\"content\":\"\"}", "null"),
                chunk("{}", "\"stop\""),
                "{\"id\":\"i\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\","
                    + "\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
                    + "\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":1},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":1}}}",
                "[DONE]"))
        .containsExactly(
            "opened i 5 m",
            "text a (chunk)",
            "reasoning r (chunk)",
            "reasoning s (chunk)",
            "finished stop (chunk)",
            "usage 3+2 cached 1 reasoning 1 (chunk)",
            "done");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{@,\"choices\":[#],\"id\":\"other\"}",
        "{@,\"choices\":[#],\"created\":6}",
        "{@,\"choices\":[#],\"model\":\"n\"}",
        "{@,\"choices\":[#],\"object\":\"chat.completion\"}",
        "{@,\"choices\":[#],\"error\":null}",
        "{@,\"choices\":[#],\"usage\":{\"prompt_tokens\":0}}",
        "{@,\"choices\":[#],\"usage\":7}",
        "{@,\"choices\":[#,#]}",
        "{\"choices\":[#]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"role\":\"\",\"content\":\"a\"},\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"tool_calls\":{}},\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"tool_calls\":[7]},\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\",\"reasoning\":[]},\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"index\":0,\"message\":{\"content\":\"a\"},\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"delta\":{},\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"\"}]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":7}]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"logprobs\":[],\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"index\":1,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}",
        "{@,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}",
      })
  void openAiChunkThatSaysMoreOrLessIsNotRelayed(String form) {
    String head = "\"id\":\"i\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\"";
    String choice = "{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}";
    String chunk = form.replace("@", head).replace("#", choice);

    assertThat(openAi(chunk("{}", "null"), chunk)).containsExactly("opened i 5 m", "text a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\"choices\":7,", "\"choices\":null,", "\"object\":\"x\",\"choices\":[],"})
  void openAiCountThatIsNoChunkIsNotRelayed(String members) {
    String count = members + "\"usage\":{\"prompt_tokens\":3}}";
    String head =
        "{\"id\":\"i\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",";

    assertThat(openAi(head + count))
        .containsExactly("opened i 5 m", "usage 3+0 cached 0 reasoning 0");
  }

  @Test
  void openAiFinishInOtherWordsIsNotRelayed() {
    assertThat(openAi(chunk("{}", "\"eos\""))).containsExactly("opened i 5 m", "finished stop");
    assertThat(openAi(chunk("{}", "\"max_tokens\"")))
        .containsExactly("opened i 5 m", "finished length");
    assertThat(openAi(chunk("{\"content\":\"z\"}", "\"stop\"")))
        .containsExactly("opened i 5 m", "text z", "finished stop");
  }

  @Test
  void openAiTimeThatIsNoWholeNumberOpensNothing() {
    for (String created : List.of("5.5", "1e400", "-5", "\"5\"", "null", "1234567890123456")) {
      assertThat(
              openAi(
                  "{\"id\":\"i\",\"model\":\"m\",\"created\":"
                      + created
                      + ",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}"))
          .as(created)
          .containsExactly("text a");
    }
  }

  @Test
  void openAiTellsPiecesOfCalls() {
    String pieces =
        "[{\"index\":1,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\"}},"
            + "{\"index\":null,\"function\":{\"arguments\":{\"b\":1}}},"
            + "{\"id\":null,\"function\":{\"name\":null,\"arguments\":null}},3]";

    assertThat(openAi("{\"choices\":[{\"delta\":{\"tool_calls\":" + pieces + "}}]}"))
        .containsExactly("call 1 c f {\"a", "call 1 null null {\"b\":1}", "call 2 null null ");
  }

  @Test
  void openAiTellsFailures() {
    assertThat(openAi("{\"error\":{\"message\":\"x\"}}")).containsExactly("failed ErrorFrame");
    assertThat(openAi("{\"error\":\"x\"}")).containsExactly("failed ErrorFrame");
    assertThat(openAi("{\"object\":\"error\",\"message\":\"x\",\"code\":400}"))
        .containsExactly("failed ErrorFrame");
    assertThat(openAi("{\"error\":{\"code\":400,\"type\":\"exceed_context_size_error\"}}"))
        .containsExactly("failed ContextExceeded");
    assertThat(openAi("{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":-1}]}}]}"))
        .containsExactly("noticed bad_json", "failed Unreadable");
    assertThat(openAi("oops {}")).containsExactly("noticed bad_json", "failed Unreadable");
    assertThat(openAi("{\"choices\":[")).containsExactly("failed Cut");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " ",
        "{\"choices\":[]}",
        "{\"choices\":null,\"usage\":null,\"error\":null}",
        "{\"choices\":[null]}",
        "{\"choices\":[{\"delta\":null,\"logprobs\":null,\"finish_reason\":null}]}",
        "{\"choices\":[{\"delta\":{\"content\":null,\"tool_calls\":null,\"reasoning\":null}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"\",\"tool_calls\":[]}}],\"usage\":{}}",
      })
  void openAiChunksThatSayNothingGiveNothing(String chunk) {
    assertThat(openAi(chunk)).isEmpty();
  }

  @Test
  void doneMayHaveSpaceAround() {
    assertThat(openAi(" [DONE] ")).containsExactly("done");
  }

  @Test
  void tooLargeEventIsFailure() {
    List<StreamEvent> events = new ArrayList<>();

    new OpenAiReader(events::add).tooLong();

    assertThat(events).hasSize(2).last().isInstanceOf(StreamEvent.Failed.class);
    assertThat(events.getFirst()).isEqualTo(new StreamEvent.Noticed(Anomaly.OVERSIZED_LINE));
  }

  @Test
  void openAiFinishThatComesTwiceIsNoticed() {
    assertThat(openAi(chunk("{}", "\"stop\""), chunk("{}", "\"stop\"")))
        .containsExactly(
            "opened i 5 m",
            "finished stop (chunk)",
            "noticed duplicate_finish",
            "finished stop (chunk)");
  }

  @Test
  void whatComesBehindTheEndIsNoticed() {
    assertThat(openAi("[DONE]", chunk("{\"content\":\"a\"}", "null"), "[DONE]"))
        .containsExactly(
            "done",
            "noticed after_done",
            "opened i 5 m",
            "text a (chunk)",
            "noticed after_done",
            "done");
    assertThat(ollama("{\"done\":true}", "", "{\"message\":{\"content\":\"a\"}}"))
        .endsWith("done", "noticed after_done", "text a");
  }

  @Test
  void openAiStreamThatFinishedWithoutSayingSoIsNoticed() {
    assertThat(atTheEndOf(chunk("{}", "\"stop\""))).containsExactly(Anomaly.NO_DONE);
    assertThat(atTheEndOf(chunk("{}", "\"stop\""), "[DONE]")).isEmpty();
    assertThat(atTheEndOf(chunk("{\"content\":\"a\"}", "null"))).isEmpty();
  }

  private static List<Anomaly> atTheEndOf(String... chunks) {
    List<Anomaly> noticed = new ArrayList<>();
    OpenAiReader reader =
        new OpenAiReader(
            event -> {
              if (event instanceof StreamEvent.Noticed(var anomaly)) {
                noticed.add(anomaly);
              }
            });
    for (String chunk : chunks) {
      byte[] bytes = chunk.getBytes(UTF_8);
      reader.data(bytes, 0, bytes.length);
    }
    reader.end();
    return noticed;
  }

  @Test
  void ollamaStopBehindCallsMeansCalls() {
    String call = "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\"}}]}}";

    assertThat(ollama(call, "{\"done\":true,\"done_reason\":\"stop\"}"))
        .contains("finished tool_calls");
    assertThat(ollama(call, "{\"done\":true,\"done_reason\":\"length\"}"))
        .contains("finished length");
  }

  private static String chunk(String delta, String finish) {
    return "{\"id\":\"i\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\","
        + "\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finish
        + "}]}";
  }

  private static List<String> ollama(String... lines) {
    return Upstream.OLLAMA.events(String.join("\n", lines));
  }

  private static List<String> openAi(String... events) {
    return Upstream.OPENAI.events("data: " + String.join("\n\ndata: ", events) + "\n\n");
  }
}
