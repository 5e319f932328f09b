package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.recover.RecoveryPolicy;
import dev.plimsoll.session.SessionIdentity;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.upstream.Found;
import dev.plimsoll.upstream.ModelServer;
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
  private final Parts parts;
  private final Arrival arrival;
  private final Downstream downstream;
  private final HttpServerResponse response;
  private final Account account;

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
  }

  @Override
  public void run() {
    try {
      switch (Body.parse(arrival.body())) {
        case Parsed.Bad(var error) -> reject(error);
        case Parsed.Good(var body) -> relay(body);
      }
    } catch (InterruptedException e) {
      account.clientLeft(downstream.status(), downstream.firstByteNanos());
    } catch (RuntimeException e) {
      account.bug(e);
      fail(OwnErrors.bug());
    }
  }

  private void relay(Body body) throws InterruptedException {
    String model = body.string("model").map(JsonString::text).orElse("");
    if (model.isEmpty()) {
      reject(ApiError.invalid("model", "\"model\" is missing: name the model to ask."));
      return;
    }
    account.open(SessionIdentity.of(arrival.headers()::get, body), model, body.isTrue("stream"));
    String gate = gate(model);
    long since = parts.clock().nanos();
    switch (parts.scheduler().enter(gate)) {
      case Scheduler.Admission.Full _ -> reject(OwnErrors.queueFull());
      case Scheduler.Admission.Permit permit -> {
        try (permit) {
          account.queued(parts.clock().nanos() - since);
          pass();
        }
      }
    }
  }

  /** The name under which all spellings of a model wait in one queue. */
  private String gate(String model) throws InterruptedException {
    return parts.server().reach() instanceof ModelServer.Reached.Is(var upstream, var _)
            && upstream.find(model) instanceof Found.Is(var found)
        ? found.name()
        : model;
  }

  private void pass() throws InterruptedException {
    account.openAttempt();
    Passage passage = new Passage();
    arrival.loop().run(passage::start);
    Optional<UpstreamFailure> failure = passage.await();
    if (failure.isPresent()) {
      account.closeAttempt(Account.attemptOutcome(failure.get()), null, false);
      fail(RecoveryPolicy.giveUp(failure.get(), 0, 1));
      return;
    }
    Usage usage = passage.tap.usage();
    boolean good = passage.status < 400;
    account.closeAttempt(good ? AttemptOutcome.OK : AttemptOutcome.REFUSED, usage, good);
    account.close(
        passage.status,
        good ? dev.plimsoll.ledger.Outcome.OK : dev.plimsoll.ledger.Outcome.CLIENT_ERROR,
        null,
        downstream.firstByteNanos());
    arrival.loop().run(downstream::endRelayed);
  }

  private void reject(ApiError error) {
    parts.rejected().accept(Rejection.reason(error));
    fail(error);
  }

  private void fail(ApiError error) {
    account.close(error.status(), Account.outcome(error), null, downstream.firstByteNanos());
    ApiError told = downstream.status() == 0 ? error.withSuffix(" (" + arrival.id() + ")") : error;
    arrival.loop().run(() -> downstream.fail(told));
  }

  /** The bytes on their way, on the event loop. */
  private final class Passage implements ModelServer.RelayListener {
    private final CompletableFuture<Optional<UpstreamFailure>> ended = new CompletableFuture<>();
    private final UsageTap tap = new UsageTap();
    private volatile int status;

    void start() {
      if (!downstream.ended()) {
        downstream.current(
            parts
                .server()
                .relay(
                    arrival.loop(),
                    HttpMethod.POST,
                    arrival.endpoint().route(),
                    arrival.body(),
                    arrival.headers(),
                    this));
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
      downstream.relay(bytes);
    }

    @Override
    public void end(@Nullable UpstreamFailure failure) {
      downstream.current(null);
      ended.complete(Optional.ofNullable(failure));
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
