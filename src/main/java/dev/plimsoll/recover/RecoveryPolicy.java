package dev.plimsoll.recover;

import dev.plimsoll.calls.Defect;
import dev.plimsoll.calls.Flaw;
import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.config.Recovery;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Decides what follows an attempt, within one budget for a client's request: attempts, time and
 * generated tokens together.
 *
 * <p>What the client has seen decides what is possible: while that is nothing or only reasoning,
 * the model is asked anew; after text the answer is continued; when neither helps any more, the
 * client is told honestly. What a model got wrong is asked again with a note, another seed and no
 * penalties; what a server got wrong is asked again as it was. The table is docs/recovery.md.
 */
public final class RecoveryPolicy {
  /** A conversation that found no room twice as a shorter one finds none. */
  private static final int MOST_SHORTENED = 2;

  private final Recovery config;
  private final Pauses pauses;

  /** Makes a policy with these limits. */
  public RecoveryPolicy(Recovery config) {
    this.config = config;
    this.pauses = new Pauses(config.backoff());
  }

  /**
   * What to do next.
   *
   * @param history the outcomes of this request's attempts, the newest last
   */
  public Decision decide(List<Outcome> history, Situation situation) {
    return new Case(history, situation).decide();
  }

  /** The error that tells a failure after which nothing more is tried. */
  public static ApiError giveUp(UpstreamFailure failure, long window, int attempts) {
    return FailureMessages.of(failure, window, attempts);
  }

  /** One decision. */
  private final class Case {
    private final List<Outcome> history;
    private final Situation situation;
    private final Outcome last;
    private final Means means;

    Case(List<Outcome> history, Situation situation) {
      this.history = history;
      this.situation = situation;
      this.last = history.getLast();
      this.means = new Means(config, history, situation);
    }

    Decision decide() {
      return switch (last.verdict()) {
        case Verdict.Complete complete -> complete(complete);
        case Verdict.CutByLength(var part) ->
            switch (part) {
              case TEXT -> cutText();
              case REASONING -> cutReasoning();
              case TOOL_CALL -> cutCall();
            };
        case Verdict.BrokenToolCall(var flaw) -> brokenCall(flaw);
        case Verdict.Empty _ -> empty();
        case Verdict.Repeating _ -> repeating();
        case Verdict.Lost(var failure) -> lost(failure);
      };
    }

    private Decision complete(Verdict.Complete answer) {
      if (LoopGuard.sameCalls(answer.calls(), situation.repeated())) {
        return new Decision.Fail(ModelFaults.loop());
      }
      boolean first = count(Verdict.Complete.class) == 1;
      if (first
          && !situation.satisfiedBy(answer.calls())
          && means.allow(Duration.ZERO)
          && last.sent() instanceof Sent.Retractable seen) {
        return new Decision.Restart(seen, Changes.NONE.withNote(Notes.CALL_WANTED), Duration.ZERO);
      }
      return new Decision.Deliver(answer);
    }

    /** A conversation with tools would end in the middle of a sentence, and nobody would notice. */
    private Decision cutText() {
      boolean pastCap =
          situation.tools() || config.continueOnLength() == Recovery.ContinueOnLength.ALWAYS;
      long most = pastCap ? means.tokens() : Math.min(means.tokens(), means.tokensOfCap());
      // The text so far stands in the next prompt.
      long wanted = Math.min(most, last.room().most(last.usage()) - last.generated());
      boolean more =
          config.continueOnLength() != Recovery.ContinueOnLength.NEVER
              && situation.continuable()
              && wanted > 0
              && means.allow(Duration.ZERO);
      return more && last.sent() instanceof Sent.Continuable from
          ? new Decision.Continue(from, false, Changes.NONE.withCap(wanted), Duration.ZERO)
          : new Decision.Deliver(Verdict.Complete.of(FinishReason.LENGTH));
    }

    private Decision cutReasoning() {
      boolean possible = last.sent() instanceof Sent.Retractable || situation.continuable();
      if (possible && means.allow(Duration.ZERO)) {
        Changes changes = corrected(Notes.TOO_MUCH_REASONING).thinkingLess();
        return again(changes, Duration.ZERO, () -> ModelFaults.reasoningOnly(history.size()));
      }
      return situation.tools() && !situation.single()
          ? new Decision.Fail(ModelFaults.reasoningOnly(history.size()))
          : new Decision.Deliver(Verdict.Complete.of(FinishReason.LENGTH));
    }

    private Decision cutCall() {
      if (last.room().windowFull(last.usage())) {
        return shorter(() -> ModelFaults.windowFull(last, situation.window()));
      }
      long room = Math.min(means.tokens(), last.room().most(last.usage()));
      if (room <= last.generated()) {
        return new Decision.Fail(ModelFaults.callTooLong());
      }
      Changes changes =
          count(Verdict.CutByLength.class) == 1 ? Changes.NONE : corrected(Notes.CUT_CALL);
      return again(changes.withCap(room), Duration.ZERO, () -> ModelFaults.cutCall(history.size()));
    }

