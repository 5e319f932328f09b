package dev.plimsoll.ledger;

import static dev.plimsoll.ledger.Rows.NOON;
import static dev.plimsoll.ledger.Rows.attempt;
import static dev.plimsoll.ledger.Rows.begun;
import static dev.plimsoll.ledger.Rows.end;
import static dev.plimsoll.ledger.Rows.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.session.RequestKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every ledger does, wherever it keeps its rows. */
abstract class LedgerContract {
  private Ledger ledger = new MemoryLedger();

  /** An empty ledger. */
  abstract Ledger ledger() throws Exception;

  @BeforeEach
  void makeLedger() throws Exception {
    ledger = ledger();
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  @Test
  void everyTokenCountsOnceInTheSessionsSums() throws Exception {
    ledger.open(start("r1", "a", RequestKind.MAIN));
    ledger.openAttempt("r1", begun(1, Purpose.COMPACTION));
    ledger.closeAttempt("r1", 1, attempt(AttemptOutcome.OK, 500, 50, true));
    ledger.openAttempt("r1", begun(2, Purpose.MAIN));
    ledger.closeAttempt("r1", 2, attempt(AttemptOutcome.LENGTH_IN_TOOL_CALL, 1000, 100, false));
    ledger.openAttempt("r1", begun(3, Purpose.RETRY));
    ledger.closeAttempt("r1", 3, attempt(AttemptOutcome.LENGTH_IN_TEXT, 1010, 20, true));
    ledger.openAttempt("r1", begun(4, Purpose.CONTINUATION));
    ledger.closeAttempt("r1", 4, attempt(AttemptOutcome.OK, 1030, 10, true));
    Compaction compaction = new Compaction(CompactionTier.MASKED, 200);
    ledger.close("r1", end(Outcome.OK, new PromptSize(1200L, 1000L, 4000L, compaction)));

    SessionRow session = session("s_a");
    assertThat(session.sums())
        .isEqualTo(
            new SessionSums(1, 4, new TokenSums(2040, 30, 15, 1020, 550, 1100), 1, 200, 1, 1));
    assertThat(session.sums().tokens().total()).isEqualTo(550 + 1100 + 1030 + 1040);
    assertThat(session.context()).isEqualTo(new ContextFill(4000L, 1030L));
    assertThat(session.context().utilization()).isEqualTo(0.2575);
    RequestRow request = written().request("r1").orElseThrow();
    assertThat(request.completionTokens()).isEqualTo(30);
    assertThat(request.reasoningTokens()).isEqualTo(15);
    assertThat(request.attempts()).extracting(AttemptRow::number).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aRecoveryThatFailsIsAttemptedButNotRecovered() throws Exception {
    ledger.open(start("r1", "a", RequestKind.MAIN));
    ledger.openAttempt("r1", begun(1, Purpose.MAIN));
    ledger.openAttempt("r1", begun(2, Purpose.RETRY));
    ledger.close("r1", end(Outcome.UPSTREAM_ERROR));

    SessionSums sums = session("s_a").sums();
    assertThat(sums.recoveriesAttempted()).isEqualTo(1);
    assertThat(sums.recoveriesRecovered()).isZero();
  }

  @Test
  void titlesAndSummariesCountButSayNothingAboutModelAndWindow() throws Exception {
    ledger.open(start("r1", "a", RequestKind.TITLE, "small", NOON));
    finish("r1", 90);
    assertThat(session("s_a").model()).isNull();
    assertThat(session("s_a").context()).isEqualTo(ContextFill.UNKNOWN);

    ledger.open(start("r2", "a", RequestKind.MAIN, "large", NOON));
    finish("r2", 2000);
    ledger.open(start("r3", "a", RequestKind.SUMMARY, "small", NOON));
    finish("r3", 3900);

    SessionRow session = session("s_a");
    assertThat(session.model()).isEqualTo("large");
    assertThat(session.context()).isEqualTo(new ContextFill(4000L, 2000L));
    assertThat(session.sums().requests()).isEqualTo(3);
    assertThat(session.sums().tokens().prompt()).isEqualTo(5990);
  }

  @Test
  void withoutTheUpstreamsCountTheLastPromptIsWhatWasSent() throws Exception {
    ledger.open(start("r1", "a", RequestKind.SUBAGENT));
    ledger.close("r1", end(Outcome.CLIENT_CLOSED));

    assertThat(session("s_a").context()).isEqualTo(new ContextFill(4000L, 1000L));
  }

  @Test
  void openingAndClosingAgainChangesNothing() throws Exception {
    for (int i = 0; i < 2; i++) {
      ledger.open(start("r1", "a", RequestKind.MAIN));
      ledger.openAttempt("r1", begun(1, Purpose.MAIN));
      ledger.closeAttempt("r1", 1, attempt(AttemptOutcome.OK, 100, 10, true));
    }
    ledger.close("r1", end(Outcome.OK));
    ledger.close("r1", end(Outcome.TIMEOUT));
    ledger.openAttempt("r1", begun(2, Purpose.RETRY));
    ledger.close("nobody", end(Outcome.OK));
    ledger.openAttempt("nobody", begun(1, Purpose.MAIN));
    ledger.closeAttempt("r1", 9, attempt(AttemptOutcome.OK, 1, 1, true));

    assertThat(session("s_a").running()).isZero();
    assertThat(session("s_a").sums().attempts()).isEqualTo(1);
    assertThat(session("s_a").sums().tokens().total()).isEqualTo(110);
    assertThat(written().request("r1").orElseThrow().end()).isEqualTo(end(Outcome.OK));
    assertThat(written().request("nobody")).isEmpty();
  }

  @Test
  void anAttemptMayEndAfterItsRequest() throws Exception {
    ledger.open(start("r1", "a", RequestKind.MAIN));
    ledger.openAttempt("r1", begun(1, Purpose.MAIN));
    ledger.close("r1", end(Outcome.CLIENT_CLOSED));
    ledger.closeAttempt("r1", 1, attempt(AttemptOutcome.CLIENT_CLOSED, 100, 10, true));

    assertThat(session("s_a").sums().tokens().total()).isEqualTo(110);
  }

  @Test
  void sessionsComeInTheOrderOfTheirLastActivity() throws Exception {
    ledger.open(start("r1", "a", RequestKind.MAIN));
    ledger.open(start("r2", "b", RequestKind.MAIN, "m", NOON.plusSeconds(5)));
    assertThat(clients(SessionQuery.newest(9))).containsExactly("b", "a");

    ledger.close("r1", end(Outcome.OK));

    assertThat(clients(SessionQuery.newest(9))).containsExactly("a", "b");
    assertThat(session("s_a").startedAt()).isEqualTo(NOON);
    assertThat(session("s_a").lastSeenAt()).isEqualTo(NOON.plusSeconds(1));
  }

  @Test
  void pagesNeitherRepeatNorShiftWhileNewRowsArrive() throws Exception {
    for (int i = 0; i < 7; i++) {
      ledger.open(start("r" + i, "c" + i, RequestKind.MAIN));
    }
    List<String> seen = new ArrayList<>();
    Cursor cursor = null;
    do {
      Page<SessionRow> page =
          written().sessions(new SessionQuery(3, cursor, new SessionQuery.Activity.Any(), null));
      page.rows().forEach(row -> seen.add(row.id().value()));
      cursor = page.next() == null ? null : Cursor.parse(page.next().text()).orElseThrow();
      ledger.open(start("new" + seen.size(), "new" + seen.size(), RequestKind.MAIN));
      ledger.open(start("again" + seen.size(), "c6", RequestKind.MAIN));
    } while (cursor != null);

    assertThat(seen).containsExactly("s_c6", "s_c5", "s_c4", "s_c3", "s_c2", "s_c1", "s_c0");
  }

  @Test
  void requestsOfASessionComeNewestFirstInPages() throws Exception {
    for (int i = 0; i < 4; i++) {
      ledger.open(start("r" + i, "a", RequestKind.MAIN));
      ledger.open(start("other" + i, "b", RequestKind.MAIN));
    }

    Page<RequestRow> first = written().requests("s_a", 2, null);
    ledger.open(start("late", "a", RequestKind.MAIN));
    Page<RequestRow> second = written().requests("s_a", 2, first.next());

    assertThat(first.rows()).extracting(row -> row.start().id()).containsExactly("r3", "r2");
    assertThat(second.rows()).extracting(row -> row.start().id()).containsExactly("r1", "r0");
    assertThat(second.next()).isNull();
    assertThat(written().requests("s_nobody", 2, null).rows()).isEmpty();
  }

  @Test
  void sessionsAreFoundByActivityAndByTheClientsId() throws Exception {
    ledger.open(start("r1", "old", RequestKind.MAIN, "m", NOON.minusSeconds(600)));
    ledger.close("r1", end(Outcome.OK));
    ledger.open(start("r2", "running", RequestKind.MAIN, "m", NOON.minusSeconds(600)));
    ledger.open(start("r3", "new", RequestKind.MAIN));
    ledger.close("r3", end(Outcome.OK));
    var since = NOON.minusSeconds(300);

    assertThat(clients(new SessionQuery(9, null, new SessionQuery.Activity.Active(since), null)))
        .containsExactly("new", "running");
    assertThat(clients(new SessionQuery(9, null, new SessionQuery.Activity.Idle(since), null)))
        .containsExactly("old");
    assertThat(clients(new SessionQuery(9, null, new SessionQuery.Activity.Any(), "running")))
        .containsExactly("running");
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        String id = "r" + i;
        threads.execute(
            () -> {
              ledger.open(start(id, "a", RequestKind.MAIN));
              finish(id, 100);
            });
      }
    }

    SessionSums sums = session("s_a").sums();
    assertThat(sums.requests()).isEqualTo(200);
    assertThat(sums.tokens().total()).isEqualTo(200 * 110);
    assertThat(session("s_a").running()).isZero();
  }

  private void finish(String id, long prompt) {
    ledger.openAttempt(id, begun(1, Purpose.MAIN));
    ledger.closeAttempt(id, 1, attempt(AttemptOutcome.OK, prompt, 10, true));
    ledger.close(id, end(Outcome.OK));
  }

  private Ledger written() throws InterruptedException {
    CountDownLatch durable = new CountDownLatch(1);
    ledger.afterCommit(durable::countDown);
    assertThat(durable.await(10, TimeUnit.SECONDS)).isTrue();
    return ledger;
  }

  private SessionRow session(String id) throws Exception {
    return written().session(id).orElseThrow();
  }

  private List<String> clients(SessionQuery query) throws Exception {
    return written().sessions(query).rows().stream()
        .map(row -> String.valueOf(row.id().clientId()))
        .toList();
  }
}
