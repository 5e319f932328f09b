package dev.plimsoll.compact;

import dev.plimsoll.chat.Role;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.tokens.CallText;
import dev.plimsoll.tokens.MessageText;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every plan, checked on each before it is used.
 *
 * <p>A conversation that a client sends in disorder stays as it is; only what a plan adds to the
 * disorder counts.
 */
final class Invariants {
  private final Transcript transcript;
  private final Plan plan;
  private final Set<Violation> found = EnumSet.noneOf(Violation.class);

  private Invariants(Transcript transcript, Plan plan) {
    this.transcript = transcript;
    this.plan = plan;
  }

  /** The invariants that the plan breaks. */
  static List<Violation> broken(Transcript transcript, Plan plan) {
    Invariants check = new Invariants(transcript, plan);
    check.system();
    check.task();
    check.newest();
    check.order();
    check.pairs();
    check.contents();
    if (plan.tokens() > plan.originalTokens()) {
      check.found.add(Violation.LARGER);
    }
    return List.copyOf(check.found);
  }

  private Placement of(int index) {
    return plan.placements().get(transcript.lead() + index);
  }

  private void system() {
    for (int i = 0; i < transcript.lead(); i++) {
      if (plan.placements().get(i).fate() != Fate.KEPT) {
        found.add(Violation.SYSTEM_CHANGED);
      }
    }
  }

  private void task() {
    int task = transcript.task();
    if (task == Transcript.NO_TASK) {
      return;
    }
    MessageText sent = of(task).text();
    if (!of(task).isSent()) {
      found.add(Violation.TASK_CHANGED);
    } else if (sent != null && !plan.taskCut() && !sent.content().startsWith(task(task))) {
      found.add(Violation.TASK_CHANGED);
    }
  }

  private String task(int index) {
    return transcript.text(index).content();
  }

  /** All behind the last answer is there: what the model is to act on now. */
  private void newest() {
    for (int i = transcript.size() - 1; i >= 0; i--) {
      if (!of(i).isSent()) {
        found.add(Violation.LATEST_GONE);
      }
      if (transcript.role(i) == Role.ASSISTANT) {
        return;
      }
    }
  }

  /** Neighbours that are new to each other may be: a user's message and an answer. */
  private void order() {
    int last = -1;
    for (int i = 0; i < transcript.size(); i++) {
      if (of(i).isSent()) {
        boolean neighbours = last == i - 1;
        if (!neighbours && !fits(last, i)) {
          found.add(last < 0 ? Violation.NOT_USER_FIRST : Violation.ROLE_ORDER);
        }
        last = i;
      }
    }
  }

  private boolean fits(int last, int index) {
    @Nullable Role before = last < 0 ? (plan.hosted() ? null : Role.USER) : transcript.role(last);
    return before == Role.USER && transcript.role(index) == Role.ASSISTANT;
  }

  /** Results stay with their calls. */
  private void pairs() {
    for (int i = 0; i + 1 < transcript.size(); i++) {
      boolean group = transcript.role(i + 1) == Role.TOOL && transcript.role(i) != Role.USER;
      if (group && of(i).isSent() != of(i + 1).isSent()) {
        found.add(Violation.PAIR_BROKEN);
      }
    }
  }

  private void contents() {
    int newestUser = transcript.size() - 1;
    while (newestUser > 0 && transcript.role(newestUser) != Role.USER) {
      newestUser--;
    }
    for (int i = 0; i < transcript.size(); i++) {
      MessageText now = of(i).text();
      if (now == null) {
        continue;
      }
      MessageText old = transcript.text(i);
      if (i == newestUser && now.images() != old.images()) {
        found.add(Violation.IMAGE_GONE);
      }
      arguments(old.calls(), now.calls());
    }
  }

  private void arguments(List<CallText> old, List<CallText> now) {
    if (old.size() != now.size()) {
      found.add(Violation.PAIR_BROKEN);
      return;
    }
    for (int i = 0; i < old.size(); i++) {
      boolean same = old.get(i).equals(now.get(i));
      if (!same && isObject(old.get(i)) && !isObject(now.get(i))) {
        found.add(Violation.ARGUMENTS_BROKEN);
      }
    }
  }

  private static boolean isObject(CallText call) {
    byte[] bytes = call.arguments().getBytes(StandardCharsets.UTF_8);
    try (JsonCursor cursor = new JsonCursor(bytes)) {
      if (cursor.kind() != JsonKind.OBJECT) {
        return false;
      }
      cursor.skip();
      cursor.expectEnd();
      return true;
    } catch (JsonFault e) {
      return false;
    }
  }
}
