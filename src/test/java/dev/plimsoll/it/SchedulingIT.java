package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is next at a model that is busy. */
class SchedulingIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Pattern NAME = Pattern.compile("ask-(\\w+)");

  private static RawClient ask(RunningPlimsoll plimsoll, String session, String name)
      throws IOException {
    String system = name.equals("title") ? "You are a title generator" : "You are an agent";
    String messages =
        "[{\"role\":\"system\",\"content\":\"%s\"},{\"role\":\"user\",\"content\":\"ask-%s\"}]"
            .formatted(system, name);
    String body = Ask.chatOf(messages, ",\"stream\":true");
    return RawClient.connect(plimsoll.uri())
        .send("POST", Ask.CHAT, body, new Header("x-session-id", session));
  }

  private static void awaitQueued(RunningPlimsoll plimsoll, int count) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(plimsoll.scrape().sum("queued_requests")).isEqualTo(count));
  }

  private static String name(String body) {
    Matcher name = NAME.matcher(body);
    assertThat(name.find()).as(body).isTrue();
    return name.group(1);
  }

  @ParameterizedTest
  @EnumSource
  void sessionsTakeTurnsAndTitlesWait(Behind behind) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake, "upstream.max-concurrent=1")) {
      fake.enqueue(Answer.text("a").beforeHeaders(LONG));
      RawClient running = ask(plimsoll, "other", "running");
      behind.chat(fake, 0);
      List<RawClient> clients = new ArrayList<>();
      clients.add(ask(plimsoll, "idle", "title"));
      awaitQueued(plimsoll, 1);
      for (int i = 1; i <= 5; i++) {
        clients.add(ask(plimsoll, "busy", "busy" + i));
        awaitQueued(plimsoll, clients.size());
      }
      RawClient leaver = ask(plimsoll, "gone", "gone");
      awaitQueued(plimsoll, 7);
      clients.add(ask(plimsoll, "lone", "lone"));
      awaitQueued(plimsoll, 8);
      leaver.reset();
      awaitQueued(plimsoll, 7);

      running.reset();

      for (RawClient client : clients) {
        assertThat(CanonicalStream.of(client.response().text(), "test").text())
            .isEqualTo("Hello, world!");
        client.close();
      }
      assertThat(behind.chats(fake).stream().map(chat -> name(chat.body().text())))
          .containsExactly("running", "busy1", "busy2", "busy3", "lone", "title", "busy4", "busy5");
    }
  }
}
