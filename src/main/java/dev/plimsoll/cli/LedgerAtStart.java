package dev.plimsoll.cli;

import dev.plimsoll.config.Store;
import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.ledger.LedgerRefused;
import dev.plimsoll.ledger.LedgerWatch;
import dev.plimsoll.ledger.MemoryLedger;
import dev.plimsoll.ledger.SqliteLedger;
import dev.plimsoll.turn.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger as configured, while the program starts: opened beside everything else and waited for
 * last.
 *
 * <p>A file that the user named and that cannot be used ends the start. Without a name a folder
 * that cannot be written is only a warning.
 */
final class LedgerAtStart {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerAtStart.class);

  /** A file that takes longer is waited for while the program already answers. */
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

  private final Ledger ledger;

  private LedgerAtStart(Ledger ledger) {
    this.ledger = ledger;
  }

  static LedgerAtStart open(Store store, Path file, Clock clock, LedgerWatch watch)
      throws Program.StartFailure {
    return new LedgerAtStart(
        switch (store.kind()) {
          case MEMORY -> new MemoryLedger();
          case SQLITE -> sqlite(store, file, clock, watch);
        });
  }

  private static Ledger sqlite(Store store, Path file, Clock clock, LedgerWatch watch)
      throws Program.StartFailure {
    SqliteLedger.Settings settings =
        new SqliteLedger.Settings(file, store.retention(), store.writeTimeout());
    try {
      return SqliteLedger.open(settings, clock.instants(), clock.nanoTime(), watch);
    } catch (LedgerRefused e) {
      throw new Program.StartFailure(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      if (store.path().isPresent()) {
        throw new Program.StartFailure(
            "cannot write the ledger "
                + file
                + " ("
                + e.getClass().getSimpleName()
                + "): name another file with --set store.path=FILE, or keep it in memory with"
                + " --set store.kind=memory.");
      }
      LOG.warn(
          "the data folder {} cannot be written ({}): the ledger is kept in memory, and a restart"
              + " forgets it; store.path names another file",
          file.getParent(),
          e.getClass().getSimpleName());
      return new MemoryLedger("the data folder of " + file + " cannot be written");
    }
  }

  Ledger ledger() {
    return ledger;
  }

  /** Waits until the file is known to be usable. */
  void await() throws Program.StartFailure {
    if (!(ledger instanceof SqliteLedger sqlite)) {
      return;
    }
    try {
      sqlite.awaitOpen(OPEN_LIMIT);
    } catch (LedgerRefused e) {
      throw new Program.StartFailure(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Program.StartFailure("interrupted while starting");
    }
  }
}
