package dev.plimsoll.admin;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.guard.Bodies;
import dev.plimsoll.guard.Entrance;
import dev.plimsoll.guard.Refusals;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.turn.ErrorAnswers;
import dev.plimsoll.turn.Explaining;
import dev.plimsoll.turn.Rejection;
import dev.plimsoll.upstream.Loop;
import dev.plimsoll.upstream.UpstreamCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code POST /api/v1/explain}: what would become of a chat request. */
final class ExplainRoute {
  private static final Logger LOG = LoggerFactory.getLogger(ExplainRoute.class);
  private static final String PATH = "/api/v1/explain";

  private final Explaining explaining;
  private final Loop loop;
  private final Bodies bodies;
  private final Refusals refusals;

  ExplainRoute(Explaining explaining, Loop loop, Entrance entrance) {
    this.explaining = explaining;
    this.loop = loop;
    this.bodies = entrance.bodies();
    this.refusals = entrance.refusals();
  }

  void mount(Router router) {
    router.post(PATH).handler(this::read);
    router.route(PATH).handler(this::methodNotAllowed);
  }

  private void read(RoutingContext context) {
    bodies.read(context.request(), body -> new Asked(context.request()).start(body));
  }

  private void methodNotAllowed(RoutingContext context) {
    context.response().putHeader("allow", "POST");
    refusals.answer(
        context.request(),
        RejectReason.METHOD,
        ApiError.of(
            ErrorCode.METHOD_NOT_ALLOWED, "This path takes a chat request, sent with POST."));
  }

  /** One request; whoever asked may leave before there is an answer. */
  private final class Asked {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private @Nullable UpstreamCall call;
    private boolean gone;

    Asked(HttpServerRequest request) {
      this.request = request;
      this.response = request.response();
    }

    void start(byte[] body) {
      Thread thread = Thread.ofVirtual().name("plimsoll-explain").unstarted(() -> explain(body));
      response.exceptionHandler(_ -> left(thread));
      response.closeHandler(_ -> left(thread));
      thread.start();
    }

    private void left(Thread thread) {
      gone = true;
      thread.interrupt();
      UpstreamCall under = call;
      if (under != null) {
        under.reset();
      }
    }

    private void current(@Nullable UpstreamCall under) {
      call = under;
      if (under != null && gone) {
        under.reset();
      }
    }

    private void explain(byte[] body) {
      try {
        Explaining.Answer answer = explaining.explain(body, loop, this::current);
        byte[] json =
            answer instanceof Explaining.Answer.Told(var told)
                ? ExplanationJson.of(told)
                : new byte[0];
        loop.run(() -> send(answer, json));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody waits for an answer
      } catch (RuntimeException e) {
        LOG.error("a bug kept a request from being explained", e);
        loop.run(
            () ->
                ErrorAnswers.send(
                    response,
                    ApiError.of(
                        ErrorCode.SERVER_ERROR,
                        "The request could not be explained; Plimsoll's log says why.")));
      }
    }

    private void send(Explaining.Answer answer, byte[] json) {
      if (response.ended() || response.closed()) {
        return;
      }
      switch (answer) {
        case Explaining.Answer.Told _ ->
            response
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(Buffer.buffer(json));
        case Explaining.Answer.Refused(var error) ->
            refusals.answer(request, Rejection.reason(error), error);
        case Explaining.Answer.Failed(var error) -> ErrorAnswers.send(response, error);
      }
    }
  }
}
