package dev.plimsoll.guard;

import dev.plimsoll.config.MemoryLimit;
import java.util.concurrent.atomic.AtomicLong;

/** The memory for the request bodies of all connections; safe for several threads. */
public final class BodyBudget {
  private final long heap;
  private final AtomicLong taken = new AtomicLong();

  /** A budget of which nothing is taken; {@code heap} is what shares are taken of, in bytes. */
  public BodyBudget(long heap) {
    this.heap = heap;
  }

  /** How many bytes there are under this limit. */
  long size(MemoryLimit limit) {
    return limit.bytes(heap);
  }

  /** Takes so many bytes, or none when there are not so many left. */
  boolean take(long bytes, MemoryLimit limit) {
    if (taken.addAndGet(bytes) <= size(limit)) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Gives back what was taken. */
  void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** How many bytes are taken now. */
  public long taken() {
    return taken.get();
  }
}
