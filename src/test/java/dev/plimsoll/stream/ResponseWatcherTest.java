package dev.plimsoll.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.calls.ArgumentRule;
import dev.plimsoll.calls.CallCheck;
import dev.plimsoll.calls.Defect;
import dev.plimsoll.calls.Repair;
import dev.plimsoll.calls.Toolbox;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonString;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an answer was, by the events it consisted of. */
class ResponseWatcherTest {
  private static final UpstreamFailure RESET = new UpstreamFailure.Cut("reset");

  private final ChatStream writer = new ChatStream(Upstream.ID, true);
  private final Said said = new Said(true, 1_000);
  private final ResponseWatcher watcher = watcher(Toolbox.EMPTY);

  private ResponseWatcher watcher(Toolbox tools) {
    return new ResponseWatcher(writer, new ResponseWatcher.Terms(tools, "own_", 1_000), said);
  }

  private Verdict verdict(@Nullable UpstreamFailure transport) {
    Judge judge = new Judge(new CallCheck(Toolbox.EMPTY, ArgumentRule.NONE), "own_", false, false);
    return judge.verdict(watcher.ending(transport));
  }

  @Test
  void endWithoutFinishIsCut() {
    text("a");

    assertThat(verdict(null)).isInstanceOfSatisfying(Verdict.Lost.class, this::isCut);
    assertThat(watcher.ended()).isFalse();
  }

  private void isCut(Verdict.Lost lost) {
    assertThat(lost.failure()).isInstanceOf(UpstreamFailure.Cut.class);
  }

  @Test
  void transportSaysWhyTheStreamWasCut() {
    text("a");
    UpstreamFailure timeout =
        new UpstreamFailure.TimedOut(UpstreamFailure.Phase.IDLE, Duration.ofSeconds(1));

    assertThat(verdict(timeout)).isEqualTo(new Verdict.Lost(timeout));
  }

  @Test
  void endBehindTheFinishIsComplete() {
    text("a");
    finish(FinishReason.STOP);

    assertThat(verdict(null)).isEqualTo(complete(FinishReason.STOP));
    assertThat(verdict(RESET)).isEqualTo(complete(FinishReason.STOP));
  }

  @Test
  void failureBehindTheFinishTakesNothingAway() {
    text("a");
    finish(FinishReason.LENGTH);
    watcher.event(new StreamEvent.Failed(RESET));

    assertThat(verdict(null)).isEqualTo(new Verdict.CutByLength(Verdict.Part.TEXT));
    assertThat(watcher.ended()).isTrue();
  }

  @Test
  void doneWithoutFinishIsStop() {
    text("a");
    watcher.event(new StreamEvent.Done());

    assertThat(verdict(null)).isEqualTo(complete(FinishReason.STOP));
  }

  @Test
  void failureEndsTheAnswer() {
    UpstreamFailure frame = new UpstreamFailure.ErrorFrame("oops");
    text("a");
    watcher.event(new StreamEvent.Failed(frame));
    String before = Upstream.written(writer.out());
    text("b");
    finish(FinishReason.STOP);

    assertThat(verdict(RESET)).isEqualTo(new Verdict.Lost(frame));
    assertThat(Upstream.written(writer.out())).isEqualTo(before).doesNotContain("\"b\"");
    assertThat(watcher.ended()).isTrue();
  }

  @Test
  void nothingBehindDoneCounts() {
    text("a");
    finish(FinishReason.STOP);
    watcher.event(new StreamEvent.Done());
    String before = Upstream.written(writer.out());
    text("b");
    call(0, "c", "f", "{");
    watcher.event(new StreamEvent.Failed(RESET));

    assertThat(verdict(null)).isEqualTo(complete(FinishReason.STOP));
    assertThat(Upstream.written(writer.out())).isEqualTo(before);
  }

  @Test
  void callsAreHeldAndMakeTheFinish() {
    call(0, "c", "f", "{\"a\"");
    call(0, null, null, ":1}");
    finish(FinishReason.TOOL_CALLS);

    assertThat(verdict(null))
        .isEqualTo(
            new Verdict.Complete(
                FinishReason.TOOL_CALLS, List.of(new ToolCall("c", "f", "{\"a\":1}")), Set.of()));
    assertThat(writer.out().length()).isZero();
    assertThat(said.sent()).isEqualTo(new Sent.Nothing());
  }

