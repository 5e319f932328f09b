package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.recover.Continuation;
import dev.plimsoll.recover.Outcome;
import dev.plimsoll.recover.Situation;
import dev.plimsoll.session.Identity;
import dev.plimsoll.stream.AnswerWriter;
import dev.plimsoll.stream.JoinedAnswer;
import dev.plimsoll.stream.Verdict;
import dev.plimsoll.tokens.AnswerRoom;
import dev.plimsoll.upstream.Encoded;
import dev.plimsoll.upstream.Question;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the model for one turn, as often as the turn wants: goes to the model, counts the prompt,
 * writes the question, opens a row, sends, waits for the end and judges it.
 */
final class Asking implements AutoCloseable {
  private final Parts parts;
  private final Arrival arrival;
  private final Downstream downstream;
  private final Account account;
  private final Approach approach;
  private final Planning planning;
  private final TimeLeft time;
  private final ModelRequest request;
  private final AnswerWriter writer;
  private final AnswerWatch watch;
  private long window;
  private boolean ollama;

  /** What one pass came to. */
  sealed interface Pass {
    /** An attempt has ended; {@code asked} is null when the model could not be asked. */
    record Done(Outcome outcome, @Nullable Attempt asked) implements Pass {}

    /** Nothing can be asked at all. */
    record Refused(ApiError error) implements Pass {}
  }

  Asking(
      Parts parts,
      Arrival arrival,
      Downstream downstream,
      Account account,
      Identity who,
      ModelRequest request,
      AnswerWriter writer,
      AnswerWatch watch) {
    this.parts = parts;
    this.arrival = arrival;
    this.downstream = downstream;
    this.account = account;
    this.approach = new Approach(parts, arrival, downstream, account, who);
    this.planning = new Planning(parts, arrival, downstream, account);
    this.time = new TimeLeft(parts.config().recovery(), parts.clock(), arrival.startNanos());
    this.request = request;
    this.writer = writer;
    this.watch = watch;
  }

  /** Asks once. */
  Pass go(Next next) throws InterruptedException {
    return switch (approach.go(request.model())) {
      case Approach.Place.Refused(var error) -> new Pass.Refused(error);
      case Approach.Place.Failed(var failure) ->
          new Pass.Done(Outcome.notAsked(new Verdict.Lost(failure), watch.said().sent()), null);
      case Approach.Place.At at -> {
        window = at.model().window().orElse(0);
        account.window(window);
        ollama = at.ollama();
        yield ask(next, at);
      }
    };
  }

  private Pass ask(Next next, Approach.Place.At at) throws InterruptedException {
    if (next.changes().fresh()) {
      at.upstream().unload(at.model());
    }
    Continuation from = continuation(next, at);
    Question question = new Question(request, next.changes(), from, AnswerRoom.UNKNOWN);
    return switch (planning.plan(at.upstream(), at.model(), question, next.unlessShorter())) {
      case Planning.Step.Refused(var error) -> new Pass.Refused(error);
      case Planning.Step.Send(var planned) ->
          switch (at.upstream().encode(planned, at.model())) {
            case Encoded.Refused(var error) -> new Pass.Refused(error);
            case Encoded.Ready ready -> watched(open(next, at, ready, from), at, ready);
          };
    };
  }

  private @Nullable Continuation continuation(Next next, Approach.Place.At at)
      throws InterruptedException {
    String text = next.from();
    return text == null
        ? null
        : Continuation.of(
            text, at.upstream().wayToContinue(at.model(), request), next.callExpected());
  }

  private Attempt open(
      Next next, Approach.Place.At at, Encoded.Ready ready, @Nullable Continuation from) {
    Meter meter = account.openAttempt(next.purpose(), at.model().name(), ready.body().length);
    Attempt attempt =
        new Attempt(
            watch.watcher(writer, from, next),
            writer,
            downstream,
            account,
            meter,
            parts.clock(),
            parts.config().recovery().maxHeld(),
            new HoldWatch(parts.metrics()));
    Duration firstByte = time.firstByte();
    account.afterCommit(() -> send(at, ready, firstByte, attempt));
    return attempt;
  }

  private void send(
      Approach.Place.At at, Encoded.Ready ready, Duration firstByte, Attempt attempt) {
    if (downstream.ended()) {
      return; // the turn is being interrupted
    }
    account.tell(downstream::header);
    try {
      attempt.of(
          at.upstream()
              .send(arrival.loop(), ready, arrival.headers(), firstByte, attempt, attempt::end));
    } catch (RuntimeException e) {
      attempt.broke(e); // on the loop nobody else would tell the turn
    }
  }

  private Pass watched(Attempt attempt, Approach.Place.At at, Encoded.Ready ready)
      throws InterruptedException {
    Attempt.Ended ended = attempt.await();
    ended.firstByte().ifPresent(time::firstByteTook);
    at.upstream().answered(at.model(), attempt.watcher().timings());
    Verdict verdict = watch.judge().verdict(ended.ending());
    planning.learn(at.upstream(), at.model(), verdict, ended.ending().usage());
    return new Pass.Done(
        new Outcome(verdict, watch.said().sent(), ended.ending().usage(), ready.room()), attempt);
  }

  /** What the next decision depends on. */
  Situation situation() {
    return watch.situation(
        arrival.bypass(), parts.fitting().compacts(), ollama, window, time.elapsed());
  }

  /** Pauses; not beyond the end of the client's patience, which interrupts it. */
  void pause(Duration delay) throws InterruptedException {
    parts.clock().sleep(delay);
  }

  /** Forgets what was said, since the answer begins anew. */
  void restart() {
    watch.said().restart();
    account.restarted();
    if (writer instanceof JoinedAnswer joined) {
      joined.restart();
    }
  }

  /** The text so far. */
  String saidSoFar() {
    return watch.said().text();
  }

  /** Leaves the place at the model to others. */
  @Override
  public void close() {
    approach.close();
  }
}
