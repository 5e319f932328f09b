package dev.plimsoll.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Body;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.SseText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/**
 * The built program in front of a real Ollama of either generation, with a model so small that what
 * it says means nothing: only the shape of an answer is looked at.
 */
@Tag("real")
@ParameterizedClass(name = "generation {0}")
@ValueSource(strings = {"a", "b"})
class RealOllamaIT {
  private static final String MODEL = "qwen-coder:0.5b";
  private static final int WINDOW = 4096;
  private static final String CHAT = "/v1/chat/completions";
  private static final String SHORT =
      "\"model\":\"" + MODEL + "\",\"temperature\":0,\"seed\":1,\"max_tokens\":16";
  private static final String GREETING =
      "\"messages\":[{\"role\":\"user\",\"content\":\"Say hi.\"}]";
  private static final String TOOLS =
      """
      "tools":[
        {"type":"function","function":{"name":"write_file","description":"Write a text file.",
          "parameters":{"type":"object","properties":{"path":{"type":"string"},
            "content":{"type":"string"}},"required":["path","content"]}}},
        {"type":"function","function":{"name":"get_weather","description":"Current weather of a city",
          "parameters":{"type":"object","properties":{"city":{"type":"string"}},
            "required":["city"]}}}]\
      """;

  /** A batch of a prompt is not given up in the middle, and takes long on a busy machine. */
  private static final Duration ONE_BATCH = Duration.ofSeconds(90);

  @TempDir static Path data;

  private static @Nullable RunningOllama startedOllama;
  private static @Nullable BuiltPlimsoll startedPlimsoll;

  private final String generation;
  private final RunningOllama ollama;
  private final BuiltPlimsoll plimsoll;

  RealOllamaIT(String generation) {
    Installed.ollama(generation);
    this.generation = generation;
    this.ollama = Objects.requireNonNull(startedOllama);
    this.plimsoll = Objects.requireNonNull(startedPlimsoll);
  }

