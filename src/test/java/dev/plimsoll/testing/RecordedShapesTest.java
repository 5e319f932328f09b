package dev.plimsoll.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the fake to what real servers sent: same headers, same fields in the same order. */
class RecordedShapesTest {
  @ParameterizedTest
  @CsvSource({
    "OLLAMA_024, chat-hello-stream",
    "OLLAMA_024, chat-tools-stream",
    "OLLAMA_024, chat-cut-stream",
    "OLLAMA_024, v1-hello-stream",
    "OLLAMA_024, v1-hello-stream-usage",
    "OLLAMA_024, v1-tools-stream-usage",
    "OLLAMA_033, chat-hello-stream",
    "OLLAMA_033, chat-tools-stream",
    "OLLAMA_033, chat-cut-stream",
    "OLLAMA_033, v1-hello-stream",
    "OLLAMA_033, v1-hello-stream-usage",
    "OLLAMA_033, v1-cut-stream-usage",
    "OLLAMA_033, v1-tools-stream-usage",
    "LLAMA_SERVER, v1-hello-stream",
    "LLAMA_SERVER, v1-hello-stream-usage",
    "LLAMA_SERVER, v1-cut-stream-usage",
  })
  void streamsHaveTheFieldsOfTheRecording(Dialect dialect, String name) throws Exception {
    Recording recorded = recording(dialect, name);

    RawClient.Response response = ask(dialect, name, answerLike(recorded));

    assertThat(response.complete()).isTrue();
    assertThat(shapes(response.text())).isEqualTo(shapes(recorded.body().text()));
    assertSameHead(dialect, response.head(), recorded);
  }

  @ParameterizedTest
  @CsvSource({
    "OLLAMA_024, chat-hello",
    "OLLAMA_024, chat-tools",
    "OLLAMA_024, v1-hello",
    "OLLAMA_024, v1-tools",
    "OLLAMA_033, chat-hello",
    "OLLAMA_033, chat-tools",
    "OLLAMA_033, chat-load",
    "OLLAMA_033, chat-unload",
    "OLLAMA_033, chat-empty-messages",
    "OLLAMA_033, chat-unknown-model",
    "OLLAMA_033, chat-tools-unsupported",
    "OLLAMA_033, v1-hello",
    "OLLAMA_033, v1-tools",
    "OLLAMA_033, v1-no-model",
    "OLLAMA_033, v1-empty-messages",
    "OLLAMA_033, v1-unknown-model",
    "OLLAMA_033, v1-tools-unsupported",
    "LLAMA_SERVER, v1-hello",
  })
  void wholeAnswersHaveTheFieldsOfTheRecording(Dialect dialect, String name) throws Exception {
    Recording recorded = recording(dialect, name);

    RawClient.Response response = ask(dialect, name, answerLike(recorded));

    assertThat(shape(response.body().json())).isEqualTo(shape(recorded.body().json()));
    assertThat(response.text().endsWith("\n")).isEqualTo(recorded.body().text().endsWith("\n"));
    assertSameHead(dialect, response.head(), recorded);
  }

  @ParameterizedTest
  @CsvSource({
    "OLLAMA_024, version, GET, /api/version",
    "OLLAMA_024, not-found, GET, /nope",
    "OLLAMA_024, wrong-method, GET, /api/chat",
    "OLLAMA_033, root, GET, /",
    "OLLAMA_033, version, GET, /api/version",
    "OLLAMA_033, not-found, GET, /nope",
    "OLLAMA_033, wrong-method, GET, /api/chat",
    "OLLAMA_033, v1-wrong-method, GET, /v1/chat/completions",
    "OLLAMA_033, ps-empty, GET, /api/ps",
    "LLAMA_SERVER, not-found, GET, /api/tags",
    "LLAMA_SERVER, health, GET, /health",
  })
  void fixedResponsesAreTheRecordedBytes(Dialect dialect, String name, String method, String path)
      throws Exception {
    Recording recorded = recording(dialect, name);

    try (FakeOllama fake = start(dialect)) {
      RawClient.Response response = exchange(fake, method, path, "");

      assertThat(response.text()).isEqualTo(recorded.body().text());
      assertSameHead(dialect, response.head(), recorded);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OLLAMA_024, tags, /api/tags",
    "OLLAMA_024, ps-loaded, /api/ps",
    "OLLAMA_033, tags, /api/tags",
    "OLLAMA_033, ps-loaded, /api/ps",
    "OLLAMA_033, v1-models, /v1/models",
  })
  void listsHaveTheFieldsOfTheRecording(Dialect dialect, String name, String path)
      throws Exception {
    JsonNode recorded = recording(dialect, name).body().json();

    try (FakeOllama fake = start(dialect)) {
      exchange(fake, "POST", "/api/chat", "{\"model\":\"smol:135m\"}");
      JsonNode list = exchange(fake, "GET", path, "").body().json();

      assertThat(firstOfEachList(list)).isEqualTo(firstOfEachList(recorded));
    }
  }

