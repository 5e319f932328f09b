package dev.plimsoll.http;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.config.Config;
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
  private static final String REQUEST_ID = "x-request-id";
  private static final List<String> PREFIXES = List.of("/v1", "");

  private final Supplier<Parts> parts;
  private final Turns turns;
  private final Visits visits;
  private final Loop loop;
  private final Supplier<String> requestIds;

  AgentRoutes(
      Supplier<Parts> parts, Turns turns, Visits visits, Loop loop, Supplier<String> requestIds) {
    this.parts = parts;
    this.turns = turns;
    this.visits = visits;
    this.loop = loop;
    this.requestIds = requestIds;
  }

  Router router() {
    Router router = Router.router(loop.vertx());
    router.route().order(Integer.MIN_VALUE).handler(this::name);
    DiscoveryRoutes discovery = new DiscoveryRoutes(parts, loop);
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
    new ManagementRoutes(parts, loop).mount(router);
    router
        .get("/health")
        .handler(context -> text(context, "application/json", "{\"status\":\"ok\"}"));
    router.get("/").handler(context -> text(context, "text/plain", "Plimsoll is running"));
    router.head("/").handler(context -> context.response().end());
    router.errorHandler(404, AgentRoutes::notFound);
    router.errorHandler(405, AgentRoutes::methodNotAllowed);
    router.errorHandler(400, AgentRoutes::badPath);
    router.errorHandler(500, AgentRoutes::bug);
    return router;
  }

  private void name(RoutingContext context) {
    context.response().putHeader(REQUEST_ID, requestIds.get());
    context.next();
  }

  /** What is done with a whole body. */
  interface WithBody {
    void handle(RoutingContext context, byte[] body);
  }

  private void body(RoutingContext context, WithBody then) {
    Config config = parts.get().config();
    BodyReader.read(
        loop.vertx(),
        context.request(),
        config.listen().maxBody(),
        config.listen().bodyTimeout(),
        bytes -> then.handle(context, bytes),
        error -> refuse(context.request(), error));
  }

  /** After a refusal in the middle of a body, the rest of the connection means nothing. */
  private static void refuse(HttpServerRequest request, ApiError error) {
    request.response().putHeader("connection", "close");
    ErrorAnswers.send(request.response(), error);
  }

  private void model(RoutingContext context, Endpoint endpoint) {
    Instant startedAt = parts.get().clock().now();
    long startNanos = parts.get().clock().nanos();
    HttpServerResponse response = context.response();
    String id =
        Objects.requireNonNull(response.headers().get(REQUEST_ID), "every request is named");
    body(
        context,
        (_, bytes) -> {
          HttpServerRequest request = context.request();
          Arrival arrival =
              new Arrival(id, endpoint, request.headers(), bytes, loop, startedAt, startNanos);
          if (turns.start(arrival, request)) {
            visits.taken(request.response());
          }
        });
  }

  private static void text(RoutingContext context, String type, String text) {
    context.response().putHeader("content-type", type).end(text);
  }

  private static void notFound(RoutingContext context) {
    send(context, ApiError.of(ErrorCode.NOT_FOUND, "There is nothing at this path."));
  }

  private static void methodNotAllowed(RoutingContext context) {
    send(context, ApiError.of(ErrorCode.METHOD_NOT_ALLOWED, "This path takes another method."));
  }

  private static void badPath(RoutingContext context) {
    send(context, ApiError.invalid("path", "The request's path cannot be read."));
  }

  private static void bug(RoutingContext context) {
    send(context, ApiError.of(ErrorCode.SERVER_ERROR, "server error: a bug in the proxy."));
  }

  private static void send(RoutingContext context, ApiError error) {
    ErrorAnswers.send(context.response(), error);
  }
}
