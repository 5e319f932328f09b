package dev.plimsoll.compact;

import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.MessageText;
import java.util.ArrayList;
import java.util.List;

/** Makes the plan out of a walk that has come to its end. */
final class PlanMaker {
  private final Walk walk;
  private final Transcript transcript;
  private final List<Placement> placements = new ArrayList<>();

  private PlanMaker(Walk walk) {
    this.walk = walk;
    this.transcript = walk.transcript();
    for (int i = 0; i < transcript.lead(); i++) {
      placements.add(Placement.kept(i, "system messages are never changed"));
    }
  }

  /** The plan, or a gentler one if it should break an invariant. */
  static Plan plan(Walk walk) {
    Plan plan = new PlanMaker(walk).full();
    if (plan.isIdentity()) {
      return plan;
    }
    List<Violation> found = Invariants.broken(walk.transcript(), plan);
    if (found.isEmpty()) {
      return plan;
    }
    Plan bare = new PlanMaker(walk).bare();
    boolean better = bare.fits() && Invariants.broken(walk.transcript(), bare).isEmpty();
    return (better ? bare : new PlanMaker(walk).identity()).with(found);
  }

  private Plan full() {
    String log = walk.shown().text();
    for (int i = 0; i < transcript.size(); i++) {
      placements.add(placement(i, log));
    }
    int task = transcript.task();
    boolean taskCut = task != Transcript.NO_TASK && !walk.isWhole(task);
    return plan(log, taskCut, walk.planned());
  }

  private Placement placement(int index, String log) {
    int place = transcript.lead() + index;
    if (index == transcript.task()) {
      MessageText task = walk.shown(index);
      return log.isEmpty() && walk.isWhole(index)
          ? Placement.kept(place, "the task")
          : new Placement(
              place,
              Fate.HOST,
              task.withContent(task.content() + log),
              "the task is never left out");
    }
    if (index < transcript.task()) {
      return Placement.kept(place, "in front of the task");
    }
    if (index < walk.from()) {
      return Placement.dropped(place);
    }
    if (walk.isWhole(index)) {
      return Placement.kept(place, "within the tail");
    }
    return shortened(place, transcript.text(index), walk.shown(index));
  }

  private static Placement shortened(int place, MessageText old, MessageText now) {
    boolean calls = !old.calls().equals(now.calls());
    return calls
        ? new Placement(place, Fate.ELIDED, now, "its arguments are too long for the window")
        : new Placement(place, Fate.MASKED, now, "terminal codes, or too long for the window");
  }

  /** The newest groups that fit, all as they came, and no log. */
  private Plan bare() {
    long room = walk.terms().room();
    long used = walk.head();
    int from = transcript.size();
    long sum = 0;
    for (int i = transcript.size() - 1; i > transcript.task(); i--) {
      sum += walk.counter().message(transcript.text(i), transcript.before(i));
      if (transcript.role(i) == Role.ASSISTANT && used + sum <= room) {
        from = i;
      }
    }
    for (int i = 0; i < transcript.size(); i++) {
      int place = transcript.lead() + i;
      boolean stays = i <= transcript.task() || i >= from;
      placements.add(stays ? Placement.kept(place, "it fits") : Placement.dropped(place));
    }
    long tokens = walk.terms().fixed() + used;
    for (int i = from; i < transcript.size(); i++) {
      tokens += walk.counter().message(transcript.text(i), transcript.before(i));
    }
    return plan("", false, tokens);
  }

  private Plan identity() {
    for (int i = 0; i < transcript.size(); i++) {
      placements.add(Placement.kept(transcript.lead() + i, "a plan would have been worse"));
    }
    return plan("", false, walk.terms().fixed() + walk.original());
  }

  private Plan plan(String log, boolean taskCut, long tokens) {
    return new Plan(
        placements,
        log,
        transcript.task() != Transcript.NO_TASK,
        taskCut,
        tokens,
        walk.terms().fixed() + walk.original(),
        tokens <= walk.terms().last(),
        walk.inRow(),
        List.of());
  }
}
