package dev.plimsoll.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest extends LedgerContract {
  @TempDir Path folder;

  @Override
  Ledger ledger() throws Exception {
    return SqliteLedger.open(
        new SqliteLedger.Settings(
            folder.resolve("ledger.db"), Duration.ofDays(36500), Duration.ofSeconds(10)),
        InstantSource.system(),
        System::nanoTime,
        LedgerWatch.NONE);
  }
}
