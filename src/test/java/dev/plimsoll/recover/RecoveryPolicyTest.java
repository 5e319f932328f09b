package dev.plimsoll.recover;

import static dev.plimsoll.recover.Cases.AGENT;
import static dev.plimsoll.recover.Cases.CALLED;
import static dev.plimsoll.recover.Cases.CRASH;
import static dev.plimsoll.recover.Cases.KEPT;
import static dev.plimsoll.recover.Cases.NOTHING;
import static dev.plimsoll.recover.Cases.REASONING;
import static dev.plimsoll.recover.Cases.RESET;
import static dev.plimsoll.recover.Cases.STOPPED;
import static dev.plimsoll.recover.Cases.TOLD;
import static dev.plimsoll.recover.Cases.decide;
import static dev.plimsoll.recover.Cases.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.plimsoll.calls.Defect;
import dev.plimsoll.calls.Flaw;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.config.Recovery;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What follows each verdict, by what the client has seen and what is left of the budget. */
class RecoveryPolicyTest {
  private static final Verdict CUT_TEXT = new Verdict.CutByLength(Verdict.Part.TEXT);
  private static final Verdict CUT_CALL = new Verdict.CutByLength(Verdict.Part.TOOL_CALL);
  private static final Verdict CUT_REASONING = new Verdict.CutByLength(Verdict.Part.REASONING);
  private static final Verdict BROKEN = new Verdict.BrokenToolCall(Flaw.of(Defect.NOT_JSON));
  private static final Verdict EMPTY = new Verdict.Empty(false);
  private static final Verdict REPEATING = new Verdict.Repeating();
  private static final Verdict TIMEOUT = timedOut(UpstreamFailure.Phase.FIRST_BYTE);
  private static final Verdict IDLE = timedOut(UpstreamFailure.Phase.IDLE);
  private static final Verdict MEMORY = new Verdict.Lost(new UpstreamFailure.OutOfMemory("none"));
  private static final Verdict NONSENSE = new Verdict.Lost(new UpstreamFailure.Unreadable("what"));
  private static final Verdict ERROR = new Verdict.Lost(new UpstreamFailure.ErrorFrame("odd"));
  private static final Verdict TOO_LARGE = new Verdict.Lost(new UpstreamFailure.TooLarge("big"));
  private static final Verdict OVERFLOW =
      new Verdict.Lost(
          new UpstreamFailure.ContextExceeded(
              "too long", OptionalLong.of(5000), OptionalLong.of(4096)));

  private static Verdict timedOut(UpstreamFailure.Phase phase) {
    return new Verdict.Lost(new UpstreamFailure.TimedOut(phase, Duration.ofSeconds(9)));
  }

  private static Verdict status(int code) {
    return new Verdict.Lost(new UpstreamFailure.Status(code, "no", null));
  }

  private static Verdict statusAfter(int code, int seconds) {
    return new Verdict.Lost(new UpstreamFailure.Status(code, "later", Duration.ofSeconds(seconds)));
  }