    private Decision brokenCall(Flaw flaw) {
      Changes changes = corrected(Notes.brokenCall(flaw));
      boolean cut = flaw.defect() == Defect.CUT || flaw.defect() == Defect.CUT_IN_TEXT;
      if (cut && situation.clientCap().isPresent() && means.tokens() > 0) {
        // Servers that say so do not tell whether it was the limit that cut it.
        changes = changes.withCap(Math.max(means.tokens(), situation.clientCap().getAsLong()));
      }
      return again(
          changes, Duration.ZERO, () -> ModelFaults.brokenCall(flaw.defect(), history.size()));
    }

    private Decision empty() {
      if (situation.single()) {
        return new Decision.Deliver(Verdict.Complete.of(FinishReason.STOP)); // as it came
      }
      if (count(Verdict.Empty.class) == 1) {
        return again(
            corrected(Notes.EMPTY), Duration.ZERO, () -> ModelFaults.empty(history.size()));
      }
      // Text that was cut, and behind which there is nothing twice, was all there was to say.
      boolean whole = last.sent() instanceof Sent.Continuable && !callExpected();
      return whole || !situation.tools()
          ? new Decision.Deliver(Verdict.Complete.of(FinishReason.STOP))
          : new Decision.Fail(ModelFaults.empty(history.size()));
    }

    private Decision repeating() {
      boolean first = count(Verdict.Repeating.class) == 1;
      return first && last.sent() instanceof Sent.Retractable
          ? again(
              Changes.NONE.withNote(Notes.REPEATING).withSeed(history.size()),
              Duration.ZERO,
              () -> ModelFaults.repeating(history.size()))
          : new Decision.Fail(ModelFaults.repeating(history.size()));
    }

    /** Asks anew with a shorter conversation; text that was seen rests on the longer one. */
    private Decision shorter(Supplier<ApiError> giveUp) {
      boolean more =
          situation.shortenable()
              && history.stream().filter(Case::hadNoRoom).count() <= MOST_SHORTENED
              && means.allow(Duration.ZERO);
      return more && last.sent() instanceof Sent.Retractable seen
          ? new Decision.CompactAndRestart(seen, giveUp.get())
          : new Decision.Fail(giveUp.get());
    }

    private static boolean hadNoRoom(Outcome outcome) {
      return outcome.verdict() instanceof Verdict.Lost(UpstreamFailure.ContextExceeded _)
          || outcome.room().windowFull(outcome.usage());
    }

    private Decision lost(UpstreamFailure failure) {
      Supplier<ApiError> error =
          () -> FailureMessages.of(failure, situation.window(), history.size());
      if (failure instanceof UpstreamFailure.ContextExceeded) {
        return shorter(error);
      }
      Duration delay = pauses.after(history, failure);
      if (delay == null) {
        return new Decision.Fail(error.get());
      }
      boolean hangs =
          failure instanceof UpstreamFailure.TimedOut(var phase, var _)
              && phase == UpstreamFailure.Phase.FIRST_BYTE;
      return again(hangs ? Changes.NONE.freshly() : Changes.NONE, delay, error);
    }

    /** Asks anew or goes on, whichever is possible; if nothing is, or it is too late, gives up. */
    private Decision again(Changes changes, Duration delay, Supplier<ApiError> giveUp) {
      if (!means.allow(delay)) {
        return new Decision.Fail(giveUp.get());
      }
      return switch (last.sent()) {
        case Sent.Kept kept -> goesOn() ? goOn(kept, changes, delay) : anew(kept, changes, delay);
        case Sent.Retractable seen -> anew(seen, changes, delay);
        case Sent.Told told ->
            situation.continuable() ? goOn(told, changes, delay) : new Decision.Fail(giveUp.get());
      };
    }

    private Decision anew(Sent.Retractable seen, Changes changes, Duration delay) {
      return new Decision.Restart(seen, changes, delay);
    }

    private Decision goOn(Sent.Continuable from, Changes changes, Duration delay) {
      return new Decision.Continue(from, callExpected(), changes, delay);
    }

    /** Whether the answer is being continued: what was good of it is not thrown away. */
    private boolean goesOn() {
      return situation.continuable()
          && history.stream()
              .map(Outcome::verdict)
              .anyMatch(new Verdict.CutByLength(Verdict.Part.TEXT)::equals);
    }

    /** Whether the last answer that had anything to it broke off in a tool call. */
    private boolean callExpected() {
      for (Outcome outcome : history.reversed()) {
        switch (outcome.verdict()) {
          case Verdict.BrokenToolCall _ -> {
            return true;
          }
          case Verdict.CutByLength(var part) -> {
            return part == Verdict.Part.TOOL_CALL;
          }
          case Verdict.Complete _, Verdict.Repeating _ -> {
            return false;
          }
          case Verdict.Empty _, Verdict.Lost _ -> {}
        }
      }
      return false;
    }

    /** What a model got wrong, it may get right with a note and by another chance. */
    private Changes corrected(String note) {
      Changes changes = Changes.NONE.withNote(note).withSeed(history.size()).calmed();
      long faults =
          history.stream().filter(outcome -> !(outcome.verdict() instanceof Verdict.Lost)).count();
      return faults > 1 ? changes.thinkingLess() : changes;
    }

    private long count(Class<? extends Verdict> kind) {
      return history.stream().filter(outcome -> kind.isInstance(outcome.verdict())).count();
    }
  }
}
