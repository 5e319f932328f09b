package dev.plimsoll.turn;

import dev.plimsoll.session.RequestKind;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides who of those that wait for one model goes next. Nothing but the order of the calls goes
 * into it.
 *
 * <ul>
 *   <li>Sessions take turns: each has one request at a time in the order of arrival, and stands at
 *       its end again with the next one.
 *   <li>Titles and summaries wait for all others, but for {@value #OTHERS_BEFORE_CHORE} at most
 *       before one of them goes.
 *   <li>The session whose turn has just left a place goes on there, {@value #WARM_IN_A_ROW} times
 *       at most before it is another's turn: the server still has its conversation in its cache.
 * </ul>
 *
 * <p>So who is first of its session waits at most {@value #WARM_IN_A_ROW} + 1 requests for each
 * session that stood before it, and a chore more for every {@value #OTHERS_BEFORE_CHORE} of them.
 *
 * <p>Not safe for threads; the {@link Scheduler} has the lock.
 *
 * @param <W> one that waits, known by {@code equals}
 */
final class WaitingLine<W> {
  /** How many others may go while a title or a summary waits; then one of these goes. */
  static final int OTHERS_BEFORE_CHORE = 4;

  /** How often in a row a session may go on in its place while other sessions wait. */
  static final int WARM_IN_A_ROW = 2;

  /** By session; who stands first is next. A session is there only while it has a request. */
  private final SequencedMap<String, ArrayDeque<W>> others = new LinkedHashMap<>();

  private final SequencedMap<String, ArrayDeque<W>> chores = new LinkedHashMap<>();
  private int size;
  private int othersSinceChore;
  private int warmInARow;

  /** How many wait. */
  int size() {
    return size;
  }

  /** Joins the line. */
  void add(String session, RequestKind kind, W one) {
    lanes(kind).computeIfAbsent(session, _ -> new ArrayDeque<>()).addLast(one);
    size++;
  }

  /** Leaves the line; the session keeps its place in the order. Says whether it was there. */
  boolean remove(String session, RequestKind kind, W one) {
    SequencedMap<String, ArrayDeque<W>> lanes = lanes(kind);
    ArrayDeque<W> lane = lanes.get(session);
    if (lane == null || !lane.remove(one)) {
      return false;
    }
    if (lane.isEmpty()) {
      lanes.remove(session);
    }
    size--;
    return true;
  }

  /**
   * Takes the next one out of the line.
   *
   * @param leaver the session whose conversation was in the place that has become free, if any
   */
  Optional<W> next(@Nullable String leaver) {
    if (size == 0) {
      return Optional.empty();
    }
    size--;
    if (others.isEmpty() || (!chores.isEmpty() && othersSinceChore >= OTHERS_BEFORE_CHORE)) {
      othersSinceChore = 0;
      return Optional.of(take(chores, chores.firstEntry().getKey()));
    }
    othersSinceChore = chores.isEmpty() ? 0 : othersSinceChore + 1;
    if (leaver != null && others.containsKey(leaver) && warmInARow < WARM_IN_A_ROW) {
      warmInARow++;
      return Optional.of(take(others, leaver));
    }
    warmInARow = 0;
    return Optional.of(take(others, others.firstEntry().getKey()));
  }

  private SequencedMap<String, ArrayDeque<W>> lanes(RequestKind kind) {
    return switch (kind) {
      case MAIN, SUBAGENT, OTHER -> others;
      case TITLE, SUMMARY -> chores;
    };
  }

  private static <W> W take(SequencedMap<String, ArrayDeque<W>> lanes, String session) {
    ArrayDeque<W> lane = Objects.requireNonNull(lanes.remove(session), "not in the line");
    W one = lane.removeFirst();
    if (!lane.isEmpty()) {
      lanes.putLast(session, lane);
    }
    return one;
  }
}