  static Stream<Arguments> firstDecisions() {
    return Stream.of(
        arguments(STOPPED, TOLD, "deliver stop"),
        arguments(CALLED, NOTHING, "deliver tool_calls"),
        arguments(CUT_TEXT, TOLD, "continue"),
        arguments(CUT_TEXT, KEPT, "continue"),
        arguments(CUT_REASONING, REASONING, "restart note thinkLess"),
        arguments(CUT_REASONING, NOTHING, "restart note thinkLess"),
        arguments(CUT_REASONING, TOLD, "continue note thinkLess"),
        arguments(CUT_CALL, NOTHING, "restart cap"),
        arguments(CUT_CALL, REASONING, "restart cap"),
        arguments(CUT_CALL, TOLD, "continue with a call cap"),
        arguments(BROKEN, NOTHING, "restart note"),
        arguments(BROKEN, KEPT, "restart note"),
        arguments(BROKEN, TOLD, "continue with a call note"),
        arguments(EMPTY, NOTHING, "restart note"),
        arguments(EMPTY, REASONING, "restart note"),
        arguments(REPEATING, NOTHING, "restart note"),
        arguments(REPEATING, TOLD, "fail upstream_error"),
        arguments(RESET, NOTHING, "restart"),
        arguments(RESET, REASONING, "restart"),
        arguments(RESET, KEPT, "restart"),
        arguments(RESET, TOLD, "continue"),
        arguments(IDLE, TOLD, "continue"),
        arguments(TIMEOUT, NOTHING, "restart fresh"),
        arguments(CRASH, NOTHING, "restart"),
        arguments(CRASH, TOLD, "continue"),
        arguments(MEMORY, NOTHING, "restart"),
        arguments(NONSENSE, NOTHING, "restart"),
        arguments(ERROR, NOTHING, "restart"),
        arguments(ERROR, TOLD, "continue"),
        arguments(status(500), NOTHING, "restart"),
        arguments(status(503), NOTHING, "restart"),
        arguments(status(429), NOTHING, "restart"),
        arguments(status(408), NOTHING, "restart"),
        arguments(statusAfter(503, 60), NOTHING, "restart"),
        arguments(statusAfter(503, 61), NOTHING, "fail upstream_overloaded"),
        arguments(status(400), NOTHING, "fail invalid_request"),
        arguments(status(401), NOTHING, "fail invalid_api_key"),
        arguments(status(404), NOTHING, "fail model_not_found"),
        arguments(OVERFLOW, NOTHING, "fail context_length_exceeded"),
        arguments(TOO_LARGE, NOTHING, "fail recovery_exhausted"));
  }

  @ParameterizedTest
  @MethodSource("firstDecisions")
  void whatFollowsAFirstAttempt(Verdict verdict, Sent sent, String expected) {
    assertThat(words(decide(AGENT, outcome(verdict, sent)))).startsWith(expected);
  }

  static Stream<Arguments> laterDecisions() {
    return Stream.of(
        arguments(List.of(EMPTY, EMPTY), NOTHING, "fail recovery_exhausted"),
        arguments(List.of(REPEATING, REPEATING), NOTHING, "fail recovery_exhausted"),
        arguments(List.of(BROKEN, BROKEN), NOTHING, "restart note thinkLess"),
        arguments(List.of(CUT_CALL, CUT_CALL), NOTHING, "restart note thinkLess cap"),
        arguments(List.of(CUT_TEXT, EMPTY), TOLD, "continue note"),
        arguments(List.of(CUT_TEXT, EMPTY, EMPTY), TOLD, "deliver stop"),
        arguments(List.of(CUT_CALL, EMPTY, EMPTY), TOLD, "fail recovery_exhausted"),
        arguments(List.of(CUT_CALL, RESET), TOLD, "continue with a call"),
        arguments(List.of(BROKEN, EMPTY), TOLD, "continue with a call note thinkLess"),
        arguments(List.of(CUT_TEXT, RESET), KEPT, "continue"),
        arguments(List.of(CRASH, CRASH), NOTHING, "restart"),
        arguments(List.of(CRASH, CRASH, CRASH), NOTHING, "fail upstream_error"),
        arguments(List.of(MEMORY, MEMORY), NOTHING, "fail upstream_error"),
        arguments(List.of(NONSENSE, NONSENSE), NOTHING, "fail upstream_error"),
        arguments(List.of(ERROR, ERROR), NOTHING, "fail upstream_error"),
        arguments(List.of(status(500), status(500)), NOTHING, "fail upstream_error"),
        arguments(List.of(status(503), status(503)), NOTHING, "restart"),
        arguments(List.of(TIMEOUT, TIMEOUT), NOTHING, "fail upstream_timeout"));
  }

