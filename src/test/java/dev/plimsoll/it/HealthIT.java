package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.RefusingPort;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readiness means that tokens can be expected; liveness that the program runs. */
class HealthIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static RawClient.Response ready(RunningPlimsoll plimsoll) throws IOException {
    return RawClient.get(plimsoll.adminUri(), "/health/ready");
  }

  private static JsonNode check(RawClient.Response response, String name) {
    for (JsonNode check : response.body().json().path("checks")) {
      if (check.path("name").asText().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("no check " + name + ": " + response.text());
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void lookingCostsNoGeneration(Behind behind) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.learning(fake)) {
      RawClient.Response response = ready(plimsoll);

      assertThat(response.status()).as(response.text()).isEqualTo(200);
      assertThat(response.body().json().path("status").asText()).isEqualTo("up");
      assertThat(check(response, "upstream").path("detail").asText())
          .contains("has not been asked for an answer yet");
      assertThat(check(response, "listening").path("detail").asText())
          .contains(Integer.toString(plimsoll.port()));
      assertThat(fake.exchanges())
          .allSatisfy(one -> assertThat(one.request().method()).isEqualTo("GET"));
      assertThat(fake.loads()).isZero();

      fake.enqueue(Answer.text("a"));
      RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));
      assertThat(check(ready(plimsoll), "upstream").path("detail").asText())
          .contains("last whole answer");
    }
  }

  @Test
  void manyWhoLookAskTheUpstreamOnce() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake)) {
      List<RawClient> lookers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        lookers.add(RawClient.connect(plimsoll.adminUri()).send("GET", "/health/ready", ""));
      }
      for (RawClient looker : lookers) {
        assertThat(looker.response().status()).isEqualTo(200);
        looker.close();
      }

      // Within the seconds for which an answer counts; on a machine that stands still it is asked
      // again.
      assertThat(fake.requests(Route.PS).size()).isLessThan(20);
    }
  }

  @Test
  void upstreamThatIsNotThereIsToldAndFoundWhenItComes() throws Exception {
    RefusingPort nobody = RefusingPort.find();
    try (RunningPlimsoll plimsoll = RunningPlimsoll.start("upstream.url=" + nobody.uri())) {
      RawClient.Response response = ready(plimsoll);
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body().json().path("status").asText()).isEqualTo("down");
      assertThat(check(response, "upstream").path("status").asText()).isEqualTo("down");
      assertThat(check(response, "listening").path("status").asText()).isEqualTo("up");

      try (FakeOllama fake = FakeOllama.builder().port(nobody.port()).start()) {
        await().atMost(LIMIT).until(() -> ready(plimsoll).status() == 200);
        assertThat(fake.requestCount()).isPositive();
      }
    }
  }

  @Test
  void upstreamThatAnswersQuestionsButGivesNoTokensIsDown() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, "recovery.backoff=1ms")) {
      for (int i = 0; i < 4; i++) {
        fake.enqueue(Fault.runnerStopped());
      }
      RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));
      RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));

      RawClient.Response response = ready(plimsoll);
      assertThat(response.status()).isEqualTo(503);
      assertThat(check(response, "upstream").path("detail").asText())
          .contains("last attempts all failed");
      assertThat(plimsoll.scrape().sum("upstream_up")).isZero();

      fake.enqueue(Answer.text("a"));
      RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));
      assertThat(ready(plimsoll).status()).isEqualTo(200);
    }
  }

  @Test
  void programThatStopsIsNotReadyButLives() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake)) {
      assertThat(ready(plimsoll).status()).isEqualTo(200);
      fake.enqueue(Answer.text("a").beforeHeaders(Duration.ofMinutes(5)));
      Thread stopping;
      try (RawClient client = RawClient.connect(plimsoll.uri())) {
        client.send("POST", Ask.CHAT, Ask.chat(true));
        Behind.OLLAMA.chat(fake, 0);
        stopping = Thread.ofVirtual().start(plimsoll::stop);
        await().atMost(LIMIT).until(() -> ready(plimsoll).status() == 503);
        assertThat(check(ready(plimsoll), "listening").path("status").asText()).isEqualTo("down");
        assertThat(RawClient.get(plimsoll.adminUri(), "/health/live").status()).isEqualTo(200);
      }
      assertThat(stopping.join(LIMIT)).isTrue();
    }
  }

  @Test
  void liveLooksAtTheLoops() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake)) {
      RawClient.Response response = RawClient.get(plimsoll.adminUri(), "/health/live");

      assertThat(response.status()).isEqualTo(200);
      assertThat(check(response, "event_loops").path("detail").asText())
          .matches("(\\d+) of \\1 event loops answer\\.");
    }
  }
}
