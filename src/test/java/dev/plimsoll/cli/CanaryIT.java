package dev.plimsoll.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.ConfigSource;
import dev.plimsoll.config.Loaded;
import dev.plimsoll.config.Log;
import dev.plimsoll.config.Secrets;
import dev.plimsoll.config.Setting;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Dialect;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Secrets are sent wherever a client or a model server could put them, and then looked for wherever
 * somebody could read them: in answers, in the log with every logger at its most talkative, in the
 * metrics, in the operators' API and in the files of the ledger.
 */
class CanaryIT {
  private static final String CANARY = "c4n4ry";
  private static final String CLIENT_KEY = "sk/" + CANARY + "-client";
  private static final String WRONG_KEY = CANARY + "-wrong";
  private static final String UPSTREAM_KEY = "sk-" + CANARY + "-upstream";
  private static final String ADMIN_TOKEN = CANARY + "-admin";
  private static final List<String> TALKATIVE =
      List.of("ROOT", "dev.plimsoll", "io.vertx", "io.netty");

  @TempDir Path folder = Path.of("");
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<String> read = new ArrayList<>();
  private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final List<Level> levels =
      TALKATIVE.stream().map(name -> loggers.getLogger(name).getLevel()).toList();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(log, true, UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
    for (int i = 0; i < TALKATIVE.size(); i++) {
      loggers.getLogger(TALKATIVE.get(i)).setLevel(levels.get(i));
    }
    Logging.apply(Log.DEFAULT, Secrets.NONE);
  }

