package dev.plimsoll.ledger;

import java.time.Instant;
import java.util.List;

/** Where changes become durable. Used by one thread; whoever gets a fault relies on nothing. */
interface Store extends AutoCloseable {
  /** Writes all of these or none, and returns when they will survive the end of the process. */
  void write(List<Change> changes) throws StoreFault;

  /**
   * Forgets closed requests that began before then, and sessions that are left without any.
   *
   * @param limit at most so many of each, so that nobody waits long
   * @return whether there may be more
   */
  boolean retire(Instant before, int limit) throws StoreFault;

  /** Moves what was written to its last place; nobody waits for it. */
  void checkpoint() throws StoreFault;

  /** Reads all of it; a fault when its structure is not sound. */
  void check() throws StoreFault;

  @Override
  void close();
}
