package dev.plimsoll.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is remembered of requests that failed, and for how long. */
class KnownFailuresTest {
  private static final ApiError ERROR = ApiError.of(ErrorCode.RECOVERY_EXHAUSTED, "no");

  private final AtomicLong now = new AtomicLong();
  private final KnownFailures failures =
      new KnownFailures(new Clock(now::get, InstantSource.system()));

  @Test
  void sameRequestIsRememberedForAMinute() {
    failures.remember("s", bytes("a"), ERROR);

    assertThat(failures.of("s", bytes("a"))).contains(ERROR);
    assertThat(failures.of("s", bytes("b"))).isEmpty();
    assertThat(failures.of("t", bytes("a"))).isEmpty();
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(failures.of("s", bytes("a"))).contains(ERROR);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(failures.of("s", bytes("a"))).isEmpty();
  }

  @Test
  void theOldestAreForgottenFirst() {
    for (int i = 0; i < 600; i++) {
      failures.remember("s", bytes("body" + i), ERROR);
    }

    assertThat(failures.of("s", bytes("body0"))).isEmpty();
    assertThat(failures.of("s", bytes("body599"))).contains(ERROR);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
