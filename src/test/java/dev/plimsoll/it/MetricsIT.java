package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The metrics move as the requests go. */
class MetricsIT {
  @ParameterizedTest
  @EnumSource(Behind.class)
  void goodAnswerMovesWhatItShould(Behind behind) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake)) {
      fake.enqueue(Answer.text("Hel", "lo", " there"));
      assertThat(RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true)).status()).isEqualTo(200);
      fake.enqueue(Answer.text("Hel", "lo", " there"));
      assertThat(RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(false)).status()).isEqualTo(200);
      assertThat(RawClient.get(plimsoll.uri(), "/v1/nothing").status()).isEqualTo(404);

      Scrape scrape = Scrape.of(plimsoll);
      System.out.println(scrape.text());
      assertThat(scrape.sum("http_requests_total", "endpoint", "chat", "outcome", "ok"))
          .isEqualTo(2);
    }
  }
}
