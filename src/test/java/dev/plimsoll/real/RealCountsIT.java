package dev.plimsoll.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.real.CountedServer.Sample;
import dev.plimsoll.testing.GrowingChat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Planned counts against what real servers count, from the first request of a model on: thirty
 * prompts for each, with tools, many scripts and long arguments.
 */
@Tag("real")
class RealCountsIT {
  private static final int WINDOW = 8192;
  private static final int PROMPTS = 30;

  /** A conversation that has grown so far is followed by another one. */
  private static final int LONG = 3000;

  @TempDir private Path data;

  /** How a prompt is sampled. */
  private interface Sampling {
    Sample of(GrowingChat chat) throws Exception;
  }

  private static List<Sample> sample(boolean tools, Sampling sampling) throws Exception {
    List<Sample> samples = new ArrayList<>();
    GrowingChat chat = new GrowingChat(7, tools);
    for (int i = 0; i < PROMPTS; i++) {
      Sample sample = sampling.of(chat);
      samples.add(sample);
      if (sample.counted() > LONG) {
        chat = new GrowingChat(100 + i, tools);
      }
    }
    return samples;
  }

  private static void allExact(List<Sample> samples, TestReporter reporter) {
    report(samples, reporter);
    assertThat(samples).allMatch(Sample::exact);
    assertThat(samples).allMatch(sample -> sample.error() == 0);
  }

  private static void report(List<Sample> samples, TestReporter reporter) {
    IntStream errors = samples.stream().mapToInt(Sample::error);
    reporter.publishEntry("largest error in tokens", String.valueOf(errors.max().orElse(0)));
  }

  /** The models whose vocabulary and template belong together. */
  @ParameterizedTest(name = "{1} on generation {0}")
  @CsvSource({
    "a, smol:135m, false",
    "a, smol-tools:135m, true",
    "a, qwen-coder:0.5b, true",
    "b, smol:135m, false",
    "b, smol-tools:135m, true",
    "b, qwen-coder:0.5b, true",
    "b, qwen-native:0.5b, false"
  })
  void plannedIsWhatOllamaEvaluates(
      String generation, String model, boolean tools, TestReporter reporter) throws Exception {
    try (RunningOllama ollama = RunningOllama.start(generation, WINDOW);
        CountedServer server = new CountedServer(ollama.uri(), WINDOW, data)) {
      allExact(sample(tools, chat -> server.asked(chat.next(model))), reporter);
    }
  }

  /**
   * Ollama's own renderers, put on a small model. Its vocabulary lacks their special tokens, so
   * that a seam may cost a token; with their own none does.
   */
  @ParameterizedTest(name = "{1} on generation {0}")
  @CsvSource({
    "a, glm-4.7",
    "a, qwen3-coder",
    "a, qwen3.5",
    "b, glm-4.7",
    "b, qwen3-coder",
    "b, qwen3.5"
  })
  void plannedIsWhatRenderersWrite(String generation, String renderer, TestReporter reporter)
      throws Exception {
    try (RunningOllama ollama = RunningOllama.start(generation, WINDOW);
        CountedServer server = new CountedServer(ollama.uri(), WINDOW, data)) {
      String model = "plimsoll-counts-" + renderer;
      create(ollama, model, renderer);
      try {
        List<Sample> samples = sample(true, chat -> server.rendered(chat.next(model)));
        report(samples, reporter);
        assertThat(samples).allMatch(Sample::exact);
        assertThat(samples).allMatch(sample -> sample.error() <= 1);
      } finally {
        Http.delete(ollama.uri().resolve("/api/delete"), "{\"model\":\"" + model + "\"}");
      }
    }
  }

  private static void create(RunningOllama ollama, String model, String renderer)
      throws IOException, InterruptedException {
    String body =
        "{\"model\":\"%s\",\"from\":\"smol:135m\",\"renderer\":\"%s\",\"parser\":\"%s\",\"stream\":false}"
            .formatted(model, renderer, renderer);
    assertThat(Http.post(ollama.uri().resolve("/api/create"), body).status()).isEqualTo(200);
  }

  @Test
  void plannedIsWhatLlamaServerEvaluates(TestReporter reporter) throws Exception {
    String model = "qwen2.5-coder-0.5b";
    try (RunningLlamaServer llama = RunningLlamaServer.start(model, WINDOW);
        CountedServer server = new CountedServer(llama.uri(), WINDOW, data)) {
      allExact(sample(true, chat -> server.asked(chat.next(model))), reporter);
    }
  }
}
