package dev.plimsoll.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Puts a sound ledger in the place of a damaged one: a new file with what can still be read, while
 * the damaged one is renamed and never deleted.
 *
 * <pre>
 *   ledger.db ──read──▶ ledger.db.mending ──done──▶ ledger.db.mended
 *   ledger.db ──renamed──▶ ledger.db.broken-TIME      ledger.db.mended ──renamed──▶ ledger.db
 * </pre>
 *
 * <p>Whenever this is cut off, the next start finds either the damaged file or the mended one.
 */
final class DamagedFile {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** What belongs to a database, the main file last: without it the others are nothing. */
  private static final List<String> PARTS = List.of("-wal", "-shm", "");

  /** Where SQLite keeps {@code application_id}. */
  private static final int APPLICATION_AT = 68;

  private final SqliteFile file;

  DamagedFile(SqliteFile file) {
    this.file = file;
  }

  /**
   * What became of it.
   *
   * @param aside where the damaged file is now
   * @param salvaged what was copied
   */
  record Mended(Path aside, Salvage.Salvaged salvaged) {}

  /** Finishes what an earlier process had mended but not yet put in place. */
  static void finish(Path ledger) throws IOException {
    Path mended = beside(ledger, ".mended");
    if (Files.exists(mended) && !Files.exists(ledger)) {
      Files.move(mended, ledger);
    }
  }

  Mended mend(Instant now) throws IOException, SQLException, LedgerRefused, StoreFault {
    Path ledger = file.path();
    if (!wasLedger()) {
      throw new LedgerRefused(
          "%s is no ledger: give Plimsoll a file of its own with --set store.path=FILE."
              .formatted(ledger));
    }
    Path mending = beside(ledger, ".mending");
    delete(mending);
    Salvage.Salvaged salvaged;
    try (Connection to = new SqliteFile(mending).writer()) {
      Schema.CURRENT.apply(to, mending);
      salvaged = new Salvage(to, now).from(file);
    }
    Path mended = beside(ledger, ".mended");
    Files.move(mending, mended, StandardCopyOption.REPLACE_EXISTING);
    Path aside = beside(ledger, ".broken-" + STAMP.format(now));
    for (String part : PARTS) {
      if (Files.exists(beside(ledger, part))) {
        Files.move(beside(ledger, part), beside(aside, part));
      }
    }
    Files.move(mended, ledger);
    return new Mended(aside, salvaged);
  }

  /** Whether what is left of its head is a ledger's: other people's files stay where they are. */
  private boolean wasLedger() throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file.path())) {
      head = in.readNBytes(APPLICATION_AT + Integer.BYTES);
    }
    if (head.length == APPLICATION_AT + Integer.BYTES) {
      return ByteBuffer.wrap(head).getInt(APPLICATION_AT) == Schema.APPLICATION;
    }
    byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(head.length, magic.length);
    return Arrays.equals(head, 0, length, magic, 0, length);
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static void delete(Path database) throws IOException {
    for (String part : PARTS) {
      Files.deleteIfExists(beside(database, part));
    }
  }
}
