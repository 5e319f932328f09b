package dev.plimsoll.ledger;

import java.time.Instant;
import java.util.List;

/** Stands between writer and store, and lets through what a test does not stop. */
class FaultyStore implements Store {
  private final Store under;

  FaultyStore(Store under) {
    this.under = under;
  }

  @Override
  public void write(List<Change> changes) throws StoreFault {
    under.write(changes);
  }

  @Override
  public boolean retire(Instant before, int limit) throws StoreFault {
    return under.retire(before, limit);
  }

  @Override
  public void checkpoint() throws StoreFault {
    under.checkpoint();
  }

  @Override
  public void check() throws StoreFault {
    under.check();
  }

  @Override
  public void close() {
    under.close();
  }
}
