package dev.plimsoll.ledger;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** From SQLite's result codes to the few faults that Plimsoll tells apart. */
final class SqliteFaults {
  /** An extended code has its primary code in the lowest byte. */
  private static final int PRIMARY = 0xff;

  private SqliteFaults() {}

  static StoreFault of(SQLException cause) {
    String words = String.valueOf(cause.getMessage());
    SQLiteErrorCode code =
        cause instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    if (code == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ) { // the file is shorter than it says
      return StoreFault.ofStore(WriteFault.CORRUPT, words);
    }
    return switch (SQLiteErrorCode.getErrorCode(code.code & PRIMARY)) {
      case SQLITE_FULL -> StoreFault.ofStore(WriteFault.FULL, words);
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
          StoreFault.ofStore(WriteFault.READ_ONLY, words);
      case SQLITE_IOERR -> StoreFault.ofStore(WriteFault.IO, words);
      case SQLITE_CORRUPT, SQLITE_NOTADB -> StoreFault.ofStore(WriteFault.CORRUPT, words);
      case SQLITE_BUSY, SQLITE_LOCKED -> StoreFault.ofStore(WriteFault.BUSY, words);
      case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE ->
          StoreFault.ofItsRows(words);
      default -> StoreFault.ofStore(WriteFault.OTHER, words);
    };
  }
}
