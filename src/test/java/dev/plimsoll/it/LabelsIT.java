package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Scrape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever clients send, the number of series has a limit. */
class LabelsIT {
  private static final int JUNK = 10_000;
  private static final int CLIENTS = 4;

  private static Set<String> series(Scrape scrape) {
    return scrape.samples().stream()
        .map(sample -> sample.name() + sample.labels())
        .filter(series -> series.startsWith("plimsoll_"))
        .collect(Collectors.toSet());
  }

  @Test
  void junkMakesNoSeries() throws Exception {
    try (FakeOllama fake = Behind.OPENAI.fake().remember(10).start();
        RunningPlimsoll plimsoll = Behind.OPENAI.plimsoll(fake, "log.level=warn")) {
      fake.reply(_ -> Answer.text("a", "b"));
      junk(plimsoll, 0, 1);
      Set<String> before = series(plimsoll.scrape());

      try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
        List<Future<?>> sent = new ArrayList<>();
        int share = JUNK / CLIENTS;
        for (int i = 0; i < CLIENTS; i++) {
          int first = 1 + i * share;
          sent.add(
              clients.submit(
                  () -> {
                    junk(plimsoll, first, share);
                    return null;
                  }));
        }
        for (Future<?> one : sent) {
          one.get(5, TimeUnit.MINUTES);
        }
      }

      Scrape after = plimsoll.scrape();
      assertThat(series(after)).isEqualTo(before);
      assertThat(after.sum("upstream_attempts_total", "model", "other")).isEqualTo(JUNK + 1.0);
      assertThat(after.sum("sessions_total")).isEqualTo(JUNK + 1.0);
      assertThat(after.samples())
          .allSatisfy(
              sample ->
                  assertThat(sample.labels().values())
                      .allSatisfy(value -> assertThat(value).hasSizeLessThanOrEqualTo(64)));
    }
  }

  /** Each with a model, a session and a key of its own, and then with a path and a method. */
  private static void junk(RunningPlimsoll plimsoll, int first, int count) throws Exception {
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      for (int i = first; i < first + count; i++) {
        RawClient.Response answer =
            client
                .send(
                    "POST",
                    Ask.CHAT,
                    Ask.chat("junk-model-" + i, true, ""),
                    new Header("x-session-id", "junk-session-" + i),
                    new Header("Authorization", "Bearer junk-key-" + i))
                .response();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.send("JUNK" + i, "/junk/path/" + i, "").response().status())
            .isEqualTo(404);
      }
    }
  }

  @Test
  void twentyBusyModelsStayWithinTheirBound() throws Exception {
    FakeOllama.Builder builder = FakeOllama.builder();
    for (int i = 0; i < 20; i++) {
      builder.model(FakeModel.named("model-" + i + ":latest"));
    }
    try (FakeOllama fake = builder.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake)) {
      fake.reply(_ -> Answer.text("a", "b"));
      for (int i = 0; i < 20; i++) {
        RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat("model-" + i, true, ""));
      }

      Scrape scrape = plimsoll.scrape();
      assertThat(scrape.all("upstream_attempts_total")).hasSize(20);
      assertThat(series(scrape)).hasSizeLessThanOrEqualTo(2500);
    }
  }
}
