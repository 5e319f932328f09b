package dev.plimsoll.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.stream.UpstreamFailure;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users read when their model server cannot be reached. */
class ConnectFailuresTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:11434 | Connection refused: /127.0.0.1:11434
          connect(..) failed: Network is unreachable: /10.0.0.1:80 | Network is unreachable: /10.0.0.1:80
          Connection refused: localhost/127.0.0.1:11434 | Connection refused: localhost/127.0.0.1:11434
          Failed to resolve 'gpu' [A(1), AAAA(28)] | Failed to resolve 'gpu' [A(1), AAAA(28)]
          """)
  void reasonIsToldWithoutTheSystemCall(String given, String told) {
    assertThat(ConnectFailures.of(new ConnectException(given), LIMIT))
        .isEqualTo(new UpstreamFailure.Refused(told));
  }

  @Test
  void onlyTheFirstLineIsTold() {
    assertThat(ConnectFailures.of(new ConnectException("no route\n  in the net"), LIMIT))
        .isEqualTo(new UpstreamFailure.Refused("no route"));
  }

  @Test
  void connectionThatTakesTooLongIsTimedOut() {
    assertThat(ConnectFailures.of(new TimeoutException("5000 ms"), LIMIT))
        .isEqualTo(new UpstreamFailure.TimedOut(UpstreamFailure.Phase.CONNECT, LIMIT));
    assertThat(ConnectFailures.of(new ConnectException("connection timed out: gpu"), LIMIT))
        .isEqualTo(new UpstreamFailure.TimedOut(UpstreamFailure.Phase.CONNECT, LIMIT));
  }
}
