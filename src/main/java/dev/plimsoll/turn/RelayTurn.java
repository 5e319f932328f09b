package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.ledger.Purpose;
import dev.plimsoll.recover.RecoveryPolicy;
import dev.plimsoll.session.Identity;
import dev.plimsoll.session.SessionIdentity;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.upstream.Found;
import dev.plimsoll.upstream.ModelServer;
import dev.plimsoll.upstream.UpstreamCall;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A request that is passed on as it came, its answer likewise, and only counted: embeddings, and
 * what a client asked to bypass.
 */
public final class RelayTurn implements Runnable {
  /** Nothing follows the end of a stream; what does nevertheless is not all kept back. */
  private static final int MAX_LAST = 64 * 1024;

  private final Parts parts;
  private final Arrival arrival;
  private final Downstream downstream;
  private final HttpServerResponse response;
  private final Account account;
  private final Ending ending;

  /** A turn that relays {@code arrival}. */
  RelayTurn(
      Parts parts,
      Arrival arrival,
      Downstream downstream,
      HttpServerResponse response,
      Account account) {
    this.parts = parts;
    this.arrival = arrival;
    this.downstream = downstream;
    this.response = response;
    this.account = account;
    this.ending = new Ending(parts, arrival, downstream, account);
  }

  @Override
  public void run() {
    try {
      switch (Body.parse(arrival.body())) {
        case Parsed.Bad(var error) -> ending.reject(error);
        case Parsed.Good(var body) -> relay(body);
      }
    } catch (InterruptedException e) {
      ending.interrupted();
    } catch (RuntimeException e) {
      ending.bug(e);
    }
  }

  private void relay(Body body) throws InterruptedException {
    String model = body.string("model").map(JsonString::text).orElse("");
    if (model.isEmpty()) {
      ending.reject(ApiError.invalid("model", "\"model\" is missing: name the model to ask."));
      return;
    }
    Identity who = SessionIdentity.of(arrival.headers()::get, body);
    account.open(who, model, body.isTrue("stream"));
    String upstreamModel = upstreamModel(model);
    long since = parts.clock().nanos();
    switch (parts.scheduler().enter(upstreamModel, who)) {
      case Scheduler.Admission.Full _ -> ending.reject(OwnErrors.queueFull());
      case Scheduler.Admission.Permit permit -> {
        try (permit) {
          account.queued(parts.clock().nanos() - since);
          pass(upstreamModel);
        }
      }
    }
  }

  /** The name under which all spellings of a model wait in one queue. */
  private String upstreamModel(String model) throws InterruptedException {
    return parts.server().reach() instanceof ModelServer.Reached.Is(var upstream, var _)
            && upstream.find(model) instanceof Found.Is(var found)
        ? found.name()
        : model;
  }

  private void pass(String upstreamModel) throws InterruptedException {
    Passage passage =
        new Passage(account.openAttempt(Purpose.MAIN, upstreamModel, arrival.body().length));
    account.afterCommit(passage::start);
    Optional<UpstreamFailure> failure = passage.await();
    if (failure.isPresent()) {
      account.closeAttempt(Outcomes.of(failure.get()), false, null);
      ending.fail(RecoveryPolicy.giveUp(failure.get(), 0, 1));
      return;
    }
    boolean good = passage.status < 400;
    account.closeAttempt(attemptOutcome(passage.status), good, null);
    account.close(passage.status, outcome(passage.status), null, downstream.firstByteNanos());
    account.afterCommit(passage::finish);
  }

  private static AttemptOutcome attemptOutcome(int status) {
    if (status >= 500) {
      return AttemptOutcome.UPSTREAM_ERROR;
    }
    return status >= 400 ? AttemptOutcome.REFUSED : AttemptOutcome.OK;
  }

  private static Outcome outcome(int status) {
    if (status >= 500) {
      return Outcome.UPSTREAM_ERROR;
    }
    return status >= 400 ? Outcome.CLIENT_ERROR : Outcome.OK;
  }

  /**
   * The bytes on their way, on the event loop. The last ones are kept back until the row is
   * written: what an event stream says from {@code [DONE]} on, of anything else the last piece.
   */
  private final class Passage implements ModelServer.RelayListener {
    private final CompletableFuture<Optional<UpstreamFailure>> ended = new CompletableFuture<>();
    private final Meter meter;
    private final UsageTap tap;
    private volatile int status;
    private @Nullable Buffer last;

    Passage(Meter meter) {
      this.meter = meter;
      this.tap = new UsageTap(event -> meter.event(event, true));
    }

    void start() {
      if (!downstream.ended()) {
        UpstreamCall call =
            parts
                .server()
                .relay(
                    arrival.loop(),
                    HttpMethod.POST,
                    arrival.endpoint().route(),
                    arrival.body(),
                    arrival.headers(),
                    this);
        meter.sent(call);
        downstream.current(call);
      }
    }

    @Override
    public void head(int code, MultiMap headers) {
      status = code;
      account.answering();
      response.setStatusCode(code);
      RelayedHeaders.copy(headers, response);
      tap.contentType(String.valueOf(headers.get("content-type")));
    }

    @Override
    public void bytes(Buffer bytes) {
      tap.feed(bytes);
      if (tap.isStream() && !tap.isDone()) {
        downstream.relay(bytes);
      } else if (tap.isStream() && last != null && last.length() < MAX_LAST) {
        last = Buffer.buffer().appendBuffer(last).appendBuffer(bytes);
      } else {
        relayLast();
        last = bytes;
      }
    }

    private void relayLast() {
      if (last != null) {
        downstream.relay(last);
        last = null;
      }
    }

    @Override
    public void end(@Nullable UpstreamFailure failure) {
      downstream.current(null);
      tap.finish();
      if (failure != null) {
        relayLast();
      }
      ended.complete(Optional.ofNullable(failure));
    }

    void finish() {
      relayLast();
      downstream.endRelayed();
    }

    Optional<UpstreamFailure> await() throws InterruptedException {
      try {
        return ended.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a passage that ends without a value", e);
      }
    }
  }

  /** The answer for a route that is closed. */
  public static ApiError managementDisabled() {
    return ApiError.of(
        ErrorCode.MANAGEMENT_DISABLED,
        "Managing models through Plimsoll is off; upstream.allow-management turns it on.");
  }
}
