package dev.plimsoll.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.FakeOllama;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two thousand connections, five hundred of them with a request at the same time, to a program with
 * a heap of 128 MiB: everybody is answered or refused in an honest way, and afterwards it is as
 * before.
 */
@Tag("soak")
class CrowdIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Rows, counters and buffers of the first five hundred requests. */
  private static final long KEPT_HEAP = 8 << 20;

  private static final int KEPT_DESCRIPTORS = 20;

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0} connections, {1} in flight, {2} KiB each")
  @CsvSource({
    // as it is by default
    "1024, 100, 20",
    // everybody is let in
    "4000, 1000, 20",
    // more bytes than the heap could hold
    "4000, 1000, 400"
  })
  void everybodyIsAnsweredOrRefusedAndItRecovers(int connections, int inFlight, int kibibytes)
      throws Exception {
    assumeTrue(Vitals.canBeRead(), "skipped: there is no /proc to read descriptors from");
    try (FakeOllama fake = FakeOllama.builder().remember(10).start();
        BuiltPlimsoll plimsoll =
            BuiltPlimsoll.start(
                List.of(Soak.HEAP),
                folder,
                fake.uri(),
                "context.window=262144",
                "listen.max-connections=" + connections,
                "listen.max-in-flight=" + inFlight)) {
      fake.reply(_ -> Crowd.ANSWER);
      Crowd.one(plimsoll.agents());
      Vitals before = Vitals.of(plimsoll.pid(), folder);

      Map<Crowd.Got, Integer> got = Crowd.at(plimsoll.agents(), kibibytes * 1024);

      System.out.println(connections + ", " + inFlight + ", " + kibibytes + " KiB: " + got);
      assertThat(got.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(Crowd.REQUESTS);
      assertThat(got.get(Crowd.Got.ANSWER)).isPositive();
      if (connections > Crowd.CONNECTIONS) {
        assertThat(got).doesNotContainKey(Crowd.Got.CLOSED);
      }
      assertThat(plimsoll.alive()).isTrue();
      assertThat(plimsoll.errors()).isEmpty();
      await().atMost(PATIENCE).until(() -> fake.concurrent() == 0 && fake.openConnections() <= 5);
      Crowd.one(plimsoll.agents());
      Vitals after = Vitals.of(plimsoll.pid(), folder);
      System.out.println(before + "\n" + after);
      assertThat(after.turns()).isZero();
      assertThat(after.heap() - before.heap()).isLessThan(KEPT_HEAP);
      assertThat(after.descriptors() - before.descriptors()).isLessThan(KEPT_DESCRIPTORS);
    }
  }
}
