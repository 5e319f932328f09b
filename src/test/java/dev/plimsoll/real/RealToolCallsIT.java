package dev.plimsoll.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.SseText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/**
 * Calls that Ollama's own parsers cut, refuse or repair into nonsense, and runners that die.
 *
 * <p>A small model repeats a text that stands three times in its conversation, so that the parser
 * of a large one meets whatever the test wants.
 */
@Tag("real")
@ParameterizedClass(name = "generation {0}")
@ValueSource(strings = {"b", "a"})
class RealToolCallsIT {
  private static final int WINDOW = 4096;
  private static final String CHAT = "/v1/chat/completions";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Older Ollamas may hang for ever after a call that they could not read. */
  private static final Duration HANGS = Duration.ofSeconds(60);

  private static final String CONTENT =
      "one two three four five six seven eight nine ten eleven twelve";

  @TempDir static Path data;

  private static @Nullable RunningOllama startedOllama;
  private static @Nullable BuiltPlimsoll startedPlimsoll;

  private final RunningOllama ollama;
  private final BuiltPlimsoll plimsoll;

  RealToolCallsIT(String generation) {
    Installed.model(Installed.ollama(generation), Wrong.GLM);
    Installed.model(Installed.ollama(generation), Wrong.QWEN);
    this.ollama = Objects.requireNonNull(startedOllama);
    this.plimsoll = Objects.requireNonNull(startedPlimsoll);
  }

  @BeforeParameterizedClassInvocation
  static void start(String generation) throws IOException, InterruptedException {
    try {
      startedOllama = RunningOllama.start(generation, WINDOW);
    } catch (TestAbortedException missing) {
      return; // every test says by itself what is missing
    }
    startedPlimsoll =
        BuiltPlimsoll.start(
            data.resolve(generation),
            startedOllama.uri(),
            "upstream.first-byte-timeout=" + HANGS.toSeconds() + "s");
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    if (startedPlimsoll != null) {
      startedPlimsoll.close();
    }
    if (startedOllama != null) {
      startedOllama.close();
    }
    startedPlimsoll = null;
    startedOllama = null;
  }

  /** What the model writes, and what the first attempt at it is found to be. */
  enum Wrong {
    GLM_CUT(Wrong.GLM, Wrong.ofGlm("</arg_value>"), 45, "length_in_tool_call"),
    GLM_REPAIRED_INTO_NONSENSE(Wrong.GLM, Wrong.ofGlm("</arg_key>"), 150, "schema_mismatch"),
    GLM_KEY_WITHOUT_VALUE(Wrong.GLM, Wrong.NO_VALUE, 150, "invalid_tool_arguments"),
    GLM_KEY_WITHOUT_VALUE_BEHIND_TEXT(
        Wrong.GLM, "I will write the file now.\n" + Wrong.NO_VALUE, 150, "invalid_tool_arguments"),
    QWEN_CUT(Wrong.QWEN, Wrong.ofQwen("</parameter>\n"), 45, "length_in_tool_call"),
    QWEN_PARAMETER_NOT_CLOSED(Wrong.QWEN, Wrong.ofQwen(""), 150, "empty_response");

    static final String GLM = "glm-parser:135m";
    static final String QWEN = "qwen3coder-parser:135m";
    private static final String NO_VALUE =
        "<tool_call>write_file\n<arg_key>path</arg_key>\n<arg_value>a.txt</arg_value>\n"
            + "<arg_key>content</arg_key>\n</tool_call>";

    private final String model;
    private final String text;
    private final int maxTokens;
    private final String found;

    Wrong(String model, String text, int maxTokens, String found) {
      this.model = model;
      this.text = text;
      this.maxTokens = maxTokens;
      this.found = found;
    }

    private static String ofGlm(String end) {
      return NO_VALUE.replace("\n</tool_call>", "\n<arg_value>" + CONTENT + end + "\n</tool_call>");
    }

