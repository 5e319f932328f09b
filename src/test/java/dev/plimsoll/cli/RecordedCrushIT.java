package dev.plimsoll.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plimsoll.config.ConfigSource;
import dev.plimsoll.config.Loaded;
import dev.plimsoll.config.Setting;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Dialect;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RecordedRequest;
import dev.plimsoll.testing.Route;
import dev.plimsoll.testing.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sends what Crush and OpenCode once sent, byte for byte, through the whole program: what a test
 * can know of Crush where Crush itself cannot be had.
 */
class RecordedCrushIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/v1/chat/completions";

  @TempDir Path data;

  /** A request as it lies in its file: the head as on the wire, the body in its compact form. */
  private record Recorded(String name, String kind, String session, String head, String body) {
    byte[] bytes() {
      ByteArrayOutputStream wire = new ByteArrayOutputStream();
      wire.writeBytes(head.getBytes(ISO_8859_1));
      wire.writeBytes(body.getBytes(UTF_8));
      return wire.toByteArray();
    }

    JsonNode json() {
      return parse(body);
    }

    boolean hasTools() {
      return json().has("tools");
    }
  }

  @BeforeEach
  void needsTheRecordings() {
    assumeTrue(
        Files.isDirectory(recordings()),
        "skipped: the requests recorded from real agents are not at "
            + recordings()
            + "; -Dplimsoll.shared=FOLDER names another place");
  }

  @ParameterizedTest
  @CsvSource({
    "crush, OLLAMA_024",
    "crush, OLLAMA_033",
    "crush, LLAMA_SERVER",
    "opencode, OLLAMA_024",
    "opencode, OLLAMA_033",
    "opencode, LLAMA_SERVER"
  })
  void everyRecordedRequestIsAnsweredWholeAndIsOfItsKindAndSession(String agent, Dialect dialect)
      throws Exception {
    List<Recorded> recorded = recorded(agent);
    try (FakeOllama server = server(dialect);
        Program program = program(server)) {
      URI agents = URI.create("http://127.0.0.1:" + program.agentPort());
      List<RawClient.Response> answers = new ArrayList<>();
      for (Recorded request : recorded) {
        answers.add(send(agents, request));
        answerIsCanonical(request, answers.getLast());
      }

      // Another server than Ollama is asked for its windows beside the first request.
      assertThat(answers.subList(dialect.ollama() ? 0 : answers.size() - 1, answers.size()))
          .extracting(answer -> answer.head().header("x-plimsoll-window").orElse("none"))
          .containsOnly("45000");

      assertThat(asked(server)).hasSameSizeAs(recorded);
      for (int i = 0; i < recorded.size(); i++) {
        reachedTheServer(dialect, recorded.get(i), asked(server).get(i));
      }
      sessionsAreAsRecorded(agent, recorded, program.adminPort());
    }
  }

  private static FakeOllama server(Dialect dialect) {
    FakeOllama server =
        FakeOllama.builder()
            .dialect(dialect)
            .model(FakeModel.named("m"))
            .defaultContext(45_000)
            .start();
    // A call wherever the agent would run one: the form that must never be cut or split.
    return server.reply(
        request ->
            request.json().has("tools")
                ? look(request.json().path("tools").findValuesAsText("name").contains("view"))
                : Answer.text("Fix", " the", " tests").tokens(200, 3));
  }

  /** With the tool that this agent declares for it; another one would not be let through. */
  private static Answer look(boolean crush) {
    return Answer.text("I look", " first.")
        .call(
            "call_1",
            crush ? "view" : "read",
            "{\"%s\":\"/home/dev/calc/calc.py\"}".formatted(crush ? "file_path" : "filePath"))
        .tokens(12_000, 30);
  }

  private Program program(FakeOllama server) throws Program.StartFailure {
    List<Setting> settings =
        List.of(
            set("upstream.url", server.uri().toString()),
            set("listen.port", "0"),
            set("admin.port", "0"),
            set("store.path", data.resolve("ledger.db").toString()));
    return switch (new ConfigSource(Optional.empty(), Map.of(), settings).load()) {
      case Loaded.Valid(var config) -> Program.start(config, Map.of());
      case Loaded.Invalid(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static Setting set(String key, String value) {
    return new Setting("the test", key, value);
  }

  private static RawClient.Response send(URI to, Recorded request) throws IOException {
    try (RawClient client = RawClient.connect(to)) {
      return client.sendRaw(request.bytes()).response();
    }
  }

  private static void answerIsCanonical(Recorded request, RawClient.Response answer) {
    assertThat(answer.status()).as(request.name() + ": " + answer.text()).isEqualTo(200);
    assertThat(answer.complete()).as(request.name()).isTrue();
    assertThat(answer.head().header("content-type")).contains("text/event-stream");
    assertThat(answer.head().header("x-plimsoll-session")).isPresent();

    SseText stream = SseText.of(answer.text());
    List<JsonNode> chunks = stream.json();
    assertThat(stream.done()).as(answer.text()).isTrue();
    assertThat(stream.rest()).isEmpty();
    assertThat(stream.joined("role")).isEqualTo("assistant");
    assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(chunks)
        .allSatisfy(
            chunk -> {
              assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
              assertThat(chunk.path("model").asText()).isEqualTo("m");
              assertThat(chunk.path("id")).isEqualTo(chunks.getFirst().path("id"));
              assertThat(chunk.path("created")).isEqualTo(chunks.getFirst().path("created"));
            });
    JsonNode usage = chunks.getLast();
    assertThat(usage.path("choices")).isEmpty();
    assertThat(usage.at("/usage/total_tokens").asInt()).isPositive();

    JsonNode finish = chunks.get(chunks.size() - 2);
    assertThat(chunks).filteredOn(chunk -> !reason(chunk).isEmpty()).containsExactly(finish);
    List<JsonNode> calls =
        chunks.stream()
            .map(chunk -> chunk.at("/choices/0/delta/tool_calls"))
            .filter(JsonNode::isArray)
            .toList();
    if (request.hasTools()) {
      assertThat(reason(finish)).isEqualTo("tool_calls");
      assertThat(stream.joined("content")).isEqualTo("I look first.");
      assertThat(calls).hasSize(1);
      JsonNode call = calls.getFirst().get(0);
      assertThat(call.path("id").asText()).isNotEmpty();
      assertThat(call.path("index").asInt(-1)).isZero();
      assertThat(call.at("/function/name").asText()).isIn("view", "read");
      assertThat(parse(call.at("/function/arguments").asText()))
          .containsExactly(new TextNode("/home/dev/calc/calc.py"));
    } else {
      assertThat(reason(finish)).isEqualTo("stop");
      assertThat(stream.joined("content")).isEqualTo("Fix the tests");
      assertThat(calls).isEmpty();
    }
  }

  private static String reason(JsonNode chunk) {
    return chunk.at("/choices/0/finish_reason").asText("").replace("null", "");
  }

  /** The requests with which the model was asked, not those that load it or look at it. */
  private static List<RecordedRequest> asked(FakeOllama server) {
    return Stream.concat(
            server.requests(Route.CHAT).stream(), server.requests(Route.V1_CHAT).stream())
        .filter(request -> !request.json().path("messages").isEmpty())
        .toList();
  }

  /** A conversation that fits is never changed. */
  private static void reachedTheServer(Dialect dialect, Recorded sent, RecordedRequest arrived) {
    if (!dialect.ollama()) {
      assertThat(arrived.body().text()).as(sent.name()).isEqualTo(sent.body());
      assertThat(arrived.header("x-session-id")).contains(sent.session());
      return;
    }
    JsonNode body = arrived.json();
    JsonNode messages = sent.json().path("messages");
    assertThat(arrived.path()).isEqualTo("/api/chat");
    assertThat(body.path("tools")).as(sent.name()).isEqualTo(sent.json().path("tools"));
    assertThat(body.path("truncate").asBoolean(true)).isFalse();
    assertThat(body.path("shift").asBoolean(true)).isFalse();
    assertThat(body.at("/options/num_ctx").asInt()).isEqualTo(45_000);
    assertThat(body.path("messages")).hasSameSizeAs(messages);
    for (int i = 0; i < messages.size(); i++) {
      JsonNode was = messages.get(i);
      JsonNode is = body.path("messages").get(i);
      assertThat(is.path("role")).isEqualTo(was.path("role"));
      assertThat(is.path("content").asText()).isEqualTo(was.path("content").asText());
      assertThat(is.path("tool_calls")).hasSameSizeAs(was.path("tool_calls"));
      for (int k = 0; k < was.path("tool_calls").size(); k++) {
        assertThat(is.path("tool_calls").get(k).at("/function/arguments"))
            .isEqualTo(parse(was.path("tool_calls").get(k).at("/function/arguments").asText()));
      }
    }
  }

  private static void sessionsAreAsRecorded(String agent, List<Recorded> recorded, int adminPort)
      throws IOException {
    URI admin = URI.create("http://127.0.0.1:" + adminPort);
    JsonNode sessions = json(admin, "/api/v1/sessions").path("sessions");
    String main = recorded.getFirst().session();

    assertThat(sessions.findValuesAsText("clientId"))
        .containsExactlyInAnyOrderElementsOf(
            recorded.stream().map(Recorded::session).distinct().toList());
    assertThat(sessions).hasSize(2);
    for (JsonNode session : sessions) {
      String id = session.path("id").asText();
      String clientId = session.path("clientId").asText();
      List<Recorded> own =
          recorded.stream().filter(request -> request.session().equals(clientId)).toList();
      JsonNode requests =
          json(admin, "/api/v1/sessions/" + id + "/requests?limit=100").path("requests");

      assertThat(session.path("agent").asText()).isEqualTo(agent);
      assertThat(session.path("source").asText()).isEqualTo("header");
      assertThat(session.path("model").asText()).isEqualTo("m");
      assertThat(session.path("requests").asInt()).isEqualTo(own.size());
      assertThat(session.path("attempts").asInt()).isEqualTo(own.size());
      boolean namesParent = agent.equals("opencode") && !clientId.equals(main);
      assertThat(session.path("parent").isTextual()).isEqualTo(namesParent);
      if (namesParent) {
        assertThat(sessions)
            .filteredOn(one -> one.path("clientId").asText().equals(main))
            .singleElement()
            .satisfies(one -> assertThat(one.path("id")).isEqualTo(session.path("parent")));
      }
      // Titles are no part of a conversation, so the fill is that of the last turn.
      assertThat(session.at("/context/window").asInt()).isEqualTo(45_000);
      assertThat(session.at("/context/lastPrompt").asInt()).isEqualTo(12_000);

      assertThat(requests).hasSize(own.size());
      assertThat(requests.findValuesAsText("kind").reversed())
          .containsExactlyElementsOf(own.stream().map(Recorded::kind).toList());
      assertThat(requests)
          .allSatisfy(
              request -> assertThat(request.path("timeToFirstTokenMs").isNumber()).isTrue());
      assertThat(requests)
          .extracting(
              request -> request.path("status").asInt(),
              request -> request.path("outcome").asText())
          .containsOnly(tuple(200, "ok"));
    }
  }

  private static JsonNode json(URI admin, String path) throws IOException {
    RawClient.Response answer = RawClient.get(admin, path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.body().json();
  }

  private static Path recordings() {
    return Path.of(System.getProperty("plimsoll.shared", "../shared"), "fixtures", "requests");
  }

  private static List<Recorded> recorded(String agent) throws IOException {
    try (Stream<Path> files = Files.list(recordings().resolve(agent))) {
      List<Recorded> read = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        read.add(read(file));
      }
      return read;
    }
  }

  private static Recorded read(Path file) throws IOException {
    JsonNode recorded = JSON.readTree(file.toFile());
    StringBuilder head = new StringBuilder("POST " + PATH + " HTTP/1.1\r\n");
    String session = "";
    for (JsonNode header : recorded.path("headers")) {
      String name = header.get(0).asText();
      head.append(name).append(": ").append(header.get(1).asText()).append("\r\n");
      session = name.equalsIgnoreCase("x-session-id") ? header.get(1).asText() : session;
    }
    return new Recorded(
        file.getFileName().toString(),
        recorded.path("kind").asText(),
        session,
        head.append("\r\n").toString(),
        recorded.path("body").toString());
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }
}
