package dev.plimsoll.turn;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most {@code upstream.max-concurrent} requests of a model through at a time; the others
 * wait in the order of their arrival, {@code upstream.queue} of them at most.
 */
public final class Scheduler {
  private final int maxConcurrent;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Map<String, Gate> gates = new HashMap<>();

  /** One model's gate; it exists only while somebody is in or before it. */
  private static final class Gate {
    final Semaphore permits;
    int users;

    Gate(int permits) {
      this.permits = new Semaphore(permits, true);
    }
  }

  /** What asking for a place gave. */
  public sealed interface Admission {
    /** A place, until it is closed. */
    non-sealed interface Permit extends Admission, AutoCloseable {
      @Override
      void close();
    }

    /** Too many wait already. */
    record Full() implements Admission {}
  }

  /** Makes a scheduler; 0 for {@code maxConcurrent} means no limit. */
  public Scheduler(int maxConcurrent, int maxWaiting) {
    this.maxConcurrent = maxConcurrent;
    this.maxWaiting = maxWaiting;
  }

  /** How many wait for a place now. */
  public int waiting() {
    return waiting.get();
  }

  /** Waits for a place at a model. */
  public Admission enter(String model) throws InterruptedException {
    if (maxConcurrent == 0) {
      return (Admission.Permit) () -> {};
    }
    Gate gate = join(model);
    if (gate == null) {
      return new Admission.Full();
    }
    boolean entered = false;
    try {
      waiting.incrementAndGet();
      try {
        gate.permits.acquire();
      } finally {
        waiting.decrementAndGet();
      }
      entered = true;
      return (Admission.Permit) () -> leave(model, gate, true);
    } finally {
      if (!entered) {
        leave(model, gate, false);
      }
    }
  }

  private synchronized @Nullable Gate join(String model) {
    Gate gate = gates.computeIfAbsent(model, _ -> new Gate(maxConcurrent));
    if (gate.users >= maxConcurrent + maxWaiting) {
      return null;
    }
    gate.users++;
    return gate;
  }

  private synchronized void leave(String model, Gate gate, boolean entered) {
    if (entered) {
      gate.permits.release();
    }
    if (--gate.users == 0) {
      gates.remove(model);
    }
  }
}
