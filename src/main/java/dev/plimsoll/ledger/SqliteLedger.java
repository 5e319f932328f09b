package dev.plimsoll.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in a file of SQLite.
 *
 * <pre>
 *   turns, loops ──▶ Journal ──▶ LedgerWriter (one platform thread) ──▶ SqliteStore ──▶ file
 *   admin ──▶ SqliteReader ◀────────────────────────────────────────────────────────── file
 * </pre>
 *
 * <p>Whoever accounts hands over and goes on. When the store fails, rows wait in memory up to a
 * limit, and are written in order when it works again.
 */
public final class SqliteLedger implements Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLedger.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Settings settings;
  private final DataLock dataLock;
  private final Journal journal;
  private final LedgerWriter writer;
  private final SqliteReader reader;
  private final Thread writing;
  private final Thread patience;

  /**
   * What can be set.
   *
   * @param file the database; its folder is made where it is missing
   * @param retention how long rows are kept
   * @param writeTimeout how long anybody waits for a commit
   */
  public record Settings(Path file, Duration retention, Duration writeTimeout) {}

  /** The times, and the thread that is told what it needs to know of them. */
  record Times(InstantSource clock, LongSupplier nanoTime) {}

  /**
   * Opens the ledger. Returns when the file is known to be this process's own; whether it can be
   * used is known when {@link #awaitOpen} returns.
   *
   * @throws IOException when the folder or the file cannot be written
   */
  public static SqliteLedger open(
      Settings settings, InstantSource clock, LongSupplier nanoTime, LedgerWatch watch)
      throws IOException, LedgerRefused {
    return open(settings, new Times(clock, nanoTime), watch, Journal.CAPACITY, store -> store);
  }

  /** The same with a smaller journal, and with something between writer and store. */
  static SqliteLedger open(
      Settings settings, Times times, LedgerWatch watch, int capacity, UnaryOperator<Store> between)
      throws IOException, LedgerRefused {
    DataLock dataLock = DataLock.take(settings.file());
    try {
      return new SqliteLedger(settings, dataLock, times, watch, capacity, between);
    } catch (RuntimeException e) {
      dataLock.close();
      throw e;
    }
  }

  private SqliteLedger(
      Settings settings,
      DataLock dataLock,
      Times times,
      LedgerWatch watch,
      int capacity,
      UnaryOperator<Store> between) {
    this.settings = settings;
    this.dataLock = dataLock;
    this.journal = new Journal(capacity, settings.writeTimeout(), times.clock(), times.nanoTime());
    SqliteFile file = new SqliteFile(settings.file());
    this.reader = new SqliteReader(file, this::unreadable);
    this.writer =
        new LedgerWriter(
            journal,
            new SqliteOpener(file, reader, times.clock(), between),
            settings.retention(),
            times.clock(),
            times.nanoTime(),
            watch);
    this.writing = Thread.ofPlatform().daemon().name("plimsoll-ledger").unstarted(writer);
    this.patience =
        Thread.ofPlatform().daemon().name("plimsoll-ledger-patience").unstarted(this::endWaits);
    writing.start();
    patience.start();
  }

  /** Waits until the file is open, or until it is clear that rows have to wait in memory. */
  public void awaitOpen(Duration limit) throws LedgerRefused, InterruptedException {
    try {
      writer.opened().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LedgerRefused refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      LOG.warn("the ledger {} takes long to open: rows wait in memory", settings.file());
    }
  }

  /** Whether it is the file is for the one who may exchange it to find out. */
  private void unreadable(StoreFault fault) {
    LOG.warn("the ledger cannot be read ({}: {})", fault.fault().label(), fault.words());
    if (fault.fault() == WriteFault.CORRUPT) {
      writer.suspect();
    }
  }

  private void endWaits() {
    try {
      while (!journal.isClosed()) {
        journal.overdue().forEach(Runnable::run);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void open(RequestStart start) {
    journal.hand(new Change.Opened(start));
  }

  @Override
  public void openAttempt(String requestId, AttemptStart start) {
    journal.hand(new Change.AttemptOpened(requestId, start));
  }

  @Override
  public void mark(String requestId, int number, Progress progress) {
    journal.hand(new Change.Marked(requestId, number, progress));
  }

  @Override
  public void closeAttempt(String requestId, int number, AttemptEnd end) {
    journal.hand(new Change.AttemptClosed(requestId, number, end));
  }

  @Override
  public void close(String requestId, RequestEnd end) {
    journal.hand(new Change.Closed(requestId, end));
    journal.hurry();
  }

  @Override
  public void afterCommit(Runnable next) {
    if (!journal.await(next)) {
      next.run();
    }
  }

  @Override
  public Page<SessionRow> sessions(SessionQuery query) throws LedgerUnreadable {
    return reader.sessions(query);
  }

  @Override
  public Optional<SessionRow> session(String id) throws LedgerUnreadable {
    return reader.session(id);
  }

  @Override
  public Page<RequestRow> requests(String sessionId, int limit, @Nullable Cursor after)
      throws LedgerUnreadable {
    return reader.requests(sessionId, limit, after);
  }

  @Override
  public Optional<RequestRow> request(String id) throws LedgerUnreadable {
    return reader.request(id);
  }

  @Override
  public Page<RequestRow> all(int limit, @Nullable Cursor after) throws LedgerUnreadable {
    return reader.all(limit, after);
  }

  @Override
  public Totals totals() throws LedgerUnreadable {
    return reader.totals();
  }

  @Override
  public LedgerHealth health() {
    return new LedgerHealth(
        writer.state(),
        journal.pending(),
        writer.lastFault(),
        settings.file() + ": " + writer.words());
  }

  @Override
  public void close() {
    reader.close();
    journal.close().forEach(Runnable::run);
    try {
      if (!writing.join(CLOSE_LIMIT)) {
        LOG.error("the ledger {} does not close: its disk does not answer", settings.file());
        return; // the lock stays with who may still be writing
      }
      patience.join(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dataLock.close();
  }
}
