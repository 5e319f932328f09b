package dev.plimsoll.http;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.guard.Refusals;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.recover.RecoveryPolicy;
import dev.plimsoll.turn.ErrorAnswers;
import dev.plimsoll.turn.Parts;
import dev.plimsoll.turn.Rejection;
import dev.plimsoll.upstream.Advertised;
import dev.plimsoll.upstream.Discovery;
import dev.plimsoll.upstream.Loop;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * What agents ask before they ask a model: which models there are, and how long their window is.
 */
final class DiscoveryRoutes {
  private final Supplier<Parts> parts;
  private final Loop loop;
  private final Refusals refusals;

  DiscoveryRoutes(Supplier<Parts> parts, Loop loop, Refusals refusals) {
    this.parts = parts;
    this.loop = loop;
    this.refusals = refusals;
  }

  /** One question to the model server. */
  private interface Question {
    Discovery.Answer ask(Discovery discovery, Advertised advertised) throws InterruptedException;
  }

  void models(RoutingContext context) {
    answer(context, Discovery::models);
  }

  void model(RoutingContext context) {
    String id = String.valueOf(context.pathParam("id"));
    answer(context, (discovery, advertised) -> discovery.model(id, advertised));
  }

  void version(RoutingContext context) {
    answer(context, (discovery, _) -> discovery.version());
  }

  void tags(RoutingContext context) {
    answer(context, (discovery, _) -> discovery.tags());
  }

  void loaded(RoutingContext context) {
    answer(context, (discovery, _) -> discovery.loaded());
  }

  /** The body may be large, so that it is read where it may take its time, too. */
  void show(RoutingContext context, byte[] bytes) {
    start(
        () -> {
          switch (Body.parse(bytes)) {
            case Parsed.Bad(var error) ->
                loop.run(() -> refusals.answer(context.request(), Rejection.reason(error), error));
            case Parsed.Good(var body) -> {
              String name =
                  body.string("model")
                      .or(() -> body.string("name"))
                      .map(JsonString::text)
                      .orElse("");
              String json = new String(bytes, StandardCharsets.UTF_8);
              ask(context, (discovery, advertised) -> discovery.show(name, json, advertised));
            }
          }
        });
  }

  private void answer(RoutingContext context, Question question) {
    start(() -> ask(context, question));
  }

  /** The questions block a virtual thread for some seconds at most, never the loop. */
  private static void start(Runnable task) {
    Thread.ofVirtual().name("plimsoll-discovery").start(task);
  }

  private void ask(RoutingContext context, Question question) {
    Parts now = parts.get();
    try {
      Discovery.Answer answer = question.ask(now.server().discovery(), Advertised.of(now.config()));
      loop.run(() -> send(now, context.response(), answer));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(Parts parts, HttpServerResponse response, Discovery.Answer answer) {
    if (response.ended() || response.closed()) {
      return;
    }
    switch (answer) {
      case Discovery.Answer.Document(var json) ->
          response.putHeader("content-type", "application/json").end(json.toString());
      case Discovery.Answer.Refused(int status, var message) -> {
        ErrorCode code = status == 404 ? ErrorCode.MODEL_NOT_FOUND : ErrorCode.INVALID_REQUEST;
        ApiError error = ApiError.of(code, message).withStatus(status < 400 ? 502 : status);
        ErrorAnswers.send(response, parts.told(error));
      }
      case Discovery.Answer.Failed(var failure) ->
          ErrorAnswers.send(response, parts.told(RecoveryPolicy.giveUp(failure, 0, 1)));
    }
  }
}
