package dev.plimsoll.stream;

import dev.plimsoll.calls.Toolbox;
import dev.plimsoll.calls.Written;
import dev.plimsoll.calls.WrittenCall;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches one attempt's answer: lets text and reasoning through, holds tool calls and text that may
 * be one, and says at the end what there was.
 *
 * <pre>
 *   Opened, ReasoningDelta ──▶ writer, at once
 *   TextDelta ──▶ writer, at once, unless a call may begin in it ──▶ held
 *   ToolCallDelta ──▶ held          UsageReport, Finished ──▶ kept
 *   Done | Failed | end of the bytes ──▶ ending() ──▶ Judge
 * </pre>
 *
 * A pure reducer: the same events give the same output and the same ending. Used by one thread.
 */
public final class ResponseWatcher implements EventSink {
  private static final String TOO_MUCH_HELD =
      "more of it had to be held back than recovery.max-held allows";

  private final AnswerWriter writer;
  private final Terms terms;
  private final Said said;
  private final boolean reasonedBefore;
  private final @Nullable Seam seam;
  private final ToolCallAssembler assembler;
  private final @Nullable TextHold hold;
  private final Repetition repetition = new Repetition();
  private long heldCalls;
  private long bytes;
  private boolean hasText;
  private boolean hasReasoning;
  private boolean repeating;
  private boolean told;
  private @Nullable FinishReason reason;
  private @Nullable Slice finishChunk;
  private @Nullable Slice usageChunk;
  private @Nullable Usage usage;
  private @Nullable Timings timings;
  private @Nullable UpstreamFailure failure;
  private boolean done;

  /**
   * What is watched for.
   *
   * @param tools the tools that the model may call; without any, the text is left alone: no call is
   *     looked for in it, and it may say the same as often as somebody wants
   * @param callIdPrefix start of the ids that calls without one get
   * @param maxHeld characters of calls, and of text that may be one, that are held at most
   * @param joint how the text goes on from that of another attempt; null when it begins anew
   */
  public record Terms(Toolbox tools, String callIdPrefix, long maxHeld, @Nullable Joint joint) {
    /** For an answer that begins. */
    public Terms(Toolbox tools, String callIdPrefix, long maxHeld) {
      this(tools, callIdPrefix, maxHeld, null);
    }

    /** The same for an attempt that goes on. */
    public Terms with(Joint other) {
      return new Terms(tools, callIdPrefix, maxHeld, other);
    }
  }

  /**
   * The place where one attempt goes on from another.
   *
   * @param before the text so far
   * @param prefilled whether the server is given that text to go on from, or the model told to
   * @param callExpected whether a tool call broke off there: then new text is held until the call
   *     is whole, and is left out if it is
   */
  public record Joint(String before, boolean prefilled, boolean callExpected) {}

  /**
   * Makes a watcher of one attempt.
   *
   * @param writer gets what may be sent
   * @param said what has been said before; is told what this attempt says
   */
  public ResponseWatcher(AnswerWriter writer, Terms terms, Said said) {
    this.writer = writer;
    this.terms = terms;
    this.said = said;
    this.assembler = new ToolCallAssembler(terms.callIdPrefix());
    Joint joint = terms.joint();
    this.reasonedBefore = joint == null && said.hasReasoning();
    this.seam = joint == null ? null : new Seam(joint.before(), joint.prefilled());
    boolean holdAll = joint != null && joint.callExpected();
    this.hold = terms.tools().isEmpty() ? null : new TextHold(terms.tools(), holdAll, this::tell);
  }

  @Override
  public void event(StreamEvent event) {
    if (ended()) {
      return; // what follows an end is no part of the answer
    }
    switch (event) {
      case StreamEvent.Opened opened -> writer.opened(opened);
      case StreamEvent.TextDelta text -> text(text);
      case StreamEvent.ReasoningDelta reasoning -> reasoning(reasoning);
      case StreamEvent.ToolCallDelta call -> hold(call);
      case StreamEvent.UsageReport report -> keep(report);
      case StreamEvent.Finished finished -> {
        reason = finished.reason();
        finishChunk = finished.chunk() == null ? null : finished.chunk().copy();
      }
      case StreamEvent.Noticed _ -> {} // counted by whoever counts, and no part of the answer
      case StreamEvent.Done _ -> done = true;
      case StreamEvent.Failed failed -> fail(failed.failure());
    }
  }

  private void text(StreamEvent.TextDelta delta) {
    Seam joining = seam;
    if (joining == null) {
      newText(delta);
      return;
    }
    bytes += delta.text().end() - delta.text().start() - 2;
    newText(joining.add(delta.text().text()));
    if (joining.astray()) {
      failure = new UpstreamFailure.Cut("its continuation began anew in other words");
    }
  }

