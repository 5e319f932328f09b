package dev.plimsoll.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the ledger's file for writing: makes or migrates its tables, looks whether it is sound, and
 * the first time closes what an earlier process left open.
 */
final class SqliteOpener implements LedgerWriter.Opener {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLedger.class);

  private final SqliteFile file;
  private final SqliteReader reader;
  private final InstantSource clock;
  private final UnaryOperator<Store> between;

  /** Whether what is open in the file is an earlier process's. */
  private boolean inherited = true;

  private boolean damaged;

  /**
   * Makes an opener.
   *
   * @param reader lets go of the file while it is exchanged
   * @param between what stands between writer and store
   */
  SqliteOpener(
      SqliteFile file, SqliteReader reader, InstantSource clock, UnaryOperator<Store> between) {
    this.file = file;
    this.reader = reader;
    this.clock = clock;
    this.between = between;
  }

  @Override
  public Store open() throws StoreFault, LedgerRefused {
    NativeLibrary.in(file.path().resolveSibling("native"));
    if (damaged) {
      mend();
    }
    try {
      return openAsItIs();
    } catch (StoreFault e) {
      if (e.fault() != WriteFault.CORRUPT) {
        throw e;
      }
      mend();
      return openAsItIs();
    }
  }

  @Override
  public void damaged() {
    damaged = true;
  }

  private Store openAsItIs() throws StoreFault, LedgerRefused {
    Connection connection = null;
    try {
      connection = file.writer();
      Schema.CURRENT.apply(connection, file.path());
      if (inherited && !SqliteFile.isSound(connection)) {
        throw StoreFault.ofStore(WriteFault.CORRUPT, "its structure is not sound");
      }
      SqliteStore store = new SqliteStore(connection);
      if (inherited) {
        int closed = store.closeInterrupted();
        if (closed > 0) {
          LOG.info("closed {} requests of a Plimsoll that ended without a farewell", closed);
        }
        inherited = false;
      }
      return between.apply(store);
    } catch (SQLException e) {
      close(connection);
      throw SqliteFaults.of(e);
    } catch (StoreFault | LedgerRefused e) {
      close(connection);
      throw e;
    }
  }

  private void mend() throws StoreFault, LedgerRefused {
    reader.close();
    try {
      Path aside = BrokenFile.setAside(file.path(), clock.instant());
      LOG.warn("the ledger {} is damaged: it is kept as {}", file.path(), aside.getFileName());
      damaged = false;
    } catch (IOException e) {
      throw StoreFault.ofStore(WriteFault.IO, "the damaged file cannot be renamed: " + e);
    }
  }

  private static void close(@Nullable Connection connection) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing of it is used.
    }
  }
}
