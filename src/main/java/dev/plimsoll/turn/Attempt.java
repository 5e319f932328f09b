package dev.plimsoll.turn;

import dev.plimsoll.chat.Usage;
import dev.plimsoll.stream.AnswerWriter;
import dev.plimsoll.stream.Ending;
import dev.plimsoll.stream.EventSink;
import dev.plimsoll.stream.Held;
import dev.plimsoll.stream.JoinedAnswer;
import dev.plimsoll.stream.ResponseWatcher;
import dev.plimsoll.stream.StreamEvent;
import dev.plimsoll.stream.Timings;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.upstream.UpstreamCall;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One call to the upstream while its answer comes: hands its events to the watcher and tells the
 * end. Lives on the client's event loop; the turn only awaits it.
 */
final class Attempt implements EventSink {
  private final CompletableFuture<Ended> ended = new CompletableFuture<>();
  private final ResponseWatcher watcher;
  private final AnswerWriter writer;
  private final Downstream downstream;
  private final Account account;
  private final Meter meter;
  private final Clock clock;
  private final long maxHeld;
  private final HoldWatch holds;
  private @Nullable UpstreamCall call;
  private long sentNanos;
  private long firstEventNanos;
  private long settledNanos;

  /**
   * The end of an attempt.
   *
   * @param ending what there is of its answer
   * @param firstByte how long the first word of it took, if there was any
   */
  record Ended(Ending ending, Optional<Duration> firstByte) {}

  Attempt(
      ResponseWatcher watcher,
      AnswerWriter writer,
      Downstream downstream,
      Account account,
      Meter meter,
      Clock clock,
      long maxHeld,
      HoldWatch holds) {
    this.watcher = watcher;
    this.writer = writer;
    this.downstream = downstream;
    this.account = account;
    this.meter = meter;
    this.clock = clock;
    this.maxHeld = maxHeld;
    this.holds = holds;
  }

  /** Learns the call that it watches. */
  void of(UpstreamCall under) {
    call = under;
    sentNanos = clock.nanos();
    meter.sent(under);
    downstream.current(under);
  }

  @Override
  public void event(StreamEvent event) {
    if (event instanceof StreamEvent.Noticed(var anomaly)) {
      account.noticed(anomaly); // also behind the end
      return;
    }
    if (ended.isDone()) {
      return;
    }
    if (firstEventNanos == 0) {
      firstEventNanos = clock.nanos();
      account.answering();
    }
    watcher.event(event);
    holds.now(watcher.held(), clock.nanos());
    downstream.wrote();
    meter.event(event, watcher.told() && !(writer instanceof JoinedAnswer));
    if (watcher.ended()) {
      settle(null);
    } else if (writer instanceof JoinedAnswer joined && joined.collected() > maxHeld) {
      settle(new UpstreamFailure.TooLarge("it is larger than recovery.max-held allows"));
    }
  }

  /** Nothing more comes. */
  void end(@Nullable UpstreamFailure failure) {
    if (!ended.isDone()) {
      settle(failure);
    }
  }

  /** A bug ended it; whoever awaits it gets the exception. */
  void broke(RuntimeException cause) {
    ended.completeExceptionally(cause);
  }

  private void settle(@Nullable UpstreamFailure failure) {
    settledNanos = clock.nanos();
    holds.now(Held.NOTHING, settledNanos);
    downstream.current(null);
    Ending ending = watcher.ending(failure);
    if (call != null && (ending.failure() != null || ending.repeating())) {
      call.reset(); // whatever the server may still be writing is of no use
    }
    Optional<Duration> firstByte =
        firstEventNanos == 0
            ? Optional.empty()
            : Optional.of(Duration.ofNanos(firstEventNanos - sentNanos));
    ended.complete(new Ended(ending, firstByte));
  }

  /** Waits for the end; the upstream's own limits end the wait. */
  Ended await() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an attempt that a bug ended", e);
    }
  }

  /** How long each token took, once the end is known; 0 when there is no telling. */
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

  /** What was watched; settled once the end is known. */
  ResponseWatcher watcher() {
    return watcher;
  }
}