    private static String ofQwen(String end) {
      return "<tool_call>\n<function=write_file>\n<parameter=path>\na.txt\n</parameter>\n"
          + "<parameter=content>\n"
          + CONTENT
          + "\n"
          + end
          + "</function>\n</tool_call>";
    }

    boolean cut() {
      return found.equals("length_in_tool_call");
    }

    ObjectNode request() {
      ObjectNode request = RealToolCallsIT.request(model, maxTokens);
      for (int i = 0; i < 3; i++) {
        say(request, "user", "Write the file.");
        say(request, "assistant", text);
      }
      say(request, "user", "Write the file.");
      ObjectNode function = request.putArray("tools").addObject().put("type", "function");
      ObjectNode parameters =
          function
              .putObject("function")
              .put("name", "write_file")
              .put("description", "Write a text file. Always give the whole content.")
              .putObject("parameters")
              .put("type", "object");
      ObjectNode properties = parameters.putObject("properties");
      properties.putObject("path").put("type", "string");
      properties.putObject("content").put("type", "string");
      parameters.putArray("required").add("path").add("content");
      return request;
    }
  }

  private static ObjectNode request(String model, int maxTokens) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("model", model);
    request.put("temperature", 0).put("seed", 1).put("reasoning_effort", "none");
    request.put("max_tokens", maxTokens).putArray("messages");
    return request;
  }

  private static void say(ObjectNode request, String role, String content) {
    request.withArray("messages").addObject().put("role", role).put("content", content);
  }

  @ParameterizedTest
  @EnumSource
  void aCallIsWholeOrHonestlyRefused(Wrong wrong) throws Exception {
    for (boolean stream : new boolean[] {false, true}) {
      String session = wrong + (stream ? "_stream" : "_joined");
      Http.Answer answer =
          Http.post(
              plimsoll.agents().resolve(CHAT),
              wrong.request().put("stream", stream).toString(),
              "x-session-id",
              session);

      Got got = Got.of(answer.status(), answer.text(), stream);
      isWholeOrRefused(got);
      if (wrong.cut()) {
        assertThat(got.calls).as(got.text).hasSize(1);
        assertThat(arguments(got.calls.getFirst()).path("content").asText()).isEqualTo(CONTENT);
      }
      List<JsonNode> attempts = attempts(session);
      assertThat(attempts.stream().map(RealToolCallsIT::outcome))
          .as(got.text)
          .filteredOn(outcome -> !outcome.equals("timeout"))
          .startsWith(wrong.found);
      assertThat(attempts).hasSizeBetween(2, 4);
    }
  }

  private static void isWholeOrRefused(Got got) {
    if (!got.code.isEmpty()) {
      assertThat(got.code).as(got.text).isEqualTo("recovery_exhausted");
      assertThat(got.calls).as(got.text).isEmpty();
      return;
    }
    assertThat(got.finish).as(got.text).isIn("stop", "length", "tool_calls");
    assertThat(got.finish.equals("tool_calls")).as(got.text).isEqualTo(!got.calls.isEmpty());
    assertThat(got.calls.isEmpty() && got.content.isBlank()).as(got.text).isFalse();
    for (JsonNode call : got.calls) {
      assertThat(call.at("/function/name").asText()).isEqualTo("write_file");
      JsonNode arguments = arguments(call);
      assertThat(arguments.size()).as(got.text).isEqualTo(2);
      assertThat(arguments.path("path").isTextual()).as(got.text).isTrue();
      assertThat(arguments.path("content").isTextual()).as(got.text).isTrue();
    }
  }

  private static JsonNode arguments(JsonNode call) {
    return Body.of(call.at("/function/arguments").asText()).json();
  }

  @Test
  void aRunnerThatIsKilledInAStreamIsSurvived() throws Exception {
    String text;
    try (RawClient client = RawClient.connect(plimsoll.agents()).patience(PATIENCE)) {
      client.send("POST", CHAT, story("killed_stream").put("stream", true).toString());
      assertThat(client.head().status()).isEqualTo(200);
      StringBuilder seen = new StringBuilder();
      while (SseText.of(seen.toString()).joined("content").length() < 20) {
        seen.append(client.piece().orElseThrow().body().text());
      }
      ollama.killRunners();
      for (Optional<RawClient.Piece> piece = client.piece();
          piece.isPresent();
          piece = client.piece()) {
        seen.append(piece.get().body().text());
      }
      text = seen.toString();
    }

    Got got = Got.of(200, text, true);
    isWholeOrRefused(got);
    assertThat(got.code).as(text).isEmpty();
    runnerWasLost("killed_stream");
  }

  @Test
  void aRunnerThatIsKilledWhileNothingIsSeenYetIsSurvived() throws Exception {
    Http.post(
        plimsoll.agents().resolve(CHAT), story("warm").put("max_tokens", 1).toString()); // loads
    Duration before = ollama.runnerTime();
    Got got;
    try (RawClient client = RawClient.connect(plimsoll.agents()).patience(PATIENCE)) {
      client.send("POST", CHAT, story("killed_joined").toString());
      await()
          .atMost(PATIENCE)
          .until(() -> ollama.runnerTime().minus(before).compareTo(Duration.ofMillis(300)) > 0);
      ollama.killRunners();
      RawClient.Response answer = client.response();
      got = Got.of(answer.status(), answer.text(), false);
    }

    isWholeOrRefused(got);
    assertThat(got.code).as(got.text).isEmpty();
    runnerWasLost("killed_joined");
  }

  /** A request for so long a text that there is time to kill somebody; the session is its user. */
  private static ObjectNode story(String session) {
    ObjectNode request = request(Wrong.GLM, 300).put("user", session);
    say(request, "user", "Tell me a long story about a ship.");
    return request;
  }

  private void runnerWasLost(String session) throws IOException {
    List<JsonNode> attempts = attempts(session);
    assertThat(outcome(attempts.getFirst())).isEqualTo("runner_crash");
    assertThat(attempts).hasSizeBetween(2, 4);
    assertThat(outcome(attempts.getLast())).isIn("ok", "length_in_text");
  }

  /** The attempts of the only request of a session. */
  private List<JsonNode> attempts(String session) throws IOException {
    JsonNode found = plimsoll.admin("/api/v1/sessions?client=" + session).path("sessions").path(0);
    List<JsonNode> requests = plimsoll.requests(found);
    assertThat(requests).hasSize(1);
    return List.copyOf(requests.getFirst().path("attempts").valueStream().toList());
  }

  private static String outcome(JsonNode attempt) {
    return attempt.path("outcome").asText();
  }

  /** What a client has in its hands in the end; {@code code} is that of an error. */
  private record Got(
      String content, List<JsonNode> calls, String finish, String code, String text) {
    static Got of(int status, String text, boolean stream) {
      if (status != 200) {
        return new Got("", List.of(), "", Body.of(text).json().at("/error/code").asText(), text);
      }
      return stream ? streamed(text) : joined(text);
    }

    private static Got joined(String text) {
      JsonNode choice = Body.of(text).json().at("/choices/0");
      return new Got(
          choice.at("/message/content").asText(""),
          choice.at("/message/tool_calls").valueStream().toList(),
          choice.path("finish_reason").asText(),
          "",
          text);
    }

    private static Got streamed(String text) {
      SseText sse = SseText.of(text);
      List<JsonNode> events = sse.json();
      JsonNode error = events.getLast().path("error");
      assertThat(sse.done()).as(text).isEqualTo(error.isMissingNode());
      return new Got(
          sse.joined("content"),
          events.stream()
              .flatMap(event -> event.at("/choices/0/delta/tool_calls").valueStream())
              .toList(),
          events.stream()
              .map(event -> event.at("/choices/0/finish_reason").asText(""))
              .filter(finish -> !finish.isEmpty() && !finish.equals("null"))
              .findFirst()
              .orElse(""),
          error.path("code").asText(),
          text);
    }
  }
}
