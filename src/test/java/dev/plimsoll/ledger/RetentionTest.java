package dev.plimsoll.ledger;

import static dev.plimsoll.ledger.LedgerFile.LIMIT;
import static dev.plimsoll.ledger.Rows.NOON;
import static dev.plimsoll.ledger.Rows.attempt;
import static dev.plimsoll.ledger.Rows.begun;
import static dev.plimsoll.ledger.Rows.end;
import static dev.plimsoll.ledger.Rows.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plimsoll.session.RequestKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old rows go, sums stay, and a clock that jumps takes nothing with it. */
class RetentionTest {
  private static final Duration RETENTION = Duration.ofDays(90);

  @TempDir Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final AtomicLong nanos = new AtomicLong();

  private SqliteLedger open() throws Exception {
    SqliteLedger ledger =
        SqliteLedger.open(
            new SqliteLedger.Settings(
                folder.resolve("ledger.db"), RETENTION, Duration.ofSeconds(10)),
            now::get,
            nanos::get,
            LedgerWatch.NONE);
    ledger.awaitOpen(LIMIT);
    return ledger;
  }

  private static void answered(Ledger ledger, String id, String client, Instant at) {
    ledger.open(start(id, client, RequestKind.MAIN, "m", at));
    ledger.openAttempt(id, begun(1, Purpose.MAIN));
    ledger.closeAttempt(id, 1, attempt(AttemptOutcome.OK, 100, 10, true));
    ledger.close(id, end(Outcome.OK));
  }

  @Test
  void oldRowsGoInBatchesAndTheTotalsStay() throws Exception {
    try (SqliteLedger ledger = open()) {
      Instant old = NOON.minus(RETENTION).minusSeconds(60);
      for (int i = 0; i < 1200; i++) {
        answered(ledger, "old" + i, "gone" + i % 600, old);
      }
      answered(ledger, "older", "stays", old);
      ledger.open(start("running", "stays", RequestKind.MAIN, "m", old));
      answered(ledger, "new", "stays", NOON);
      LedgerFile.settle(ledger);

      nanos.addAndGet(Duration.ofHours(2).toNanos()); // it is time to look again
      await().atMost(LIMIT).until(() -> LedgerFile.ids(ledger).size() == 2);
      await().atMost(LIMIT).until(() -> ledger.session("s_gone599").isEmpty());

      assertThat(LedgerFile.ids(ledger)).containsExactly("running", "new");
      assertThat(ledger.sessions(SessionQuery.newest(500)).rows())
          .singleElement()
          .satisfies(
              kept -> {
                assertThat(kept.sums().requests()).isEqualTo(3);
                assertThat(kept.sums().tokens().total()).isEqualTo(220);
              });
      assertThat(ledger.totals().sum())
          .isEqualTo(new Totals.Sums(1202, 120_200, 12_020, 60_100, 6_010, 0));
    }
  }

  @Test
  void aClockThatJumpsAheadEndsNoRetention() throws Exception {
    try (SqliteLedger ledger = open()) {
      answered(ledger, "r0", "a", NOON);
      LedgerFile.settle(ledger);
      now.set(NOON.plus(Duration.ofDays(1000)));
      nanos.addAndGet(Duration.ofHours(2).toNanos());
      answered(ledger, "far", "a", now.get());
      now.set(NOON.minus(Duration.ofHours(1)));
      answered(ledger, "back", "a", now.get());
      LedgerFile.settle(ledger);
      // Whatever the writer does when it looks, it has done before it closes.
    }
    now.set(NOON.plusSeconds(60));
    try (SqliteLedger ledger = open()) {
      assertThat(LedgerFile.ids(ledger)).containsExactly("r0", "far", "back");
      assertThat(LedgerFile.all(ledger))
          .allSatisfy(row -> assertThat(row.end()).isEqualTo(end(Outcome.OK)));
    }
  }
}
