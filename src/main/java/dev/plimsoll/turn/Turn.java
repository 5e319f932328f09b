package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.recover.Decision;
import dev.plimsoll.recover.Outcome;
import dev.plimsoll.session.Identity;
import dev.plimsoll.session.SessionIdentity;
import dev.plimsoll.stream.Answer;
import dev.plimsoll.stream.AnswerWriter;
import dev.plimsoll.stream.PlimsollUsage;
import dev.plimsoll.stream.ResponseWatcher;
import dev.plimsoll.stream.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The request path: receive, identify, find the model, wait for a place, ask, watch, decide,
 * account. Straight-line code on its own virtual thread, which is interrupted when the client
 * leaves.
 */
public final class Turn implements Runnable {
  private final Parts parts;
  private final Arrival arrival;
  private final Downstream downstream;
  private final Account account;
  private final AnswerForm form;
  private final Ending ending;

  /** A turn that answers {@code arrival} at {@code downstream}. */
  Turn(Parts parts, Arrival arrival, Downstream downstream, Account account) {
    this.parts = parts;
    this.arrival = arrival;
    this.downstream = downstream;
    this.account = account;
    this.form = new AnswerForm(parts.config(), arrival);
    this.ending = new Ending(parts, arrival, downstream, account);
  }

  @Override
  public void run() {
    try {
      switch (parse()) {
        case Parsed.Bad(var error) -> ending.reject(error);
        case Parsed.Good(ModelRequest request) -> answer(request);
      }
    } catch (InterruptedException e) {
      ending.interrupted();
    } catch (RuntimeException e) {
      ending.bug(e);
    }
  }

  private Parsed<? extends ModelRequest> parse() {
    return arrival.endpoint() == Endpoint.CHAT
        ? ChatRequest.parse(arrival.body())
        : CompletionRequest.parse(arrival.body());
  }

  private void answer(ModelRequest request) throws InterruptedException {
    Identity identity = identify(request);
    account.open(identity, request.model(), request.stream());
    AnswerWriter writer = form.writer(request);
    arrival.loop().run(() -> begin(identity, writer, request.stream()));
    String session = identity.id().value();
    ApiError known = known(session);
    if (known != null) {
      ending.fail(known);
      return;
    }
    AnswerWatch watch =
        new AnswerWatch(request, parts.config().recovery(), parts.rule(), form.callIdPrefix());
    Next first = watch.first(arrival.bypass());
    try (Asking asking =
        new Asking(parts, arrival, downstream, account, identity, request, writer, watch)) {
      ask(asking, first, session);
    }
  }

  private Identity identify(ModelRequest request) {
    return switch (request) {
      case ChatRequest chat -> SessionIdentity.of(arrival.headers()::get, chat);
      case CompletionRequest old -> SessionIdentity.of(arrival.headers()::get, old.body());
    };
  }

  private void begin(Identity identity, AnswerWriter writer, boolean stream) {
    downstream.header("x-plimsoll-session", identity.id().value());
    downstream.answerWith(writer, stream);
  }

  /** What the very same request got a moment ago, if asking again would not help. */
  private @Nullable ApiError known(String session) {
    return arrival.bypass() ? null : parts.failures().of(session, arrival.body()).orElse(null);
  }

  private void ask(Asking asking, Next first, String session) throws InterruptedException {
    List<Outcome> history = new ArrayList<>(2);
    Next next = first;
    while (true) {
      switch (asking.go(next)) {
        case Asking.Pass.Refused(var error) -> {
          ending.reject(error);
          return;
        }
        case Asking.Pass.Done done -> {
          history.add(done.outcome());
          Decision decision = parts.policy().decide(history, asking.situation());
          close(done, decision);
          Next following = follow(asking, decision);
          if (following == null) {
            end(done, decision, session);
            return;
          }
          next = following;
        }
      }
    }
  }

  /** The attempt that a decision asks for, once it is time for it; null when the turn is over. */
  private static @Nullable Next follow(Asking asking, Decision decision)
      throws InterruptedException {
    return switch (decision) {
      case Decision.Restart(var _, var changes, var delay) -> {
        asking.restart();
        asking.pause(delay);
        yield Next.anew(changes);
      }
      case Decision.CompactAndRestart(var _, var error) -> {
        asking.restart();
        yield Next.shorter(error);
      }
      case Decision.Continue(var _, var callExpected, var changes, var delay) -> {
        asking.pause(delay);
        yield Next.goingOn(asking.saidSoFar(), callExpected, changes);
      }
      case Decision.Deliver _, Decision.Fail _ -> null;
    };
  }

  private void end(Asking.Pass.Done done, Decision decision, String session) {
    switch (decision) {
      case Decision.Deliver(var complete) -> deliver(done, complete);
      case Decision.Fail(var error) -> {
        if (error.deterministic() && account.hasGenerated() && !arrival.bypass()) {
          parts.failures().remember(session, arrival.body(), error);
        }
        ending.fail(error);
      }
      case Decision.Restart _, Decision.CompactAndRestart _, Decision.Continue _ -> {} // no end
    }
  }

  /** Closes an attempt's row, now that it is known whether any of it is part of the answer. */
  private void close(Asking.Pass.Done done, Decision decision) {
    Attempt asked = done.asked();
    if (asked == null) {
      return;
    }
    boolean delivered =
        switch (decision) {
          case Decision.Deliver _, Decision.Continue _ -> true;
          case Decision.Restart _, Decision.CompactAndRestart _, Decision.Fail _ -> false;
        };
    Verdict verdict = done.outcome().verdict();
    account.closeAttempt(Outcomes.of(verdict), delivered, asked.watcher().finishReason());
    if (verdict instanceof Verdict.Complete complete && delivered) {
      account.answered(asked.nanosPerToken(), complete.repairs());
    }
  }

  private void deliver(Asking.Pass.Done done, Verdict.Complete complete) {
    ResponseWatcher watcher = Objects.requireNonNull(done.asked(), "an answer").watcher();
    Answer whole = watcher.answer(complete, account.attempts(), account.delivered());
    Answer answer = parts.fitting().tellsOriginal() ? account.withOriginalPrompt(whole) : whole;
    PlimsollUsage beside = account.plimsollUsage();
    long firstByte = downstream.firstByteNanos();
    // Of an answer of calls alone, or one that is not streamed, the first byte leaves now.
    account.close(
        200,
        dev.plimsoll.ledger.Outcome.OK,
        answer.reason(),
        firstByte == 0 ? parts.clock().nanos() : firstByte);
    account.afterCommit(
        () -> {
          watcher.releaseHeld(complete);
          downstream.header("x-plimsoll-attempts", Integer.toString(account.attempts()));
          downstream.finish(answer.with(beside));
        });
  }
}
