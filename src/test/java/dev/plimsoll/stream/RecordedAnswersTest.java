package dev.plimsoll.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.calls.ArgumentRule;
import dev.plimsoll.calls.CallCheck;
import dev.plimsoll.calls.Checked;
import dev.plimsoll.calls.Tool;
import dev.plimsoll.calls.Toolbox;
import dev.plimsoll.calls.Tools;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.schema.SchemaRule;
import dev.plimsoll.testing.SseText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What real agents' models said is let through as it is: no false alarm in thousands of turns. */
class RecordedAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void nothingThatRealModelsSaidIsTouched() throws Exception {
    Path folder = Path.of("..", "shared", "trajectories");
    assumeTrue(Files.isDirectory(folder), "no recorded agent runs here");
    List<Path> files;
    try (var found = Files.list(folder)) {
      files = found.filter(path -> path.toString().endsWith(".json.gz")).sorted().toList();
    }
    int answers = 0;
    for (Path file : files) {
      JsonNode run = read(file);
      Toolbox tools = tools(run.path("tools"));
      for (JsonNode message : run.path("messages")) {
        if (message.path("role").asText().equals("assistant")) {
          assertUntouched(tools, message);
          answers++;
        }
      }
    }
    assertThat(answers).isGreaterThan(1_000);
  }

  private static void assertUntouched(Toolbox tools, JsonNode message) {
    String text = message.path("content").asText("");
    ChatStream writer = new ChatStream(Upstream.ID, false);
    ResponseWatcher watcher = Upstream.watcher(writer, tools);
    for (int i = 0; i < text.length(); i += 4) {
      String piece = text.substring(i, Math.min(text.length(), i + 4));
      watcher.event(new StreamEvent.TextDelta(JsonString.of(piece), null, null));
    }
    List<ToolCall> calls = new ArrayList<>();
    for (JsonNode call : message.path("tool_calls")) {
      String arguments = call.at("/function/arguments").asText();
      calls.add(
          new ToolCall(call.path("id").asText(), call.at("/function/name").asText(), arguments));
    }
    watcher.event(new StreamEvent.Finished(FinishReason.STOP, null));
    Judge judge = new Judge(new CallCheck(tools, ArgumentRule.NONE), "own_", true, false);

    Verdict verdict = judge.verdict(watcher.ending(null));

    assertThat(verdict)
        .as(text)
        .isEqualTo(
            text.isBlank() ? new Verdict.Empty(false) : Verdict.Complete.of(FinishReason.STOP));
    watcher.releaseHeld(Verdict.Complete.of(FinishReason.STOP));
    String told = SseText.of(Upstream.written(writer.out())).joined("content");
    assertThat(told).isEqualTo(text);
    assertThat(new CallCheck(tools, new SchemaRule()).check(calls))
        .as("%s", calls)
        .isInstanceOfSatisfying(
            Checked.Sound.class, sound -> assertThat(sound.repairs()).isEmpty());
  }

  private static Toolbox tools(JsonNode declared) {
    List<Tool> tools = new ArrayList<>();
    for (JsonNode tool : declared) {
      JsonNode function = tool.path("function");
      tools.add(Tools.tool(function.path("name").asText(), function.path("parameters").toString()));
    }
    return Toolbox.of(tools);
  }

  private static JsonNode read(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return JSON.readTree(in);
    }
  }
}
