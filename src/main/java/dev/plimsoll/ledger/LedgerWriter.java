package dev.plimsoll.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: takes what waits in the journal, commits it in one go as soon as it
 * is free, and keeps house when nobody is in a hurry.
 *
 * <p>A failed commit is never assumed to have worked: what was in it is written again, over a
 * connection that is opened anew.
 */
final class LedgerWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLedger.class);

  /** Changes in one commit at most. */
  private static final int BATCH = 1000;

  /** What nobody waits for is written within this time. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Changes between two checkpoints at most, which is some megabytes of log. */
  private static final int CHECKPOINT_AFTER = 500;

  private static final Duration RETIRE_EVERY = Duration.ofHours(1);
  private static final int RETIRE_AT_ONCE = 500;

  /** Tries to get rid of what is left when the program ends. */
  private static final int LAST_TRIES = 3;

  private final Journal journal;
  private final Opener opener;
  private final Duration retention;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final LedgerWatch watch;
  private final Instant startedAt;
  private final long startNanos;

  private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
  private final AtomicBoolean suspected = new AtomicBoolean();
  private @Nullable Store store;
  private Duration pause = FIRST_PAUSE;
  private int sinceCheckpoint;
  private long retireAt;
  private int lastTries = LAST_TRIES;
  private volatile LedgerHealth.State state = LedgerHealth.State.OPENING;
  private volatile @Nullable WriteFault lastFault;
  private volatile String words = "not open yet";

  /** Opens the store, at the start and after it was given up. */
  interface Opener {
    /** Opens it, or mends it first when it is damaged. */
    Store open() throws StoreFault, LedgerRefused;

    /** Learns that the store is damaged; it has been closed. */
    void damaged();
  }

  LedgerWriter(
      Journal journal,
      Opener opener,
      Duration retention,
      InstantSource clock,
      LongSupplier nanoTime,
      LedgerWatch watch) {
    this.journal = journal;
    this.opener = opener;
    this.retention = retention;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.watch = watch;
    this.startedAt = clock.instant();
    this.startNanos = nanoTime.getAsLong();
    this.retireAt = startNanos;
  }

  @Override
  public void run() {
    try {
      if (isOpened()) {
        loop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  /** A start that must be refused is refused before anything is to be written. */
  private boolean isOpened() throws InterruptedException {
    try {
      store = opener.open();
      fine();
    } catch (LedgerRefused e) {
      opened.completeExceptionally(e);
      return false;
    } catch (StoreFault e) {
      opened.complete(null); // the rows wait, as they would in the middle of a run
      failed(e);
    }
    opened.complete(null);
    return true;
  }

  private void loop() throws InterruptedException {
    while (lastTries > 0) {
      List<Change> batch = journal.take(BATCH, LOOK);
      if (batch.isEmpty() && journal.isClosed()) {
        return;
      }
      try {
        work(batch);
      } catch (RuntimeException | Error e) { // out of memory, most likely; it passes
        LOG.error("a bug in writing the ledger", e);
        failed(StoreFault.ofStore(WriteFault.OTHER, "a bug: " + e));
      }
    }
  }

  private void work(List<Change> batch) throws InterruptedException {
    try {
      if (suspected.getAndSet(false)) {
        store().check();
      }
      if (!batch.isEmpty()) {
        commit(batch);
      }
      keepHouse(batch.isEmpty());
    } catch (StoreFault e) {
      if (e.ofItsRows()) {
        oneByOne(batch);
      } else {
        failed(e);
      }
    }
  }

  private Store store() throws StoreFault {
    Store open = store;
    if (open == null) {
      try {
        open = opener.open();
      } catch (LedgerRefused e) {
        throw StoreFault.ofStore(WriteFault.OTHER, String.valueOf(e.getMessage()));
      }
      store = open;
    }
    return open;
  }

  private void commit(List<Change> changes) throws StoreFault {
    long began = nanoTime.getAsLong();
    store().write(changes);
    long nanos = nanoTime.getAsLong() - began;
    journal.done(changes.size()).forEach(LedgerWriter::release);
    sinceCheckpoint += changes.size();
    watch.committed(changes.size(), nanos);
    fine();
  }

  /**
   * A change that SQLite refuses for a reason of its own would hold up all others for ever: it is
   * left out, and that is written down.
   */
  private void oneByOne(List<Change> batch) throws InterruptedException {
    for (Change change : batch) {
      try {
        commit(List.of(change));
      } catch (StoreFault e) {
        if (!e.ofItsRows() || change instanceof Change.Gap) {
          failed(e);
          return;
        }
        LOG.error("the ledger refused {}: {}", change.getClass().getSimpleName(), e.words());
        watch.failed(e.fault());
        journal.refuse(change).forEach(LedgerWriter::release);
      }
    }
  }

  private void fine() {
    if (state == LedgerHealth.State.FAILING) {
      LOG.info("the ledger is written again; {} changes are still waiting", journal.pending());
    }
    pause = FIRST_PAUSE;
    words = "written";
    state = LedgerHealth.State.DURABLE;
  }

  private void failed(StoreFault fault) throws InterruptedException {
    watch.failed(fault.fault());
    if (state != LedgerHealth.State.FAILING || fault.fault() != lastFault) {
      LOG.warn(
          "the ledger cannot be written ({}: {}): rows wait in memory, requests go on",
          fault.fault().label(),
          fault.words());
    }
    lastFault = fault.fault();
    words = fault.words();
    state = LedgerHealth.State.FAILING;
    journal.failed().forEach(LedgerWriter::release);
    giveUp();
    if (fault.fault() == WriteFault.CORRUPT) {
      opener.damaged();
    }
    if (journal.isClosed()) {
      lastTries--;
    } else {
      journal.rest(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  private void giveUp() {
    Store open = store;
    store = null;
    if (open != null) {
      open.close();
    }
  }

  /** What waits until the commit is out of the way; retired rows go in small bites, too. */
  private void keepHouse(boolean idle) throws StoreFault {
    if (sinceCheckpoint >= CHECKPOINT_AFTER || (idle && sinceCheckpoint > 0)) {
      store().checkpoint();
      sinceCheckpoint = 0;
    }
    if (nanoTime.getAsLong() - retireAt >= 0) {
      if (!store().retire(steadyNow().minus(retention), RETIRE_AT_ONCE)) {
        retireAt = nanoTime.getAsLong() + RETIRE_EVERY.toNanos();
      }
      sinceCheckpoint++;
    }
    if (state == LedgerHealth.State.FAILING) {
      store();
      fine();
    }
  }

  /** Not later than the clock said at the start, plus what has passed: a jump ends no retention. */
  private Instant steadyNow() {
    Instant steady = startedAt.plusNanos(nanoTime.getAsLong() - startNanos);
    Instant now = clock.instant();
    return now.isBefore(steady) ? now : steady;
  }

  private static void release(Runnable next) {
    try {
      next.run();
    } catch (RuntimeException e) {
      LOG.error("a bug behind a commit", e);
    }
  }

  private void end() {
    int left = journal.pending();
    if (left > 0) {
      LOG.error("the ledger ends with {} changes that could not be written", left);
    }
    giveUp();
  }

  /** Has the store checked before anything more is written to it. */
  void suspect() {
    suspected.set(true);
    journal.hurry();
  }

  /** Completed when the start may go on, with {@link LedgerRefused} when it may not. */
  CompletableFuture<@Nullable Void> opened() {
    return opened;
  }

  LedgerHealth.State state() {
    return state;
  }

  @Nullable WriteFault lastFault() {
    return lastFault;
  }

  String words() {
    return words;
  }
}