  @ParameterizedTest
  @CsvSource({"chat-malformed, /api/chat", "v1-malformed, /v1/chat/completions"})
  void brokenRequestIsRefusedAsRecorded(String name, String path) throws Exception {
    Recording recorded = recording(Dialect.OLLAMA_033, name);

    try (FakeOllama fake = start(Dialect.OLLAMA_033)) {
      RawClient.Response response = exchange(fake, "POST", path, "{\"model\": \"smol:135m\",");

      assertThat(response.text()).isEqualTo(recorded.body().text());
      assertSameHead(Dialect.OLLAMA_033, response.head(), recorded);
    }
  }

  /** The error texts of a stream that fails in the middle: whole, lost, as an event. */
  @ParameterizedTest
  @CsvSource({
    "OLLAMA_024, v1-glm-midstream-stream",
    "OLLAMA_033, v1-glm-midstream-stream",
    "OLLAMA_033, chat-glm-midstream-stream",
  })
  void failuresInMidStreamLookLikeTheRecording(Dialect dialect, String name) throws Exception {
    Recording recorded = recording(dialect, name);
    Answer answer = answerLike(recorded);
    int pieces = answer.text().size();
    String text = "mismatched arg_key and arg_value counts: 2 keys, 1 values";

    RawClient.Response response =
        ask(dialect, name, answer.with(new Fault.ErrorLine(pieces, text)));

    assertThat(response.complete()).isTrue();
    assertThat(shapes(response.text())).isEqualTo(shapes(recorded.body().text()));
    assertThat(masked(lastLine(response.text())))
        .isEqualTo(masked(lastLine(recorded.body().text())));
  }

  @Test
  void recordedStreamIsServedAsItWas() throws Exception {
    Recording recorded = recording(Dialect.OLLAMA_033, "chat-hello-stream");

    RawClient.Response response = ask(Dialect.OLLAMA_033, "chat-hello-stream", recorded);

    assertThat(response.body()).isEqualTo(recorded.body());
    assertSameHead(Dialect.OLLAMA_033, response.head(), recorded);
  }

  @Test
  void recordedCrashBreaksOffAgain() throws Exception {
    Recording recorded = recording(Dialect.LLAMA_SERVER, "event-kill");
    assertThat(recorded.end()).isEqualTo(Recording.End.CUT_BY_SERVER);

    RawClient.Response response = ask(Dialect.LLAMA_SERVER, "v1-hello-stream", recorded);

    assertThat(response.complete()).isFalse();
    assertThat(response.body()).isEqualTo(recorded.body());
  }

  private static Recording recording(Dialect dialect, String name) {
    Optional<Recording> found = Recording.find(dialect.folder(), name);
    assumeTrue(
        found.isPresent(),
        "skipped: recorded exchanges, not part of the repository, are not here: " + name);
    return found.orElseThrow();
  }

  private static FakeOllama start(Dialect dialect) {
    return FakeOllama.builder()
        .dialect(dialect)
        .model(FakeModel.named("smol:135m").family("llama").capabilities("completion"))
        .model(FakeModel.named("qwen-coder:0.5b").capabilities("completion", "tools"))
        .model(FakeModel.named("glm-parser:135m").capabilities("completion", "tools"))
        .start();
  }

  private static RawClient.Response ask(Dialect dialect, String name, Reply reply)
      throws Exception {
    String body = Recording.request(name).orElse(Body.of("{\"model\":\"smol:135m\"}")).text();
    try (FakeOllama fake = start(dialect)) {
      fake.enqueue(reply);
      String path = name.startsWith("v1") ? "/v1/chat/completions" : "/api/chat";
      return exchange(fake, "POST", path, body);
    }
  }

