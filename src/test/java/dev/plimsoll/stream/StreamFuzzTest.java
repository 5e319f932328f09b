package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.it.CanonicalStream;
import dev.plimsoll.testing.Cuts;
import dev.plimsoll.testing.SseText;
import dev.plimsoll.testing.StrictJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whatever an upstream sends and however it is cut, the client gets the canonical stream of what a
 * second reading finds in it, or of its beginning, and no call that is not whole.
 */
class StreamFuzzTest {
  private static final String MODEL = "m:latest";
  private static final int SMALL_HELD = 200;

  @FuzzTest
  void ollama(byte[] bytes) {
    assertReadWell(Upstream.OLLAMA, bytes);
  }

  @FuzzTest
  void openAi(byte[] bytes) {
    assertReadWell(Upstream.OPENAI, bytes);
  }

  private static void assertReadWell(Upstream upstream, byte[] bytes) {
    Upstream.Result relayed = upstream.chat(bytes, MODEL);
    Upstream.Result written = upstream.chat(bytes, "other");
    for (int[] cuts : Cuts.of(bytes)) {
      assertThat(upstream.chat(bytes, MODEL, cuts)).isEqualTo(relayed);
    }
    assertThat(written.verdict()).isEqualTo(relayed.verdict());
    assertThat(written.sent()).isEqualTo(relayed.sent());
    assertCallsAreWhole(relayed.calls());
    assertHeldIsBounded(upstream, bytes);
    if (StrictJson.isUtf8(bytes)) {
      assertCanonical(relayed, MODEL);
      assertCanonical(written, "other");
      assertSecondReading(upstream, bytes, relayed, written);
    }
  }

  private static void assertCallsAreWhole(List<ToolCall> calls) {
    Set<String> ids = new HashSet<>();
    for (ToolCall call : calls) {
      assertThat(call.name()).isNotEmpty();
      assertThat(call.id()).isNotEmpty();
      assertThat(ids.add(call.id())).isTrue();
      assertThat(StrictJson.readWithinLimits(call.arguments().getBytes(UTF_8)))
          .as(call.arguments())
          .map(json -> json.root().kind())
          .contains(StrictJson.Kind.OBJECT);
    }
  }

  private static void assertHeldIsBounded(Upstream upstream, byte[] bytes) {
    ChatStream writer = new ChatStream(Upstream.named(MODEL), true);
    ResponseWatcher watcher = new ResponseWatcher(writer, "call_own_", SMALL_HELD);
    upstream.read(bytes, new int[0], watcher);
    if (watcher.verdict(null) instanceof Verdict.Complete complete) {
      int held =
          complete.calls().stream()
              .mapToInt(call -> call.name().length() + call.arguments().length())
              .sum();
      assertThat(held).isLessThanOrEqualTo(SMALL_HELD);
    }
  }

  private static void assertCanonical(Upstream.Result result, String model) {
    if (result.verdict() instanceof Verdict.Complete complete) {
      CanonicalStream client = CanonicalStream.of(result.client(), model);
      assertThat(client.finish()).isEqualTo(complete.reason().label());
      assertThat(client.calls()).hasSize(complete.calls().size());
      return;
    }
    SseText client = SseText.of(result.client());
    assertThat(client.rest()).isEmpty();
    assertThat(client.done()).isFalse();
    for (JsonNode chunk : client.json()) {
      JsonNode choice = chunk.path("choices").path(0);
      assertThat(choice.path("finish_reason").isNull()).as("%s", chunk).isTrue();
      assertThat(choice.path("delta").path("tool_calls").isEmpty()).as("%s", chunk).isTrue();
      assertThat(chunk.path("usage").isObject()).as("%s", chunk).isFalse();
    }
  }

  private static void assertSecondReading(
      Upstream upstream, byte[] bytes, Upstream.Result relayed, Upstream.Result written) {
    PlainStream plain = PlainStream.of(upstream, documents(upstream, bytes)).orElse(null);
    if (plain == null) {
      return;
    }
    for (Upstream.Result result : List.of(relayed, written)) {
      SseText client = SseText.of(result.client());
      assertThat(client.joined("content")).isEqualTo(plain.text());
      assertThat(client.joined("reasoning_content")).isEqualTo(plain.reasoning());
    }
    assertThat(relayed.sent()).isEqualTo(sent(plain));
    switch (relayed.verdict()) {
      case Verdict.Complete complete -> {
        assertThat(plain.end()).as("%s", plain).isPresent();
        assertThat(complete.calls().isEmpty()).as("%s", plain).isEqualTo(!plain.hasCalls());
      }
      case Verdict.BrokenToolCall _ -> assertThat(plain.hasCalls()).as("%s", plain).isTrue();
      case Verdict.Lost _ -> assertThat(plain.end()).as("%s", plain).isEmpty();
    }
    JoinedAnswer joined = new JoinedAnswer(Upstream.named(MODEL), JoinedAnswer.Form.CHAT);
    Upstream.Result whole = upstream.run(bytes, joined);
    assertThat(whole.verdict()).isEqualTo(relayed.verdict());
    if (whole.verdict() instanceof Verdict.Complete) {
      JsonNode message =
          dev.plimsoll.testing.Body.of(whole.client())
              .json()
              .path("choices")
              .path(0)
              .path("message");
      assertThat(message.path("content").asText("")).isEqualTo(plain.text());
      assertThat(message.path("reasoning_content").asText("")).isEqualTo(plain.reasoning());
    }
  }

  private static Sent sent(PlainStream plain) {
    if (!plain.text().isEmpty()) {
      return Sent.TEXT;
    }
    return plain.reasoning().isEmpty() ? Sent.NOTHING : Sent.REASONING;
  }

  /** The lines of NDJSON, or the data of server-sent events. */
  private static List<String> documents(Upstream upstream, byte[] bytes) {
    String text = new String(bytes, UTF_8).replace("\r\n", "\n").replace('\r', '\n');
    List<String> lines = List.of(text.split("\n", -1));
    if (upstream == Upstream.OLLAMA) {
      return lines;
    }
    List<String> events = new ArrayList<>();
    List<String> data = new ArrayList<>();
    for (int i = 0; i <= lines.size(); i++) {
      String line = i < lines.size() ? lines.get(i) : "";
      line = i == 0 && line.startsWith("\ufeff") ? line.substring(1) : line;
      if (line.isEmpty()) {
        events.add(String.join("\n", data));
        data.clear();
      } else if (line.startsWith("data:")) {
        data.add(line.substring(line.startsWith("data: ") ? 6 : 5));
      } else if (line.equals("data")) {
        data.add("");
      }
    }
    return events;
  }
}
