package dev.plimsoll.stream;

import dev.plimsoll.calls.CallCheck;
import dev.plimsoll.calls.Checked;
import dev.plimsoll.calls.Defect;
import dev.plimsoll.calls.Flaw;
import dev.plimsoll.calls.Repair;
import dev.plimsoll.calls.Written;
import dev.plimsoll.calls.WrittenCall;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.chat.Usage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says what an answer was, from what there is of it.
 *
 * <p>Pure, but it reads the arguments of all calls and asks the tools' schemas: for large calls
 * some milliseconds of work, which is not for an event loop.
 */
public final class Judge {
  /** Marks and the end of the text cost tokens, too; only more than that were something unseen. */
  private static final int UNSEEN = 16;

  private final CallCheck check;
  private final String callIdPrefix;
  private final boolean callsExpected;
  private final boolean mayStopAtOnce;

  /**
   * Makes a judge of one request's answers.
   *
   * @param check looks at the calls
   * @param callIdPrefix start of the id that a call gets which only an error tells
   * @param callsExpected whether the request declares tools
   * @param mayStopAtOnce whether the client named texts at which an answer stops, so that an empty
   *     one may be just what it wants
   */
  public Judge(CallCheck check, String callIdPrefix, boolean callsExpected, boolean mayStopAtOnce) {
    this.check = check;
    this.callIdPrefix = callIdPrefix;
    this.callsExpected = callsExpected;
    this.mayStopAtOnce = mayStopAtOnce;
  }

  /** What the answer was. */
  public Verdict verdict(Ending ending) {
    UpstreamFailure failure = ending.failure();
    FinishReason reason = ending.reason();
    if (failure != null) {
      return lost(failure);
    }
    if (ending.repeating() || reason == null) {
      return new Verdict.Repeating();
    }
    boolean cut = reason == FinishReason.LENGTH;
    if (ending.written() instanceof Written.Cut) {
      return cut
          ? new Verdict.CutByLength(Verdict.Part.TOOL_CALL)
          : new Verdict.BrokenToolCall(Flaw.of(Defect.CUT_IN_TEXT));
    }
    if (!ending.calls().isEmpty()) {
      return calls(ending, cut);
    }
    if (cut) {
      return new Verdict.CutByLength(cutPart(ending));
    }
    boolean said = ending.hasText() || mayStopAtOnce || reason == FinishReason.CONTENT_FILTER;
    if (!said) {
      return new Verdict.Empty(ending.hasReasoning());
    }
    // Without a call there is nothing that tool_calls could announce.
    return reason == FinishReason.TOOL_CALLS
        ? new Verdict.Complete(FinishReason.STOP, List.of(), Set.of(Repair.FINISH_REASON))
        : Verdict.Complete.of(reason);
  }

  private Verdict lost(UpstreamFailure failure) {
    if (!(failure instanceof UpstreamFailure.UnreadableCall(var message, var text, var cut))) {
      return new Verdict.Lost(failure);
    }
    WrittenCall written = check.callIn(text).orElse(null);
    if (written != null) {
      ToolCall call = new ToolCall(callIdPrefix + "0", written.name(), written.arguments());
      if (check.check(List.of(call)) instanceof Checked.Sound(var calls, var repairs)) {
        return new Verdict.Complete(
            FinishReason.TOOL_CALLS, calls, EnumSet.of(Repair.TEXT_TO_CALL));
      }
    }
    return new Verdict.BrokenToolCall(new Flaw(cut ? Defect.CUT : Defect.UNREADABLE, message));
  }

  private Verdict calls(Ending ending, boolean cut) {
    return switch (check.check(withoutDoubles(ending))) {
      case Checked.Sound(var calls, var repairs) ->
          new Verdict.Complete(FinishReason.TOOL_CALLS, calls, all(ending, repairs));
      case Checked.Flawed(var flaw) ->
          cut ? new Verdict.CutByLength(Verdict.Part.TOOL_CALL) : new Verdict.BrokenToolCall(flaw);
    };
  }

  private static Set<Repair> all(Ending ending, Set<Repair> repairs) {
    Set<Repair> all = EnumSet.noneOf(Repair.class);
    all.addAll(repairs);
    all.addAll(ending.mended());
    if (ending.inText() > 0) {
      all.add(Repair.TEXT_TO_CALL);
    } else if (ending.reason() != FinishReason.TOOL_CALLS) {
      all.add(Repair.FINISH_REASON);
    }
    return all;
  }

  /** Some servers find a call and leave it in the text as well. */
  private static List<ToolCall> withoutDoubles(Ending ending) {
    if (ending.inText() == 0 || ending.inText() == ending.calls().size()) {
      return ending.calls();
    }
    Set<List<String>> found = new HashSet<>();
    List<ToolCall> kept = new ArrayList<>();
    for (ToolCall call : ending.calls().subList(ending.inText(), ending.calls().size())) {
      found.add(List.of(call.name(), call.arguments()));
    }
    for (int i = 0; i < ending.calls().size(); i++) {
      ToolCall call = ending.calls().get(i);
      if (i >= ending.inText() || !found.contains(List.of(call.name(), call.arguments()))) {
        kept.add(call);
      }
    }
    return kept;
  }

  /**
   * Where the limit fell. Parsers drop a call that is cut without a trace; then more tokens were
   * generated than there are bytes to be seen, or there is nothing to be seen at all.
   */
  private Verdict.Part cutPart(Ending ending) {
    Usage usage = ending.usage();
    boolean unseen = usage != null && usage.completion() > ending.bytes() + UNSEEN;
    boolean nothing = ending.bytes() == 0; // also of what a continuation tells once more
    if (callsExpected && (unseen || nothing)) {
      return Verdict.Part.TOOL_CALL;
    }
    // What nothing can be seen of was thought, not said.
    boolean said = ending.hasText() || (ending.bytes() > 0 && !ending.hasReasoning());
    return said ? Verdict.Part.TEXT : Verdict.Part.REASONING;
  }
}