  @ParameterizedTest
  @MethodSource("laterDecisions")
  void whatFollowsLaterAttempts(List<Verdict> verdicts, Sent sent, String expected) {
    Outcome[] history =
        verdicts.stream().map(verdict -> outcome(verdict, sent)).toArray(Outcome[]::new);

    assertThat(words(decide(AGENT, history))).startsWith(expected);
  }

  static Stream<Verdict> verdictsThatAreAskedAgain() {
    return Stream.of(CUT_CALL, BROKEN, RESET, IDLE, CRASH, status(503), statusAfter(429, 1));
  }

  @ParameterizedTest
  @MethodSource("verdictsThatAreAskedAgain")
  void attemptsTimeAndTokensAreOneBudget(Verdict verdict) {
    for (Sent sent : List.of(NOTHING, TOLD)) {
      List<Outcome> history = new ArrayList<>();
      Decision decision;
      do {
        history.add(outcome(verdict, sent));
        decision = decide(AGENT, history.toArray(Outcome[]::new));
      } while (!(decision instanceof Decision.Fail));
      assertThat(history.size()).isBetween(1, Recovery.DEFAULT.maxAttempts());

      Situation late = at(Recovery.DEFAULT.deadline());
      assertThat(decide(late, outcome(verdict, sent))).isInstanceOf(Decision.Fail.class);
      assertThat(decide(AGENT, outcome(verdict, sent, 100, 32_768)))
          .isInstanceOf(Decision.Fail.class);
      assertThat(decide(single(), outcome(verdict, sent))).isInstanceOf(Decision.Fail.class);
    }
  }

