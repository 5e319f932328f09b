package dev.plimsoll.ledger;

import static dev.plimsoll.ledger.Rows.attempt;
import static dev.plimsoll.ledger.Rows.begun;
import static dev.plimsoll.ledger.Rows.end;
import static dev.plimsoll.ledger.Rows.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.session.RequestKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Ledgers in files, for tests. */
final class LedgerFile {
  static final Duration LIMIT = Duration.ofSeconds(20);

  private LedgerFile() {}

  static SqliteLedger open(Path file) throws IOException, LedgerRefused, InterruptedException {
    return open(file, LedgerWatch.NONE, Journal.CAPACITY, store -> store);
  }

  static SqliteLedger open(Path file, LedgerWatch watch, int capacity, UnaryOperator<Store> between)
      throws IOException, LedgerRefused, InterruptedException {
    SqliteLedger ledger =
        SqliteLedger.open(
            new SqliteLedger.Settings(file, Duration.ofDays(36500), Duration.ofSeconds(10)),
            new SqliteLedger.Times(InstantSource.system(), System::nanoTime),
            watch,
            capacity,
            between);
    try {
      ledger.awaitOpen(LIMIT);
      return ledger;
    } catch (LedgerRefused | InterruptedException e) {
      ledger.close();
      throw e;
    }
  }

  /** Waits until everything so far is in the file, or until there is no use in waiting. */
  static void settle(Ledger ledger) throws InterruptedException {
    CountDownLatch durable = new CountDownLatch(1);
    ledger.afterCommit(durable::countDown);
    assertThat(durable.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** One whole request of 110 tokens. */
  static void answered(Ledger ledger, String id, String client) {
    asked(ledger, id, client);
    ledger.closeAttempt(id, 1, attempt(AttemptOutcome.OK, 100, 10, true));
    ledger.close(id, end(Outcome.OK));
  }

  /** One that is under way. */
  static void asked(Ledger ledger, String id, String client) {
    ledger.open(start(id, client, RequestKind.MAIN));
    ledger.openAttempt(id, begun(1, Purpose.MAIN));
  }

  /** Every row that is kept, oldest first. */
  static List<RequestRow> all(Ledger ledger) throws LedgerUnreadable {
    List<RequestRow> rows = new ArrayList<>();
    @Nullable Cursor next = null;
    do {
      Page<RequestRow> page = ledger.all(100, next);
      rows.addAll(page.rows());
      next = page.next();
    } while (next != null);
    return rows;
  }

  static List<String> ids(Ledger ledger) throws LedgerUnreadable {
    return all(ledger).stream().map(row -> row.start().id()).toList();
  }
}
