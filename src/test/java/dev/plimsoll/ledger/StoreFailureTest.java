package dev.plimsoll.ledger;

import static dev.plimsoll.ledger.LedgerFile.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that fails: nobody waits for it, and nothing is lost or told twice. */
class StoreFailureTest {
  @TempDir Path folder;
  private final Seen seen = new Seen();

  /** Counts what the ledger tells of its work. */
  private static final class Seen implements LedgerWatch {
    final AtomicInteger committed = new AtomicInteger();
    final List<WriteFault> faults = new ArrayList<>();

    @Override
    public void committed(int rows, long nanos) {
      committed.addAndGet(rows);
    }

    @Override
    public synchronized void failed(WriteFault fault) {
      faults.add(fault);
    }

    synchronized List<WriteFault> faults() {
      return List.copyOf(faults);
    }
  }

  private SqliteLedger ledger(UnaryOperator<Store> between) throws Exception {
    return LedgerFile.open(folder.resolve("ledger.db"), seen, Journal.CAPACITY, between);
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "r" + i).toList();
  }

  private static void durable(Ledger ledger) {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                ledger.health().state() == LedgerHealth.State.DURABLE
                    && ledger.health().pending() == 0);
  }

  private static void failing(Ledger ledger, WriteFault fault) {
    await().atMost(LIMIT).until(() -> ledger.health().state() == LedgerHealth.State.FAILING);
    assertThat(ledger.health().lastFault()).isEqualTo(fault);
  }

  /** What SQLite itself is made to refuse, and how. */
  enum Refusal {
    DISK_FULL(WriteFault.FULL, "max_page_count = 1"),
    READ_ONLY(WriteFault.READ_ONLY, "query_only = ON");

    final WriteFault fault;
    final String setting;

    Refusal(WriteFault fault, String setting) {
      this.fault = fault;
      this.setting = setting;
    }
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void rowsWaitInMemoryAndArriveInOrderWhenTheDiskIsWellAgain(Refusal refusal) throws Exception {
    AtomicBoolean refuse = new AtomicBoolean();
    List<Store> opened = new ArrayList<>();
    try (SqliteLedger ledger =
        ledger(
            store -> {
              opened.add(store);
              return refuse.get() ? refusing(store, refusal) : store;
            })) {
      for (String id : names(0, 5)) {
        LedgerFile.answered(ledger, id, "a");
      }
      LedgerFile.settle(ledger);
      refuse.set(true);
      ((SqliteStore) opened.getFirst()).pragma(refusal.setting);

      // Large enough for a page that is not there yet.
      for (String id : names(5, 200)) {
        LedgerFile.answered(ledger, id, "a");
      }
      failing(ledger, refusal.fault);
      assertThat(ledger.health().pending()).isPositive();
      assertThat(ledger.health().detail()).contains("ledger.db");
      Thread here = Thread.currentThread();
      List<Thread> ran = new ArrayList<>();
      ledger.afterCommit(() -> ran.add(Thread.currentThread()));
      assertThat(ran).containsExactly(here);

      refuse.set(false);
      durable(ledger);

      assertThat(LedgerFile.ids(ledger)).isEqualTo(names(0, 200));
      assertThat(ledger.totals().sum().total()).isEqualTo(200 * 110);
      assertThat(ledger.totals().lost()).isEqualTo(Totals.Lost.NOTHING);
      assertThat(seen.faults()).contains(refusal.fault);
      assertThat(seen.committed.get()).isEqualTo(200 * 4);
    }
  }

  private static Store refusing(Store store, Refusal refusal) {
    try {
      ((SqliteStore) store).pragma(refusal.setting);
      return store;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** When a disk says that it failed. */
  enum Moment {
    BEFORE_ANYTHING_IS_WRITTEN,
    AFTER_ALL_WAS_WRITTEN
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void aCommitThatFailedIsWrittenAgainAndCountsOnce(Moment moment) throws Exception {
    AtomicInteger left = new AtomicInteger(3);
    try (SqliteLedger ledger =
        ledger(
            store ->
                new FaultyStore(store) {
                  @Override
                  public void write(List<Change> changes) throws StoreFault {
                    boolean fail = left.getAndDecrement() > 0;
                    if (!fail || moment == Moment.AFTER_ALL_WAS_WRITTEN) {
                      super.write(changes);
                    }
                    if (fail) {
                      throw StoreFault.ofStore(WriteFault.IO, "fsync failed");
                    }
                  }
                })) {
      for (String id : names(0, 20)) {
        LedgerFile.answered(ledger, id, "a");
      }
      failing(ledger, WriteFault.IO);
      durable(ledger);

      assertThat(LedgerFile.ids(ledger)).isEqualTo(names(0, 20));
      assertThat(ledger.totals().sum()).isEqualTo(new Totals.Sums(20, 2000, 200, 1000, 100, 0));
      SessionRow session = ledger.session("s_a").orElseThrow();
      assertThat(session.sums().requests()).isEqualTo(20);
      assertThat(session.sums().tokens().total()).isEqualTo(20 * 110);
      assertThat(session.running()).isZero();
      assertThat(seen.faults()).contains(WriteFault.IO);
    }
  }

  @Test
  void aFailedSyncIsSaidAndTheRowsAreStillThere() throws Exception {
    AtomicInteger syncs = new AtomicInteger();
    try (SqliteLedger ledger =
        ledger(
            store ->
                new FaultyStore(store) {
                  @Override
                  public void checkpoint() throws StoreFault {
                    if (syncs.incrementAndGet() == 1) {
                      throw StoreFault.ofStore(WriteFault.IO, "fsync failed");
                    }
                    super.checkpoint();
                  }
                })) {
      LedgerFile.answered(ledger, "r0", "a");
      LedgerFile.settle(ledger);

      await().atMost(LIMIT).until(() -> seen.faults().contains(WriteFault.IO));
      await().atMost(LIMIT).until(() -> syncs.get() > 1);
      durable(ledger);

      assertThat(LedgerFile.ids(ledger)).containsExactly("r0");
    }
  }

  @Test
  void aDiskThatDoesNotAnswerHoldsNobodyLongerThanTheTimeout() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    AtomicBoolean stuck = new AtomicBoolean();
    SqliteLedger.Settings settings =
        new SqliteLedger.Settings(
            folder.resolve("ledger.db"), Duration.ofDays(90), Duration.ofMillis(50));
    try (SqliteLedger ledger =
        SqliteLedger.open(
            settings,
            new SqliteLedger.Times(InstantSource.system(), System::nanoTime),
            seen,
            Journal.CAPACITY,
            store ->
                new FaultyStore(store) {
                  @Override
                  public void write(List<Change> changes) throws StoreFault {
                    if (stuck.get()) {
                      hang(answers);
                    }
                    super.write(changes);
                  }
                })) {
      ledger.awaitOpen(LIMIT);
      stuck.set(true);
      LedgerFile.asked(ledger, "r0", "a");
      CountDownLatch first = new CountDownLatch(1);
      ledger.afterCommit(first::countDown);
      assertThat(first.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      CountDownLatch second = new CountDownLatch(1);
      ledger.afterCommit(second::countDown);
      assertThat(second.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(answers.getCount()).isOne();

      answers.countDown();
      durable(ledger);
      assertThat(LedgerFile.ids(ledger)).containsExactly("r0");
    }
  }

  private static void hang(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatMemoryCannotHoldIsCountedAsAGap() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    try (SqliteLedger ledger =
        LedgerFile.open(
            folder.resolve("ledger.db"),
            seen,
            40,
            store ->
                new FaultyStore(store) {
                  @Override
                  public void write(List<Change> changes) throws StoreFault {
                    if (broken.get()) {
                      throw StoreFault.ofStore(WriteFault.FULL, "no room");
                    }
                    super.write(changes);
                  }
                })) {
      LedgerFile.asked(ledger, "long", "a");
      failing(ledger, WriteFault.FULL);
      for (String id : names(0, 100)) {
        LedgerFile.answered(ledger, id, "a");
      }
      // Let in before there was no more room, so it has its row to the end.
      ledger.closeAttempt("long", 1, Rows.attempt(AttemptOutcome.OK, 100, 10, true));
      ledger.close("long", Rows.end(Outcome.OK));
      assertThat(ledger.health().pending()).isBetween(40, 60);
      broken.set(false);
      durable(ledger);
      LedgerFile.answered(ledger, "after", "a");
      LedgerFile.settle(ledger);

      List<String> ids = LedgerFile.ids(ledger);
      Totals totals = ledger.totals();
      assertThat(ids).startsWith("long", "r0", "r1").endsWith("after");
      assertThat(totals.lost().requests()).isEqualTo(102 - ids.size()).isPositive();
      assertThat(totals.lost().attempts()).isEqualTo(totals.lost().requests());
      assertThat(totals.sum().total() + totals.lost().tokens()).isEqualTo(102 * 110);
      assertThat(LedgerFile.all(ledger)).allSatisfy(row -> assertThat(row.end()).isNotNull());
    }
  }

  @Test
  void oneRowThatIsRefusedHoldsUpNoOther() throws Exception {
    try (SqliteLedger ledger =
        ledger(
            store ->
                new FaultyStore(store) {
                  @Override
                  public void write(List<Change> changes) throws StoreFault {
                    if (changes.stream().anyMatch(StoreFailureTest::isBad)) {
                      throw StoreFault.ofItsRows("no such row, please");
                    }
                    super.write(changes);
                  }
                })) {
      LedgerFile.answered(ledger, "r0", "a");
      LedgerFile.answered(ledger, "bad", "a");
      LedgerFile.answered(ledger, "r1", "a");
      durable(ledger);

      assertThat(LedgerFile.ids(ledger)).containsExactly("r0", "r1");
      assertThat(ledger.totals().lost().requests()).isOne();
    }
  }

  private static boolean isBad(Change change) {
    return change instanceof Change.Opened(var start) && start.id().equals("bad");
  }
}