  @ParameterizedTest
  @EnumSource(Log.Format.class)
  void secretsAreNowhere(Log.Format format) throws Exception {
    try (FakeOllama fake = FakeOllama.builder().dialect(Dialect.LLAMA_SERVER).start()) {
      String[] settings = {
        "upstream.url=" + fake.uri(),
        "upstream.kind=openai",
        "upstream.api-key=" + UPSTREAM_KEY,
        "listen.api-keys=" + CLIENT_KEY,
        "admin.token=" + ADMIN_TOKEN,
        "recovery.backoff=1ms",
      };
      Logging.apply(new Log(Log.Level.DEBUG, format), secrets(settings));
      TALKATIVE.forEach(name -> loggers.getLogger(name).setLevel(Level.TRACE));
      try (RunningPlimsoll plimsoll = RunningPlimsoll.in(folder, settings)) {
        asAgents(fake, plimsoll.uri());
        asOperators(plimsoll.adminUri());
      }
      assertThat(fake.requests(Route.V1_CHAT))
          .isNotEmpty()
          .allSatisfy(
              request ->
                  assertThat(request.header("authorization")).contains("Bearer " + UPSTREAM_KEY));
    }

    String said = log.toString(UTF_8);
    assertThat(said).contains("accepting request", "***").doesNotContain(CANARY);
    if (format == Log.Format.JSON) {
      for (String line : said.lines().toList()) {
        assertThat(new ObjectMapper().readTree(line).isObject()).isTrue();
      }
    }
    assertThat(read).hasSizeGreaterThan(15).allSatisfy(this::isClean);
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> kept = files.filter(Files::isRegularFile).toList();
      assertThat(kept).isNotEmpty();
      for (Path file : kept) {
        isClean(Files.readString(file, ISO_8859_1));
      }
    }
  }

  private void isClean(String text) {
    assertThat(text).doesNotContain(CANARY);
  }

  private static Secrets secrets(String... settings) {
    List<Setting> set =
        Arrays.stream(settings)
            .map(one -> one.split("=", 2))
            .map(one -> new Setting("--set", one[0], one[1]))
            .toList();
    return switch (new ConfigSource(Optional.empty(), Map.of(), set).load()) {
      case Loaded.Valid(Config config) -> Secrets.of(config);
      case Loaded.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private void asAgents(FakeOllama fake, URI agents) throws IOException {
    Header key = new Header("Authorization", "Bearer " + CLIENT_KEY);
    Header other = new Header("X-Api-Key", CANARY + "-header");
    String query = "?key=" + CANARY + "-query&api_key=" + CLIENT_KEY;
    String chat = "/v1/chat/completions" + query;

    fake.enqueue(Answer.text("a", "b"));
    assertThat(send(agents, "POST", chat, body(true), key, other)).isEqualTo(200);
    fake.enqueue(Answer.text("a", "b"));
    assertThat(send(agents, "POST", chat, body(false), key, other)).isEqualTo(200);
    // A server that quotes the key that it got, in every place where it can.
    String quoted =
        "{\"error\":{\"message\":\"Incorrect API key provided: %s.\"}}".formatted(UPSTREAM_KEY);
    fake.enqueue(Fault.status(401, quoted));
    assertThat(send(agents, "POST", chat, body(true), key)).isEqualTo(401);
    fake.enqueue(Fault.status(500, quoted), Fault.status(500, quoted));
    assertThat(send(agents, "POST", chat, body(false), key)).isEqualTo(502);
    fake.enqueue(Answer.text("a", "b").with(new Fault.SseError(1, quoted)));
    assertThat(send(agents, "POST", chat, body(true), key)).isEqualTo(200);
    fake.enqueue(Route.V1_EMBEDDINGS, Fault.status(401, quoted));
    assertThat(send(agents, "POST", "/v1/embeddings" + query, body(false), key)).isEqualTo(401);
    fake.enqueue(Fault.status(403, quoted));
    assertThat(send(agents, "POST", chat, body(true), key, new Header("x-plimsoll-bypass", "true")))
        .isEqualTo(403);
    fake.enqueue(Route.V1_MODELS, Fault.status(401, quoted));
    assertThat(send(agents, "GET", "/v1/models" + query, "", key)).isEqualTo(401);

    assertThat(send(agents, "GET", "/v1/models" + query, "", key, other)).isEqualTo(200);
    assertThat(send(agents, "GET", "/v1/models" + query, "", other)).isEqualTo(401);
    assertThat(send(agents, "POST", chat, body(true), new Header("Authorization", WRONG_KEY)))
        .isEqualTo(401);
    assertThat(send(agents, "POST", chat, "{\"" + CLIENT_KEY, key)).isEqualTo(400);
    assertThat(send(agents, "POST", chat, "{\"api_key\":\"" + CLIENT_KEY + "\"}", key))
        .isEqualTo(400);
    assertThat(send(agents, "GET", "/nothing" + query, "", key)).isEqualTo(404);
    assertThat(send(agents, "DELETE", "/v1/models" + query, "", key)).isEqualTo(405);
    assertThat(send(agents, "GET", "/v1/models", "", key, new Header("Origin", "http://" + CANARY)))
        .isEqualTo(403);
  }

  private static String body(boolean stream) {
    return "{\"model\":\"test:latest\",\"stream\":%s,\"api_key\":\"%s\",\"input\":\"hi\",\"messages\":[{\"role\":\"user\",\"content\":\"my key is %s-content\"}]}"
        .formatted(stream, CLIENT_KEY, CANARY);
  }

  private void asOperators(URI admin) throws IOException {
    Header token = new Header("Authorization", "Bearer " + ADMIN_TOKEN);
    Header wrong = new Header("Authorization", "Bearer " + WRONG_KEY);
    String query = "?token=" + ADMIN_TOKEN;
    assertThat(send(admin, "GET", "/metrics" + query, "")).isEqualTo(200);
    assertThat(send(admin, "GET", "/health/ready" + query, "")).isEqualTo(200);
    assertThat(send(admin, "GET", "/api/v1/sessions" + query, "", token)).isEqualTo(200);
    String sessions = read.getLast();
    String id = sessions.replaceFirst("(?s).*?\"id\":\"(s_[0-9a-f]+)\".*", "$1");
    assertThat(send(admin, "GET", "/api/v1/sessions/" + id + "/requests", "", token))
        .isEqualTo(200);
    assertThat(send(admin, "GET", "/api/v1/sessions" + query, "", wrong)).isEqualTo(401);
    assertThat(send(admin, "GET", "/api/v1/sessions?limit=" + ADMIN_TOKEN, "", token))
        .isEqualTo(400);
  }

  /** Sends a request, keeps all that comes back, and tells the status. */
  private int send(URI uri, String method, String path, String body, Header... headers)
      throws IOException {
    try (RawClient client = RawClient.connect(uri)) {
      RawClient.Response response = client.send(method, path, body, headers).response();
      read.add(response.head().headers() + "\n" + response.text());
      return response.status();
    }
  }
}
