package dev.plimsoll.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.config.Config;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.GrowingChat;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.RenderedPrompt;
import dev.plimsoll.testing.Route;
import dev.plimsoll.tokens.PromptMeasure;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of Ollama to size a prompt, how often, and what is kept. */
class OllamaMeasuresTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PROBES = 7;

  @TempDir private Path data;

  private final Vertx vertx = Vertx.vertx();
  private final Loop loop = new Loop(vertx, vertx.getOrCreateContext(), vertx.createHttpClient());
  private FakeOllama fake = fake(true);

  @AfterEach
  void close() {
    fake.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static FakeOllama fake(boolean vocabulary) {
    FakeModel model = FakeModel.named("made-up:latest");
    return FakeOllama.builder().model(vocabulary ? model.verboseInfo(shown()) : model).start();
  }

  /** A vocabulary of 279 tokens. */
  private static String shown() {
    try (InputStream in =
        OllamaMeasuresTest.class.getResourceAsStream("/tokens/made-up.show.json")) {
      return JSON.readTree(Objects.requireNonNull(in)).path("model_info").toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private OllamaMeasures measures() {
    return new OllamaMeasures(data, Optional.empty());
  }

  /** Asks as the adapter does, over a socket. */
  private WholeAnswer.Result ask(String route, byte[] body) throws InterruptedException {
    WholeAnswer answer = new WholeAnswer();
    var config = Config.DEFAULT.upstream();
    HttpCall.Limits limits = HttpCall.Limits.of(config);
    loop.run(
        () ->
            new HttpCall(loop, limits, System::nanoTime, answer.listener())
                .start(
                    UpstreamAddress.of(fake.uri()).post(route),
                    io.vertx.core.buffer.Buffer.buffer(body)));
    return answer.await();
  }

  private static final Model MODEL =
      new Model("made-up:latest", "abc123", false, true, OptionalLong.of(4096));

  private static ChatRequest request(ObjectNode json) {
    return switch (ChatRequest.parse(json.toString().getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Good<ChatRequest>(ChatRequest good) -> good;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.message());
    };
  }

  private static ChatRequest chat(String system) {
    ObjectNode json = JSON.createObjectNode().put("model", "made-up");
    json.putArray("messages").addObject().put("role", "system").put("content", system);
    json.withArray("messages").addObject().put("role", "user").put("content", "then hello");
    return request(json);
  }

  private long asked(Route route) {
    return fake.requests(route).size();
  }

  @Test
  void plannedIsWhatTheServersPromptCounts() throws Exception {
    OllamaMeasures measures = measures();
    GrowingChat chat = new GrowingChat(3, true);
    for (int i = 0; i < 30; i++) {
      ChatRequest request = request(chat.next("made-up"));

      PromptMeasure measure = measures.measure(this::ask, MODEL, request);

      byte[] body = OllamaBody.chat(request, Question.of(request), MODEL, Optional.empty()).body();
      int counted = measure.counter().messages().text(RenderedPrompt.of(JSON.readTree(body)));
      assertThat(measure.plan(request).tokens()).as("request %d", i).isEqualTo(counted);
      assertThat(measure.exact()).isTrue();
    }
    assertThat(asked(Route.SHOW)).isEqualTo(1);
    assertThat(asked(Route.CHAT)).as("probes, and the fixed part once").isEqualTo(PROBES + 1);
  }

  @Test
  void whatIsKnownIsNotAskedAgain() throws Exception {
    OllamaMeasures measures = measures();
    measures.measure(this::ask, MODEL, chat("one"));
    measures.measure(this::ask, MODEL, chat("one"));
    assertThat(asked(Route.CHAT)).isEqualTo(PROBES + 1);

    measures.measure(this::ask, MODEL, chat("two"));
    assertThat(asked(Route.CHAT)).as("another system prompt").isEqualTo(PROBES + 2);

    PromptMeasure kept = measures().measure(this::ask, MODEL, chat("one"));
    assertThat(asked(Route.SHOW)).as("the vocabulary is on disk").isEqualTo(1);
    assertThat(asked(Route.CHAT)).as("and so is the form").isEqualTo(PROBES + 3);
    assertThat(kept.exact()).isTrue();
  }

  @Test
  void nothingIsAskedThatWouldReloadTheModelOrCutAPrompt() throws Exception {
    measures().measure(this::ask, MODEL, chat("one"));

    assertThat(fake.loads()).isEqualTo(1);
    for (RecordedRequest request : fake.requests(Route.CHAT)) {
      assertThat(request.json().path("truncate").asBoolean(true)).isFalse();
      assertThat(request.json().path("shift").asBoolean(true)).isFalse();
      assertThat(request.json().at("/options/num_ctx").asInt()).isEqualTo(4096);
    }
  }

  @Test
  void damagedFilesAreAskedForAnew() throws Exception {
    measures().measure(this::ask, MODEL, chat("one"));
    try (Stream<Path> files = Files.list(data.resolve("tokens"))) {
      for (Path file : files.toList()) {
        Files.write(file, new byte[] {1, 2, 3});
      }
    }

    assertThat(measures().measure(this::ask, MODEL, chat("one")).exact()).isTrue();
    assertThat(asked(Route.SHOW)).isEqualTo(2);
  }

  @Test
  void withoutAVocabularyItIsEstimated() throws Exception {
    fake.close();
    fake = fake(false);

    PromptMeasure measure = measures().measure(this::ask, MODEL, chat("Four words in here."));

    assertThat(measure.exact()).isFalse();
    assertThat(measure.plan(chat("Four words in here.")).tokens()).isBetween(10L, 80L);
  }

  @Test
  void aServerThatIsGoneIsEstimatedAndAskedAgain() throws Exception {
    OllamaMeasures measures = measures();
    PromptMeasure blind =
        measures.measure(
            (_, _) -> new WholeAnswer.Result.Failed(new UpstreamFailure.Cut("gone")),
            MODEL,
            chat("one"));
    assertThat(blind.exact()).isFalse();
    assertThat(blind.fixed()).isPositive();

    assertThat(measures.measure(this::ask, MODEL, chat("one")).exact()).isTrue();
  }

  @Test
  void manyAtOnceAskOnce() throws Exception {
    OllamaMeasures measures = measures();
    List<Thread> threads =
        Stream.generate(
                () ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              try {
                                measures.measure(this::ask, MODEL, chat("one"));
                              } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                              }
                            }))
            .limit(8)
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(asked(Route.SHOW)).isEqualTo(1);
    assertThat(asked(Route.CHAT)).isEqualTo(PROBES + 1);
  }
}
