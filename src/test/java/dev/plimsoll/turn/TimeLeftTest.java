package dev.plimsoll.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Recovery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long an attempt may be without a word. */
class TimeLeftTest {
  private final AtomicLong now = new AtomicLong();
  private final TimeLeft time =
      new TimeLeft(Recovery.DEFAULT, new Clock(now::get, InstantSource.system()), 0);

  @Test
  void firstAttemptLeavesHalfOfTheTimeToOthers() {
    assertThat(time.firstByte()).isEqualTo(Duration.ofMinutes(15));
    now.set(Duration.ofMinutes(20).toNanos());
    assertThat(time.firstByte()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void laterAttemptWaitsThreeTimesAsLongAsTheOneBeforeButAMinuteAtLeast() {
    time.firstByteTook(Duration.ofSeconds(5));
    assertThat(time.firstByte()).isEqualTo(Duration.ofSeconds(60));
    time.firstByteTook(Duration.ofMinutes(2));
    assertThat(time.firstByte()).isEqualTo(Duration.ofMinutes(6));
    now.set(Duration.ofMinutes(29).toNanos());
    assertThat(time.firstByte()).isEqualTo(Duration.ofSeconds(30));
  }
}
