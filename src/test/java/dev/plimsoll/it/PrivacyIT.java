package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents and models say to each other, and their keys, are in no file and in no log line. */
class PrivacyIT {
  private static final String KEY = "pk-kept-nowhere-5d1c";
  private static final String WRONG = "pk-wrong-nowhere-8a2e";
  private static final String SESSION = "session-of-mine";

  @TempDir private Path folder;

  @Test
  void wordsAndKeysAreKeptNowhere() throws Exception {
    String log;
    try (FakeOllama fake = FakeOllama.start();
        BuiltPlimsoll plimsoll =
            BuiltPlimsoll.start(folder, fake.uri(), "listen.api-keys=" + KEY)) {
      fake.enqueue(
          Answer.text("canary-answer")
              .reasoning("canary-thought")
              .call("c1", "canary_tool", "{\"path\":\"canary-path\"}"));
      assertThat(ask(plimsoll.agents(), KEY)).isEqualTo(200);
      assertThat(ask(plimsoll.agents(), WRONG)).isEqualTo(401);
      RawClient.get(plimsoll.agents(), "/v1/models?key=canary-query");
      assertThat(plimsoll.sessions().get(0).path("clientId").asText()).isEqualTo(SESSION);
      assertThat(plimsoll.terminate(Duration.ofSeconds(60))).isZero();
      log = plimsoll.log();
    }

    assertThat(log).contains("listening").doesNotContain("canary", KEY, WRONG, SESSION);
    for (Path file : files()) {
      String bytes = Files.readString(file, ISO_8859_1);
      assertThat(bytes).as("%s", file).doesNotContain("canary", KEY, WRONG);
    }
    // The search is one that finds: the client's own name for its session is kept.
    assertThat(Files.readString(folder.resolve("ledger.db"), ISO_8859_1)).contains(SESSION);
  }

  private static int ask(URI agents, String key) throws IOException {
    String messages =
        "[{\"role\":\"system\",\"content\":\"canary-system\"},"
            + "{\"role\":\"user\",\"content\":\"canary-question\"}]";
    String tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"canary_tool\","
            + "\"description\":\"canary-description\",\"parameters\":{}}}]";
    try (RawClient client = RawClient.connect(agents)) {
      Header session = new Header("x-session-id", SESSION);
      Header bearer = new Header("Authorization", "Bearer " + key);
      return client
          .send("POST", Ask.CHAT, Ask.chatOf(messages, tools), session, bearer)
          .response()
          .status();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
