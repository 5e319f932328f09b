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
import dev.plimsoll.stream.JoinedAnswer;
import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.stream.Verdict;
import dev.plimsoll.upstream.Encoded;
import dev.plimsoll.upstream.Found;
import dev.plimsoll.upstream.Model;
import dev.plimsoll.upstream.ModelServer;
import dev.plimsoll.upstream.Upstream;
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
  private final Planning planning;
  private final Ending ending;
  private Scheduler.Admission.@Nullable Permit permit;
  private @Nullable Attempt asked;
  private long window;

  /** A turn that answers {@code arrival} at {@code downstream}. */
  Turn(Parts parts, Arrival arrival, Downstream downstream, Account account) {
    this.parts = parts;
    this.arrival = arrival;
    this.downstream = downstream;
    this.account = account;
    this.form = new AnswerForm(parts.config(), arrival);
    this.planning = new Planning(parts, arrival, downstream, account);
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
    } finally {
      if (permit != null) {
        permit.close();
      }
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
    List<Outcome> history = new ArrayList<>(2);
    while (true) {
      switch (attempt(request, writer, history.isEmpty())) {
        case Step.Refused(var error) -> {
          ending.reject(error);
          return;
        }
        case Step.NotAsked(var outcome) -> history.add(outcome);
        case Step.Asked(var attempt, var upstream, var model) ->
            history.add(watch(attempt, upstream, model));
      }
      if (carryOut(parts.policy().decide(history, arrival.bypass(), window))) {
        return;
      }
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

  /** What one pass came to. */
  private sealed interface Step {
    /** The model is being asked. */
    record Asked(Attempt attempt, Upstream upstream, Model model) implements Step {}

    /** It could not be asked. */
    record NotAsked(Outcome outcome) implements Step {}

    /** Nothing can be asked at all. */
    record Refused(ApiError error) implements Step {}
  }

  private Step attempt(ModelRequest request, AnswerWriter writer, boolean first)
      throws InterruptedException {
    if (!first && writer instanceof JoinedAnswer joined) {
      joined.restart();
    }
    return switch (parts.server().reach()) {
      case ModelServer.Reached.Failed(var failure) -> lost(failure);
      case ModelServer.Reached.Is(var upstream, var _) ->
          switch (locate(upstream, request.model())) {
            case Located.Refused(var error) -> new Step.Refused(error);
            case Located.Failed(var failure) -> lost(failure);
            case Located.At(var model) -> write(upstream, model, request, writer);
          };
    };
  }

  /** Plans what is sent, and writes it as the server wants it. */
  private Step write(Upstream upstream, Model model, ModelRequest request, AnswerWriter writer)
      throws InterruptedException {
    return switch (planning.plan(upstream, model, request)) {
      case Planning.Plan.Refused(var error) -> new Step.Refused(error);
      case Planning.Plan.Send(var fitting, var room) ->
          switch (upstream.encode(fitting, model, room)) {
            case Encoded.Refused(var error) -> new Step.Refused(error);
            case Encoded.Ready ready -> ask(upstream, model, ready, writer);
          };
    };
  }

  private static Step lost(UpstreamFailure failure) {
    return new Step.NotAsked(new Outcome(new Verdict.Lost(failure), Sent.NOTHING));
  }

  /** Where a request stands before it is asked. */
  private sealed interface Located {
    record At(Model model) implements Located {}

    record Refused(ApiError error) implements Located {}

    record Failed(UpstreamFailure failure) implements Located {}
  }

  /** Finds the model, waits for a place at it, and makes sure that its window is known. */
  private Located locate(Upstream upstream, String name) throws InterruptedException {
    Found found = upstream.find(name);
    if (found instanceof Found.Is(var model)) {
      if (permit == null) {
        long since = parts.clock().nanos();
        switch (parts.scheduler().enter(model.name())) {
          case Scheduler.Admission.Permit place -> {
            permit = place;
            account.queued(parts.clock().nanos() - since);
          }
          case Scheduler.Admission.Full _ -> {
            return new Located.Refused(OwnErrors.queueFull());
          }
        }
      }
      found = upstream.prepare(arrival.loop(), model, downstream::current);
    }
    return switch (found) {
      case Found.Is(var model) -> {
        window = model.window().orElse(0);
        account.window(window);
        yield new Located.At(model);
      }
      case Found.Unknown(var error) -> new Located.Refused(error);
      case Found.Failed(var failure) -> new Located.Failed(failure);
    };
  }

  private Step ask(Upstream upstream, Model model, Encoded.Ready request, AnswerWriter writer) {
    Meter meter = account.openAttempt(model.name(), request.body().length);
    Attempt attempt =
        new Attempt(
            writer,
            downstream,
            account,
            meter,
            parts.clock(),
            form.callIdPrefix(),
            parts.config().recovery().maxHeld());
    account.afterCommit(() -> send(upstream, request, attempt));
    return new Step.Asked(attempt, upstream, model);
  }

  /** Waits for an attempt to end; what was sent for it is no longer kept meanwhile. */
  private Outcome watch(Attempt attempt, Upstream upstream, Model model)
      throws InterruptedException {
    asked = attempt;
    Outcome outcome = attempt.await();
    boolean delivered = outcome.verdict() instanceof Verdict.Complete;
    account.closeAttempt(
        Account.attemptOutcome(outcome.verdict()), delivered, attempt.watcher().finishReason());
    if (delivered) {
      account.answered(attempt.nanosPerToken(), attempt.watcher().repairs());
    }
    upstream.answered(model, attempt.watcher().timings());
    planning.learn(upstream, model, outcome.verdict(), attempt.watcher().usage());
    return outcome;
  }

  private void send(Upstream upstream, Encoded.Ready request, Attempt attempt) {
    if (downstream.ended()) {
      return; // the turn is being interrupted
    }
    account.tell(downstream::header);
    try {
      attempt.of(upstream.send(arrival.loop(), request, arrival.headers(), attempt, attempt::end));
    } catch (RuntimeException e) {
      attempt.broke(e); // on the loop nobody else would tell the turn
    }
  }

  /** Carries a decision out; true when the turn is over with it. */
  private boolean carryOut(Decision decision) throws InterruptedException {
    return switch (decision) {
      case Decision.Deliver(var complete) -> {
        Answer answer = Objects.requireNonNull(asked, "an answer").watcher().answer(complete);
        long firstByte = downstream.firstByteNanos();
        // Of an answer of calls alone, or one that is not streamed, the first byte leaves now.
        account.close(
            200,
            dev.plimsoll.ledger.Outcome.OK,
            answer.reason(),
            firstByte == 0 ? parts.clock().nanos() : firstByte);
        account.afterCommit(() -> deliver(answer.with(account.plimsollUsage())));
        yield true;
      }
      case Decision.Restart(var delay) -> {
        parts.clock().sleep(delay);
        yield false;
      }
      case Decision.Fail(var error) -> {
        ending.fail(error);
        yield true;
      }
    };
  }

  private void deliver(Answer answer) {
    downstream.header("x-plimsoll-attempts", Integer.toString(account.attempts()));
    downstream.finish(answer);
  }
}
