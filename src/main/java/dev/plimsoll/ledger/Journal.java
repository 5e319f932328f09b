package dev.plimsoll.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be written, in order, and who waits for it: the bounded place in memory between
 * those who account and the one thread that writes.
 *
 * <pre>
 *   hand ──▶ changes ──take──▶ writer ──done──▶ gone, and who waited for them goes on
 *                        ◀──failed──  kept; nobody waits any more until a write works again
 * </pre>
 *
 * <p>The limit is kept at the door: when {@value #CAPACITY} changes wait, no further request is
 * taken. A request is therefore either in the ledger with all that belongs to it, or counted in a
 * {@link Change.Gap}. What belongs to those let in comes on top, and there are only as many of them
 * as may be in flight.
 */
final class Journal {
  /** How many changes may wait before new requests are only counted. */
  static final int CAPACITY = 10_000;

  private final ReentrantLock lock = new ReentrantLock();

  /** Something for the writer that does not wait for its next look. */
  private final Condition news = lock.newCondition();

  /** Somebody began to wait while nobody did. */
  private final Condition waiting = lock.newCondition();

  private final int capacity;
  private final long timeoutNanos;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  private final Deque<Change> changes = new ArrayDeque<>();
  private final Deque<Waiter> waiters = new ArrayDeque<>();

  /** Requests in flight that were not let in. */
  private final Set<String> left = new HashSet<>();

  private @Nullable Gap gap;
  private long gaps;
  private long handed;
  private long written;
  private boolean hurry;
  private boolean failing;
  private boolean closed;

  /** Whether nobody looks at deadlines just now. */
  private boolean idle;

  /** Who goes on when the first {@code after} changes are written, or at the deadline. */
  private record Waiter(long after, long deadline, Runnable next) {}

  /** What is lost while nothing else is handed over. */
  private static final class Gap {
    final Instant from;
    Instant to;
    long requests;
    long attempts;
    long tokens;

    Gap(Instant from) {
      this.from = from;
      this.to = from;
    }
  }

  Journal(int capacity, Duration timeout, InstantSource clock, LongSupplier nanoTime) {
    this.capacity = capacity;
    this.timeoutNanos = timeout.toNanos();
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Takes a change. The writer is not woken for it: it is written together with what somebody waits
   * for, or when the writer looks next.
   */
  void hand(Change change) {
    locked(
        () -> {
          if (!closed && !isLost(change)) {
            append(change);
          }
        });
  }

  private void append(Change change) {
    sealGap();
    changes.addLast(change);
    handed++;
  }

  /** Whether the change belongs to a request that is not let in; then it is counted. */
  private boolean isLost(Change change) {
    return switch (change) {
      case Change.Opened(var start) -> turnedAway(start);
      case Change.AttemptOpened(var request, _) -> left.contains(request);
      // Of two marks the later one is enough, and none is still better than no room.
      case Change.Marked(var request, _, _) ->
          changes.size() >= capacity || failing || left.contains(request);
      case Change.AttemptClosed(var request, _, var end) -> {
        if (!left.contains(request)) {
          yield false;
        }
        Gap current = gap();
        current.attempts++;
        current.tokens += end.usage().total();
        yield true;
      }
      case Change.Closed(var request, _) -> left.remove(request);
      case Change.Gap _ -> false;
    };
  }

  private boolean turnedAway(RequestStart start) {
    if (left.contains(start.id())) {
      return true;
    }
    if (changes.size() < capacity) {
      return false;
    }
    left.add(start.id());
    gap().requests++;
    return true;
  }

  private Gap gap() {
    Gap current = gap;
    if (current == null) {
      current = new Gap(clock.instant());
      gap = current;
    } else {
      current.to = clock.instant();
    }
    return current;
  }

  private void sealGap() {
    Gap current = gap;
    if (current == null) {
      return;
    }
    gap = null;
    changes.addLast(
        new Change.Gap(
            current.from + "#" + ++gaps,
            Change.Cause.OVERFLOW,
            current.from,
            current.to,
            new Totals.Lost(current.requests, current.attempts, current.tokens)));
    handed++;
  }

  /** Asks the writer to write now. */
  void hurry() {
    locked(this::wake);
  }

  private void wake() {
    hurry = true;
    news.signal();
  }

  /**
   * Has {@code next} run by whoever ends the wait for all that was handed over so far.
   *
   * @return false when there is nothing to wait for, or no use in it; then it was not taken
   */
  boolean await(Runnable next) {
    lock.lock();
    try {
      if (failing || closed || written == handed) {
        return false;
      }
      if (idle) {
        idle = false;
        waiting.signal();
      }
      waiters.addLast(new Waiter(handed, nanoTime.getAsLong() + timeoutNanos, next));
      wake();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next changes in order, which stay here; for the writer. Waits until somebody is in a hurry
   * or the time is over, and then gives what there is, perhaps nothing.
   */
  List<Change> take(int max, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long nanos = patience.toNanos();
      while (!hurry && !closed && nanos > 0) {
        nanos = news.awaitNanos(nanos);
      }
      sealGap();
      hurry = changes.size() > max;
      return changes.stream().limit(max).toList();
    } finally {
      lock.unlock();
    }
  }

  /** The first {@code count} changes are written; returns who need not wait any more. */
  List<Runnable> done(int count) {
    lock.lock();
    try {
      for (int i = 0; i < count; i++) {
        changes.removeFirst();
      }
      written += count;
      failing = false;
      List<Runnable> released = new ArrayList<>();
      while (!waiters.isEmpty() && waiters.getFirst().after() <= written) {
        released.add(waiters.removeFirst().next());
      }
      return released;
    } finally {
      lock.unlock();
    }
  }

  /** The first change will never be written; returns who need not wait any more. */
  List<Runnable> refuse(Change change) {
    lock.lock();
    try {
      Totals.Lost what =
          switch (change) {
            case Change.Opened _ -> new Totals.Lost(1, 0, 0);
            case Change.AttemptOpened _ -> new Totals.Lost(0, 1, 0);
            case Change.AttemptClosed(_, _, var end) -> new Totals.Lost(0, 0, end.usage().total());
            case Change.Marked _, Change.Closed _, Change.Gap _ -> Totals.Lost.NOTHING;
          };
      Instant now = clock.instant();
      append(new Change.Gap(now + "#" + ++gaps, Change.Cause.REFUSED, now, now, what));
      return done(1);
    } finally {
      lock.unlock();
    }
  }

  /** Writing failed: from now on nobody waits for it. Returns who did so far. */
  List<Runnable> failed() {
    lock.lock();
    try {
      failing = true;
      return releaseAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more is taken. Returns who waited. */
  List<Runnable> close() {
    lock.lock();
    try {
      closed = true;
      news.signal();
      waiting.signal();
      return releaseAll();
    } finally {
      lock.unlock();
    }
  }

  private List<Runnable> releaseAll() {
    List<Runnable> all = waiters.stream().map(Waiter::next).toList();
    waiters.clear();
    return all;
  }

  /** Waits until somebody has waited too long, and returns them; none when it was closed. */
  List<Runnable> overdue() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long now = nanoTime.getAsLong();
        if (waiters.isEmpty()) {
          idle = true;
          waiting.await();
        } else if (waiters.getFirst().deadline() - now > 0) {
          // Not woken when these go on: the next ones come within this time anyway.
          waiting.awaitNanos(waiters.getFirst().deadline() - now);
        } else {
          List<Runnable> late = new ArrayList<>();
          while (!waiters.isEmpty() && waiters.getFirst().deadline() - now <= 0) {
            late.add(waiters.removeFirst().next());
          }
          return late;
        }
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  /** Waits that long, or until it is closed. */
  void rest(Duration length) throws InterruptedException {
    lock.lock();
    try {
      long nanos = length.toNanos();
      while (!closed && nanos > 0) {
        nanos = news.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  int pending() {
    lock.lock();
    try {
      return changes.size();
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }
}