  /** Once for all tests of a generation, for a load takes seconds. */
  @BeforeParameterizedClassInvocation
  static void start(String generation) throws IOException, InterruptedException {
    try {
      startedOllama = RunningOllama.start(generation, WINDOW);
    } catch (TestAbortedException missing) {
      return; // every test says by itself what is missing
    }
    startedPlimsoll = BuiltPlimsoll.start(data.resolve(generation), startedOllama.uri());
    new RealOllamaIT(generation).loads();
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

  private void loads() throws IOException, InterruptedException {
    assertThat(ollama.loads()).isZero();
    whole(chat("{" + SHORT + "," + GREETING + "}"));
    assertThat(ollama.loads()).isEqualTo(1);
  }

  @Test
  void aChatIsAnsweredWholeWithAndWithoutStream() throws Exception {
    JsonNode joined = whole(chat("{" + SHORT + "," + GREETING + "}"));
    SseText stream = streamed(chat("{" + SHORT + "," + GREETING + ",\"stream\":true}"), false);

    assertThat(joined.at("/choices/0/message/content").asText()).isNotEmpty();
    assertThat(stream.joined("content")).isNotEmpty();
  }

  @Test
  void aToolCallArrivesWholeWithItsFinish() throws Exception {
    String asked =
        "{\"model\":\""
            + MODEL
            + "\",\"temperature\":0,\"seed\":1,\"max_tokens\":120,"
            + TOOLS
            + ",\"messages\":[{\"role\":\"user\",\"content\":"
            + "\"What is the weather in Paris right now? Use the tool.\"}]";

    JsonNode joined = whole(chat(asked + "}"));
    SseText stream =
        streamed(
            chat(asked + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"), true);

    assertThat(joined.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    isWeatherCall(joined.at("/choices/0/message/tool_calls"));
    List<JsonNode> calls =
        stream.json().stream()
            .map(chunk -> chunk.at("/choices/0/delta/tool_calls"))
            .filter(JsonNode::isArray)
            .toList();
    assertThat(calls).hasSize(1);
    isWeatherCall(calls.getFirst());
    assertThat(calls.getFirst().get(0).path("index").asInt(-1)).isZero();
    assertThat(finish(stream)).isEqualTo("tool_calls");
  }

  private static void isWeatherCall(JsonNode calls) {
    assertThat(calls).hasSize(1);
    JsonNode call = calls.get(0);
    assertThat(call.path("id").asText()).isNotEmpty();
    assertThat(call.path("type").asText()).isEqualTo("function");
    assertThat(call.at("/function/name").asText()).isEqualTo("get_weather");
    JsonNode arguments = Body.of(call.at("/function/arguments").asText()).json();
    assertThat(arguments.path("city").isTextual()).isTrue();
  }

  @Test
  void aPlainCompletionIsAnsweredWithAndWithoutStream() throws Exception {
    String asked = "{" + SHORT + ",\"prompt\":\"def add(a, b):\\n\"";

    Http.Answer joined = post("/v1/completions", asked + "}");
    Http.Answer stream = post("/v1/completions", asked + ",\"stream\":true}");

    assertThat(joined.status()).as(joined.text()).isEqualTo(200);
    assertThat(joined.json().path("object").asText()).isEqualTo("text_completion");
    assertThat(joined.json().at("/choices/0/text").asText()).isNotEmpty();
    assertThat(joined.json().at("/choices/0/finish_reason").asText()).isIn("stop", "length");
    assertThat(joined.json().at("/usage/completion_tokens").asInt()).isBetween(1, 16);
    assertThat(stream.stream().done()).as(stream.text()).isTrue();
    assertThat(stream.stream().json())
        .allSatisfy(
            chunk -> assertThat(chunk.path("object").asText()).isEqualTo("text_completion"));
  }

  @Test
  void anAgentsTurnAndItsTitleAreOneSessionWithKindsOfTheirOwn() throws Exception {
    String[] headers = {
      "x-session-id", "ses_real_" + generation, "user-agent", "opencode/1.18.33", "x-request", "1"
    };
    String title =
        "{"
            + SHORT
            + ",\"messages\":[{\"role\":\"system\",\"content\":\"You are a title generator.\"},"
            + "{\"role\":\"user\",\"content\":\"Write hello\"}],\"stream\":true}";
    String turn =
        "{"
            + SHORT
            + ",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
            + "\"tool_choice\":\"auto\","
            + TOOLS
            + ",\"messages\":[{\"role\":\"system\",\"content\":\"You are opencode, a tool.\"},"
            + "{\"role\":\"user\",\"content\":\"Look.\"},"
            + "{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":\"I look first.\","
            + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":"
            + "{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}]},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"3 C, snow\"},"
            + "{\"role\":\"user\",\"content\":\"Say it in one word.\"}]}";

    streamed(Http.post(at(CHAT), title, headers), false);
    streamed(Http.post(at(CHAT), turn, headers), true);

    JsonNode session =
        plimsoll.admin("/api/v1/sessions?client=ses_real_" + generation).path("sessions").path(0);
    assertThat(session.path("agent").asText()).isEqualTo("opencode");
    assertThat(session.path("model").asText()).isEqualTo(MODEL);
    assertThat(session.at("/context/window").asInt()).isEqualTo(WINDOW);
    assertThat(plimsoll.requests(session))
        .extracting(request -> request.path("kind").asText())
        .containsExactly("title", "main");
    assertThat(plimsoll.requests(session))
        .allSatisfy(
            request -> {
              assertThat(request.path("timeToFirstTokenMs").isNumber()).isTrue();
              assertThat(request.at("/attempts/0/tokenSource").asText()).isEqualTo("upstream");
              assertThat(request.at("/attempts/0/promptTokens").asInt()).isBetween(1, WINDOW);
            });
  }

  @Test
  void twentyMixedRequestsLoadTheModelOnce() throws Exception {
    List<Long> runners = ollama.runners();
    assertThat(runners).hasSize(1);
    String asked = "{\"model\":\"" + MODEL + "\",\"max_tokens\":4," + GREETING;

    for (int i = 0; i < 4; i++) {
      whole(chat(asked + ",\"temperature\":" + i + "}"));
      streamed(chat(asked + ",\"stream\":true,\"top_p\":0.9}"), false);
      whole(Http.post(at(CHAT), asked + "}", "x-plimsoll-bypass", "true"));
      whole(chat(asked + "," + TOOLS + ",\"options\":{\"num_ctx\":512}}"));
      assertThat(
              post(
                      "/v1/completions",
                      "{\"model\":\"" + MODEL + "\",\"max_tokens\":4,\"prompt\":\"Hi\"}")
                  .status())
          .isEqualTo(200);
      assertThat(ollama.runners()).isEqualTo(runners);
    }

    assertThat(ollama.loads()).isEqualTo(1);
  }

  @Test
  void aBypassIsAnsweredAndCountedAsOneAttempt() throws Exception {
    Http.Answer answer =
        Http.post(
            at(CHAT),
            "{" + SHORT + "," + GREETING + "}",
            "x-plimsoll-bypass",
            "true",
            "x-session-id",
            "bypass_" + generation);

    whole(answer);
    assertThat(answer.header("x-plimsoll-attempts")).isEqualTo("1");
    JsonNode session =
        plimsoll.admin("/api/v1/sessions?client=bypass_" + generation).path("sessions").path(0);
    assertThat(session.path("attempts").asInt()).isEqualTo(1);
    assertThat(session.at("/tokens/prompt").asInt()).isPositive();
  }

  @Test
  void aClientThatLeavesDuringItsPromptFreesTheModel() throws Exception {
    String prompt = words(i -> "Line " + i + ": " + Integer.toHexString(i * 7919), 150);
    Duration before = ollama.runnerTime();
    try (RawClient client = RawClient.connect(plimsoll.agents())) {
      client.send("POST", CHAT, request(prompt, 16));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> ollama.runnerTime().minus(before).compareTo(Duration.ofMillis(500)) > 0);
    }

    if (generation.equals("b")) { // the other one reads a prompt to its end, whoever asks it
      runnerRests();
    }
    modelIsFree();
  }

  @Test
  void aClientThatLeavesInTheMiddleOfAnAnswerFreesTheModel() throws Exception {
    try (RawClient client = RawClient.connect(plimsoll.agents())) {
      client.send("POST", CHAT, request("Count from one to a thousand, in words.", 2000));
      assertThat(client.head().status()).isEqualTo(200);
      for (int i = 0; i < 3; i++) {
        Optional<RawClient.Piece> piece = client.piece();
        assertThat(piece).isPresent();
      }
    }

    runnerRests();
    modelIsFree();
  }

  private void runnerRests() {
    await()
        .atMost(ONE_BATCH)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              Duration before = ollama.runnerTime();
              Thread.sleep(1000);
              return ollama.runnerTime().minus(before).compareTo(Duration.ofMillis(100)) < 0;
            });
  }

  private void modelIsFree() throws Exception {
    whole(chat("{" + SHORT + "," + GREETING + "}"));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> plimsoll.sessions().findValuesAsText("id").stream().anyMatch(id -> wasLeft(id)));
    assertThat(ollama.loads()).isEqualTo(1);
  }

