package dev.plimsoll.turn;

import dev.plimsoll.session.Identity;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most {@code upstream.max-concurrent} requests of a model through at a time; of the
 * others, {@code upstream.queue} of them at most, a {@link WaitingLine} says who is next.
 */
public final class Scheduler {
  private final int maxConcurrent;
  private final int maxWaiting;
  private final Map<String, Gate> gates = new HashMap<>();
  private int waiting;

  /**
   * One model's gate; it exists only while somebody is in it. Somebody waits only if it is full.
   */
  private static final class Gate {
    final WaitingLine<CountDownLatch> line = new WaitingLine<>();
    int inside;
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
  public synchronized int waiting() {
    return waiting;
  }

  /** Waits for a place at a model; who is interrupted leaves the line at once. */
  public Admission enter(String model, Identity who) throws InterruptedException {
    if (maxConcurrent == 0) {
      return (Admission.Permit) () -> {};
    }
    Admission.Permit permit = () -> leave(model, who);
    CountDownLatch letIn = new CountDownLatch(1);
    synchronized (this) {
      Gate gate = gates.computeIfAbsent(model, _ -> new Gate());
      if (gate.inside < maxConcurrent) {
        gate.inside++;
        return permit;
      }
      if (gate.line.size() >= maxWaiting) {
        return new Admission.Full();
      }
      gate.line.add(who.id().value(), who.kind(), letIn);
      waiting++;
    }
    try {
      letIn.await();
      return permit;
    } catch (InterruptedException e) {
      giveUp(model, who, letIn);
      throw e;
    }
  }

  /** Stops waiting, or passes the place on if it was given in the same moment. */
  private synchronized void giveUp(String model, Identity who, CountDownLatch letIn) {
    if (gate(model).line.remove(who.id().value(), who.kind(), letIn)) {
      waiting--;
    } else {
      free(model, null);
    }
  }

  private synchronized void leave(String model, Identity who) {
    free(model, who.kind().isTurn() ? who.id().value() : null);
  }

  private void free(String model, @Nullable String leaver) {
    Gate gate = gate(model);
    gate.line
        .next(leaver)
        .ifPresentOrElse(
            next -> {
              waiting--;
              next.countDown();
            },
            () -> {
              if (--gate.inside == 0) {
                gates.remove(model);
              }
            });
  }

  private Gate gate(String model) {
    return Objects.requireNonNull(gates.get(model), "nobody is there any more");
  }
}
