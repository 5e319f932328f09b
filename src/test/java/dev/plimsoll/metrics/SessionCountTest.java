package dev.plimsoll.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionCountTest {
  private long nanos = -5;
  private final SessionCount sessions = new SessionCount(() -> nanos);

  @Test
  void sessionIsNewOnce() {
    assertThat(sessions.seen("a")).isTrue();
    assertThat(sessions.seen("a")).isFalse();
    assertThat(sessions.seen("b")).isTrue();
    assertThat(sessions.active()).isEqualTo(2);
  }

  @Test
  void sessionIsActiveForFiveMinutes() {
    sessions.seen("a");
    nanos += Duration.ofMinutes(4).toNanos();
    sessions.seen("b");
    assertThat(sessions.active()).isEqualTo(2);

    nanos += Duration.ofMinutes(1).toNanos();
    assertThat(sessions.active()).isEqualTo(1);
    assertThat(sessions.seen("a")).isFalse();
    assertThat(sessions.active()).isEqualTo(2);
  }

  @Test
  void onlySoManyAreRemembered() {
    for (int i = 0; i < 3 * SessionCount.MAX_SESSIONS; i++) {
      sessions.seen("s" + i);
    }
    assertThat(sessions.active()).isEqualTo(SessionCount.MAX_SESSIONS);
    assertThat(sessions.seen("s0")).isTrue();
  }
}
