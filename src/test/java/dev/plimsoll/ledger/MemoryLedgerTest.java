package dev.plimsoll.ledger;

import static dev.plimsoll.ledger.Rows.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.session.RequestKind;
import org.junit.jupiter.api.Test;

class MemoryLedgerTest extends LedgerContract {
  @Override
  Ledger ledger() {
    return new MemoryLedger();
  }

  @Test
  void theLeastRecentlySeenSessionsAndTheOldestRequestsAreForgotten() {
    MemoryLedger small = new MemoryLedger(2, 3, "small");
    small.open(start("r1", "a", RequestKind.MAIN));
    small.open(start("r2", "b", RequestKind.MAIN));
    small.open(start("r3", "a", RequestKind.MAIN));
    small.open(start("r4", "c", RequestKind.MAIN));

    assertThat(small.session("s_b")).isEmpty();
    assertThat(small.request("r2")).isEmpty();
    assertThat(small.session("s_a")).isPresent();

    small.open(start("r5", "a", RequestKind.MAIN));

    assertThat(small.request("r1")).isEmpty();
    SessionRow kept = small.session("s_a").orElseThrow();
    assertThat(kept.sums().requests()).isEqualTo(3);
    assertThat(kept.running()).isEqualTo(2);
    assertThat(small.requests("s_a", 9, null).rows()).hasSize(2);
  }
}