  private boolean wasLeft(String session) {
    try {
      return plimsoll
          .admin("/api/v1/sessions/" + session + "/requests")
          .findValuesAsText("outcome")
          .contains("client_closed");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theWindowIsTheSameWhereverItIsTold() throws Exception {
    Http.Answer answer = chat("{" + SHORT + "," + GREETING + "}");

    JsonNode loaded = json("/api/ps").path("models").path(0);
    JsonNode listed = json("/v1/models/" + MODEL);
    assertThat(loaded.path("name").asText()).isEqualTo(MODEL);
    assertThat(loaded.path("context_length").asInt()).isEqualTo(WINDOW);
    assertThat(answer.header("x-plimsoll-window")).isEqualTo(Integer.toString(WINDOW));
    assertThat(listed.at("/meta/plimsoll_window").asInt()).isEqualTo(WINDOW);
    assertThat(listed.at("/meta/n_ctx")).isEqualTo(listed.path("context_window"));
    assertThat(listed.path("context_window").asInt()).isGreaterThanOrEqualTo(WINDOW);
  }

  @Test
  void aPromptLongerThanTheWindowIsRefusedInTheWordsThatAgentsKnow() throws Exception {
    String prompt = words(i -> "word" + i, 4000);
    for (String stream : List.of("false", "true")) {
      Http.Answer answer =
          chat(request(prompt, 16).replace("\"stream\":true", "\"stream\":" + stream));

      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      JsonNode error = answer.json().path("error");
      assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
      assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
      assertThat(error.path("message").asText())
          .startsWith(
              "This model's maximum context length is "
                  + WINDOW
                  + " tokens. However, you requested ")
          .contains(answer.header("x-request-id"));
    }
    assertThat(ollama.loads()).isEqualTo(1);
  }

  @Test
  void whatAgentsDiscoverIsOllamasOwnButForTheWindow() throws Exception {
    for (String path : List.of("/api/version", "/api/tags", "/api/ps")) {
      JsonNode own = Http.get(ollama.uri().resolve(path)).json();
      assertThat(inOrder(json(path))).as(path).isEqualTo(inOrder(own));
    }
    JsonNode models = json("/v1/models");
    for (JsonNode model : models.path("data")) {
      ((ObjectNode) model).remove(List.of("context_window", "meta"));
    }
    assertThat(inOrder(models))
        .isEqualTo(inOrder(Http.get(ollama.uri().resolve("/v1/models")).json()));

    String asked = "{\"model\":\"" + MODEL + "\"}";
    JsonNode own = Http.post(ollama.uri().resolve("/api/show"), asked).json();
    JsonNode shown = post("/api/show", asked).json();
    ObjectNode info = (ObjectNode) own.path("model_info");
    String key = info.path("general.architecture").asText() + ".context_length";
    assertThat(shown.path("model_info").path(key).asInt()).isGreaterThanOrEqualTo(WINDOW);
    info.set(key, shown.path("model_info").path(key));
    assertThat(shown).isEqualTo(own);
  }

  /** Ollama lists its models in another order each time. */
  private static JsonNode inOrder(JsonNode document) {
    for (String list : List.of("models", "data")) {
      if (document.path(list) instanceof ArrayNode models) {
        List<JsonNode> sorted = new ArrayList<>();
        models.forEach(sorted::add);
        sorted.sort(Comparator.comparing(JsonNode::toString));
        models.removeAll().addAll(sorted);
      }
    }
    return document;
  }

  private static String request(String prompt, int maxTokens) {
    return String.format(
        Locale.ROOT,
        "{\"model\":\"%s\",\"temperature\":0,\"seed\":1,\"max_tokens\":%d,\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}",
        MODEL,
        maxTokens,
        prompt);
  }

  private static String words(IntFunction<String> word, int count) {
    return IntStream.range(0, count).mapToObj(word).collect(Collectors.joining(". "));
  }

  private URI at(String path) {
    return plimsoll.agents().resolve(path);
  }

  private Http.Answer chat(String json) throws IOException, InterruptedException {
    return post(CHAT, json);
  }

  private Http.Answer post(String path, String json) throws IOException, InterruptedException {
    return Http.post(at(path), json);
  }

  private JsonNode json(String path) throws IOException, InterruptedException {
    Http.Answer answer = Http.get(at(path));
    assertThat(answer.status()).as(path + ": " + answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static JsonNode whole(Http.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode json = answer.json();
    assertThat(json.path("object").asText()).isEqualTo("chat.completion");
    assertThat(json.path("model").asText()).isEqualTo(MODEL);
    assertThat(json.path("choices")).hasSize(1);
    assertThat(json.at("/choices/0/message/role").asText()).isEqualTo("assistant");
    assertThat(json.at("/choices/0/finish_reason").asText()).isIn("stop", "length", "tool_calls");
    assertThat(json.at("/usage/prompt_tokens").asInt()).isBetween(1, WINDOW);
    assertThat(json.at("/usage/completion_tokens").asInt()).isBetween(1, WINDOW);
    return json;
  }

  private static SseText streamed(Http.Answer answer, boolean usage) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    SseText stream = answer.stream();
    List<JsonNode> chunks = stream.json();
    assertThat(stream.done()).as(answer.text()).isTrue();
    assertThat(chunks)
        .allSatisfy(
            chunk -> {
              assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
              assertThat(chunk.path("model").asText()).isEqualTo(MODEL);
              assertThat(chunk.path("id")).isEqualTo(chunks.getFirst().path("id"));
            });
    assertThat(stream.joined("role")).isEqualTo("assistant");
    assertThat(finish(stream)).isIn("stop", "length", "tool_calls");
    assertThat(chunks.getLast().has("usage")).isEqualTo(usage);
    return stream;
  }

  private static String finish(SseText stream) {
    return stream.json().stream()
        .map(chunk -> chunk.at("/choices/0/finish_reason"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .collect(Collectors.joining(","));
  }
}
