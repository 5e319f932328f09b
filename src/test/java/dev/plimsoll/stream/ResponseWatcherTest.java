package dev.plimsoll.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonString;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an answer was, by the events it consisted of. */
class ResponseWatcherTest {
  private static final UpstreamFailure RESET = new UpstreamFailure.Cut("reset");

  private final ChatStream writer = new ChatStream(Upstream.ID, true);
  private final ResponseWatcher watcher = new ResponseWatcher(writer, "own_", 1_000);

  @Test
  void endWithoutFinishIsCut() {
    text("a");

    assertThat(watcher.verdict(null)).isInstanceOfSatisfying(Verdict.Lost.class, this::isCut);
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

    assertThat(watcher.verdict(timeout)).isEqualTo(new Verdict.Lost(timeout));
  }

  @Test
  void endBehindTheFinishIsComplete() {
    text("a");
    finish(FinishReason.STOP);

    assertThat(watcher.verdict(null)).isEqualTo(complete(FinishReason.STOP));
    assertThat(watcher.verdict(RESET)).isEqualTo(complete(FinishReason.STOP));
  }

  @Test
  void failureBehindTheFinishTakesNothingAway() {
    text("a");
    finish(FinishReason.LENGTH);
    watcher.event(new StreamEvent.Failed(RESET));

    assertThat(watcher.verdict(null)).isEqualTo(complete(FinishReason.LENGTH));
    assertThat(watcher.ended()).isTrue();
  }

  @Test
  void doneWithoutFinishIsStop() {
    text("a");
    watcher.event(new StreamEvent.Done());

    assertThat(watcher.verdict(null)).isEqualTo(complete(FinishReason.STOP));
  }

  @Test
  void failureEndsTheAnswer() {
    UpstreamFailure frame = new UpstreamFailure.ErrorFrame("oops");
    text("a");
    watcher.event(new StreamEvent.Failed(frame));
    String before = Upstream.written(writer.out());
    text("b");
    finish(FinishReason.STOP);

    assertThat(watcher.verdict(RESET)).isEqualTo(new Verdict.Lost(frame));
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

    assertThat(watcher.verdict(null)).isEqualTo(complete(FinishReason.STOP));
    assertThat(Upstream.written(writer.out())).isEqualTo(before);
  }

  @Test
  void callsAreHeldAndMakeTheFinish() {
    call(0, "c", "f", "{\"a\"");
    call(0, null, null, ":1}");
    finish(FinishReason.STOP);

    assertThat(watcher.verdict(null))
        .isEqualTo(
            new Verdict.Complete(
                FinishReason.TOOL_CALLS, List.of(new ToolCall("c", "f", "{\"a\":1}"))));
    assertThat(writer.out().length()).isZero();
    assertThat(watcher.sent()).isEqualTo(Sent.NOTHING);
  }

  @Test
  void cutCallIsBroken() {
    call(0, "c", "f", "{\"a\"");
    finish(FinishReason.LENGTH);

    assertThat(watcher.verdict(null))
        .isInstanceOfSatisfying(
            Verdict.BrokenToolCall.class, broken -> assertThat(broken.cutByLength()).isTrue());
  }

  @Test
  void brokenCallOfWholeAnswerIsNotCutByLength() {
    call(0, "c", "f", "{\"a\"");
    finish(FinishReason.TOOL_CALLS);

    assertThat(watcher.verdict(null))
        .isInstanceOfSatisfying(
            Verdict.BrokenToolCall.class, broken -> assertThat(broken.cutByLength()).isFalse());
  }

  @Test
  void announcedCallsThatNeverCameAreStop() {
    text("a");
    finish(FinishReason.TOOL_CALLS);

    assertThat(watcher.verdict(null)).isEqualTo(complete(FinishReason.STOP));
  }

  @Test
  void finishReasonThatDoesNotFitIsMended() {
    text("a");
    finish(FinishReason.STOP);
    assertThat(watcher.verdict(null)).isEqualTo(complete(FinishReason.STOP));
    assertThat(watcher.repairs()).isEmpty();

    call(0, "c", "f", "{}");
    assertThat(watcher.verdict(null)).isInstanceOf(Verdict.Complete.class);
    assertThat(watcher.repairs()).containsExactly(Repair.FINISH_REASON);
  }

  @Test
  void whatWasNoticedIsNoPartOfTheAnswer() {
    watcher.event(new StreamEvent.Noticed(Anomaly.DUPLICATE_FINISH));

    assertThat(watcher.ended()).isFalse();
    assertThat(watcher.sent()).isEqualTo(Sent.NOTHING);
  }

  @Test
  void heldCallsAreLimited() {
    call(0, "c", "f", "x".repeat(900));
    assertThat(watcher.ended()).isFalse();
    call(0, null, null, "x".repeat(100));

    assertThat(watcher.ended()).isTrue();
    assertThat(watcher.verdict(null))
        .isInstanceOfSatisfying(
            Verdict.Lost.class,
            lost -> assertThat(lost.failure()).isInstanceOf(UpstreamFailure.Unreadable.class));
  }

  @Test
  void namesCountAsHeldToo() {
    call(0, "i".repeat(500), "n".repeat(500), "");

    assertThat(watcher.ended()).isTrue();
  }

  @Test
  void sentGrowsFromNothingOverReasoningToText() {
    assertThat(watcher.sent()).isEqualTo(Sent.NOTHING);
    watcher.event(new StreamEvent.ReasoningDelta(JsonString.of("r"), null));
    assertThat(watcher.sent()).isEqualTo(Sent.REASONING);
    text("a");
    watcher.event(new StreamEvent.ReasoningDelta(JsonString.of("r"), null));
    assertThat(watcher.sent()).isEqualTo(Sent.TEXT);
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

  private void call(
      int index,
      @org.jspecify.annotations.Nullable String id,
      @org.jspecify.annotations.Nullable String name,
      String arguments) {
    watcher.event(new StreamEvent.ToolCallDelta(index, id, name, arguments));
  }

  private static Verdict complete(FinishReason reason) {
    return new Verdict.Complete(reason, List.of());
  }
}
