package dev.plimsoll.ledger;

import java.io.IOException;
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
    try {
      DamagedFile.finish(file.path());
    } catch (IOException e) {
      throw StoreFault.ofStore(WriteFault.IO, "the mended file cannot be put in place: " + e);
    }
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
      if (inherited && !(Schema.CURRENT.isIntact(connection) && SqliteFile.isSound(connection))) {
        throw StoreFault.ofStore(WriteFault.CORRUPT, "its structure is not sound");
      }
      SqliteStore store = new SqliteStore(file, connection);
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
    damaged = true;
    reader.close();
    try {
      DamagedFile.Mended mended = new DamagedFile(file).mend(clock.instant());
      damaged = false;
      LOG.warn(
          "the ledger {} was damaged: it is kept as {}; {} requests and {} attempts could be read"
              + " and are in a new file, {} requests and whatever came last are lost",
          file.path(),
          mended.aside().getFileName(),
          mended.salvaged().requests(),
          mended.salvaged().attempts(),
          mended.salvaged().lost());
    } catch (IOException e) {
      throw StoreFault.ofStore(WriteFault.IO, "the damaged file cannot be replaced: " + e);
    } catch (SQLException e) {
      throw SqliteFaults.of(e);
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
