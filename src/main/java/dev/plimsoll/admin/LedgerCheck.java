package dev.plimsoll.admin;

import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.ledger.LedgerHealth;

/**
 * Whether rows become durable. Never down: agents are served without it, and what waits in memory
 * would be lost if the program were started anew because of it.
 */
public record LedgerCheck(Ledger ledger) implements Check.Look {
  private static final String NAME = "ledger";

  @Override
  public Check look() {
    LedgerHealth health = ledger.health();
    Check.Status status =
        switch (health.state()) {
          case DURABLE, MEMORY -> Check.Status.UP;
          case OPENING, FAILING -> Check.Status.DEGRADED;
        };
    return new Check(NAME, status, health.detail());
  }
}
