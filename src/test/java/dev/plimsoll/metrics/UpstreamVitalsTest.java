package dev.plimsoll.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.ledger.AttemptOutcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpstreamVitalsTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private long nanos = 17;
  private final UpstreamVitals vitals = new UpstreamVitals(() -> nanos, () -> NOON);

  @Test
  void serverThatWasNeverAskedIsNotUp() {
    assertThat(vitals.up()).isFalse();
    assertThat(vitals.askedWithin(Duration.ofDays(1))).isFalse();
    assertThat(vitals.lastSuccess()).isEmpty();
  }

  @Test
  void lastAnswerToAQuestionCounts() {
    vitals.contact(true);
    assertThat(vitals.up()).isTrue();
    vitals.contact(false);
    assertThat(vitals.up()).isFalse();
    vitals.contact(true);
    assertThat(vitals.up()).isTrue();
  }

  @Test
  void wholeAnswerIsAnAnswerToo() {
    vitals.attempt(AttemptOutcome.OK);

    assertThat(vitals.up()).isTrue();
    assertThat(vitals.lastSuccess()).contains(NOON);
  }

  @Test
  void oneFailedAttemptIsNotTheEnd() {
    vitals.contact(true);
    fail(UpstreamVitals.FAILURES - 1);
    assertThat(vitals.up()).isTrue();

    fail(1);
    assertThat(vitals.answers()).isTrue();
    assertThat(vitals.up()).isFalse();
  }

  @Test
  void successForgivesAllFailures() {
    fail(UpstreamVitals.FAILURES);
    vitals.attempt(AttemptOutcome.OK);
    fail(UpstreamVitals.FAILURES - 1);

    assertThat(vitals.up()).isTrue();
  }

  @Test
  void failuresAreForgottenWhenNobodyAsks() {
    vitals.contact(true);
    fail(UpstreamVitals.FAILURES);
    nanos += UpstreamVitals.MEMORY.toNanos() - 1;
    assertThat(vitals.up()).isFalse();

    nanos++;
    assertThat(vitals.up()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = AttemptOutcome.class,
      names = {"REFUSED", "INVALID_TOOL_ARGUMENTS", "LENGTH_IN_TOOL_CALL", "OVERFLOW"})
  void serverThatSaysNoIsWell(AttemptOutcome outcome) {
    fail(UpstreamVitals.FAILURES);
    vitals.attempt(outcome);

    assertThat(vitals.up()).isTrue();
    assertThat(vitals.lastSuccess()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = AttemptOutcome.class,
      names = {"CLIENT_CLOSED", "ABANDONED"})
  void clientsThatLeaveSayNothingAboutIt(AttemptOutcome outcome) {
    vitals.attempt(outcome);

    assertThat(vitals.askedWithin(Duration.ofDays(1))).isFalse();
  }

  @Test
  void contactIsFreshForItsTime() {
    vitals.contact(false);
    nanos += Duration.ofSeconds(5).toNanos() - 1;
    assertThat(vitals.askedWithin(Duration.ofSeconds(5))).isTrue();
    nanos++;
    assertThat(vitals.askedWithin(Duration.ofSeconds(5))).isFalse();
  }

  @Test
  void anotherServerStartsAfresh() {
    vitals.attempt(AttemptOutcome.OK);
    vitals.forget();

    assertThat(vitals.up()).isFalse();
    assertThat(vitals.lastSuccess()).isEmpty();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      vitals.attempt(AttemptOutcome.UPSTREAM_ERROR);
    }
  }
}
