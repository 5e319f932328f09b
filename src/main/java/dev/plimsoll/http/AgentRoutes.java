package dev.plimsoll.http;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.guard.Bodies;
import dev.plimsoll.guard.Entrance;
import dev.plimsoll.guard.Refusals;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.turn.Arrival;
import dev.plimsoll.turn.Endpoint;
import dev.plimsoll.turn.ErrorAnswers;
import dev.plimsoll.turn.Parts;
import dev.plimsoll.turn.Turns;
import dev.plimsoll.upstream.Loop;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The closed list of routes on the agents' port, each with and without {@code /v1}; everything else
 * is 404 and never reaches the model server.
 */
final class AgentRoutes {
  private static final List<String> PREFIXES = List.of("/v1", "");

  private final Supplier<Parts> parts;
  private final Turns turns;
  private final Visits visits;
  private final Loop loop;
  private final Bodies bodies;
  private final Refusals refusals;

  AgentRoutes(Supplier<Parts> parts, Turns turns, Visits visits, Loop loop, Entrance entrance) {
    this.parts = parts;
    this.turns = turns;
    this.visits = visits;
    this.loop = loop;
    this.bodies = entrance.bodies();
    this.refusals = entrance.refusals();
  }

  Router router() {
    Router router = Router.router(loop.vertx());
    DiscoveryRoutes discovery = new DiscoveryRoutes(parts, loop, refusals);
    for (String prefix : PREFIXES) {
      for (Endpoint endpoint : Endpoint.values()) {
        String path = prefix + endpoint.route().substring("/v1".length());
        router.post(path).handler(context -> model(context, endpoint));
      }
      router.get(prefix + "/models").handler(discovery::models);
      router.getWithRegex(prefix + "/models/(?<id>.+)").handler(discovery::model);
    }
    router.get("/api/version").handler(discovery::version);
    router.get("/api/tags").handler(discovery::tags);
    router.get("/api/ps").handler(discovery::loaded);
    router.post("/api/show").handler(context -> body(context, discovery::show));
    new ManagementRoutes(parts, loop, bodies, refusals).mount(router);
    router
        .get("/health")
        .handler(context -> text(context, "application/json", "{\"status\":\"ok\"}"));
    router.get("/").handler(context -> text(context, "text/plain", "Plimsoll is running"));
    router.head("/").handler(context -> context.response().end());
    router.errorHandler(404, this::notFound);
    router.errorHandler(405, this::methodNotAllowed);
    router.errorHandler(400, this::badPath);
    router.errorHandler(500, AgentRoutes::bug);
    return router;
  }

  /** What is done with a whole body. */
  interface WithBody {
    void handle(RoutingContext context, byte[] body);
  }

  private void body(RoutingContext context, WithBody then) {
    bodies.read(context.request(), bytes -> then.handle(context, bytes));
  }

  private void model(RoutingContext context, Endpoint endpoint) {
    Instant startedAt = parts.get().clock().now();
    long startNanos = parts.get().clock().nanos();
    HttpServerResponse response = context.response();
    String id =
        Objects.requireNonNull(
            response.headers().get(Refusals.REQUEST_ID), "every request is named");
    body(
        context,
        (_, bytes) -> {
          HttpServerRequest request = context.request();
          Arrival arrival =
              new Arrival(id, endpoint, request.headers(), bytes, loop, startedAt, startNanos);
          if (turns.start(arrival, request)) {
            visits.taken(response);
          }
        });
  }

  private static void text(RoutingContext context, String type, String text) {
    context.response().putHeader("content-type", type).end(text);
  }

  private void notFound(RoutingContext context) {
    refuse(
        context,
        RejectReason.PATH,
        ApiError.of(ErrorCode.NOT_FOUND, "There is nothing at this path."));
  }

  private void methodNotAllowed(RoutingContext context) {
    refuse(
        context,
        RejectReason.METHOD,
        ApiError.of(ErrorCode.METHOD_NOT_ALLOWED, "This path takes another method."));
  }

  private void badPath(RoutingContext context) {
    refuse(
        context, RejectReason.PATH, ApiError.invalid("path", "The request's path cannot be read."));
  }

  private static void bug(RoutingContext context) {
    ErrorAnswers.send(
        context.response(),
        ApiError.of(ErrorCode.SERVER_ERROR, "server error: a bug in the proxy."));
  }

  private void refuse(RoutingContext context, RejectReason reason, ApiError error) {
    refusals.answer(context.request(), reason, error);
  }
}
