package dev.plimsoll.upstream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Things that take long to find out, found out once: who comes while another is at it waits for
 * that one.
 *
 * <p>The least used leave when there are too many.
 */
final class Learnt<V> {
  private final int most;
  private final Map<String, V> known = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, ReentrantLock> locks = new LinkedHashMap<>();

  /** Finds a thing out; null when it could not be found this time. */
  interface Finder<V> {
    @Nullable V find() throws InterruptedException;
  }

  Learnt(int most) {
    this.most = most;
  }

  /** The thing of that name, found out first if nobody has; null when that fails. */
  @Nullable V get(String name, Finder<V> finder) throws InterruptedException {
    V found = known(name);
    if (found != null) {
      return found;
    }
    ReentrantLock lock = lock(name);
    lock.lockInterruptibly();
    try {
      found = known(name);
      if (found == null) {
        found = finder.find();
        if (found != null) {
          remember(name, found);
        }
      }
      return found;
    } finally {
      lock.unlock();
      forget(name, lock);
    }
  }

  private synchronized @Nullable V known(String name) {
    return known.get(name);
  }

  private synchronized ReentrantLock lock(String name) {
    return locks.computeIfAbsent(name, _ -> new ReentrantLock());
  }

  private synchronized void remember(String name, V found) {
    known.put(name, found);
    if (known.size() > most) {
      known.remove(known.keySet().iterator().next());
    }
  }

  private synchronized void forget(String name, ReentrantLock lock) {
    if (!lock.isLocked() && !lock.hasQueuedThreads()) {
      locks.remove(name, lock);
    }
  }
}
