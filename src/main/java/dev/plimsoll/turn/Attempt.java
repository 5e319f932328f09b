package dev.plimsoll.turn;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.recover.Outcome;
import dev.plimsoll.stream.AnswerWriter;
import dev.plimsoll.stream.EventSink;
import dev.plimsoll.stream.JoinedAnswer;
import dev.plimsoll.stream.ResponseWatcher;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.StreamEvent;
import dev.plimsoll.stream.Timings;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import dev.plimsoll.upstream.UpstreamCall;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One call to the upstream while its answer comes: hands its events to the watcher and completes
 * the outcome. Lives on the client's event loop; the turn only awaits it.
 */
final class Attempt implements EventSink {
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final ResponseWatcher watcher;
  private final Downstream downstream;
  private final Meter meter;
  private final AnswerWriter writer;
  private final Account account;
  private final Clock clock;
  private final long maxHeld;
  private @Nullable UpstreamCall call;
  private long firstEventNanos;
  private long settledNanos;

  Attempt(
      AnswerWriter writer,
      Downstream downstream,
      Account account,
      Meter meter,
      Clock clock,
      String callIdPrefix,
      long maxHeld) {
    this.account = account;
    this.clock = clock;
    this.watcher = new ResponseWatcher(writer, callIdPrefix, maxHeld);
    this.writer = writer;
    this.downstream = downstream;
    this.meter = meter;
    this.maxHeld = maxHeld;
  }

  /** Learns the call that it watches. */
  void of(UpstreamCall under) {
    call = under;
    meter.sent(under);
    downstream.current(under);
  }

  @Override
  public void event(StreamEvent event) {
    if (event instanceof StreamEvent.Noticed(var anomaly)) {
      account.noticed(anomaly); // also behind the end
      return;
    }
    if (outcome.isDone()) {
      return;
    }
    if (firstEventNanos == 0) {
      firstEventNanos = clock.nanos();
      account.answering();
    }
    watcher.event(event);
    downstream.wrote();
    meter.event(event, seen() != Sent.NOTHING);
    if (watcher.ended()) {
      settle(watcher.verdict(null));
    } else if (writer instanceof JoinedAnswer joined && joined.collected() > maxHeld) {
      settle(
          new Verdict.Lost(new UpstreamFailure.Unreadable("it is larger than recovery.max-held")));
    }
  }

  /** Nothing more comes. */
  void end(@Nullable UpstreamFailure failure) {
    if (!outcome.isDone()) {
      settle(watcher.verdict(failure));
    }
  }

  /** A bug ended it; whoever awaits it gets the exception. */
  void broke(RuntimeException cause) {
    outcome.completeExceptionally(cause);
  }

  private void settle(Verdict verdict) {
    settledNanos = clock.nanos();
    downstream.current(null);
    if (call != null && verdict instanceof Verdict.Lost) {
      call.reset(); // whatever the server may still be writing is of no use
    }
    outcome.complete(new Outcome(verdict, seen()));
  }

  private Sent seen() {
    return writer instanceof JoinedAnswer ? Sent.NOTHING : watcher.sent();
  }

  /** Waits for the outcome; the upstream's own limits end the wait. */
  Outcome await() throws InterruptedException {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an attempt that a bug ended", e);
    }
  }

  /** How long each token took, once the outcome is known; 0 when there is no telling. */
  double nanosPerToken() {
    Usage usage = watcher.usage();
    if (usage == null || usage.completion() < 2) {
      return 0;
    }
    Timings told = watcher.timings();
    return told != null && told.eval() > 0
        ? (double) told.eval() / usage.completion()
        : (double) (settledNanos - firstEventNanos) / (usage.completion() - 1);
  }

  /** What was watched; settled once the outcome is known. */
  ResponseWatcher watcher() {
    return watcher;
  }
}
