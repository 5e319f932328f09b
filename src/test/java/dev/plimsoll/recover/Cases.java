package dev.plimsoll.recover;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.config.Recovery;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What the tests of decisions are made of. */
final class Cases {
  static final Verdict STOPPED = Verdict.Complete.of(FinishReason.STOP);
  static final Verdict CALLED =
      new Verdict.Complete(
          FinishReason.TOOL_CALLS,
          List.of(new ToolCall("c", "read", "{\"path\":\"a\"}")),
          Set.of());
  static final Verdict RESET = new Verdict.Lost(new UpstreamFailure.Cut("reset"));
  static final Verdict CRASH = new Verdict.Lost(new UpstreamFailure.RunnerCrash("gone"));

  static final Sent NOTHING = new Sent.Nothing();
  static final Sent REASONING = new Sent.Reasoning();
  static final Sent KEPT = new Sent.Kept();
  static final Sent TOLD = new Sent.Told();

  /** A request of an agent: tools, no cap, no loop, nothing out of the ordinary. */
  static final Situation AGENT =
      new Situation(
          false,
          true,
          true,
          false,
          new Situation.Wanted.Nothing(),
          OptionalLong.empty(),
          List.of(),
          4096,
          Duration.ZERO);

  private Cases() {}

  static Outcome outcome(Verdict verdict, Sent sent) {
    return outcome(verdict, sent, 100, 50);
  }

  static Outcome outcome(Verdict verdict, Sent sent, long prompt, long completion) {
    return new Outcome(
        verdict,
        sent,
        new Usage(prompt, completion, 0, 0),
        new Room(OptionalLong.of(4096), OptionalLong.empty()));
  }

  static Decision decide(Situation situation, Outcome... history) {
    return decide(Recovery.DEFAULT, situation, history);
  }

  static Decision decide(Recovery config, Situation situation, Outcome... history) {
    return new RecoveryPolicy(config).decide(Arrays.asList(history), situation);
  }
}