  private void newText(String text) {
    if (!text.isEmpty()) {
      newText(new StreamEvent.TextDelta(JsonString.of(text), null, null));
    }
  }

  private void newText(StreamEvent.TextDelta delta) {
    if (!hasText) {
      hasText = !delta.text().text().isBlank();
      repetition.reset();
    }
    count(delta.text());
    if (hold == null) {
      tell(delta);
      return;
    }
    hold.add(delta);
    if (hold.length() + heldCalls > terms.maxHeld()) {
      failure = new UpstreamFailure.TooLarge(TOO_MUCH_HELD);
    }
  }

  private void tell(StreamEvent.TextDelta delta) {
    told = true;
    said.add(delta.text());
    writer.text(delta);
  }

  private void reasoning(StreamEvent.ReasoningDelta delta) {
    if (reasonedBefore && !hasReasoning) {
      writer.reasoning(new StreamEvent.ReasoningDelta(JsonString.of("\n\n"), null));
    }
    hasReasoning = true;
    told = true;
    said.addReasoning();
    count(delta.text());
    writer.reasoning(delta);
  }

  private void count(JsonString piece) {
    if (seam == null) {
      bytes += piece.end() - piece.start() - 2;
    }
    if (hold != null) {
      repeating |= repetition.add(piece);
    }
  }

  /** The finish has been read: whatever breaks behind it takes nothing away. */
  private void fail(UpstreamFailure told) {
    if (reason == null) {
      failure = told;
    } else {
      done = true;
    }
  }

  private void hold(StreamEvent.ToolCallDelta call) {
    heldCalls += 64L + call.arguments().length() + length(call.name()) + length(call.id());
    if (heldCalls > terms.maxHeld()) {
      failure = new UpstreamFailure.TooLarge(TOO_MUCH_HELD);
      return;
    }
    assembler.add(call);
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  private void keep(StreamEvent.UsageReport report) {
    usage = report.usage();
    timings = report.timings();
    usageChunk = report.chunk() == null ? null : report.chunk().copy();
  }

  /** Whether the answer is over, whatever else the upstream may still send. */
  public boolean ended() {
    return done || failure != null || repeating;
  }

  /** Whether the writer has got some of this attempt's answer. */
  public boolean told() {
    return told;
  }

  /** What is being held back. */
  public Held held() {
    if (heldCalls > 0) {
      return Held.TOOL_CALL;
    }
    return hold != null && hold.length() > 0 ? Held.TEXT : Held.NOTHING;
  }

  /** Why the upstream stopped, as it told; null when it told nothing. */
  public @Nullable FinishReason finishReason() {
    return reason;
  }

  /** The upstream's last count; null when it gave none. */
  public @Nullable Usage usage() {
    return usage;
  }

  /** The upstream's timings, where it gives any. */
  public @Nullable Timings timings() {
    return timings;
  }

  /**
   * What there is of the answer, once nothing more comes.
   *
   * @param transport why the bytes ended, when that was no clean end
   */
  public Ending ending(@Nullable UpstreamFailure transport) {
    if (seam != null) {
      newText(seam.end());
    }
    UpstreamFailure why = failure;
    if (why == null && reason == null && !done && !repeating) {
      why =
          transport != null
              ? transport
              : new UpstreamFailure.Cut("the stream ended without a finish reason");
    }
    FinishReason told = reason == null && done ? FinishReason.STOP : reason;
    Written written =
        hold == null ? new Written.Prose() : hold.end(why == null && told != FinishReason.LENGTH);
    List<WrittenCall> inText = written instanceof Written.Calls(var calls) ? calls : List.of();
    return new Ending(
        why,
        told,
        assembler.assemble(inText),
        inText.size(),
        assembler.repairs(),
        written,
        hasText,
        hasReasoning,
        bytes,
        repeating,
        usage);
  }

  /** Lets held text through if it is just text of the answer that is delivered. */
  public void releaseHeld(Verdict.Complete delivered) {
    Joint joint = terms.joint();
    boolean superseded = joint != null && joint.callExpected() && !delivered.calls().isEmpty();
    if (hold != null && !superseded && !delivered.heldTextIsCalls()) {
      hold.releaseAll();
    }
  }

  /**
   * The end of a complete answer, as it is written to the client.
   *
   * @param attempts how many there were
   * @param total the tokens of all that is delivered; null when nobody counted
   */
  public Answer answer(Verdict.Complete complete, int attempts, @Nullable Usage total) {
    boolean asItCame = complete.calls().isEmpty() && reason == complete.reason();
    return new Answer(
        complete.reason(),
        complete.calls(),
        total,
        timings,
        asItCame ? finishChunk : null,
        attempts == 1 ? usageChunk : null,
        null);
  }
}