  /** The recordings were made with "Connection: close". */
  private static RawClient.Response exchange(
      FakeOllama fake, String method, String path, String body) throws Exception {
    try (RawClient client = RawClient.connect(fake.uri())) {
      return client.send(method, path, body, new Header("Connection", "close")).response();
    }
  }

  /** An answer with the pieces of a recording. */
  private static Answer answerLike(Recording recorded) {
    List<String> text = new ArrayList<>();
    Answer answer = Answer.empty().tokens(27, 18);
    for (JsonNode line : lines(recorded.body().text())) {
      JsonNode choice = line.path("choices").path(0);
      JsonNode said =
          line.has("message")
              ? line.path("message")
              : choice.path(choice.has("delta") ? "delta" : "message");
      if (!said.path("content").asText().isEmpty() && !said.path("content").isNull()) {
        text.add(said.path("content").asText());
      }
      for (JsonNode call : said.path("tool_calls")) {
        JsonNode function = call.path("function");
        answer =
            answer.call(
                call.path("id").asText(), function.path("name").asText(), arguments(function));
      }
      String finish = choice.path("finish_reason").asText(line.path("done_reason").asText());
      answer = finish.equals("length") ? answer.length() : answer;
    }
    Answer said = Answer.text(text.toArray(String[]::new));
    for (ScriptedCall call : answer.calls()) {
      said = said.call(call.id(), call.name(), call.arguments());
    }
    return said.finish(answer.finish()).tokens(27, 18);
  }

  private static String arguments(JsonNode function) {
    JsonNode arguments = function.path("arguments");
    return arguments.isTextual() ? arguments.asText() : arguments.toString();
  }

  private static List<JsonNode> lines(String body) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : body.lines().toList()) {
      String json = line.startsWith("data: ") ? line.substring("data: ".length()) : line;
      if (json.startsWith("{")) {
        lines.add(JsonText.parse(json));
      }
    }
    return lines;
  }

  /** One line for each line of a stream: its fields, or itself when it is no object. */
  private static List<String> shapes(String body) {
    List<String> shapes = new ArrayList<>();
    for (String line : body.split("\n", -1)) {
      int brace = line.indexOf('{');
      shapes.add(
          brace < 0
              ? line
              : line.substring(0, brace) + shape(JsonText.parse(line.substring(brace))));
    }
    return shapes;
  }

  private static String shape(JsonNode node) {
    if (node.isObject()) {
      List<String> fields = new ArrayList<>();
      node.properties()
          .forEach(field -> fields.add(field.getKey() + ":" + shape(field.getValue())));
      return "{" + String.join(",", fields) + "}";
    }
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(shape(item)));
      return "[" + String.join(",", items) + "]";
    }
    return type(node);
  }

  private static String type(JsonNode node) {
    // An expected null and an expected text are told apart; numbers of any kind are not.
    return node.getNodeType() == JsonNodeType.NULL ? "null" : node.getNodeType().toString();
  }

  private static String firstOfEachList(JsonNode list) {
    StringBuilder shape = new StringBuilder();
    list.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              JsonNode one = value.isArray() ? value.get(0) : value;
              shape
                  .append(field.getKey())
                  .append('=')
                  .append(shape(one).replaceAll("(STRING,?)+", "STRING"));
            });
    return shape.toString();
  }

  private static String lastLine(String body) {
    return body.lines().filter(line -> !line.isEmpty()).toList().getLast();
  }

  private static String masked(String line) {
    return line.replaceAll("chatcmpl-\\d+", "chatcmpl-N").replaceAll("\"created\":\\d+", "created");
  }

  private static void assertSameHead(Dialect dialect, RawClient.Head head, Recording recorded) {
    assertThat(head.status()).isEqualTo(recorded.status());
    assertThat(head.reason()).isEqualTo(recorded.reason());
    assertThat(head.header("Content-Type"))
        .isEqualTo(Header.first(recorded.headers(), "Content-Type"));
    if (dialect.ollama()) {
      assertThat(head.headers().stream().map(Header::name))
          .containsExactlyElementsOf(recorded.headers().stream().map(Header::name).toList());
    }
  }
}
