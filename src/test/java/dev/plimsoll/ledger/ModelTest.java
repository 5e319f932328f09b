package dev.plimsoll.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Chance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file says what a plain model in memory says, whatever is done to both. */
class ModelTest {
  private static final int THREADS = 6;

  @TempDir Path folder;

  /** All that can be read, in its order. */
  private record Everything(List<RequestRow> requests, List<SessionRow> sessions, Totals totals) {
    static Everything in(Ledger ledger) throws Exception {
      LedgerFile.settle(ledger);
      List<SessionRow> sessions = new ArrayList<>();
      @Nullable Cursor next = null;
      do {
        Page<SessionRow> page =
            ledger.sessions(new SessionQuery(3, next, new SessionQuery.Activity.Any(), null));
        sessions.addAll(page.rows());
        next = page.next();
      } while (next != null);
      return new Everything(LedgerFile.all(ledger), sessions, ledger.totals());
    }
  }

  @Test
  void oneAfterTheOther() throws Exception {
    Chance.cases(
        1,
        40,
        random -> {
          Path file = folder.resolve("l" + random.nextLong(Long.MAX_VALUE) + ".db");
          Ledger model = new MemoryLedger();
          SqliteLedger ledger = LedgerFile.open(file);
          for (int round = 0; round < 3; round++) {
            for (Consumer<Ledger> each : new Operations(random, "").some(60)) {
              each.accept(model);
              each.accept(ledger);
            }
            Everything expected = Everything.in(model);
            assertThat(Everything.in(ledger)).isEqualTo(expected);
            for (SessionRow session : expected.sessions()) {
              String id = session.id().value();
              assertThat(ledger.session(id)).contains(session);
              assertThat(ledger.requests(id, 2, null).rows())
                  .isEqualTo(model.requests(id, 2, null).rows());
            }
            for (SessionQuery query : queries()) {
              assertThat(ledger.sessions(query).rows())
                  .as("%s", query)
                  .isEqualTo(model.sessions(query).rows());
            }
          }
          ledger.close();
        });
  }

  private static List<SessionQuery> queries() {
    List<SessionQuery> queries = new ArrayList<>();
    for (SessionQuery.Activity activity :
        List.of(
            new SessionQuery.Activity.Any(),
            new SessionQuery.Activity.Active(Rows.NOON),
            new SessionQuery.Activity.Idle(Rows.NOON))) {
      queries.add(new SessionQuery(2, null, activity, null));
      queries.add(new SessionQuery(2, null, activity, "c1"));
    }
    return queries;
  }

  @Test
  void manyAtOnce() throws Exception {
    Chance.cases(
        100,
        10,
        random -> {
          Path file = folder.resolve("l" + random.nextLong(Long.MAX_VALUE) + ".db");
          Ledger model = new MemoryLedger();
          try (SqliteLedger ledger = LedgerFile.open(file)) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
              for (int i = 0; i < THREADS; i++) {
                List<Consumer<Ledger>> own = new Operations(random, "t" + i).some(200);
                own.forEach(each -> each.accept(model));
                threads.execute(
                    () ->
                        own.forEach(
                            each -> {
                              each.accept(ledger);
                              if (each.hashCode() % 8 == 0) {
                                ledger.afterCommit(() -> {});
                              }
                            }));
              }
            }
            Everything expected = Everything.in(model);
            Everything found = Everything.in(ledger);

            assertThat(found.totals()).isEqualTo(expected.totals());
            assertThat(by(found.requests(), row -> row.start().id()))
                .isEqualTo(by(expected.requests(), row -> row.start().id()));
            assertThat(by(found.sessions(), row -> row.id().value()))
                .isEqualTo(by(expected.sessions(), row -> row.id().value()));
          }
          // And once more what a later process finds: the same, but nothing is open.
          try (SqliteLedger again = LedgerFile.open(file)) {
            assertThat(LedgerFile.all(again)).allSatisfy(row -> assertThat(row.end()).isNotNull());
          }
        });
  }

  private static <T> Map<String, T> by(List<T> rows, Function<T, String> key) {
    return rows.stream().collect(Collectors.toMap(key, Function.identity()));
  }
}