  @Test
  void cutCallIsBroken() {
    call(0, "c", "f", "{\"a\"");
    finish(FinishReason.LENGTH);

    assertThat(verdict(null)).isEqualTo(new Verdict.CutByLength(Verdict.Part.TOOL_CALL));
  }

  @Test
  void brokenCallOfWholeAnswerIsNotCutByLength() {
    call(0, "c", "f", "{\"a\"");
    finish(FinishReason.TOOL_CALLS);

    assertThat(verdict(null))
        .isInstanceOfSatisfying(
            Verdict.BrokenToolCall.class,
            broken -> assertThat(broken.flaw().defect()).isEqualTo(Defect.NOT_JSON));
  }

  @Test
  void announcedCallsThatNeverCameAreStop() {
    text("a");
    finish(FinishReason.TOOL_CALLS);

    assertThat(verdict(null))
        .isEqualTo(
            new Verdict.Complete(FinishReason.STOP, List.of(), Set.of(Repair.FINISH_REASON)));
  }

  @Test
  void finishReasonThatDoesNotFitIsMended() {
    call(0, "c", "f", "{}");
    finish(FinishReason.STOP);

    assertThat(verdict(null))
        .isEqualTo(
            new Verdict.Complete(
                FinishReason.TOOL_CALLS,
                List.of(new ToolCall("c", "f", "{}")),
                Set.of(Repair.FINISH_REASON)));
  }

  @Test
  void finishReasonThatFitsIsLeft() {
    call(0, "c", "f", "{}");
    finish(FinishReason.TOOL_CALLS);

    assertThat(verdict(null))
        .isInstanceOfSatisfying(
            Verdict.Complete.class, complete -> assertThat(complete.repairs()).isEmpty());
  }

  @Test
  void whatWasNoticedIsNoPartOfTheAnswer() {
    watcher.event(new StreamEvent.Noticed(Anomaly.DUPLICATE_FINISH));

    assertThat(watcher.ended()).isFalse();
    assertThat(said.sent()).isEqualTo(new Sent.Nothing());
  }

  @Test
  void heldCallsAreLimited() {
    call(0, "c", "f", "x".repeat(900));
    assertThat(watcher.ended()).isFalse();
    call(0, null, null, "x".repeat(100));

    assertThat(watcher.ended()).isTrue();
    assertThat(verdict(null))
        .isInstanceOfSatisfying(
            Verdict.Lost.class,
            lost -> assertThat(lost.failure()).isInstanceOf(UpstreamFailure.TooLarge.class));
  }

  @Test
  void namesCountAsHeldToo() {
    call(0, "i".repeat(500), "n".repeat(500), "");

    assertThat(watcher.ended()).isTrue();
  }

  @Test
  void sentGrowsFromNothingOverReasoningToText() {
    assertThat(said.sent()).isEqualTo(new Sent.Nothing());
    watcher.event(new StreamEvent.ReasoningDelta(JsonString.of("r"), null));
    assertThat(said.sent()).isEqualTo(new Sent.Reasoning());
    text("a");
    watcher.event(new StreamEvent.ReasoningDelta(JsonString.of("r"), null));
    assertThat(said.sent()).isEqualTo(new Sent.Told());
  }

  @Test
  void lastCountStands() {
    Timings timings = new Timings(1, 2, 3);
    watcher.event(new StreamEvent.UsageReport(new Usage(1, 1, 0, 0), null, null));
    watcher.event(new StreamEvent.UsageReport(new Usage(2, 3, 1, 0), timings, null));

    assertThat(watcher.usage()).isEqualTo(new Usage(2, 3, 1, 0));
    assertThat(watcher.timings()).isEqualTo(timings);
  }

  private void text(String text) {
    watcher.event(new StreamEvent.TextDelta(JsonString.of(text), null, null));
  }

  private void finish(FinishReason reason) {
    watcher.event(new StreamEvent.Finished(reason, null));
  }

  private void call(int index, @Nullable String id, @Nullable String name, String arguments) {
    watcher.event(new StreamEvent.ToolCallDelta(index, id, name, arguments));
  }

  private static Verdict complete(FinishReason reason) {
    return Verdict.Complete.of(reason);
  }
}
