package dev.plimsoll.compact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.tokens.CallText;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.MessageText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans that break a rule are found out. */
class InvariantsTest {
  private static final ChatRequest REQUEST =
      new Story()
          .system("s")
          .user("task")
          .works("", List.of(Story.Call.read("a.py", "a"), Story.Call.run("make", "b")))
          .works("", List.of(Story.Call.run("make test", "c")))
          .request();

  private static final int SYSTEM = 0;
  private static final int TASK = 1;
  private static final int CALLS = 2;
  private static final int RESULT = 3;
  private static final int NEWEST = 6;

  private static List<Placement> kept() {
    List<Placement> all = new ArrayList<>();
    for (int i = 0; i < REQUEST.messages().size(); i++) {
      all.add(Placement.kept(i, "it fits"));
    }
    return all;
  }

  private static MessageText text(int index) {
    return new MessageReader(REQUEST).read(index);
  }

  private static List<Violation> broken(List<Placement> placements, long tokens) {
    Plan plan = new Plan(placements, "", true, false, tokens, 100, true, 1, List.of());
    return Invariants.broken(new Transcript(REQUEST), plan);
  }

  private static List<Violation> without(int index) {
    List<Placement> placements = kept();
    placements.set(index, Placement.dropped(index));
    return broken(placements, 90);
  }

  private static List<Violation> with(int index, Fate fate, MessageText text) {
    List<Placement> placements = kept();
    placements.set(index, new Placement(index, fate, text, "changed"));
    return broken(placements, 90);
  }

  @Test
  void aPlanThatChangesNothingBreaksNothing() {
    assertThat(broken(kept(), 100)).isEmpty();
  }

  @Test
  void systemMessagesAreNotTouched() {
    assertThat(without(SYSTEM)).contains(Violation.SYSTEM_CHANGED);
  }

  @Test
  void theTaskStays() {
    assertThat(without(TASK)).contains(Violation.TASK_CHANGED);
    assertThat(with(TASK, Fate.HOST, text(TASK).withContent("another")))
        .contains(Violation.TASK_CHANGED);
    assertThat(with(TASK, Fate.HOST, text(TASK).withContent("task and the log"))).isEmpty();
  }

  @Test
  void callsAndResultsStayTogether() {
    assertThat(without(RESULT)).contains(Violation.PAIR_BROKEN);
    assertThat(without(CALLS)).contains(Violation.PAIR_BROKEN);
    assertThat(with(CALLS, Fate.ELIDED, text(CALLS).withCalls(List.of())))
        .contains(Violation.PAIR_BROKEN);
  }

  @Test
  void whatTheModelIsToActOnIsThere() {
    assertThat(without(NEWEST)).contains(Violation.LATEST_GONE);
  }

  @Test
  void argumentsStayJson() {
    MessageText calls = text(CALLS);
    List<CallText> broken =
        calls.calls().stream().map(call -> new CallText(call.name(), "{\"cut")).toList();
    assertThat(with(CALLS, Fate.ELIDED, calls.withCalls(broken)))
        .containsExactly(Violation.ARGUMENTS_BROKEN);
  }

  @Test
  void nothingGrows() {
    assertThat(broken(kept(), 101)).containsExactly(Violation.LARGER);
  }
}
