package dev.plimsoll.turn;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.ledger.Progress;
import dev.plimsoll.ledger.TokenSource;
import dev.plimsoll.stream.StreamEvent;
import dev.plimsoll.tokens.Planned;
import dev.plimsoll.upstream.UpstreamCall;
import org.jspecify.annotations.Nullable;

/**
 * Measures one attempt while its answer comes, and marks in the ledger how far it is, every second
 * or every {@value #MARK_PIECES} pieces, so that little is lost with the process.
 *
 * <p>Without the upstream's count the tokens are estimated: a piece is a token, as model servers
 * send them; the prompt has as many as were planned, or a token for {@value #BYTES_PER_TOKEN} bytes
 * where nothing was. Lives on the client's event loop; the turn reads it when the attempt has
 * ended.
 */
final class Meter {
  private static final long MARK_NANOS = 1_000_000_000L;
  private static final int MARK_PIECES = 256;
  private static final int BYTES_PER_TOKEN = 4;

  private final Ledger ledger;
  private final Clock clock;
  private final String requestId;
  private final int number;
  private final Planned prompt;
  private final long startNanos;
  private long markedNanos;
  private long markedPieces;
  private long pieces;
  private long reasoning;
  private boolean delivered;
  private @Nullable Usage counted;
  private volatile @Nullable UpstreamCall call;

  /** Begins to measure the attempt of that number, whose prompt will be so long. */
  Meter(Ledger ledger, Clock clock, String requestId, int number, Planned prompt) {
    this.ledger = ledger;
    this.clock = clock;
    this.requestId = requestId;
    this.number = number;
    this.prompt = prompt;
    this.startNanos = clock.nanos();
    this.markedNanos = startNanos;
  }

  /** The request is on its way. */
  void sent(UpstreamCall under) {
    call = under;
  }

  /** Whether the upstream can know of the attempt. */
  boolean isSent() {
    return call != null;
  }

  /** Whether the client has got some of the answer. */
  boolean isDelivered() {
    return delivered;
  }

  /** Counts what the upstream said; {@code seen} is whether the client has got any of it. */
  void event(StreamEvent event, boolean seen) {
    switch (event) {
      case StreamEvent.TextDelta _, StreamEvent.ToolCallDelta _ -> pieces++;
      case StreamEvent.ReasoningDelta _ -> {
        pieces++;
        reasoning++;
      }
      case StreamEvent.UsageReport report -> counted = report.usage();
      case StreamEvent.Opened _,
          StreamEvent.Finished _,
          StreamEvent.Done _,
          StreamEvent.Failed _,
          StreamEvent.Noticed _ -> {
        return;
      }
    }
    delivered = seen;
    markIfDue();
  }

  private void markIfDue() {
    long now = clock.nanos();
    if (pieces - markedPieces >= MARK_PIECES || now - markedNanos >= MARK_NANOS) {
      markedPieces = pieces;
      markedNanos = now;
      ledger.mark(requestId, number, progress());
    }
  }

  private Progress progress() {
    UpstreamCall under = call;
    Usage usage = counted;
    return new Progress(
        usage == null ? new Usage(prompt.tokens(), pieces, 0, reasoning) : usage,
        source(usage),
        delivered,
        clock.millisSince(startNanos),
        under == null ? 0 : under.received());
  }

  private TokenSource source(@Nullable Usage told) {
    if (told != null) {
      return TokenSource.UPSTREAM;
    }
    return prompt.exact() && pieces == 0 ? TokenSource.COUNTED : TokenSource.ESTIMATED;
  }

  /** A guess at the prompt of a request with so many bytes. */
  static Planned guess(long bytes) {
    return new Planned((bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN, false);
  }

  /** What the attempt cost; who was turned away before the model read anything spent nothing. */
  Progress spent(AttemptOutcome outcome) {
    Progress far = progress();
    boolean turnedAway =
        switch (outcome) {
          case REFUSED, UPSTREAM_ERROR, OVERFLOW, NOT_SENT -> counted == null && pieces == 0;
          case OK,
              CLIENT_CLOSED,
              ABANDONED,
              INTERRUPTED,
              LENGTH_IN_TOOL_CALL,
              LENGTH_IN_TEXT,
              INVALID_TOOL_ARGUMENTS,
              TEXT_TOOL_CALL,
              UNKNOWN_TOOL,
              SCHEMA_MISMATCH,
              EMPTY_RESPONSE,
              STREAM_CUT,
              RUNNER_CRASH,
              TIMEOUT,
              REPETITION ->
              false;
        };
    return turnedAway
        ? new Progress(Usage.NONE, far.tokenSource(), false, far.durationMs(), far.bytes())
        : far;
  }
}
