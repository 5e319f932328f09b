package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.testing.Chance;
import dev.plimsoll.testing.Recording;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However an upstream's bytes are cut and whatever its line ends, the client gets the same. */
class SplitTest {
  private static final List<String> LINE_ENDS = List.of("\n", "\r", "\r\n");

  @ParameterizedTest
  @CsvSource({
    "OLLAMA, text",
    "OLLAMA, reasoning",
    "OLLAMA, calls",
    "OLLAMA, calls-old",
    "OLLAMA, length",
    "OLLAMA, error",
    "OLLAMA, overflow",
    "OLLAMA, cut",
    "OLLAMA, generate",
    "OPENAI, text",
    "OPENAI, text-usage",
    "OPENAI, reasoning",
    "OPENAI, calls",
    "OPENAI, llama-server",
    "OPENAI, null-error",
    "OPENAI, multi-line",
    "OPENAI, length",
    "OPENAI, error",
    "OPENAI, cut",
    "OPENAI, cut-call",
    "OPENAI, no-done",
  })
  void cutAtEveryByteChangesNothing(Upstream upstream, String name) {
    assertCutsChangeNothing(upstream, upstream.load(name), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "OLLAMA, gen-a, chat-hello-stream",
    "OLLAMA, gen-a, chat-tools-stream",
    "OLLAMA, gen-a, chat-glm-whole-stream",
    "OLLAMA, gen-a, chat-glm-midstream-stream",
    "OLLAMA, gen-a, chat-glm-think-broken-stream",
    "OLLAMA, gen-a, event-kill-api",
    "OLLAMA, gen-b, chat-hello-stream",
    "OLLAMA, gen-b, chat-cut-stream",
    "OLLAMA, gen-b, chat-tools-stream",
    "OLLAMA, gen-b, chat-tools-leaked-stream",
    "OLLAMA, gen-b, chat-glm-whole-stream",
    "OLLAMA, gen-b, chat-qwen3coder-whole-stream",
    "OLLAMA, gen-b, event-kill-api",
    "OPENAI, gen-a, v1-hello-stream-usage",
    "OPENAI, gen-a, v1-tools-stream-usage",
    "OPENAI, gen-a, v1-glm-midstream-stream",
    "OPENAI, gen-a, event-kill-v1",
    "OPENAI, gen-b, v1-hello-stream",
    "OPENAI, gen-b, v1-cut-stream-usage",
    "OPENAI, gen-b, v1-tools-stream-usage",
    "OPENAI, gen-b, v1-glm-whole-stream",
    "OPENAI, gen-b, event-kill-v1",
    "OPENAI, llama-server, v1-hello-stream-usage",
    "OPENAI, llama-server, v1-tools-required-stream-usage",
    "OPENAI, llama-server, event-kill",
  })
  void cutsOfRecordedStreamsChangeNothing(Upstream upstream, String folder, String name) {
    Optional<Recording> recording = Recording.find(folder, name);
    assumeTrue(recording.isPresent(), "no recordings here");
    byte[] bytes = recording.orElseThrow().body().bytes();

    // The cases of the repository have every byte; here some hundred places must do.
    assertCutsChangeNothing(upstream, bytes, Math.max(1, bytes.length / 500));
  }

  private static void assertCutsChangeNothing(Upstream upstream, byte[] bytes, int stride) {
    String text = new String(bytes, UTF_8);
    for (String model : List.of("m:latest", "other")) {
      Upstream.Result whole = upstream.chat(bytes, model);
      for (String lineEnd : LINE_ENDS) {
        byte[] form = text.replace("\n", lineEnd).getBytes(UTF_8);
        for (int cut = 0; cut <= form.length; cut += stride) {
          assertThat(upstream.chat(form, model, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        int[] all = IntStream.range(0, form.length).toArray();
        assertThat(upstream.chat(form, model, all)).isEqualTo(whole);
        Chance.cases(
            form.length,
            20,
            random -> {
              int[] cuts = random.ints(random.nextInt(9), 0, form.length + 1).sorted().toArray();
              assertThat(upstream.chat(form, model, cuts)).isEqualTo(whole);
            });
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"OLLAMA, calls", "OLLAMA, calls-old", "OPENAI, calls", "OPENAI, cut-call"})
  void beginningOfStreamHasNoCallThatTheWholeHasNot(Upstream upstream, String name) {
    byte[] bytes = upstream.load(name);
    List<ToolCall> whole = upstream.chat(bytes, "m").calls();
    for (int length = 0; length < bytes.length; length++) {
      Upstream.Result cut = upstream.chat(Arrays.copyOf(bytes, length), "m");

      assertThat(cut.calls()).as("first %d bytes", length).isIn(List.of(), whole);
      assertThat(cut.client().contains("tool_calls"))
          .as("first %d bytes", length)
          .isEqualTo(!cut.calls().isEmpty());
      if (cut.verdict() instanceof Verdict.Lost(var failure)) {
        assertThat(failure).isInstanceOf(UpstreamFailure.Cut.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"OLLAMA, calls", "OPENAI, calls"})
  void damagedStreamNeverThrows(Upstream upstream, String name) {
    byte[] sound = upstream.load(name);
    Chance.cases(
        1,
        4_000,
        random -> {
          byte[] bytes = sound.clone();
          for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int value = random.nextBoolean() ? random.nextInt(256) : '"';
            bytes[random.nextInt(bytes.length)] = (byte) value;
          }

          Upstream.Result result = upstream.chat(bytes, "m");

          for (ToolCall call : result.calls()) {
            assertThat(dev.plimsoll.testing.Body.of(call.arguments()).json().isObject()).isTrue();
          }
        });
  }
}
