package dev.plimsoll.compact;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers where folds stood, so that a known conversation costs only its new messages.
 *
 * <p>Only saves work: without it every plan is the same. Holds at most so many bytes, the states
 * used last. Safe for use by many threads.
 */
public final class FoldCache {
  private static final long OBJECTS = 200;

  private final long most;
  private final Map<Chain.Key, Known> known = new LinkedHashMap<>(64, 0.75f, true);
  private long weight;

  /** A cache of so many bytes. */
  public FoldCache(long bytes) {
    this.most = bytes;
  }

  /**
   * What is known of a beginning.
   *
   * @param open the state behind its last message
   * @param closed the same after a request ended there
   * @param batches the beginnings at which room was made last, at most one
   */
  record Known(State open, State closed, List<Chain.Key> batches) {
    Known {
      batches = List.copyOf(batches);
    }

    long weight() {
      return OBJECTS + open.weight() + (closed.batches() == open.batches() ? 0 : closed.weight());
    }
  }

  /** What is known of a beginning, if anything. */
  synchronized @Nullable Known get(Chain.Key key) {
    return known.get(key);
  }

  /** How many bytes it holds, about. */
  public synchronized long weight() {
    return weight;
  }

  /** How many beginnings it knows. */
  public synchronized int size() {
    return known.size();
  }

  synchronized void put(Chain.Key key, Known state) {
    drop(key);
    known.put(key, state);
    weight += state.weight();
    Iterator<Known> oldest = known.values().iterator();
    while (weight > most && oldest.hasNext()) {
      weight -= oldest.next().weight();
      oldest.remove();
    }
  }

  synchronized void drop(Chain.Key key) {
    Known old = known.remove(key);
    weight -= old == null ? 0 : old.weight();
  }
}