  @Test
  void pausesGrowAndEndAtTheDeadline() {
    assertThat(restart(RESET).delay()).isEqualTo(Duration.ofMillis(500));
    assertThat(restart(RESET, RESET).delay()).isEqualTo(Duration.ofSeconds(1));
    assertThat(restart(RESET, RESET, RESET).delay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(restart(statusAfter(503, 7)).delay()).isEqualTo(Duration.ofSeconds(7));
    Situation late = at(Recovery.DEFAULT.deadline().minusMillis(400));
    assertThat(decide(late, outcome(RESET, NOTHING))).isInstanceOf(Decision.Fail.class);
  }

  @Test
  void correctedAttemptsTakeAnotherChanceWithoutPenalties() {
    Changes first = restart(BROKEN).changes();
    assertThat(first.seed()).isEqualTo(1);
    assertThat(first.calm()).isTrue();
    assertThat(first.thinkLess()).isFalse();
    assertThat(first.note()).contains("not one whole JSON object").startsWith("[Note from");

    Changes second = restart(BROKEN, BROKEN).changes();
    assertThat(second.seed()).isEqualTo(2);
    assertThat(second.thinkLess()).isTrue();
  }

  @Test
  void whatAServerGotWrongIsAskedAgainAsItWas() {
    assertThat(restart(RESET).changes()).isEqualTo(Changes.NONE);
    assertThat(restart(CRASH).changes()).isEqualTo(Changes.NONE);
  }

  @Test
  void callCutByASmallCapGetsAllThatFits() {
    Changes changes = restart(CUT_CALL).changes();

    assertThat(changes.cap()).hasValue(4096 - 100 - 128);
    assertThat(changes.note()).isNull();
  }

  @Test
  void callLongerThanTheBudgetIsTheBudgetsFault() {
    Decision decision =
        decide(AGENT, new Outcome(CUT_CALL, NOTHING, new Usage(100, 20_000, 0, 0), Room.UNKNOWN));

    assertThat(words(decision)).isEqualTo("fail recovery_exhausted");
    assertThat(((Decision.Fail) decision).error().message())
        .contains("recovery.max-generated-tokens");
  }

  @Test
  void continuationFitsBehindTheTextSoFar() {
    Decision decision = decide(AGENT, outcome(CUT_TEXT, TOLD, 100, 50));

    assertThat(((Decision.Continue) decision).changes().cap()).hasValue(4096 - 100 - 128 - 50);
  }

  @Test
  void oneAttemptIsDeliveredAsItCameIfThatBreaksNothing() {
    assertThat(words(decide(single(), outcome(EMPTY, NOTHING)))).isEqualTo("deliver stop");
    assertThat(words(decide(single(), outcome(CUT_REASONING, REASONING))))
        .isEqualTo("deliver length");
    assertThat(words(decide(single(), outcome(CUT_CALL, NOTHING)))).startsWith("fail");
  }

  @Test
  void callCutByTheWindowIsTheWindowsFault() {
    Decision decision = decide(AGENT, outcome(CUT_CALL, NOTHING, 3000, 1095));

    assertThat(words(decision)).startsWith("fail context_length_exceeded");
    assertThat(((Decision.Fail) decision).error().message())
        .startsWith(
            "This model's maximum context length is 4096 tokens. However, you requested 4095"
                + " tokens");
  }

  @Test
  void textIsContinuedByRule() {
    Outcome cut = outcome(CUT_TEXT, TOLD);
    Situation noTools = chat(OptionalLong.empty());
    Situation capped = chat(OptionalLong.of(50));
    Situation stoppedShort = chat(OptionalLong.of(80));

    assertThat(words(decide(AGENT, cut))).startsWith("continue");
    assertThat(words(decide(capped, cut))).isEqualTo("deliver length");
    assertThat(words(decide(stoppedShort, cut))).startsWith("continue");
    assertThat(words(decide(noTools, cut))).startsWith("continue");
    assertThat(words(decide(with(Recovery.ContinueOnLength.NEVER), AGENT, cut)))
        .isEqualTo("deliver length");
    assertThat(words(decide(with(Recovery.ContinueOnLength.ALWAYS), capped, cut)))
        .startsWith("continue");
    assertThat(words(decide(AGENT, outcome(CUT_TEXT, TOLD, 4000, 95))))
        .as("the window is full")
        .isEqualTo("deliver length");
  }

  @Test
  void halfADocumentIsNeverContinued() {
    Situation json =
        new Situation(
            false,
            true,
            false,
            false,
            new Situation.Wanted.Nothing(),
            OptionalLong.empty(),
            List.of(),
            4096,
            Duration.ZERO);

    assertThat(words(decide(json, outcome(CUT_TEXT, TOLD)))).isEqualTo("deliver length");
    assertThat(words(decide(json, outcome(RESET, TOLD)))).startsWith("fail upstream_error");
    assertThat(words(decide(json, outcome(RESET, KEPT)))).startsWith("restart");
  }

  @Test
  void emptyAnswerToAChatWithoutToolsIsDeliveredInTheEnd() {
    Situation chat = chat(OptionalLong.empty());

    assertThat(words(decide(chat, outcome(EMPTY, NOTHING)))).startsWith("restart");
    assertThat(words(decide(chat, outcome(EMPTY, NOTHING), outcome(EMPTY, NOTHING))))
        .isEqualTo("deliver stop");
  }

  @Test
  void callThatIsDemandedIsAskedForOnce() {
    Situation demanding =
        new Situation(
            false,
            true,
            true,
            false,
            new Situation.Wanted.Tool("read"),
            OptionalLong.empty(),
            List.of(),
            4096,
            Duration.ZERO);

    assertThat(words(decide(demanding, outcome(CALLED, NOTHING)))).startsWith("deliver");
    assertThat(words(decide(demanding, outcome(STOPPED, KEPT)))).startsWith("restart note");
    assertThat(words(decide(demanding, outcome(STOPPED, TOLD)))).isEqualTo("deliver stop");
    assertThat(words(decide(demanding, outcome(STOPPED, KEPT), outcome(STOPPED, KEPT))))
        .isEqualTo("deliver stop");
  }

  @Test
  void callThatTheConversationRepeatsIsRefused() {
    Situation round =
        new Situation(
            false,
            true,
            true,
            false,
            new Situation.Wanted.Nothing(),
            OptionalLong.empty(),
            ((Verdict.Complete) CALLED).calls(),
            4096,
            Duration.ZERO);

    assertThat(words(decide(round, outcome(CALLED, NOTHING)))).isEqualTo("fail recovery_exhausted");
    assertThat(words(decide(round, outcome(STOPPED, TOLD)))).isEqualTo("deliver stop");
  }

  private static Situation chat(OptionalLong cap) {
    return new Situation(
        false,
        false,
        true,
        false,
        new Situation.Wanted.Nothing(),
        cap,
        List.of(),
        4096,
        Duration.ZERO);
  }

  private static Situation shortenable(boolean single) {
    return new Situation(
        single,
        true,
        true,
        true,
        new Situation.Wanted.Nothing(),
        OptionalLong.empty(),
        List.of(),
        4096,
        Duration.ZERO);
  }

  @Test
  void conversationThatFindsNoRoomIsMadeShorterTwice() {
    Outcome refused = outcome(OVERFLOW, NOTHING, 0, 0);
    Outcome full = outcome(CUT_CALL, NOTHING, 3000, 1096);

    for (Outcome none : List.of(refused, full)) {
      assertThat(words(decide(shortenable(false), none)))
          .isEqualTo("shorter context_length_exceeded");
      assertThat(words(decide(shortenable(false), none, none))).startsWith("shorter");
      assertThat(words(decide(shortenable(false), none, none, none)))
          .isEqualTo("fail context_length_exceeded");
      assertThat(words(decide(shortenable(true), none))).isEqualTo("fail context_length_exceeded");
    }
    assertThat(words(decide(shortenable(false), outcome(CUT_CALL, TOLD, 3000, 1096))))
        .as("text that was seen rests on the longer one")
        .isEqualTo("fail context_length_exceeded");
  }

  private static Situation single() {
    return new Situation(
        true,
        true,
        true,
        false,
        new Situation.Wanted.Nothing(),
        OptionalLong.empty(),
        List.of(),
        4096,
        Duration.ZERO);
  }

  private static Situation at(Duration elapsed) {
    return new Situation(
        false,
        true,
        true,
        false,
        new Situation.Wanted.Nothing(),
        OptionalLong.empty(),
        List.of(),
        4096,
        elapsed);
  }

  private static Recovery with(Recovery.ContinueOnLength rule) {
    Recovery usual = Recovery.DEFAULT;
    return new Recovery(
        usual.maxAttempts(),
        usual.deadline(),
        usual.maxGeneratedTokens(),
        usual.maxHeld(),
        usual.backoff(),
        rule,
        true,
        true,
        usual.loopGuard());
  }

  private static Decision.Restart restart(Verdict... verdicts) {
    Outcome[] history =
        Stream.of(verdicts).map(verdict -> outcome(verdict, NOTHING)).toArray(Outcome[]::new);
    return (Decision.Restart) decide(AGENT, history);
  }

  /** A decision in words, with what its attempt changes. */
  private static String words(Decision decision) {
    return switch (decision) {
      case Decision.Deliver(var answer) -> "deliver " + label(answer.reason());
      case Decision.Restart(var _, var changes, var _) -> "restart" + words(changes);
      case Decision.Continue(var _, var callExpected, var changes, var _) ->
          "continue" + (callExpected ? " with a call" : "") + words(changes);
      case Decision.CompactAndRestart(var _, var error) -> "shorter " + error.code().label();
      case Decision.Fail(var error) -> "fail " + error.code().label();
    };
  }

  private static String label(FinishReason reason) {
    return reason.label();
  }

  private static String words(Changes changes) {
    return word(changes.note(), " note")
        + (changes.thinkLess() ? " thinkLess" : "")
        + (changes.cap().isPresent() ? " cap" : "")
        + (changes.fresh() ? " fresh" : "");
  }

  private static String word(@Nullable String value, String word) {
    return value == null ? "" : word;
  }
}
