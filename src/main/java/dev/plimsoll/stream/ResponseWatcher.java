package dev.plimsoll.stream;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.Slice;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches one attempt's answer: lets text and reasoning through, holds tool calls, and says at the
 * end what the answer was.
 *
 * <pre>
 *   Opened, TextDelta, ReasoningDelta ──▶ writer, at once
 *   ToolCallDelta ──▶ assembler          UsageReport, Finished ──▶ kept
 *   Done | Failed | end of the bytes ──▶ verdict()
 * </pre>
 *
 * A pure reducer: the same events give the same output and the same verdict. Used by one thread.
 */
public final class ResponseWatcher implements EventSink {
  private final AnswerWriter writer;
  private final ToolCallAssembler assembler;
  private final long maxHeld;
  private long held;
  private Sent sent = Sent.NOTHING;
  private @Nullable FinishReason reason;
  private @Nullable Slice finishChunk;
  private @Nullable Slice usageChunk;
  private @Nullable Usage usage;
  private @Nullable Timings timings;
  private @Nullable UpstreamFailure failure;
  private boolean done;
  private final Set<Repair> repairs = EnumSet.noneOf(Repair.class);

  /**
   * Makes a watcher of one attempt.
   *
   * @param writer gets what may be sent
   * @param callIdPrefix start of the ids that calls without one get
   * @param maxHeld bytes of tool calls that are held at most
   */
  public ResponseWatcher(AnswerWriter writer, String callIdPrefix, long maxHeld) {
    this.writer = writer;
    this.assembler = new ToolCallAssembler(callIdPrefix);
    this.maxHeld = maxHeld;
  }

  @Override
  public void event(StreamEvent event) {
    if (failure != null || done) {
      return; // what follows an end is no part of the answer
    }
    switch (event) {
      case StreamEvent.Opened opened -> writer.opened(opened);
      case StreamEvent.TextDelta text -> {
        sent = Sent.TEXT;
        writer.text(text);
      }
      case StreamEvent.ReasoningDelta reasoning -> {
        sent = sent == Sent.TEXT ? Sent.TEXT : Sent.REASONING;
        writer.reasoning(reasoning);
      }
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

  /** The finish has been read: whatever breaks behind it takes nothing away. */
  private void fail(UpstreamFailure told) {
    if (reason == null) {
      failure = told;
    } else {
      done = true;
    }
  }

  private void hold(StreamEvent.ToolCallDelta call) {
    held += 64L + call.arguments().length() + length(call.name()) + length(call.id());
    if (held > maxHeld) {
      failure =
          new UpstreamFailure.Unreadable("tool calls larger than recovery.max-held were written");
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
    return done || failure != null;
  }

  /** What the client has seen so far. */
  public Sent sent() {
    return sent;
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
   * What the answer was, once nothing more comes.
   *
   * @param transport why the bytes ended, when that was no clean end
   */
  public Verdict verdict(@Nullable UpstreamFailure transport) {
    if (failure != null) {
      return new Verdict.Lost(failure);
    }
    if (reason == null && !done) {
      UpstreamFailure cut =
          transport != null
              ? transport
              : new UpstreamFailure.Cut("the stream ended without a finish reason");
      return new Verdict.Lost(cut);
    }
    // The finish has been read: a connection that breaks behind it takes nothing away.
    FinishReason told = reason == null ? FinishReason.STOP : reason;
    return switch (assembler.assemble()) {
      case ToolCallAssembler.Assembled.Broken broken ->
          new Verdict.BrokenToolCall(broken.defect(), told == FinishReason.LENGTH);
      case ToolCallAssembler.Assembled.Whole(var calls, var mended) -> {
        FinishReason fitting = calls.isEmpty() ? plain(told) : FinishReason.TOOL_CALLS;
        repairs.addAll(mended);
        if (fitting != told) {
          repairs.add(Repair.FINISH_REASON);
        }
        yield new Verdict.Complete(fitting, calls);
      }
    };
  }

  /** What was mended in the tool calls of a complete answer; known with its verdict. */
  public Set<Repair> repairs() {
    return Set.copyOf(repairs);
  }

  /** Without a call there is nothing that {@code tool_calls} could announce. */
  private static FinishReason plain(FinishReason told) {
    return told == FinishReason.TOOL_CALLS ? FinishReason.STOP : told;
  }

  /** The end of a complete answer, as it is written to the client. */
  public Answer answer(Verdict.Complete complete) {
    boolean asItCame = complete.calls().isEmpty() && reason == complete.reason();
    return new Answer(
        complete.reason(),
        complete.calls(),
        usage,
        timings,
        asItCame ? finishChunk : null,
        usageChunk,
        null);
  }
}
