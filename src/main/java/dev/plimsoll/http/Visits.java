package dev.plimsoll.http;

import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.metrics.Route;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sees to it that every request of one event loop is counted once: one that a turn takes by that
 * turn's account, every other when its answer has been written or its client has gone.
 */
final class Visits {
  /** nginx's status for a client that left before there was one. */
  private static final int NOBODY_TO_TELL = 499;

  private final Metrics metrics;

  /** By their responses: a router wraps requests, and the wrapper is not the request. */
  private final Map<HttpServerResponse, HttpServerRequest> open = new HashMap<>();

  Visits(Metrics metrics) {
    this.metrics = metrics;
  }

  void begin(HttpServerRequest request) {
    open.put(request.response(), request);
  }

  /** A turn has taken the request of this response, and counts it. */
  void taken(HttpServerResponse response) {
    open.remove(response);
  }

  /** Its answer has been written. */
  void answered(HttpServerRequest request) {
    if (open.remove(request.response()) != null) {
      Route route = route(request);
      int status = request.response().getStatusCode();
      metrics.request(route, status, outcome(route, status));
    }
  }

  /** A connection has closed, with whatever was still to be answered on it. */
  void gone(HttpConnection connection) {
    List<HttpServerRequest> left =
        open.values().stream().filter(request -> request.connection().equals(connection)).toList();
    for (HttpServerRequest request : left) {
      open.remove(request.response());
      metrics.request(route(request), NOBODY_TO_TELL, Outcome.CLIENT_CLOSED);
    }
  }

  private static Route route(HttpServerRequest request) {
    String path = request.path();
    return path == null ? Route.OTHER : Route.of(path);
  }

  /** Nothing but the status is known of these; behind a path that exists 404 is the upstream's. */
  private static Outcome outcome(Route route, int status) {
    return switch (status) {
      case 404 -> route == Route.OTHER ? Outcome.REJECTED : Outcome.CLIENT_ERROR;
      case 429, 503 -> Outcome.SHED;
      case 501, 505 -> Outcome.REJECTED;
      case 504 -> Outcome.TIMEOUT;
      default -> {
        if (status >= 500) {
          yield Outcome.UPSTREAM_ERROR;
        }
        yield status >= 400 ? Outcome.REJECTED : Outcome.OK;
      }
    };
  }
}
