package dev.plimsoll.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.RenderedPrompt;
import dev.plimsoll.testing.Reply;
import dev.plimsoll.testing.WordTokens;
import dev.plimsoll.tokens.Tokenizer;
import dev.plimsoll.tokens.Tokenizers;
import dev.plimsoll.tokens.VocabularyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;

/** A model server that can be counted for, and whose answers tell how long their prompt was. */
final class CountingServer implements AutoCloseable {
  /** No request of these tests is longer. */
  private static final int LARGE = 262_144;

  private final Behind behind;
  private final byte[] shown;
  private final Tokenizer vocabulary;
  private final FakeOllama fake;

  private CountingServer(Behind behind, int trained) {
    this.behind = behind;
    this.shown = shown();
    this.vocabulary = vocabulary(shown);
    FakeModel model = FakeModel.named("test:latest").trainedContext(trained);
    String info =
        Body.of(new String(shown, StandardCharsets.UTF_8)).json().path("model_info").toString();
    this.fake = behind.fake().counts().model(model.verboseInfo(info)).start().reply(this::answer);
  }

  static CountingServer of(Behind behind) {
    return new CountingServer(behind, LARGE);
  }

  /** One whose model has no larger window, whatever is asked for. */
  static CountingServer of(Behind behind, int trained) {
    return new CountingServer(behind, trained);
  }

  private static byte[] shown() {
    try (InputStream in = CountingServer.class.getResourceAsStream("/tokens/made-up.show.json")) {
      return Objects.requireNonNull(in).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tokenizer vocabulary(byte[] shown) {
    return switch (VocabularyReader.read(shown)) {
      case VocabularyReader.Result.Read(var vocabulary) -> Tokenizers.of(vocabulary).tokenizer();
      case VocabularyReader.Result.None(var why) -> throw new IllegalStateException(why);
    };
  }

  FakeOllama fake() {
    return fake;
  }

  private Reply answer(RecordedRequest request) {
    return Answer.text("Hello", " world").tokens((int) counted(request), 2);
  }

  /** The tokens of a request's prompt. */
  long counted(RecordedRequest request) {
    String prompt = RenderedPrompt.of(request.json());
    return switch (behind) {
      case OLLAMA -> vocabulary.count(prompt);
      case OPENAI -> WordTokens.of(prompt).size();
    };
  }

  /** The requests that a model was to answer. */
  List<RecordedRequest> chats() {
    return behind.chats(fake).stream().filter(request -> !isUpkeep(request.json())).toList();
  }

  private static boolean isUpkeep(JsonNode request) {
    return request.path("_debug_render_only").asBoolean() || request.path("messages").isEmpty();
  }

  /** Waits until a model was to answer so many. */
  void awaitChats(int count) {
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> chats().size() >= count);
  }

  /** What it says to a prompt that does not fit. */
  Fault refusal(int prompt, int window) {
    return switch (behind) {
      case OLLAMA -> Fault.contextExceeded(prompt, window);
      case OPENAI -> Fault.llamaContextExceeded(prompt, window);
    };
  }

  @Override
  public void close() {
    fake.close();
  }
}
