package dev.plimsoll.compact;

import dev.plimsoll.chat.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Makes room at one boundary, in one go, from the gentlest means to the last.
 *
 * <p>The oldest messages leave until the tail is reached and are recorded in the log. Where that
 * does not free enough, older results of the tail lose their middle, then the tail shrinks to the
 * newest group, then the log is condensed further, then the newest group and the task are cut.
 */
final class Batch {
  /** A batch frees at least this share of the room, else the next one would come at once. */
  private static final double FREED = 0.10;

  /** What is free behind a batch that had to condense the log. */
  private static final double CONDENSED_FREE = 0.15;

  /** When cleaning alone brings it down to this share of the room, nothing has to leave. */
  private static final double CLEAN_ENOUGH = 0.75;

  /** The groups of an assistant's message and its results that stay as long as possible. */
  private static final int NEWEST_GROUPS = 2;

  /** The share of the room that the log may take, and what it is condensed to. */
  private static final double LOG = 0.52;

  private static final double LOG_CONDENSED = 0.34;

  /** The share that the log keeps when the tail is large. */
  private static final double LOG_LEAST = 0.30;

  /** What is remembered beyond what is shown, so that a tight moment is not for ever. */
  private static final double MEMORY = 1.0;

  private static final double MEMORY_CONDENSED = 0.7;

  /** A log that once had to be shorter than this part of what it could be is shown anew. */
  private static final double STARVED = 0.5;

  /** Records that one batch may bring, as far as that is known before. */
  private static final int NEW_RECORDS = 300;

  private static final int LEAST_RESULT = 100;
  private static final int LEAST_AT_ALL = 20;

  private final Walk walk;
  private final Transcript transcript;
  private final long room;

  Batch(Walk walk) {
    this.walk = walk;
    this.transcript = walk.transcript();
    this.room = walk.terms().room();
  }

  void run() {
    if (walk.beginBatch()) {
      clean();
      if (walk.used() <= CLEAN_ENOUGH * room) {
        return;
      }
    }
    int cut = cut();
    record(cut);
    fitLog();
    if (!walk.fits()) {
      squeeze();
    }
  }

  private void clean() {
    for (int i = walk.from(); i < walk.count(); i++) {
      walk.limit(i, walk.terms().giant());
    }
  }

  /** Where the messages that stay begin. */
  private int cut() {
    long tail = (long) (walk.terms().tail() * room) >> Math.min(walk.inRow(), NEWEST_GROUPS);
    int cut = cut(tail, NEWEST_GROUPS);
    int end = walk.count();
    int newest = transcript.lastAssistant(cut, end);
    long log = Math.min(walk.shown().tokens() + NEW_RECORDS, (long) (LOG_LEAST * room));
    long most = (long) ((1 - FREED) * room) - walk.head() - log;
    shrink(cut, newest, walk.tokens(cut, end) - most, LEAST_RESULT, this::mayShrink);
    int leastOfGiant = Math.max(LEAST_RESULT, walk.terms().giant() / 2);
    shrink(newest, end, walk.tokens(cut, end) - most, leastOfGiant, walk::isCut);
    return walk.tokens(cut, end) > most ? cut(tail, 1) : cut;
  }

  /**
   * The fewest newest groups that come to so many tokens; they begin with an assistant's message.
   */
  private int cut(long tokens, int groups) {
    long sum = 0;
    int found = 0;
    int cut = walk.from();
    for (int i = walk.count() - 1; i >= walk.from(); i--) {
      sum += walk.cost(i);
      if (transcript.role(i) == Role.ASSISTANT) {
        cut = i;
        found++;
        if (found >= groups && sum >= tokens) {
          return cut;
        }
      }
    }
    return found == 0 ? walk.from() : cut;
  }

  /** Takes so many tokens out of some messages, the largest first, evenly. */
  private void shrink(int start, int end, long over, int least, IntPredicate some) {
    if (over <= 0) {
      return;
    }
    List<Integer> costs = new ArrayList<>();
    for (int i = start; i < end; i++) {
      if (some.test(i)) {
        costs.add(walk.cost(i));
      }
    }
    int limit = level(costs, over, least);
    for (int i = start; i < end; i++) {
      if (some.test(i)) {
        walk.limit(i, limit);
      }
    }
  }

  private boolean mayShrink(int index) {
    return transcript.role(index) == Role.TOOL || walk.cost(index) > walk.terms().giant();
  }

  /** The limit that takes {@code over} out of these costs together. */
  private static int level(List<Integer> costs, long over, int least) {
    costs.sort(Comparator.reverseOrder());
    long freed = 0;
    for (int i = 0; i < costs.size(); i++) {
      int next = Math.max(least, i + 1 < costs.size() ? costs.get(i + 1) : least);
      long gain = (i + 1L) * Math.max(0, costs.get(i) - next);
      if (freed + gain >= over) {
        return (int) Math.max(least, costs.get(i) - Math.ceilDiv(over - freed, i + 1L));
      }
      freed += gain;
    }
    return least;
  }

  private void record(int cut) {
    long leaving = walk.tokens(walk.from(), cut);
    Recorder recorder =
        new Recorder(transcript, walk.counter(), room, walk.shown(), walk.uses(), walk.files());
    List<Entry> more = recorder.record(walk.from(), cut, walk.count(), leaving);
    walk.leave(cut);
    walk.remember(walk.memory().plus(more), walk.shown().plus(more));
  }

  private void fitLog() {
    Log memory = walk.memory();
    if (memory.tokens() > MEMORY * room) {
      memory = condense(memory, (long) (MEMORY_CONDENSED * room));
    }
    long free = room - walk.head() - walk.live();
    double most = Math.min(LOG * room, free - FREED * room);
    long target = (long) Math.clamp(free - CONDENSED_FREE * room, 0, LOG_CONDENSED * room);
    long shown = walk.shown().tokens();
    boolean starved = shown < (long) (STARVED * Math.min(memory.tokens(), target));
    boolean other = shown > most || starved;
    walk.remember(memory, other ? condense(memory, target) : walk.shown());
  }

  private Log condense(Log log, long target) {
    Condenser condenser = new Condenser(walk.counter(), walk.uses(), walk.files(), log);
    return condenser.to(target);
  }

  /**
   * The last means, in the order of what they cost the model: what is cut anyway is cut further,
   * the log goes, the safety is spent, calls are told by their names if that is enough, then
   * results are cut that were whole, and the task.
   */
  private void squeeze() {
    int newest = transcript.lastAssistant(walk.from(), walk.count());
    shrink(newest, walk.count(), over(walk.terms().budget().prompt()), LEAST_RESULT, walk::isCut);
    if (!walk.fits()) {
      walk.remember(walk.memory(), Log.EMPTY);
    }
    long most = walk.terms().last();
    if (over(most) > 0 && newest < walk.count()) {
      walk.bare(newest, over(most));
    }
    shrink(newest, walk.count(), over(most), LEAST_RESULT, this::mayShrink);
    shrink(newest, walk.count(), over(most), LEAST_AT_ALL, this::mayShrink);
    int task = walk.taskCost();
    if (over(most) > 0 && task > walk.terms().giant()) {
      walk.limitTask((int) Math.max(walk.terms().giant(), task - over(most)));
    }
  }

  private long over(long most) {
    return walk.planned() - most;
  }
}
